//! What clients saw, in the order they saw it, and the judgement over it.
//!
//! Each record carries its [`WriteId`], so a read tells which write it returns. Offsets give the order of
//! everything, hence the check is linear in the number of events.

mod check;
mod recorder;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use klamm_model::{Offset, TopicPartition};

pub use check::{Rules, Violation, check};
pub use recorder::Recorder;

/// One write: the n-th of a producer, counted from 0 over all partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WriteId {
    /// Which producer.
    pub producer: u32,
    /// Which of its writes.
    pub number: u64,
}

impl fmt::Display for WriteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.producer, self.number)
    }
}

/// A record's value that is no [`WriteId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the text of a write")]
pub struct NoWriteId;

impl FromStr for WriteId {
    type Err = NoWriteId;

    /// Reads `producer/number`; padding behind a blank is left out.
    fn from_str(text: &str) -> Result<WriteId, NoWriteId> {
        let id = text.split(' ').next().unwrap_or_default();
        let (producer, number) = id.split_once('/').ok_or(NoWriteId)?;
        let producer = producer.parse().map_err(|_| NoWriteId)?;
        Ok(WriteId { producer, number: number.parse().map_err(|_| NoWriteId)? })
    }
}

/// One observation of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A write is on its way to `at`.
    Sent {
        /// Which.
        write: WriteId,
        /// Where to.
        at: TopicPartition,
    },
    /// The broker has promised to keep it.
    Acknowledged {
        /// Which.
        write: WriteId,
        /// Where it is; `None` where the broker knew only that it has it.
        offset: Option<Offset>,
    },
    /// The broker has promised that it is not there.
    Refused {
        /// Which.
        write: WriteId,
    },
    /// Nobody said what became of it.
    Unknown {
        /// Which.
        write: WriteId,
    },
    /// A reader got a record.
    Read {
        /// Which reader.
        reader: u32,
        /// From where.
        at: TopicPartition,
        /// Its offset.
        offset: Offset,
        /// Which write it is of.
        write: WriteId,
    },
    /// A reader begins to read a whole partition; its reads follow.
    ScanBegun {
        /// Which reader.
        reader: u32,
        /// What.
        at: TopicPartition,
        /// The log start offset.
        from: Offset,
    },
    /// It got to the end.
    ScanEnded {
        /// Which reader.
        reader: u32,
        /// What.
        at: TopicPartition,
        /// The high watermark it stopped at.
        to: Offset,
    },
    /// A group's commit is on its way.
    Committing {
        /// The group.
        group: String,
        /// Of which partition.
        at: TopicPartition,
        /// The offset.
        offset: Offset,
    },
    /// The coordinator has promised to keep it.
    Committed {
        /// The group.
        group: String,
        /// Of which partition.
        at: TopicPartition,
        /// The offset.
        offset: Offset,
    },
    /// What the coordinator says is committed.
    CommittedRead {
        /// The group.
        group: String,
        /// Of which partition.
        at: TopicPartition,
        /// The offset; `None` for no commit.
        offset: Option<Offset>,
    },
}
