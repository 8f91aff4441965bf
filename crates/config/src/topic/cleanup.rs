//! What happens to old segments.

/// `cleanup.policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CleanupPolicy {
    /// Nothing: all records are kept.
    Keep,
    /// They are deleted by age and size.
    Delete,
    /// Only the last value of each key is kept.
    Compact,
    /// Both.
    CompactAndDelete,
}

impl CleanupPolicy {
    pub(super) fn of(policies: &[String]) -> CleanupPolicy {
        let has = |policy: &str| policies.iter().any(|written| written == policy);
        match (has("compact"), has("delete")) {
            (false, false) => CleanupPolicy::Keep,
            (false, true) => CleanupPolicy::Delete,
            (true, false) => CleanupPolicy::Compact,
            (true, true) => CleanupPolicy::CompactAndDelete,
        }
    }

    /// Whether old segments are deleted.
    pub const fn deletes(self) -> bool {
        matches!(self, CleanupPolicy::Delete | CleanupPolicy::CompactAndDelete)
    }

    /// Whether the log is compacted.
    pub const fn compacts(self) -> bool {
        matches!(self, CleanupPolicy::Compact | CleanupPolicy::CompactAndDelete)
    }
}
