//! The judgement over a history: what was promised and not kept.
//!
//! 1. An acknowledged write is in the last scan of its partition, at the offset that was told.
//! 2. A refused write is never read.
//! 3. One offset holds one record for ever; one write has one offset.
//! 4. The writes of a producer stand in a partition in the order they were sent.
//! 5. Offsets of a scan follow each other without gap; a reader never goes back.
//! 6. What is read was sent, and sent to this partition.
//! 7. A committed offset is at least the last one acknowledged and at most the largest one sent.
//! 8. One offset is told to one write only: two leaders that both acknowledge would tell it twice.

use std::collections::{BTreeMap, BTreeSet};

use klamm_model::{Offset, TopicPartition};

use super::{Event, WriteId};

/// What else may be expected of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Idempotent producers, no compaction, no transactions: all rules hold.
    Idempotent,
    /// Producers may repeat writes: rule 3 on writes and rule 4 do not hold.
    AtLeastOnce,
}

/// A broken promise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Violation {
    /// Rule 1.
    #[error("lost: {write}, acknowledged in {at} at offset {offset:?}, is not there")]
    Lost {
        /// The write.
        write: WriteId,
        /// Its partition.
        at: TopicPartition,
        /// What was told.
        offset: Option<Offset>,
    },
    /// Rule 1.
    #[error("moved: {write}, acknowledged in {at} at {told}, is at {found}")]
    Moved {
        /// The write.
        write: WriteId,
        /// Its partition.
        at: TopicPartition,
        /// What was told.
        told: Offset,
        /// Where it is.
        found: Offset,
    },
    /// Rule 2.
    #[error("refused and yet stored: {write} in {at} at {offset}")]
    RefusedYetStored {
        /// The write.
        write: WriteId,
        /// Its partition.
        at: TopicPartition,
        /// Where it is.
        offset: Offset,
    },
    /// Rule 3.
    #[error("changed: offset {offset} of {at} was {first}, then {then}")]
    Changed {
        /// The partition.
        at: TopicPartition,
        /// The offset.
        offset: Offset,
        /// What was read first.
        first: WriteId,
        /// What was read later.
        then: WriteId,
    },
    /// Rule 3.
    #[error("doubled: {write} is in {at} at {first} and {second}")]
    Doubled {
        /// The write.
        write: WriteId,
        /// Its partition.
        at: TopicPartition,
        /// One place.
        first: Offset,
        /// The other.
        second: Offset,
    },
    /// Rule 4.
    #[error("out of order: {write} is in {at} at {offset}, behind {before}")]
    OutOfOrder {
        /// The write.
        write: WriteId,
        /// Its partition.
        at: TopicPartition,
        /// Where it is.
        offset: Offset,
        /// A later write that stands before it.
        before: WriteId,
    },
    /// Rule 5.
    #[error("gap: {at} has nothing from {from} to {to}")]
    Gap {
        /// The partition.
        at: TopicPartition,
        /// The first offset missed.
        from: Offset,
        /// The next one there.
        to: Offset,
    },
    /// Rule 5.
    #[error("reader {reader} of {at} went back from {from} to {to}")]
    WentBack {
        /// The reader.
        reader: u32,
        /// The partition.
        at: TopicPartition,
        /// Its last offset.
        from: Offset,
        /// The offset it got then.
        to: Offset,
    },
    /// Rule 6.
    #[error("out of nowhere: {write} in {at} at {offset} was never sent there")]
    NeverSent {
        /// The write.
        write: WriteId,
        /// The partition.
        at: TopicPartition,
        /// Where it is.
        offset: Offset,
    },
    /// Rule 7.
    #[error("group {group}: offset {told} of {at} was acknowledged, {found:?} is committed")]
    CommitLost {
        /// The group.
        group: String,
        /// The partition.
        at: TopicPartition,
        /// What was acknowledged last.
        told: Offset,
        /// What is committed.
        found: Option<Offset>,
    },
    /// Rule 7.
    #[error("group {group}: offset {found} of {at} is committed, and was never sent")]
    CommitNeverSent {
        /// The group.
        group: String,
        /// The partition.
        at: TopicPartition,
        /// What is committed.
        found: Offset,
    },
    /// Rule 8.
    #[error("split: offset {offset} of {at} was told to {first} and to {second}")]
    SplitAck {
        /// The partition.
        at: TopicPartition,
        /// The offset.
        offset: Offset,
        /// Who was told first.
        first: WriteId,
        /// Who was told later.
        second: WriteId,
    },
}

