//! Reads a metadata snapshot into the image it is of; what it can find wrong, others find in the log.

use klamm_metadata::image::Provenance;
use klamm_metadata::{CommittedBatch, ImageLoader, MetadataDelta, MetadataImage};
use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_protocol::records::Batches;
use klamm_protocol::records::errors::BatchError;

use super::batch_codec::{MetadataBatchError, decode_batch};

/// The node cannot know the cluster's metadata any more; it stops.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
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

/// The image of the snapshot `id`. `content` is whole: what follows the last whole batch is passed over.
pub fn load_snapshot(id: OffsetAndEpoch, content: &[u8]) -> Result<MetadataImage, LoadError> {
    let mut loader = ImageLoader::default();
    let (mut next, mut timestamp) = (Offset::ZERO, Timestamp::default());
    for batch in Batches::new(content) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) if error.is_incomplete() => break,
            Err(source) => return Err(LoadError::Batch { at: next, source }),
        };
        batch.verify_crc().map_err(|source| LoadError::Batch { at: next, source })?;
        let header = batch.header();
        let at = header.base_offset();
        timestamp = header.max_timestamp().unwrap_or(timestamp);
        if !header.is_control() {
            let records = decode_batch(&batch).map_err(|source| LoadError::Records { at, source })?;
            let committed = CommittedBatch {
                base_offset: at,
                epoch: header.leader_epoch().unwrap_or(LeaderEpoch::ZERO),
                timestamp,
                records: &records,
            };
            loader.load(committed).map_err(|source| LoadError::Replay { at, source })?;
        }
        next = next.max(header.next_offset());
    }
    let read = loader.take_delta().map(MetadataDelta::into_after).unwrap_or_default();
    let mut snapshot = MetadataDelta::new(read);
    snapshot.set_provenance(Provenance {
        last_offset: Offset::new(id.offset.get() - 1).unwrap_or_default(),
        epoch: id.epoch,
        timestamp,
        batch_aligned: true,
    });
    Ok(snapshot.into_after())
}
