//! Replays a coordinator's partition: every committed record from the start of its log.

use bytes::Bytes;
use klamm_coordinator::group::{GroupMachine, GroupRecord, RecordError, ReplayError};
use klamm_coordinator::machine::{Machine as _, Origin, TransactionResult};
use klamm_model::Offset;
use klamm_protocol::records::compression::Limits;
use klamm_protocol::records::control::{ControlError, ControlType};
use klamm_protocol::records::errors::{BatchError, RecordError as BatchRecordError};
use klamm_protocol::records::{Batch, Batches};
use klamm_storage::{Isolation, LogView};

use crate::raft::{MetadataLogError, read_batches};

/// The partition cannot be coordinated: its log is not readable.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The partition is not led in that epoch any more.
    #[error("{0}")]
    Moved(String),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] MetadataLogError),
    /// A batch is damaged.
    #[error("offset {at}: {source}")]
    Batch {
        /// Where reading began.
        at: Offset,
        /// What is wrong.
        source: BatchError,
    },
    /// A batch's records are damaged.
    #[error("offset {at}: {source}")]
    Records {
        /// Base offset of the batch.
        at: Offset,
        /// What is wrong.
        source: BatchRecordError,
    },
    /// A record is no coordinator record.
    #[error("offset {at}: {source}")]
    Record {
        /// Its offset.
        at: Offset,
        /// What is wrong.
        source: RecordError,
    },
    /// A marker is not readable.
    #[error("offset {at}: {source}")]
    Marker {
        /// Its offset.
        at: Offset,
        /// What is wrong.
        source: ControlError,
    },
    /// A record contradicts those before it.
    #[error("offset {at}: {source}")]
    Replay {
        /// Its offset.
        at: Offset,
        /// How.
        source: ReplayError,
    },
}

impl LoadError {
    /// Whether another attempt may succeed: descriptors or memory were missing, or a segment went while it was read.
    pub fn is_passing(&self) -> bool {
        match self {
            LoadError::Log(MetadataLogError::Read(error)) => error.is_passing(),
            LoadError::Log(error) => error.is_passing(),
            LoadError::Moved(_)
            | LoadError::Batch { .. }
            | LoadError::Records { .. }
            | LoadError::Record { .. }
            | LoadError::Marker { .. }
            | LoadError::Replay { .. } => false,
        }
    }
}

/// Replays `view` up to `end`.
pub(super) fn load(machine: &mut GroupMachine, view: &LogView, end: Offset) -> Result<(), LoadError> {
    let mut next = view.log_start_offset();
    while next < end {
        let bytes = read_batches(view, next, Isolation::LogEnd)?;
        if bytes.is_empty() {
            break;
        }
        let before = next;
        for batch in Batches::new(&bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) if error.is_incomplete() => break,
                Err(source) => return Err(LoadError::Batch { at: next, source }),
            };
            replay_batch(machine, &batch)?;
            next = batch.header().next_offset();
        }
        if next == before {
            break;
        }
    }
    Ok(())
}

fn replay_batch(machine: &mut GroupMachine, batch: &Batch<'_>) -> Result<(), LoadError> {
    let header = batch.header();
    let base = header.base_offset();
    let producer = header.producer_id().filter(|_| header.is_transactional());
    let mut records =
        batch.records(Limits::NONE).map_err(|source| LoadError::Records { at: base, source })?;
    while let Some(record) = records.next() {
        let record = record.map_err(|source| LoadError::Records { at: base, source })?;
        let at = record.offset(header).unwrap_or(base);
        if header.is_control() {
            let kind = ControlType::parse_key(record.key);
            let kind = kind.map_err(|source| LoadError::Marker { at, source })?;
            let result = match kind {
                Some(ControlType::Commit) => TransactionResult::Commit,
                Some(ControlType::Abort) => TransactionResult::Abort,
                Some(_) | None => continue,
            };
            if let Some(producer) = header.producer_id() {
                machine.replay_end_transaction(producer, result);
            }
            continue;
        }
        let copy = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
        let decoded = GroupRecord::decode(copy(record.key), copy(record.value));
        match decoded.map_err(|source| LoadError::Record { at, source })? {
            Some(decoded) => {
                let origin = Origin { offset: at, producer };
                let replayed = machine.replay(origin, &decoded);
                replayed.map_err(|source| LoadError::Replay { at, source })?;
            }
            None => tracing::warn!(offset = at.get(), "coordinator record of an unknown type; skipped"),
        }
    }
    Ok(())
}
