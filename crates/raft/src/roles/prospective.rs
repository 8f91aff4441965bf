//! Prospective: would a majority vote for me? Asked without raising the epoch, so that a replica
//! that was cut off does not depose a working leader when it comes back (KIP-996).

use klamm_model::Instant;

use crate::election::Election;

/// What a prospective voter keeps.
#[derive(Debug)]
pub(crate) struct Prospective {
    /// The pre-votes.
    pub(crate) election: Election,
    /// When it gives up.
    pub(crate) election_deadline: Instant,
}
