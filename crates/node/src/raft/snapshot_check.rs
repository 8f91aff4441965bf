//! Whether a snapshot of the metadata is whole: looked at before it counts for anything. One that is not
//! is never loaded, never replaces a log and is never led from; it is no torn tail, so nothing is cut.

use klamm_model::Offset;
use klamm_protocol::records::Batches;
use klamm_protocol::records::errors::BatchError;
use klamm_raft::ControlRecord;

use super::metadata_log::{MetadataLogError, collect_controls};

/// What is wrong with a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotDamage {
    /// A batch is cut, its checksum is wrong, or it is none.
    #[error("byte {at}: {source}")]
    Batch {
        /// Where the batch begins.
        at: usize,
        /// What is wrong.
        source: BatchError,
    },
    /// A control record is not readable.
    #[error("{0}")]
    Control(#[from] Box<MetadataLogError>),
    /// The first record is no SnapshotHeader.
    #[error("it has no header")]
    NoHeader,
    /// The last record is no SnapshotFooter: the end is missing.
    #[error("it has no footer")]
    NoFooter,
    /// There is no such file.
    #[error("it is missing")]
    Missing,
}

/// Checks every batch's checksum, that the last batch is whole, and the first and last records.
pub(super) fn check_snapshot(content: &[u8]) -> Result<(), SnapshotDamage> {
    check_batches(content)?;
    let mut batches = Batches::new(content).flatten();
    let first = batches.next();
    let last = batches.last().or(first);
    let edge = |batch: Option<klamm_protocol::records::Batch<'_>>| -> Result<_, SnapshotDamage> {
        let mut controls = Vec::new();
        if let Some(batch) = batch {
            collect_controls(batch.bytes(), Offset::ZERO, &mut controls).map_err(Box::new)?;
        }
        Ok(controls)
    };
    if !matches!(edge(first)?.first(), Some((_, ControlRecord::SnapshotHeader { .. }))) {
        return Err(SnapshotDamage::NoHeader);
    }
    match edge(last)?.last() {
        Some((_, ControlRecord::SnapshotFooter)) => Ok(()),
        Some(_) | None => Err(SnapshotDamage::NoFooter),
    }
}

/// Checks that `content` is whole batches with right checksums.
pub(super) fn check_batches(content: &[u8]) -> Result<(), SnapshotDamage> {
    let mut at = 0;
    for batch in Batches::new(content) {
        let checked = batch.and_then(|batch| batch.verify_crc().map(|()| batch.header().size()));
        at += checked.map_err(|source| SnapshotDamage::Batch { at, source })?;
    }
    Ok(())
}
