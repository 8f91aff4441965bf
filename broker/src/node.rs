//! The parts of a running node that handlers use.

/// Handles and snapshots; nothing here is changed by a handler.
pub struct Node {}
