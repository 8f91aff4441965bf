//! What the console tools are asked: records to produce, ways to show them, and lines that are refused. In options
//! `{topic}` is the topic of the pass, `{tool}` the system whose tool it is: groups are each tool's own.

/// What is produced: options, input.
pub(super) const PRODUCED: [(&[&str], &str); 3] = [
    (&["--sync", "--compression-codec", "zstd"], "plain\n\nwith\ttab\r\nlast without end"),
    (
        &[
            "--reader-property",
            "parse.key=true",
            "--reader-property",
            "parse.headers=true",
            "--reader-property",
            "null.marker=NULL",
            "--request-required-acks",
            "all",
        ],
        "a:1,b:\tkey\tvalue\nNULL\tNULL\tNULL\nc:NULL\tk\u{e9}y\tv\tw\n",
    ),
    (
        &[
            "--property",
            "parse.key=true",
            "--property",
            "key.separator=::",
            "--property",
            "ignore.error=true",
            "--batch-size",
            "1",
        ],
        "k::v\nno key here\n::empty key\n",
    ),
];

/// How many records that makes.
pub(super) const RECORDS: usize = 10;

/// How they are shown. `--topic {topic}` is added where a line names no topic.
pub(super) const SHOWN: [&[&str]; 22] = [
    // A group goes on where its last member stopped showing, not where it stopped reading.
    &["--group", "{tool}-of-{topic}", "--from-beginning", "--max-messages", "4"],
    &["--group", "{tool}-of-{topic}", "--from-beginning", "--max-messages", "5", "--enable-systest-events"],
    &[
        "--command-property",
        "group.id={tool}-of-{topic}",
        "--max-messages",
        "1",
        "--formatter-property",
        "print.offset=true",
    ],
    // What those groups left in their one partition, where what is shown later only comes behind it.
    &[
        "--topic",
        "__consumer_offsets",
        "--partition",
        "0",
        "--from-beginning",
        "--max-messages",
        "16",
        "--timeout-ms",
        "60000",
        "--formatter",
        "org.apache.kafka.tools.consumer.OffsetsMessageFormatter",
    ],
    &[
        "--topic",
        "__consumer_offsets",
        "--partition",
        "0",
        "--from-beginning",
        "--max-messages",
        "16",
        "--timeout-ms",
        "60000",
        "--formatter",
        "org.apache.kafka.tools.consumer.GroupMetadataMessageFormatter",
    ],
    &["--include", "no-such|{topic}.?", "--from-beginning", "--max-messages", "10"],
    &["--include", "(", "--from-beginning"],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--formatter",
        "org.apache.kafka.tools.consumer.LoggingMessageFormatter",
        "--formatter-property",
        "print.key=true",
    ],
    // One value has eight bytes.
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--value-deserializer",
        "org.apache.kafka.common.serialization.LongDeserializer",
        "--skip-message-on-error",
    ],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--value-deserializer",
        "org.apache.kafka.common.serialization.LongDeserializer",
    ],
    &["--from-beginning", "--max-messages", "10", "--value-deserializer", "org.example.None"],
    &["--from-beginning", "--isolation-level", "sideways"],
    &["--from-beginning", "--max-messages", "10"],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--formatter-property",
        "print.key=true",
        "--formatter-property",
        "print.headers=true",
        "--formatter-property",
        "print.offset=true",
        "--formatter-property",
        "print.partition=true",
        "--formatter-property",
        "print.epoch=true",
        "--formatter-property",
        "null.literal=(none)",
    ],
    &["--partition", "0", "--offset", "4", "--max-messages", "3", "--property", "print.value=false"],
    &["--partition", "0", "--offset", "8", "--timeout-ms", "20000", "--isolation-level", "read_committed"],
    &["--partition", "0", "--from-beginning", "--max-messages", "2"],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--formatter-property",
        "print.key=true",
        "--formatter-property",
        "print.headers=true",
        "--formatter-property",
        "key.separator=;",
        "--formatter-property",
        "headers.separator=/",
        "--formatter-property",
        "line.separator=|",
    ],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--key-deserializer",
        "org.apache.kafka.common.serialization.StringDeserializer",
        "--value-deserializer",
        "org.apache.kafka.common.serialization.StringDeserializer",
        "--formatter-property",
        "print.key=true",
    ],
    &[
        "--from-beginning",
        "--max-messages",
        "10",
        "--formatter",
        "org.apache.kafka.tools.consumer.NoOpMessageFormatter",
    ],
    &["--partition", "0", "--offset", "latest", "--timeout-ms", "500"],
    &["--from-beginning", "--max-messages", "1", "--property", "print.key=true"],
];

/// The lines that show the most: all records with nothing around them, committed offsets, groups.
pub(super) const WHOLE: usize = 12;
pub(super) const OFFSETS: usize = 3;
pub(super) const GROUPS: usize = 4;

/// Lines that are refused before anybody is asked, in Kafka's own words.
pub(super) const REFUSED: [&[&str]; 10] = [
    &["--partition", "0", "--offset", "5", "--from-beginning"],
    &["--partition", "0", "--offset", "sideways"],
    &["--partition", "0", "--offset", "-3"],
    &["--offset", "3"],
    &["--topic", "{topic}", "--include", "{topic}"],
    &["--include", "{topic}", "--partition", "0"],
    &["--group", "a", "--partition", "0"],
    &["--group", "a", "--command-property", "group.id=b"],
    &["--from-beginning", "--command-property", "auto.offset.reset=latest"],
    &["--formatter", "org.example.None"],
];
