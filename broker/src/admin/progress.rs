//! How far a node's life is, told by its start and read by the admin service.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Part of a node's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Stage {
    /// Registers, and catches up with the metadata.
    Starting,
    /// Opens logs after an unclean stop.
    Recovering,
    /// Does what its roles are.
    Serving,
    /// Was asked to stop.
    Stopping,
}

const ALL: [Stage; 4] = [Stage::Starting, Stage::Recovering, Stage::Serving, Stage::Stopping];

/// The stage now. Written by the start alone.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU8>);

impl Progress {
    /// The next stage begins.
    pub fn enter(&self, stage: Stage) {
        self.0.store(stage as u8, Ordering::Release);
    }

    /// The stage now.
    pub fn stage(&self) -> Stage {
        ALL.into_iter()
            .find(|stage| *stage as u8 == self.0.load(Ordering::Acquire))
            .unwrap_or(Stage::Starting)
    }
}
