//! The messages of Kafka's protocol and the records of its internal logs.
//!
//! A message's parts live in its module, `messages::fetch_request::FetchTopic`; the message itself is here,
//! `messages::FetchRequest`.

mod framing;
pub mod generated;

pub use generated::apis::{AnyRequest, AnyResponse};
pub use generated::record_sets::{
    MetadataRecord, OffsetsRecordKey, OffsetsRecordValue, RemoteLogMetadataRecord, ShareRecordKey,
    ShareRecordValue, TransactionRecordKey, TransactionRecordValue,
};
pub use generated::*;
