//! All cases, in the order in which they are sent.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use bytes::Bytes;
use klamm_protocol::messages::ProduceRequest;
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::records::Codec;
use klamm_protocol::{Records, Str};

use super::batches::batches;
use super::craft::{Craft, Record};
use super::requests::requests;
use crate::wire::request_content;

/// One request.
#[derive(Clone, Debug)]
pub struct Case {
    /// What is wrong with it.
    pub name: String,
    /// The version of Produce.
    pub version: i16,
    /// Whether an answer is to come.
    pub is_answered: bool,
    /// Header and body.
    pub content: Bytes,
}

/// Where a batch is sent to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Where<'a> {
    pub(super) topic: &'a str,
    pub(super) partition: i32,
    pub(super) acks: i16,
    pub(super) version: i16,
}

impl Where<'_> {
    pub(super) const PLAIN: Where<'static> = Where { topic: "plain", partition: 0, acks: -1, version: 9 };

    pub(super) fn request(&self, records: Option<&[u8]>) -> ProduceRequest {
        let records = records.map(|records| Records::Bytes(Bytes::copy_from_slice(records)));
        let data = PartitionProduceData { index: self.partition, records, ..PartitionProduceData::default() };
        ProduceRequest {
            acks: self.acks,
            timeout_ms: 10_000,
            topic_data: vec![TopicProduceData {
                name: Str::from(self.topic),
                partition_data: vec![data],
                ..TopicProduceData::default()
            }],
            ..ProduceRequest::default()
        }
    }
}

impl Case {
    /// A sound batch for `topic`.
    pub fn sound(topic: &str) -> Case {
        let batch = Craft::sound(Codec::None, &Record::three(), now()).bytes();
        let sound = Case::produce("sound", Where { topic, ..Where::PLAIN }, Some(&batch));
        sound.expect("a sound request can be written")
    }

    pub(super) fn produce(name: impl Into<String>, place: Where<'_>, records: Option<&[u8]>) -> Result<Case> {
        Case::of_request(name, &place.request(records), place.version)
    }

    pub(super) fn of_request(
        name: impl Into<String>,
        request: &ProduceRequest,
        version: i16,
    ) -> Result<Case> {
        let content = request_content(request, version, 7)?;
        Ok(Case { name: name.into(), version, is_answered: request.acks != 0, content })
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// All of them. Every codec at version 9, and no codec and zstd at the versions whose rules differ.
pub fn cases() -> Result<Vec<Case>> {
    let now = now();
    let mut all = Vec::new();
    let variants = Codec::ALL.map(|codec| (codec, 9)).into_iter();
    let variants = variants.chain([(Codec::None, 3), (Codec::Zstd, 3), (Codec::Zstd, 6), (Codec::Zstd, 7)]);
    for (codec, version) in variants {
        for poison in batches(codec, now) {
            let name = format!("{codec}, version {version}: {}", poison.fault);
            all.push(Case::produce(name, Where { version, ..Where::PLAIN }, Some(&poison.bytes))?);
        }
    }
    all.extend(requests(now)?);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_more_than_three_hundred_cases_and_no_two_alike() {
        let cases = cases().expect("all can be written");
        assert!(cases.len() > 300, "{}", cases.len());
        let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), cases.len());
    }
}
