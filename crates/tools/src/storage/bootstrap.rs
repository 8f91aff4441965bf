//! The bootstrap snapshot of a new metadata log, `…0-0000000000.checkpoint`: what a controller
//! starts from (Kafka: Formatter.writeBootstrapSnapshot, KIP-853, KIP-1170).

use bytes::{Bytes, BytesMut};
use klamm_metadata::VersionedRecord;
use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::messages::{MetadataRecord, UserScramCredentialRecord};
use klamm_protocol::records::batch::stamp;
use klamm_protocol::records::control::{ControlType, control_batch};
use klamm_protocol::records::{Batch, BatchBuilder};
use klamm_protocol::{Message, Writer};
use klamm_raft::{ControlRecord, KraftVersion, VoterSet};

use crate::tool::ToolError;

/// What the snapshot says.
pub(super) struct BootstrapSnapshot<'a> {
    /// Level of kraft.version.
    pub(super) kraft_version: KraftVersion,
    /// The voters of a dynamic quorum, where they are known.
    pub(super) voters: Option<&'a VoterSet>,
    /// Metadata records.
    pub(super) records: &'a [VersionedRecord],
}

impl BootstrapSnapshot<'_> {
    /// The file's content. `now` is asked for each of its times: of the header record, and of the
    /// three batches.
    pub(super) fn encode(&self, now: &mut dyn FnMut() -> Timestamp) -> Result<Bytes, ToolError> {
        let mut head = vec![ControlRecord::SnapshotHeader { last_contained_log_timestamp: now() }];
        match self.kraft_version {
            KraftVersion::Static => {}
            KraftVersion::Dynamic => {
                head.push(ControlRecord::KraftVersion(self.kraft_version));
                head.extend(self.voters.cloned().map(ControlRecord::Voters));
            }
        }
        let mut content = BytesMut::new();
        let mut next = push(&mut content, Offset::ZERO, &control(&head, now())?);
        next = push(&mut content, next, &data(self.records, now())?);
        push(&mut content, next, &control(&[ControlRecord::SnapshotFooter], now())?);
        Ok(content.freeze())
    }
}

/// Adds a batch at `offset`; the offset after it.
fn push(content: &mut BytesMut, offset: Offset, batch: &[u8]) -> Offset {
    let start = content.len();
    content.extend_from_slice(batch);
    stamp(&mut content[start..], offset, LeaderEpoch::ZERO);
    Batch::parse(&content[start..]).expect("just built").header().next_offset()
}

fn control(records: &[ControlRecord], now: Timestamp) -> Result<Bytes, ToolError> {
    let encoded: Vec<(ControlType, Bytes)> =
        records.iter().map(|record| (record.control_type(), record.encode())).collect();
    let borrowed: Vec<_> = encoded.iter().map(|(kind, value)| (*kind, value.as_ref())).collect();
    control_batch(LeaderEpoch::ZERO, now, &borrowed).map_err(ToolError::failed)
}

fn data(records: &[VersionedRecord], now: Timestamp) -> Result<Bytes, ToolError> {
    let mut builder = BatchBuilder::new();
    for record in records {
        let mut writer = Writer::default();
        record.record.encode(&mut writer, record.version).map_err(ToolError::failed)?;
        builder.append(now, None, Some(&writer.finish().bytes), &[]).map_err(ToolError::failed)?;
    }
    Ok(builder.finish())
}

/// The records as Kafka's tool prints them, Java's way.
pub(super) fn describe(records: &[VersionedRecord], metadata_version: i16) -> String {
    let records: Vec<String> = records.iter().map(describe_record).collect();
    format!(
        "BootstrapMetadata(records=[{}], metadataVersionLevel={metadata_version}, source=format command)",
        records.join(", ")
    )
}

fn describe_record(record: &VersionedRecord) -> String {
    let text = match &record.record {
        MetadataRecord::FeatureLevel(feature) => {
            format!("FeatureLevelRecord(name='{}', featureLevel={})", feature.name, feature.feature_level)
        }
        MetadataRecord::UserScramCredential(credential) => describe_credential(credential),
        other => format!("{other:?}"),
    };
    format!("ApiMessageAndVersion({text} at version {})", record.version)
}

fn describe_credential(credential: &UserScramCredentialRecord) -> String {
    format!(
        "{}(name='{}', mechanism={}, salt={:?}, storedKey={:?}, serverKey={:?}, iterations={})",
        UserScramCredentialRecord::NAME,
        credential.name,
        credential.mechanism,
        signed(&credential.salt),
        signed(&credential.stored_key),
        signed(&credential.server_key),
        credential.iterations
    )
}

/// Java's bytes have a sign.
fn signed(bytes: &[u8]) -> Vec<i8> {
    bytes.iter().map(|byte| byte.cast_signed()).collect()
}
