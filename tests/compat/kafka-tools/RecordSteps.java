// Records of every codec, size and acknowledgement, those a broker refuses, and every position to read from.
package compat;

import static compat.Steps.expect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

final class RecordSteps {
    /** The broker's default limit of one batch, less its header (61) and that of a record without key and headers (11). */
    private static final int LARGEST_VALUE = 1048588 - 72;

    private final Steps steps;

    RecordSteps(Steps steps) {
        this.steps = steps;
    }

    void run() {
        codecs();
        acknowledgements();
        sizes();
        refusals();
        variants();
        positions();
        offsets();
        deletedRecords();
    }

    private Tool.Ended produce(String topic, String lines, String... more) throws Exception {
        String[] all = Stream.concat(Stream.of("--topic", steps.name(topic), "--sync"), Stream.of(more)).toArray(String[]::new);
        return Tool.with(steps, Names.PRODUCER, lines, all);
    }

    private Tool.Ended consume(String topic, int count, String... more) throws Exception {
        String[] all = Stream.concat(Stream.of("--topic", steps.name(topic), "--max-messages", String.valueOf(count),
                "--timeout-ms", "20000"), Stream.of(more)).toArray(String[]::new);
        return Tool.with(steps, Names.CONSUMER, "", all);
    }

    private void create(String topic, String... configs) throws Exception {
        List<String> all = new ArrayList<>(List.of("--create", "--topic", steps.name(topic), "--partitions", "1"));
        for (String config : configs) {
            all.addAll(List.of("--config", config));
        }
        var ended = Tool.with(steps, Names.TOPICS, "", all.toArray(String[]::new));
        expect(ended.status() == 0, "the topic is made: " + ended.lines() + ended.errors());
    }

