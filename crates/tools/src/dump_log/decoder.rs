//! Keys and values of records as text: plain, or as the records of Kafka's own topics in the JSON
//! of Kafka's converters.

use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use klamm_protocol::json::ToJson;
use klamm_protocol::messages::{
    ConsumerProtocolAssignment, ConsumerProtocolSubscription, GroupMetadataValue, MetadataRecord,
    OffsetsRecordKey, OffsetsRecordValue, RemoteLogMetadataRecord, ShareRecordKey, ShareRecordValue,
    TransactionRecordKey, TransactionRecordValue,
};
use klamm_protocol::records::LogRecord;
use klamm_protocol::{DecodeError, Message, Reader};

use super::remote_metadata;
use crate::tool::ToolError;

/// How plain bytes become text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TextDecoder {
    /// UTF-8.
    #[default]
    Text,
    /// Eight bytes.
    Long,
    /// Four bytes.
    Integer,
}

impl FromStr for TextDecoder {
    type Err = String;

    /// By the name of Kafka's class, with or without its package.
    fn from_str(class: &str) -> Result<TextDecoder, String> {
        match class.rsplit('.').next().unwrap_or_default() {
            "StringDecoder" => Ok(TextDecoder::Text),
            "LongDecoder" => Ok(TextDecoder::Long),
            "IntegerDecoder" => Ok(TextDecoder::Integer),
            _ => Err(format!("there is no decoder {class}")),
        }
    }
}

impl TextDecoder {
    fn decode(self, bytes: &[u8]) -> Result<String, ToolError> {
        let wrong = |size| ToolError::Failed(format!("{} bytes are not the {size} of a number", bytes.len()));
        match self {
            TextDecoder::Text => Ok(String::from_utf8_lossy(bytes).into_owned()),
            TextDecoder::Long => {
                bytes.try_into().map(|bytes| i64::from_be_bytes(bytes).to_string()).map_err(|_| wrong(8))
            }
            TextDecoder::Integer => {
                bytes.try_into().map(|bytes| i32::from_be_bytes(bytes).to_string()).map_err(|_| wrong(4))
            }
        }
    }
}

/// What the records of a log are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Decoder {
    /// Anything.
    Text {
        /// Of keys.
        key: TextDecoder,
        /// Of values.
        value: TextDecoder,
    },
    /// Of `__consumer_offsets`.
    Offsets,
    /// Of `__transaction_state`.
    Transactions,
    /// Of `__cluster_metadata`.
    ClusterMetadata,
    /// Of `__remote_log_metadata`.
    RemoteLogMetadata,
    /// Of `__share_group_state`.
    ShareGroupState,
}

/// Texts of a record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) key: Option<String>,
    pub(super) value: Option<String>,
}

impl Decoder {
    /// Texts of `record`. What cannot be decoded is told in the text.
    pub(super) fn decode(self, record: &LogRecord<'_>) -> Result<Decoded, ToolError> {
        match self {
            Decoder::Text { key, value } => Ok(Decoded {
                key: record.key.map(|bytes| key.decode(bytes)).transpose()?,
                value: record.value.map(|bytes| value.decode(bytes)).transpose()?,
            }),
            Decoder::Offsets => coordinator(record, offsets_key, offsets_value),
            Decoder::Transactions => coordinator(record, transaction_key, transaction_value),
            Decoder::ShareGroupState => coordinator(record, share_key, share_value),
            Decoder::ClusterMetadata => {
                let value = cluster_metadata(record.value)
                    .unwrap_or_else(|error| format!("Error at {}, skipping. {error}", record.offset));
                Ok(Decoded { key: None, value: Some(value) })
            }
            Decoder::RemoteLogMetadata => {
                let read = RemoteLogMetadataRecord::decode(&mut reader(record.value));
                let value = match read {
                    Ok((metadata, _)) => remote_metadata::describe(&metadata),
                    Err(error) => format!("Error at offset {}, skipping. {error}", record.offset),
                };
                Ok(Decoded { key: None, value: Some(value) })
            }
        }
    }
}

fn reader(bytes: Option<&[u8]>) -> Reader {
    Reader::new(Bytes::copy_from_slice(bytes.unwrap_or_default()))
}

/// A key: its type and its JSON.
type Key = (i16, String);
/// A value: its version and its JSON.
type Value = (i16, String);