/// All broken promises, sorted.
pub fn check(history: &[Event], rules: Rules) -> Vec<Violation> {
    let mut judge = Judge { rules, ..Judge::default() };
    for event in history {
        judge.see(event);
    }
    judge.conclude();
    judge.violations.into_iter().collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promise {
    None,
    Kept(Option<Offset>),
    Refused,
}

#[derive(Debug)]
struct Write {
    at: TopicPartition,
    promise: Promise,
}

#[derive(Debug, Default)]
struct Commits {
    acknowledged: Option<Offset>,
    largest_sent: Option<Offset>,
}

#[derive(Debug)]
struct Scan {
    next: Offset,
    found: Vec<(Offset, WriteId)>,
}

#[derive(Debug)]
struct Judge {
    rules: Rules,
    writes: BTreeMap<WriteId, Write>,
    /// Offsets that were told with an acknowledgement.
    told: BTreeMap<(TopicPartition, Offset), WriteId>,
    records: BTreeMap<TopicPartition, BTreeMap<Offset, WriteId>>,
    positions: BTreeMap<(u32, TopicPartition), Offset>,
    scans: BTreeMap<(u32, TopicPartition), Scan>,
    /// The last whole scan of each partition.
    scanned: BTreeMap<TopicPartition, Vec<(Offset, WriteId)>>,
    commits: BTreeMap<(String, TopicPartition), Commits>,
    violations: BTreeSet<Violation>,
}

impl Default for Judge {
    fn default() -> Judge {
        Judge {
            rules: Rules::Idempotent,
            writes: BTreeMap::new(),
            told: BTreeMap::new(),
            records: BTreeMap::new(),
            positions: BTreeMap::new(),
            scans: BTreeMap::new(),
            scanned: BTreeMap::new(),
            commits: BTreeMap::new(),
            violations: BTreeSet::new(),
        }
    }
}

impl Judge {
    fn see(&mut self, event: &Event) {
        match event {
            Event::Sent { write, at } => {
                self.writes.insert(*write, Write { at: at.clone(), promise: Promise::None });
            }
            Event::Acknowledged { write, offset } => self.promise(*write, Promise::Kept(*offset)),
            Event::Refused { write } => self.promise(*write, Promise::Refused),
            Event::Unknown { write } => self.promise(*write, Promise::None),
            Event::Read { reader, at, offset, write } => self.read(*reader, at, *offset, *write),
            Event::ScanBegun { reader, at, from } => {
                self.positions.remove(&(*reader, at.clone()));
                self.scans.insert((*reader, at.clone()), Scan { next: *from, found: Vec::new() });
            }
            Event::ScanEnded { reader, at, to } => self.end_scan(*reader, at, *to),
            Event::Committing { group, at, offset } => {
                let commits = self.commits.entry((group.clone(), at.clone())).or_default();
                commits.largest_sent = commits.largest_sent.max(Some(*offset));
            }
            Event::Committed { group, at, offset } => {
                let commits = self.commits.entry((group.clone(), at.clone())).or_default();
                commits.acknowledged = Some(*offset);
            }
            Event::CommittedRead { group, at, offset } => self.committed(group, at, *offset),
        }
    }

    fn promise(&mut self, write: WriteId, promise: Promise) {
        let Some(known) = self.writes.get_mut(&write) else { return };
        known.promise = promise;
        let Promise::Kept(Some(offset)) = promise else { return };
        let at = known.at.clone();
        let first = *self.told.entry((at.clone(), offset)).or_insert(write);
        if first != write {
            self.violations.insert(Violation::SplitAck { at, offset, first, second: write });
        }
    }

    fn read(&mut self, reader: u32, at: &TopicPartition, offset: Offset, write: WriteId) {
        let first = *self.records.entry(at.clone()).or_default().entry(offset).or_insert(write);
        if first != write {
            self.violations.insert(Violation::Changed { at: at.clone(), offset, first, then: write });
        }
        if self.writes.get(&write).is_none_or(|sent| sent.at != *at) {
            self.violations.insert(Violation::NeverSent { write, at: at.clone(), offset });
        }
        let last = self.positions.insert((reader, at.clone()), offset);
        if let Some(last) = last.filter(|last| offset <= *last) {
            self.violations.insert(Violation::WentBack { reader, at: at.clone(), from: last, to: offset });
            return;
        }
        if let Some(scan) = self.scans.get_mut(&(reader, at.clone())) {
            if offset > scan.next {
                self.violations.insert(Violation::Gap { at: at.clone(), from: scan.next, to: offset });
            }
            scan.next = offset.next();
            scan.found.push((offset, write));
        }
    }

    fn end_scan(&mut self, reader: u32, at: &TopicPartition, to: Offset) {
        let Some(scan) = self.scans.remove(&(reader, at.clone())) else { return };
        if scan.next < to {
            self.violations.insert(Violation::Gap { at: at.clone(), from: scan.next, to });
        }
        self.scanned.insert(at.clone(), scan.found);
    }

    fn committed(&mut self, group: &str, at: &TopicPartition, found: Option<Offset>) {
        let Some(commits) = self.commits.get(&(group.to_owned(), at.clone())) else { return };
        if let Some(told) = commits.acknowledged.filter(|told| found.is_none_or(|found| found < *told)) {
            let (group, at) = (group.to_owned(), at.clone());
            self.violations.insert(Violation::CommitLost { group, at, told, found });
        } else if let Some(found) = found.filter(|_| found > commits.largest_sent) {
            let (group, at) = (group.to_owned(), at.clone());
            self.violations.insert(Violation::CommitNeverSent { group, at, found });
        }
    }

    /// What only the whole tells.
    fn conclude(&mut self) {
        let mut places: BTreeMap<WriteId, Offset> = BTreeMap::new();
        for (at, records) in &self.scanned {
            let mut newest: BTreeMap<u32, WriteId> = BTreeMap::new();
            for (offset, write) in records {
                let first = places.insert(*write, *offset);
                let newest = newest.entry(write.producer).or_insert(*write);
                if self.rules == Rules::Idempotent {
                    if let Some(first) = first {
                        let (at, second) = (at.clone(), *offset);
                        self.violations.insert(Violation::Doubled { write: *write, at, first, second });
                    } else if write.number < newest.number {
                        let (at, before) = (at.clone(), *newest);
                        let late = Violation::OutOfOrder { write: *write, at, offset: *offset, before };
                        self.violations.insert(late);
                    }
                }
                *newest = (*newest).max(*write);
            }
        }
        for (id, Write { at, promise }) in &self.writes {
            if !self.scanned.contains_key(at) {
                continue;
            }
            let (write, at, found) = (*id, at.clone(), places.get(id).copied());
            match (*promise, found) {
                (Promise::Kept(offset), None) => {
                    self.violations.insert(Violation::Lost { write, at, offset });
                }
                (Promise::Kept(Some(told)), Some(found))
                    if told != found && self.rules == Rules::Idempotent =>
                {
                    self.violations.insert(Violation::Moved { write, at, told, found });
                }
                (Promise::Refused, Some(offset)) => {
                    self.violations.insert(Violation::RefusedYetStored { write, at, offset });
                }
                (Promise::Kept(_), Some(_)) | (Promise::None, _) | (Promise::Refused, None) => {}
            }
        }
    }
}
