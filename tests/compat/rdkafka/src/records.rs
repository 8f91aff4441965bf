//! The records every family sends, and their one canonical rendering.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rdkafka::message::{BorrowedMessage, Headers, Message, OwnedHeaders};
use sha2::{Digest, Sha256};

/// The first standard record's; each next is a second later. Milliseconds.
pub const BASE_TIMESTAMP: i64 = 1_700_000_000_000;
/// Records of a whole standard set.
pub const COUNT: usize = 20;

/// What was sent or read, free of the library's lifetimes.
#[derive(Clone)]
pub struct Record {
    pub partition: i32,
    pub offset: i64,
    pub timestamp: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
}

impl Record {
    pub fn of_value(value: impl Into<Vec<u8>>) -> Record {
        Record {
            partition: 0,
            offset: 0,
            timestamp: BASE_TIMESTAMP,
            key: None,
            value: Some(value.into()),
            headers: Vec::new(),
        }
    }

    pub fn of_message(message: &BorrowedMessage) -> Record {
        let headers = message.headers().into_iter().flat_map(Headers::iter);
        Record {
            partition: message.partition(),
            offset: message.offset(),
            timestamp: message.timestamp().to_millis().unwrap_or(-1),
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers.map(|one| (one.key.to_owned(), one.value.map(<[u8]>::to_vec))).collect(),
        }
    }

    pub fn owned_headers(&self) -> OwnedHeaders {
        self.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(rdkafka::message::Header { key, value: value.as_deref() })
        })
    }

    fn render(&self, text: &mut String) {
        let (key, value) = (shown(self.key.as_deref()), shown(self.value.as_deref()));
        let _ = write!(text, "{}|{}|{key}|{value}", self.offset, self.timestamp);
        for (key, value) in &self.headers {
            let _ = write!(text, "|{key}={}", shown(value.as_deref()));
        }
        text.push('\n');
    }
}

fn shown(bytes: Option<&[u8]>) -> String {
    bytes.map_or("~".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}

/// The first `count` of the standard set.
pub fn standard(partition: i32, count: usize) -> Vec<Record> {
    (0..count).map(|i| one(partition, i)).collect()
}

fn one(partition: i32, i: usize) -> Record {
    let value = match i % 10 {
        7 => None,
        3 => Some(String::new()),
        _ => Some(format!("value-{i}-{}", "abcdefghij".repeat(i % 20))),
    };
    let traced = || {
        let text = |value: String| Some(value.into_bytes());
        vec![
            ("trace".to_owned(), text(format!("t{i}"))),
            ("trace".to_owned(), text("again".to_owned())),
            ("none".to_owned(), None),
        ]
    };
    Record {
        partition,
        offset: 0,
        timestamp: BASE_TIMESTAMP + i as i64 * 1000,
        key: (i % 5 != 4).then(|| format!("key-{}", i % 7).into_bytes()),
        value: value.map(String::into_bytes),
        headers: if i % 3 == 0 { traced() } else { Vec::new() },
    }
}

/// `N records FIRST..LAST sha256=...` of what was read from one partition.
pub fn summary(records: &[Record]) -> String {
    let (Some(first), Some(last)) = (records.first(), records.last()) else { return "0 records".to_owned() };
    let mut text = String::new();
    records.iter().for_each(|record| record.render(&mut text));
    let digest: String = Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{} records {}..{} sha256={digest}", records.len(), first.offset, last.offset)
}

/// What `summary` must give for the standard records stored from offset 0.
pub fn standard_summary(count: usize) -> String {
    let stored = standard(0, count).into_iter().zip(0..).map(|(record, offset)| Record { offset, ..record });
    summary(&stored.collect::<Vec<_>>())
}

/// Per partition what was read.
pub fn by_partition(records: &[Record]) -> String {
    let mut partitions: BTreeMap<i32, Vec<Record>> = BTreeMap::new();
    for record in records {
        partitions.entry(record.partition).or_default().push(record.clone());
    }
    let parts = partitions.iter().map(|(partition, some)| format!("{partition}: {}", summary(some)));
    parts.collect::<Vec<_>>().join(", ")
}
