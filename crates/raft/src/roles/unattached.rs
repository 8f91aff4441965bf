//! Unattached: no leader to fetch from. Votes, looks for the leader, stands for election when its
//! patience ends.

use klamm_model::Instant;

/// What an unattached replica keeps.
#[derive(Debug)]
pub(crate) struct Unattached {
    /// When a voter stands for election; an observer never does.
    pub(crate) election_deadline: Option<Instant>,
}
