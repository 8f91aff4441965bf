//! Follows the committed part of the metadata log and builds images of it.

use klamm_metadata::{CommittedBatch, ImageLoader, MetadataDelta, MetadataImage};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_protocol::records::Batches;
use klamm_protocol::records::errors::BatchError;
use klamm_storage::{Isolation, LogView};

use super::batch_codec::{MetadataBatchError, decode_batch};
use crate::raft::{MetadataLogError, read_batches};

/// The node cannot know the cluster's metadata any more; it stops.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] MetadataLogError),
    /// A batch is damaged.
    #[error("metadata at offset {at}: {source}")]
    Batch {
        /// Where reading began.
        at: Offset,
        /// What is wrong.
        source: BatchError,
    },
    /// A record is not readable.
    #[error("metadata at offset {at}: {source}")]
    Records {
        /// Base offset of its batch.
        at: Offset,
        /// What is wrong.
        source: MetadataBatchError,
    },
    /// A record contradicts those before it.
    #[error("metadata at offset {at}: {source}")]
    Replay {
        /// Base offset of its batch.
        at: Offset,
        /// How.
        source: klamm_metadata::delta::ReplayError,
    },
}

/// See the module.
#[derive(Debug, Default)]
pub struct MetadataLoader {
    loader: ImageLoader,
    next: Offset,
}

impl MetadataLoader {
    /// Next offset to be applied: everything before counts in the image or is control data.
    pub fn next_offset(&self) -> Offset {
        self.next
    }

    /// Replaces the image by a snapshot's content; the delta compares both whole.
    pub fn load_snapshot(
        &mut self,
        id: OffsetAndEpoch,
        content: &[u8],
        before: MetadataImage,
    ) -> Result<MetadataDelta, LoadError> {
        let mut fresh = MetadataLoader::default();
        fresh.apply(content)?;
        let mut timestamp = Timestamp::default();
        for batch in Batches::new(content).flatten() {
            timestamp = batch.header().max_timestamp().unwrap_or(timestamp);
        }
        let after = fresh.loader.take_delta().map(MetadataDelta::into_after).unwrap_or_default();
        let mut delta = MetadataDelta::between(before, after);
        delta.set_provenance(klamm_metadata::image::Provenance {
            last_offset: Offset::new(id.offset.get() - 1).unwrap_or_default(),
            epoch: id.epoch,
            timestamp,
            batch_aligned: true,
        });
        *self = MetadataLoader { loader: ImageLoader::new(delta.after().clone()), next: id.offset };
        Ok(delta)
    }

    /// Applies what `view` has committed since; the delta, if anything counts.
    pub fn load_committed(&mut self, view: &LogView) -> Result<Option<MetadataDelta>, LoadError> {
        while self.next < view.high_watermark() {
            let bytes = read_batches(view, self.next, Isolation::HighWatermark)?;
            if bytes.is_empty() {
                break;
            }
            let before = self.next;
            self.apply(&bytes)?;
            if self.next == before {
                break;
            }
        }
        Ok(self.loader.take_delta())
    }

    fn apply(&mut self, bytes: &[u8]) -> Result<(), LoadError> {
        for batch in Batches::new(bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) if error.is_incomplete() => return Ok(()),
                Err(source) => return Err(LoadError::Batch { at: self.next, source }),
            };
            batch.verify_crc().map_err(|source| LoadError::Batch { at: self.next, source })?;
            let header = batch.header();
            let at = header.base_offset();
            if !header.is_control() && at >= self.next {
                let records = decode_batch(&batch).map_err(|source| LoadError::Records { at, source })?;
                let committed = CommittedBatch {
                    base_offset: at,
                    epoch: header.leader_epoch().unwrap_or(LeaderEpoch::ZERO),
                    timestamp: header.max_timestamp().unwrap_or_default(),
                    records: &records,
                };
                self.loader.load(committed).map_err(|source| LoadError::Replay { at, source })?;
            }
            self.next = self.next.max(header.next_offset());
        }
        Ok(())
    }
}
