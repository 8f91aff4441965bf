//! A partition's place in a log directory: what the directory's checkpoints say of it, whether its
//! log is open or not.

use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use klamm_model::{Offset, TopicPartition};
use parking_lot::Mutex;

use crate::names::{PartitionDirKind, PartitionDirName};

const CLOSED: u8 = 0;
const UNCLEAN: u8 = 1;
const OPEN: u8 = 2;

/// A partition of a log directory. Offsets are written by its log, read by the checkpoint writer.
#[derive(Debug)]
pub(crate) struct PartitionSlot {
    dir: Mutex<PartitionDirName>,
    partition: TopicPartition,
    state: AtomicU8,
    is_new: bool,
    recovery_point: AtomicOffset,
    log_start: AtomicOffset,
    high_watermark: AtomicOffset,
    cleaned_to: AtomicOffset,
}

impl PartitionSlot {
    /// Found on disk; `clean` if its log was closed.
    pub(super) fn found(dir: PartitionDirName, clean: bool) -> PartitionSlot {
        PartitionSlot::new(dir, if clean { CLOSED } else { UNCLEAN }, false)
    }

    /// Not on disk yet.
    pub(super) fn made(dir: PartitionDirName) -> PartitionSlot {
        PartitionSlot::new(dir, CLOSED, true)
    }

    fn new(dir: PartitionDirName, state: u8, is_new: bool) -> PartitionSlot {
        PartitionSlot {
            partition: dir.partition.clone(),
            dir: Mutex::new(dir),
            state: AtomicU8::new(state),
            is_new,
            recovery_point: AtomicOffset::default(),
            log_start: AtomicOffset::default(),
            high_watermark: AtomicOffset::default(),
            cleaned_to: AtomicOffset::default(),
        }
    }

    pub(crate) fn partition(&self) -> &TopicPartition {
        &self.partition
    }

    pub(crate) fn name(&self) -> String {
        self.dir.lock().name.clone()
    }

    pub(crate) fn dir(&self) -> PartitionDirName {
        self.dir.lock().clone()
    }

    pub(crate) fn kind(&self) -> PartitionDirKind {
        self.dir.lock().kind
    }

    pub(super) fn set_dir(&self, dir: PartitionDirName) {
        *self.dir.lock() = dir;
    }

    /// Whether its directory was not there when the log directory was opened.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new
    }

    /// The log is being opened; whether it was closed in order. From here on it is not, until
    /// [`PartitionSlot::set_closed`].
    pub(crate) fn begin_open(&self) -> bool {
        self.state.swap(OPEN, Ordering::AcqRel) == CLOSED
    }

    pub(crate) fn set_closed(&self) {
        self.state.store(CLOSED, Ordering::Release);
    }

    /// Whether a clean-shutdown marker may speak for it.
    pub(super) fn is_settled(&self) -> bool {
        let counts = matches!(self.kind(), PartitionDirKind::Current | PartitionDirKind::Future);
        !counts || self.state.load(Ordering::Acquire) == CLOSED
    }

    pub(crate) fn recovery_point(&self) -> Option<Offset> {
        self.recovery_point.get()
    }

    pub(crate) fn set_recovery_point(&self, offset: Offset) {
        self.recovery_point.set(Some(offset));
    }

    /// The start of the log, where it is above the base of its first segment.
    pub(crate) fn log_start(&self) -> Option<Offset> {
        self.log_start.get()
    }

    pub(crate) fn set_log_start(&self, offset: Option<Offset>) {
        self.log_start.set(offset);
    }

    pub(crate) fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark.get()
    }

    pub(crate) fn set_high_watermark(&self, offset: Offset) {
        self.high_watermark.set(Some(offset));
    }

    pub(crate) fn cleaned_to(&self) -> Option<Offset> {
        self.cleaned_to.get()
    }

    pub(crate) fn set_cleaned_to(&self, offset: Option<Offset>) {
        self.cleaned_to.set(offset);
    }
}

/// An optional offset that one thread writes and others read.
#[derive(Debug)]
struct AtomicOffset(AtomicI64);

impl Default for AtomicOffset {
    fn default() -> AtomicOffset {
        AtomicOffset(AtomicI64::new(-1))
    }
}

impl AtomicOffset {
    fn get(&self) -> Option<Offset> {
        Offset::new(self.0.load(Ordering::Acquire))
    }

    fn set(&self, offset: Option<Offset>) {
        self.0.store(offset.map_or(-1, Offset::get), Ordering::Release);
    }
}
