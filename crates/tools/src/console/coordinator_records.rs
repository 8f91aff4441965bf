//! Records of Kafka's own topics as JSON (Kafka: `CoordinatorRecordMessageFormatter`).
//!
//! `{"key":{"type":T,"data":{...}},"value":{"version":V,"data":{...}}}`, without anything between two records.

use bytes::Bytes;
use klamm_client::ConsumerRecord;
use klamm_protocol::json::ToJson;
use klamm_protocol::messages::{
    OffsetsRecordKey, OffsetsRecordValue, ShareRecordKey, ShareRecordValue, TransactionRecordKey,
    TransactionRecordValue,
};
use klamm_protocol::{DecodeError, Reader};

use crate::tool::ToolError;

/// Which records of which topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CoordinatorRecords {
    /// Committed offsets in `__consumer_offsets`.
    Offsets,
    /// Classic groups in `__consumer_offsets`.
    GroupMetadata,
    /// `__transaction_state`.
    Transactions,
    /// `__share_group_state`.
    ShareGroups,
}

type Read = (i16, String);

impl CoordinatorRecords {
    /// Whether records of this type are shown.
    fn shows(self, kind: i16) -> bool {
        match self {
            CoordinatorRecords::Offsets => matches!(kind, 0 | 1),
            CoordinatorRecords::GroupMetadata => kind == 2,
            CoordinatorRecords::Transactions | CoordinatorRecords::ShareGroups => true,
        }
    }

    /// The record's text; nothing for what is not shown, and for types of later versions.
    pub(super) fn text(self, record: &ConsumerRecord) -> Result<Option<String>, ToolError> {
        let Some(key) = &record.key else { return Ok(None) };
        match self.read(key, record.value.as_ref()) {
            Ok(text) => Ok(text),
            Err(DecodeError::UnknownType { .. }) => Ok(None),
            Err(error) => {
                let offset = record.offset;
                Err(ToolError::failed(format!("Could not read record at offset {offset} due to: {error}")))
            }
        }
    }

    fn read(self, key: &Bytes, value: Option<&Bytes>) -> Result<Option<String>, DecodeError> {
        let mut reader = Reader::new(key.clone());
        let (kind, key) = match self {
            CoordinatorRecords::Offsets | CoordinatorRecords::GroupMetadata => offsets_key(&mut reader)?,
            CoordinatorRecords::Transactions => transaction_key(&mut reader)?,
            CoordinatorRecords::ShareGroups => share_key(&mut reader)?,
        };
        if !self.shows(kind) {
            return Ok(None);
        }
        let value = match value {
            None => "null".to_owned(),
            Some(value) => {
                let mut reader = Reader::new(value.clone());
                let (version, value) = match self {
                    CoordinatorRecords::Offsets | CoordinatorRecords::GroupMetadata => {
                        offsets_value(kind, &mut reader)?
                    }
                    CoordinatorRecords::Transactions => transaction_value(kind, &mut reader)?,
                    CoordinatorRecords::ShareGroups => share_value(kind, &mut reader)?,
                };
                format!("{{\"version\":{version},\"data\":{value}}}")
            }
        };
        Ok(Some(format!("{{\"key\":{{\"type\":{kind},\"data\":{key}}},\"value\":{value}}}")))
    }
}

fn offsets_key(reader: &mut Reader) -> Result<Read, DecodeError> {
    OffsetsRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn offsets_value(kind: i16, reader: &mut Reader) -> Result<Read, DecodeError> {
    OffsetsRecordValue::decode(kind, reader).map(|(value, version)| (version, value.to_json(version)))
}

fn transaction_key(reader: &mut Reader) -> Result<Read, DecodeError> {
    TransactionRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn transaction_value(kind: i16, reader: &mut Reader) -> Result<Read, DecodeError> {
    TransactionRecordValue::decode(kind, reader).map(|(value, version)| (version, value.to_json(version)))
}

fn share_key(reader: &mut Reader) -> Result<Read, DecodeError> {
    ShareRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn share_value(kind: i16, reader: &mut Reader) -> Result<Read, DecodeError> {
    ShareRecordValue::decode(kind, reader).map(|(value, version)| (version, value.to_json(version)))
}
