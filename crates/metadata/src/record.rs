//! A metadata record with the version it is written at.

use klamm_protocol::messages::MetadataRecord;

/// A record to append, or one read: what it says and in which version of its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionedRecord {
    /// The record.
    pub record: MetadataRecord,
    /// The version of its schema.
    pub version: i16,
}

impl VersionedRecord {
    /// `record` at `version`.
    pub fn new(record: impl Into<MetadataRecord>, version: i16) -> VersionedRecord {
        VersionedRecord { record: record.into(), version }
    }

    /// `record` at version 0: what all but registrations and partitions have.
    pub fn v0(record: impl Into<MetadataRecord>) -> VersionedRecord {
        VersionedRecord::new(record, 0)
    }
}
