//! Writes an image as a snapshot of the metadata log: a header, the finalized kraft.version and
//! voters, the image's records, a footer.

use bytes::{Bytes, BytesMut};
use klamm_metadata::MetadataImage;
use klamm_metadata::snapshot::{SnapshotOptions, write_image};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_protocol::records::batch::stamp;
use klamm_protocol::records::control::{ControlType, control_batch};
use klamm_protocol::records::{Batch, BuildError};
use klamm_raft::{ControlRecord, KraftVersion, SnapshotFacts, VoterSet};
use klamm_storage::DiskFailure;
use klamm_storage::state::MetadataSnapshotStore;

use crate::metadata::{MetadataBatchError, encode_batch};
use crate::planted::{self, Bug};

/// Records of one batch of a snapshot.
const RECORDS_PER_BATCH: usize = 1024;

/// A snapshot that could not be written; the log stays whole, so nothing is lost.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFailure {
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] DiskFailure),
    /// A record cannot be encoded.
    #[error(transparent)]
    Records(#[from] MetadataBatchError),
    /// A control batch cannot be built.
    #[error(transparent)]
    Control(#[from] BuildError),
}

/// One snapshot to be written on the disk pool.
#[derive(Debug)]
pub struct SnapshotJob {
    pub(super) store: MetadataSnapshotStore,
    pub(super) id: OffsetAndEpoch,
    pub(super) image: MetadataImage,
    pub(super) control: (KraftVersion, Option<VoterSet>),
    pub(super) now: Timestamp,
}

impl SnapshotJob {
    /// Which snapshot.
    pub fn id(&self) -> OffsetAndEpoch {
        self.id
    }

    /// Writes it; blocks. Durable on return.
    pub fn run(self) -> Result<SnapshotFacts, SnapshotFailure> {
        let content = self.content()?;
        let unique = u64::try_from(self.now.as_millis()).unwrap_or(0);
        let mut writer = self.store.begin(self.id, unique)?;
        writer.append(&content)?;
        let size = writer.len();
        writer.finish()?;
        Ok(SnapshotFacts { id: self.id, size })
    }

    fn content(&self) -> Result<Bytes, SnapshotFailure> {
        let timestamp = self.image.provenance().map_or(self.now, |provenance| provenance.timestamp);
        let mut head = vec![ControlRecord::SnapshotHeader { last_contained_log_timestamp: timestamp }];
        let (version, voters) = &self.control;
        if *version != KraftVersion::Static {
            head.push(ControlRecord::KraftVersion(*version));
            head.extend(voters.clone().map(ControlRecord::Voters));
        }
        let mut content = Stamped { bytes: BytesMut::new(), next: Offset::ZERO, epoch: self.id.epoch };
        content.push(&control(&head, self.id.epoch, self.now)?);
        if let Some(options) = SnapshotOptions::of(&self.image) {
            let mut written = write_image(&self.image, options);
            if planted::has(Bug::OverstateSnapshot) {
                written.records.pop();
            }
            for lost in &written.lost {
                tracing::warn!(%lost, "not expressible at the finalized metadata.version; left out of the snapshot");
            }
            for records in written.records.chunks(RECORDS_PER_BATCH) {
                content.push(&encode_batch(records, timestamp)?);
            }
        }
        content.push(&control(&[ControlRecord::SnapshotFooter], self.id.epoch, self.now)?);
        Ok(content.bytes.freeze())
    }
}

fn control(records: &[ControlRecord], epoch: LeaderEpoch, now: Timestamp) -> Result<Bytes, BuildError> {
    let encoded: Vec<(ControlType, Bytes)> =
        records.iter().map(|record| (record.control_type(), record.encode())).collect();
    let borrowed: Vec<_> = encoded.iter().map(|(kind, value)| (*kind, value.as_ref())).collect();
    control_batch(epoch, now, &borrowed)
}

struct Stamped {
    bytes: BytesMut,
    next: Offset,
    epoch: LeaderEpoch,
}

impl Stamped {
    fn push(&mut self, batch: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(batch);
        stamp(&mut self.bytes[start..], self.next, self.epoch);
        let batch = Batch::parse(&self.bytes[start..]).expect("just built");
        self.next = batch.header().next_offset();
    }
}