    private void codecs() {
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            String topic = "codec-" + codec;
            steps.step("produce-" + codec, () -> {
                create(topic);
                return produce(topic, "h1:v1,h2:v2\tk1\tone\nh1:v3\tk2\ttwo\nh1:v4\tk3\tthree\n", "--compression-codec", codec,
                        "--reader-property", "parse.key=true", "--reader-property", "parse.headers=true").refusal();
            });
            steps.step("consume-" + codec, () -> consume(topic, 3, "--from-beginning", "--formatter-property", "print.key=true",
                    "--formatter-property", "print.headers=true", "--formatter-property", "print.partition=true",
                    "--formatter-property", "print.offset=true").lines().toString());
        }
    }

    private void acknowledgements() {
        int stored = 0;
        for (String acks : List.of("0", "1", "all")) {
            int count = ++stored;
            steps.step("produce-acks-" + acks, () -> {
                if (count == 1) {
                    create("acks");
                }
                return produce("acks", "acks " + acks + "\n", "--request-required-acks", acks).refusal() + " "
                        + consume("acks", count, "--from-beginning").lines();
            });
        }
    }

    private void sizes() {
        String[] large = {"--command-property", "max.request.size=4194304"};
        steps.step("produce-largest", () -> {
            create("large");
            String told = produce("large", "x".repeat(LARGEST_VALUE) + "\n", large).refusal();
            int length = consume("large", 1, "--from-beginning").lines().get(0).length();
            expect(length == LARGEST_VALUE, "the value is stored whole, not " + length + " bytes");
            return told + " value=" + length + " bytes";
        });
        steps.step("produce-too-large", () -> {
            String told = produce("large", "x".repeat(LARGEST_VALUE + 1) + "\n", large).refusal();
            expect(told.contains("RecordTooLargeException"), "the broker refuses, not " + told);
            return told;
        });
    }

    private void refusals() {
        steps.skip("produce-unknown-topic", "the tool always asks for a topic to be made");
        steps.skip("produce-bad-partition", "the tool has no option for a partition");
        steps.skip("produce-timestamp-too-old", "the tool sends the time of its clock");
        steps.skip("producer-sequences", "the tools have no raw requests");
        steps.step("produce-invalid-topic", () -> produce("bad/name", "x\n").refusal());
        steps.step("produce-compacted-null-key", () -> {
            create("compacted", "cleanup.policy=compact");
            return produce("compacted", "no key\n").refusal();
        });
    }

    private void variants() {
        steps.step("produce-keys", () -> {
            Tool.with(steps, Names.TOPICS, "", "--create", "--topic", steps.name("keys"), "--partitions", "3");
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 30; i++) {
                lines.append("key-").append(i).append("\tvalue-").append(i).append('\n');
            }
            String told = produce("keys", lines.toString(), "--reader-property", "parse.key=true").refusal();
            return told + " " + offsetLines("keys", "latest");
        });
        steps.step("produce-idempotent", () -> {
            create("idempotent");
            return produce("idempotent", "a\nb\nc\n", "--command-property", "enable.idempotence=true").refusal() + " "
                    + consume("idempotent", 3, "--from-beginning").lines();
        });
        steps.step("produce-recompressed", () -> {
            create("recompressed", "compression.type=zstd");
            return produce("recompressed", "a\nb\nc\n", "--compression-codec", "gzip").refusal() + " "
                    + consume("recompressed", 3, "--from-beginning").lines();
        });
        steps.step("produce-log-append-time", () -> {
            create("appended", "message.timestamp.type=LogAppendTime");
            return produce("appended", "a\n").refusal() + " " + consume("appended", 1, "--from-beginning", "--formatter-property",
                    "print.timestamp=true").lines().toString().replaceAll("\\d{13}", "*");
        });
        steps.step("produce-perf-test", () -> {
            var ended = Tool.run(Names.PERFORMANCE, "", "--topic", steps.name("main"), "--num-records", "500",
                    "--record-size", "100", "--throughput", "-1", "--bootstrap-server", steps.bootstrap);
            return ended.lines().get(ended.lines().size() - 1).replaceAll(", .*", "");
        });
        steps.step("produce-transactional", () -> {
            create("transactional");
            var ended = Tool.run(Names.PERFORMANCE, "", "--topic", steps.name("transactional"), "--num-records", "5",
                    "--record-size", "10", "--throughput", "-1", "--bootstrap-server", steps.bootstrap, "--transactional-id",
                    steps.name("transaction"));
            if (ended.status() != 0) {
                return "refused: " + Tool.errorNames(String.join("\n", ended.lines()) + ended.errors());
            }
            int read = consume("transactional", 5, "--from-beginning", "--isolation-level", "read_committed").lines().size();
            return "committed: " + read + " records";
        });
    }

    private void positions() {
        steps.step("consume-earliest", () -> consume("codec-none", 3, "--partition", "0", "--offset", "earliest").lines()
                .toString());
        steps.step("consume-latest", () -> {
            create("latest");
            produce("latest", "old\n");
            try (var producer = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", steps.bootstrap),
                    new StringSerializer(), new StringSerializer())) {
                Thread sender = new Thread(() -> sendUntilInterrupted(producer, steps.name("latest")));
                sender.start();
                var read = consume("latest", 2, "--partition", "0", "--offset", "latest").lines();
                sender.interrupt();
                sender.join();
                return read.toString();
            }
        });
        steps.step("consume-offset", () -> consume("codec-none", 2, "--partition", "0", "--offset", "1").lines().toString());
        steps.step("consume-timestamp", () -> {
            create("timed");
            produce("timed", "a\nb\n");
            long before = System.currentTimeMillis();
            Steps.await("the clock has moved on", () -> System.currentTimeMillis() > before);
            long time = System.currentTimeMillis();
            produce("timed", "c\nd\n");
            String found = offsetLines("timed", String.valueOf(time)).replaceAll("[\\[\\]]", "");
            String offset = found.substring(found.lastIndexOf(':') + 1);
            return "offset=" + offset + " " + consume("timed", 2, "--partition", "0", "--offset", offset).lines();
        });
        String[][] limits = {{"one-byte", "max.partition.fetch.bytes=1"}, {"min-bytes", "fetch.min.bytes=1000000"},
            {"read-committed", "isolation.level=read_committed"}};
        for (String[] limit : limits) {
            steps.step("consume-" + limit[0], () -> consume("codec-none", 3, "--from-beginning", "--command-property", limit[1])
                    .lines().toString());
        }
        steps.step("consume-out-of-range", () -> Tool.with(steps, Names.CONSUMER, "", "--topic", steps.name("codec-none"),
                "--partition", "0", "--offset", "9999", "--timeout-ms", "20000", "--command-property", "auto.offset.reset=none")
                .refusal());
        steps.step("consume-unknown-topic", () -> nothing("missing", "0"));
        steps.step("consume-unknown-partition", () -> nothing("codec-none", "99"));
    }

    /** Nothing comes from where there is nothing, and no topic is made by asking. */
    private String nothing(String topic, String partition) throws Exception {
        var ended = Tool.with(steps, Names.CONSUMER, "", "--topic", steps.name(topic), "--partition", partition, "--offset",
                "earliest", "--timeout-ms", "1500", "--command-property", "allow.auto.create.topics=false");
        var made = Tool.with(steps, Names.TOPICS, "", "--list").lines().contains(steps.name("missing"));
        return "exit=" + ended.status() + " " + ended.lines().size() + " records, topic made=" + made;
    }

    private static void sendUntilInterrupted(KafkaProducer<String, String> producer, String topic) {
        try {
            while (true) {
                producer.send(new ProducerRecord<>(topic, "new"));
                producer.flush();
                Thread.sleep(20);
            }
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException read) {
            // The consumer has what it waited for.
        }
    }

    private String offsetLines(String topic, String time) throws Exception {
        return Tool.with(steps, Names.OFFSETS, "", "--topic", steps.name(topic), "--time", time).lines().toString();
    }

    private void offsets() {
        steps.step("list-offsets", () -> {
            List<String> all = new ArrayList<>();
            for (String time : List.of("latest", "earliest", "max-timestamp", "2000000000000")) {
                all.add(time + "=" + offsetLines("codec-none", time));
            }
            return String.join(" ", all);
        });
        steps.step("list-offsets-unknown-topic", () -> Tool.with(steps, Names.OFFSETS, "", "--topic", steps.name("missing"))
                .refusal());
    }

    private void deletedRecords() {
        steps.step("delete-records", () -> delete(1).lines("partition").toString());
        steps.step("delete-records-beyond", () -> delete(9).refusal());
        steps.step("delete-records-all", () -> delete(-1).lines("partition").toString());
    }

    private Tool.Ended delete(int before) throws Exception {
        Path file = Files.createTempFile("klamm-tools", ".json");
        try {
            Files.writeString(file, "{\"version\":1,\"partitions\":[{\"topic\":\"" + steps.name("codec-none")
                    + "\",\"partition\":0,\"offset\":" + before + "}]}");
            return Tool.with(steps, Names.PACKAGE + "DeleteRecordsCommand", "", "--offset-json-file", file.toString());
        } finally {
            Files.delete(file);
        }
    }
}
