//! Validation of what a follower fetched (rule: a follower checks what it gets; it stops at the
//! first bad batch and keeps the good ones before it).

use klamm_model::{LeaderEpoch, Offset};

use crate::records::any::{AnyBatch, AnyBatches};
use crate::records::errors::BatchError;

/// Where the follower stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowerView {
    /// The next offset to write.
    pub log_end_offset: Offset,
    /// The leader epoch that the fetch went to.
    pub leader_epoch: LeaderEpoch,
}

/// Why not all of the fetched bytes may be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowerStop {
    /// The last batch is cut at the fetch's size limit: fetch on from its start.
    Incomplete,
    /// A batch of a later leader: the follower must learn of that epoch first. Kafka leaves it
    /// without an error too.
    NewerEpoch {
        /// The batch's epoch.
        epoch: LeaderEpoch,
    },
}

/// Why nothing from a batch on may be appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowerError {
    /// Not a batch, or not what its checksum says.
    #[error(transparent)]
    Corrupt(BatchError),
    /// A batch v2 without the epoch of the leader that appended it.
    #[error("the batch at offset {offset} has no leader epoch")]
    NoEpoch {
        /// The batch's base offset.
        offset: Offset,
    },
    /// The fetched offsets do not continue the log.
    #[error("a batch at offset {offset} cannot follow offset {expected}")]
    OutOfOrder {
        /// The batch's base offset; its last, in legacy formats.
        offset: Offset,
        /// The least it may be.
        expected: Offset,
    },
}

/// Checks fetched `bytes` and gives each batch that may be appended to `append`, in order.
///
/// An error tells of the first bad batch; those before it were given. Gaps between batches are
/// legal: the leader's log may be compacted.
pub fn validate_follower<'a>(
    bytes: &'a [u8],
    view: FollowerView,
    mut append: impl FnMut(AnyBatch<'a>),
) -> Result<Option<FollowerStop>, FollowerError> {
    let mut expected = view.log_end_offset;
    let mut position = 0;
    for batch in AnyBatches::new(bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) if error.is_incomplete() => return Ok(Some(FollowerStop::Incomplete)),
            Err(error) => return Err(FollowerError::Corrupt(error)),
        };
        let at = position;
        position += batch.bytes().len();
        if let Some(epoch) = batch.leader_epoch()
            && epoch > view.leader_epoch
        {
            return Ok(Some(FollowerStop::NewerEpoch { epoch }));
        }
        batch.verify_crc().map_err(|error| FollowerError::Corrupt(error.moved(at)))?;
        let offset = batch.base_offset().unwrap_or(batch.last_offset());
        if offset < expected || batch.last_offset() == Offset::MAX {
            return Err(FollowerError::OutOfOrder { offset, expected });
        }
        if let (AnyBatch::V2(_), None) = (&batch, batch.leader_epoch()) {
            return Err(FollowerError::NoEpoch { offset });
        }
        expected = batch.last_offset().next();
        append(batch);
    }
    Ok(None)
}
