//! The log and snapshots of a real node.
