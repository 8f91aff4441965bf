//! Reading every record of a produced batch once, and writing it anew where the topic asks for
//! another form.

use klamm_model::Timestamp;

use super::rejection::{ProduceRejection, RecordFault, RecordFaultKind};
use super::rules::{KeyRule, ProduceRules, TimestampRule};
use crate::records::batch::{BatchHeader, NO_TIMESTAMP, TimestampType};
use crate::records::builder::BatchBuilder;
use crate::records::compression::Limits;
use crate::records::errors::RecordError;
use crate::records::reader::{RecordReader, Records};
use crate::records::record::Header;
use crate::records::skim::RecordFacts;

/// Most faults that are kept: the answer carries each, and a compressed batch of a megabyte can
/// hold a hundred million of them.
const MAX_FAULTS: usize = 10_000;

/// What the records of a batch turned out to be.
pub(super) struct Walked {
    /// Of the records as they were produced; -1 if none has one.
    pub(super) max_timestamp: i64,
    /// First record whose offset delta is not its index: `(index, delta)`.
    pub(super) stray: Option<(u32, i32)>,
}

/// Checks records against the rules of a topic.
struct Checker<'a> {
    rules: &'a ProduceRules,
    base_timestamp: i64,
    log_append_time: Option<i64>,
    now: i64,
    index: u32,
    max_timestamp: i64,
    stray: Option<(u32, i32)>,
    faults: Vec<RecordFault>,
}

impl Checker<'_> {
    fn new<'a>(header: &BatchHeader, rules: &'a ProduceRules, now: Timestamp) -> Checker<'a> {
        let log_append_time = match header.timestamp_type() {
            TimestampType::CreateTime => None,
            TimestampType::LogAppendTime => Some(header.max_timestamp),
        };
        Checker {
            rules,
            base_timestamp: header.base_timestamp,
            log_append_time,
            now: now.as_millis(),
            index: 0,
            max_timestamp: NO_TIMESTAMP,
            stray: None,
            faults: Vec::new(),
        }
    }

    /// Returns the record's timestamp.
    #[inline]
    fn check(&mut self, record: RecordFacts) -> i64 {
        let created = self.base_timestamp.wrapping_add(record.timestamp_delta);
        let timestamp = self.log_append_time.unwrap_or(created);
        if record.offset_delta != self.index as i32 && self.stray.is_none() {
            self.stray = Some((self.index, record.offset_delta));
        }
        if let Some(kind) = self.fault(record, timestamp) {
            self.note(kind);
        }
        self.max_timestamp = self.max_timestamp.max(timestamp);
        self.index = self.index.wrapping_add(1);
        timestamp
    }

    #[inline]
    fn fault(&self, record: RecordFacts, timestamp: i64) -> Option<RecordFaultKind> {
        if self.rules.keys == KeyRule::Required && !record.has_key {
            return Some(RecordFaultKind::NoKey);
        }
        match self.rules.timestamps {
            TimestampRule::CreateTime { before_max_ms, after_max_ms } if timestamp != NO_TIMESTAMP => {
                let age = self.now.wrapping_sub(timestamp);
                (age > before_max_ms || age.wrapping_neg() > after_max_ms).then(|| {
                    let earliest = self.now.saturating_sub(before_max_ms);
                    let latest = self.now.saturating_add(after_max_ms);
                    RecordFaultKind::TimestampOutOfRange { timestamp, earliest, latest }
                })
            }
            TimestampRule::CreateTime { .. } | TimestampRule::LogAppendTime => {
                self.log_append_time.map(|_| RecordFaultKind::LogAppendTimeFromClient)
            }
        }
    }

    #[cold]
    fn note(&mut self, kind: RecordFaultKind) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(RecordFault { index: self.index, kind });
        }
    }

    fn finish(self) -> Result<Walked, ProduceRejection> {
        if !self.faults.is_empty() {
            return Err(ProduceRejection::Faults { faults: self.faults });
        }
        Ok(Walked { max_timestamp: self.max_timestamp, stray: self.stray })
    }
}

/// Reads all records of the batch and checks them.
pub(super) fn walk(
    header: &BatchHeader,
    body: &[u8],
    rules: &ProduceRules,
    now: Timestamp,
) -> Result<Walked, ProduceRejection> {
    let mut checker = Checker::new(header, rules, now);
    if header.is_compressed() {
        let mut records = open(header, body, rules)?;
        while let Some(record) = records.next_facts() {
            checker.check(record.map_err(ProduceRejection::Records)?);
        }
    } else {
        let mut records = Records::new(header, body);
        while let Some(record) = records.next_facts() {
            checker.check(record.map_err(ProduceRejection::Records)?);
        }
    }
    checker.finish()
}

/// Like [`walk`], and appends every record to `builder` at its place in the batch.
pub(super) fn walk_into(
    header: &BatchHeader,
    body: &[u8],
    rules: &ProduceRules,
    now: Timestamp,
    builder: &mut BatchBuilder,
) -> Result<(), ProduceRejection> {
    let mut checker = Checker::new(header, rules, now);
    let mut records = open(header, body, rules)?;
    let mut headers: Vec<Header<'static>> = Vec::new();
    let mut failed = None;
    while let Some(record) = records.next() {
        let record = record.map_err(ProduceRejection::Records)?;
        let timestamp = Timestamp::from_millis(checker.check(record.into()));
        // A fault in any record refuses all of them, and is told before what a rebuild fails at.
        if failed.is_some() || !checker.faults.is_empty() {
            continue;
        }
        let mut list = recycle(headers);
        list.extend(record.headers.iter());
        failed = builder.append(timestamp, record.key, record.value, &list).err();
        headers = recycle(list);
    }
    checker.finish()?;
    failed.map_or(Ok(()), |error| Err(ProduceRejection::Rebuild(error)))
}

/// An empty list in the memory of `list`, for references of another lifetime.
fn recycle<'b>(mut list: Vec<Header<'_>>) -> Vec<Header<'b>> {
    list.clear();
    // Collecting an emptied vector of the same layout keeps its allocation.
    list.into_iter().map(|_| Header { key: b"", value: None }).collect()
}

fn open<'a>(
    header: &BatchHeader,
    body: &'a [u8],
    rules: &ProduceRules,
) -> Result<RecordReader<'a>, ProduceRejection> {
    let limits = Limits { max_output: u64::MAX, max_record_size: rules.max_record_bytes };
    let reader: Result<RecordReader<'a>, RecordError> = RecordReader::new(header, body, limits);
    reader.map_err(ProduceRejection::Records)
}
