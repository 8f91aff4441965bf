//! Faults that tests plant on purpose, to prove that their checks would find them. Each is one that
//! some implementation of Raft had. Without the feature `planted-bugs` none can be planted.

use crate::quorum::Quorum;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "planted-bugs"), expect(unreachable_pub, reason = "exported with the feature only"))]
pub enum Bug {
    /// Appends count, and are fetched from, before they are durable.
    CountUnsynced,
    /// A candidate stands with a log end that a crash can take back.
    ClaimUnsynced,
    /// Votes and epochs are seen before they are durable.
    AnswerBeforePersist,
    /// A restarted leader leads its epoch again.
    ResumeLeadership,
    /// A second candidate gets a vote in the same epoch.
    VoteTwice,
    /// Votes are given whatever log the candidate has.
    IgnoreLogInVotes,
    /// Records of earlier epochs are committed by their count alone.
    CommitOldEpochs,
    /// A fetch position counts before it is checked against the log.
    RecordBeforeCheck,
    /// A leader takes every log end for a point of its own log.
    IgnoreDivergence,
    /// Voters are changed again before the last change is committed.
    OverlapChanges,
}

impl Bug {
    /// Every fault.
    #[cfg(feature = "planted-bugs")]
    pub const ALL: [Bug; 10] = [
        Bug::CountUnsynced,
        Bug::ClaimUnsynced,
        Bug::AnswerBeforePersist,
        Bug::ResumeLeadership,
        Bug::VoteTwice,
        Bug::IgnoreLogInVotes,
        Bug::CommitOldEpochs,
        Bug::RecordBeforeCheck,
        Bug::IgnoreDivergence,
        Bug::OverlapChanges,
    ];
}

#[cfg(feature = "planted-bugs")]
impl Quorum {
    /// Plants a fault; before [`Quorum::on_start`].
    pub fn plant(&mut self, bug: Bug) {
        self.planted = Some(bug);
    }

    pub(crate) fn has_bug(&self, bug: Bug) -> bool {
        self.planted == Some(bug)
    }
}

#[cfg(not(feature = "planted-bugs"))]
impl Quorum {
    #[expect(clippy::unused_self, reason = "the signature of the other build")]
    pub(crate) const fn has_bug(&self, _: Bug) -> bool {
        false
    }
}