fn coordinator(
    record: &LogRecord<'_>,
    read_key: fn(&mut Reader) -> Result<Key, DecodeError>,
    read_value: fn(i16, &mut Reader) -> Result<Value, DecodeError>,
) -> Result<Decoded, ToolError> {
    let offset = record.offset;
    if record.key.is_none() {
        return Err(ToolError::Failed(format!(
            "Failed to decode message at offset {offset} using the specified decoder (message had a missing key)"
        )));
    }
    let read = || {
        let (kind, key) = read_key(&mut reader(record.key))?;
        let value = match record.value {
            None => "<DELETE>".to_owned(),
            Some(_) => {
                let (version, value) = read_value(kind, &mut reader(record.value))?;
                format!("{{\"version\":\"{version}\",\"data\":{value}}}")
            }
        };
        Ok((format!("{{\"type\":\"{kind}\",\"data\":{key}}}"), value))
    };
    let decoded = match read() {
        Ok((key, value)) => Decoded { key: Some(key), value: Some(value) },
        Err(DecodeError::UnknownType { key, .. }) => {
            let text = format!("Unknown record type {key} at offset {offset}, skipping.");
            Decoded { key: Some(text), value: None }
        }
        Err(error) => {
            let text = format!("Error at offset {offset}, skipping. {error}");
            Decoded { key: Some(text), value: None }
        }
    };
    Ok(decoded)
}

fn offsets_key(reader: &mut Reader) -> Result<Key, DecodeError> {
    OffsetsRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn offsets_value(kind: i16, reader: &mut Reader) -> Result<Value, DecodeError> {
    let (value, version) = OffsetsRecordValue::decode(kind, reader)?;
    let json = value.to_json(version);
    let json = match &value {
        OffsetsRecordValue::GroupMetadata(group) if group.protocol_type == "consumer" => {
            with_members(group, json)
        }
        _ => json,
    };
    Ok((version, json))
}

/// Puts what the members of a consumer group said in the place of its base64. A quote within a
/// string is escaped, so the searched text is found at fields only.
fn with_members(group: &GroupMetadataValue, mut json: String) -> String {
    let mut from = 0;
    for member in &group.members {
        let fields = [
            (
                "subscription",
                &member.subscription,
                consumer_text::<ConsumerProtocolSubscription>(&member.subscription),
            ),
            (
                "assignment",
                &member.assignment,
                consumer_text::<ConsumerProtocolAssignment>(&member.assignment),
            ),
        ];
        for (name, bytes, text) in fields {
            let written = format!("\"{name}\":\"{}\"", STANDARD.encode(bytes));
            let Some(at) = json[from..].find(&written).map(|at| from + at) else { continue };
            let replacement = text.map_or(written.clone(), |text| format!("\"{name}\":{text}"));
            json.replace_range(at..at + written.len(), &replacement);
            from = at + replacement.len();
        }
    }
    json
}

fn consumer_text<M: Message + ToJson>(bytes: &Bytes) -> Option<String> {
    let mut reader = Reader::new(bytes.clone());
    let version = reader.i16().ok()?;
    M::decode(&mut reader, version).ok().map(|message| message.to_json(version))
}

fn transaction_key(reader: &mut Reader) -> Result<Key, DecodeError> {
    TransactionRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn transaction_value(kind: i16, reader: &mut Reader) -> Result<Value, DecodeError> {
    TransactionRecordValue::decode(kind, reader).map(|(value, version)| (version, value.to_json(version)))
}

fn share_key(reader: &mut Reader) -> Result<Key, DecodeError> {
    ShareRecordKey::decode(reader).map(|key| (key.record_type(), key.to_json(0)))
}

fn share_value(kind: i16, reader: &mut Reader) -> Result<Value, DecodeError> {
    ShareRecordValue::decode(kind, reader).map(|(value, version)| (version, value.to_json(version)))
}

fn cluster_metadata(value: Option<&[u8]>) -> Result<String, DecodeError> {
    let (record, version) = MetadataRecord::decode(&mut reader(value))?;
    let kind = constant_name(record.name());
    Ok(format!("{{\"type\":\"{kind}\",\"version\":{version},\"data\":{}}}", record.to_json(version)))
}

/// `RegisterBrokerRecord` as Java's constants are written.
fn constant_name(name: &str) -> String {
    let mut constant = String::with_capacity(name.len() + 4);
    for (index, letter) in name.chars().enumerate() {
        if index > 0 && letter.is_uppercase() {
            constant.push('_');
        }
        constant.extend(letter.to_uppercase());
    }
    constant
}
