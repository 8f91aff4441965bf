//! What is committed, replayed into the controller: by a standby, and after a snapshot took the place of records.

use bytes::Bytes;
use klamm_metadata::controller::ConfigRules;
use klamm_metadata::image::Provenance;
use klamm_model::OffsetAndEpoch;
use klamm_protocol::records::Batches;
use klamm_storage::Isolation;

use super::{ControlDriver, FOLLOW_AGAIN, Followed};
use crate::control::{ControlFailure, ControlOutput};
use crate::metadata::{self, LoadError, decode_batch};
use crate::raft::RaftFailure;

impl<R: ConfigRules> ControlDriver<R> {
    /// A standby replays what is committed, as far as it can be read now.
    pub(super) fn follow(&mut self) -> Result<Followed, ControlFailure> {
        self.follow_again = None;
        // A snapshot has taken the place of what is next; it is loaded with a later output.
        if self.next < self.raft.log().log().log_start_offset() {
            return Ok(Followed::All);
        }
        while self.next < self.committed {
            let bytes = match self.raft.log().read(self.next, Isolation::HighWatermark) {
                Ok(bytes) => bytes,
                Err(error) if error.is_passing() => {
                    tracing::warn!(%error, next = %self.next, "committed metadata is read again later");
                    self.follow_again = Some(self.clock.instant().after(FOLLOW_AGAIN));
                    return Ok(Followed::Part);
                }
                Err(error) => return Err(RaftFailure::from(error).into()),
            };
            let before = self.next;
            self.replay_batches(&bytes)?;
            if self.next == before {
                break;
            }
        }
        Ok(Followed::All)
    }

    fn replay_batches(&mut self, bytes: &Bytes) -> Result<(), ControlFailure> {
        self.bytes_since_snapshot += bytes.len() as u64;
        for batch in Batches::new(bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) if error.is_incomplete() => break,
                Err(source) => return Err(LoadError::Batch { at: self.next, source }.into()),
            };
            let header = batch.header();
            let at = header.base_offset();
            if !header.is_control() && at >= self.next {
                let records = decode_batch(&batch).map_err(|source| LoadError::Records { at, source })?;
                for (index, record) in records.iter().enumerate() {
                    let offset = at.plus(i64::try_from(index).unwrap_or(i64::MAX));
                    let replayed = self.controller.replay(record, offset);
                    replayed.map_err(|source| LoadError::Replay { at: offset, source })?;
                }
                self.controller.end_batch(Provenance {
                    last_offset: header.last_offset(),
                    epoch: header.leader_epoch().unwrap_or_default(),
                    timestamp: header.max_timestamp().unwrap_or_default(),
                    batch_aligned: true,
                });
            }
            self.next = self.next.max(header.next_offset());
        }
        Ok(())
    }

    pub(super) fn load_snapshot(
        &mut self,
        id: OffsetAndEpoch,
        outputs: &mut Vec<ControlOutput>,
    ) -> Result<(), ControlFailure> {
        let content = self.raft.log().read_snapshot(id).map_err(RaftFailure::from)?.unwrap_or_default();
        let image = metadata::load_snapshot(id, &content)?;
        let delta = self.controller.load_snapshot(image);
        self.next = id.offset;
        self.committed = self.committed.max(id.offset);
        outputs.push(ControlOutput::Publish(Box::new(delta)));
        Ok(())
    }
}
