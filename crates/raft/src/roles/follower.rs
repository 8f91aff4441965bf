//! Follower: fetches from the leader of its epoch, as a voter or an observer. The only role that
//! cuts its log.

use klamm_model::{Instant, Offset, OffsetAndEpoch};

use crate::effect::{Effect, Truncation};

/// What the follower waits for from its driver before it fetches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Nothing.
    Idle,
    /// Fetched records are being appended; then the leader's high watermark counts.
    Appending { high_watermark: Option<Offset> },
    /// A fetched snapshot is replacing the log.
    Installing,
}

/// A snapshot being fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Download {
    pub(crate) id: OffsetAndEpoch,
    /// Bytes fetched so far.
    pub(crate) position: u64,
}

/// When the voter checks whether the leader must learn its endpoints or versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Checkup {
    At(Instant),
    /// The time has come; it waits for the line to the leader to become free.
    Due,
}

/// What a follower keeps.
#[derive(Debug)]
pub(crate) struct Follower {
    /// When a voter that has not fetched stands for election.
    pub(crate) fetch_deadline: Instant,
    pub(crate) checkup: Checkup,
    /// Whether the leader has answered a fetch of this follower: then pre-votes against it are
    /// refused.
    pub(crate) has_fetched: bool,
    /// Whether the leader has taken this voter's endpoints and versions (static quorum).
    pub(crate) has_told_leader: bool,
    pub(crate) download: Option<Download>,
    pub(crate) work: Work,
}

impl Follower {
    pub(crate) fn new(fetch_deadline: Instant) -> Follower {
        Follower {
            fetch_deadline,
            checkup: Checkup::At(fetch_deadline),
            has_fetched: false,
            has_told_leader: false,
            download: None,
            work: Work::Idle,
        }
    }

    /// The leader has answered: the patience begins anew.
    pub(crate) fn on_leader_answered(&mut self, fetch_deadline: Instant) {
        self.fetch_deadline = fetch_deadline;
        self.has_fetched = true;
    }

    /// The cut of the log to `log_end`.
    ///
    /// # Panics
    /// Below the high watermark: what is committed is never cut, whoever asks for it.
    pub(crate) fn cut(&self, log_end: Offset, high_watermark: Option<Offset>) -> Effect {
        assert!(
            high_watermark.is_none_or(|committed| committed <= log_end),
            "a cut to {log_end} would remove records below the high watermark {high_watermark:?}"
        );
        Effect::TruncateTo(Truncation::of_follower(log_end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "below the high watermark")]
    fn rule_27_committed_records_are_never_cut() {
        Follower::new(Instant::ZERO).cut(Offset::at(4), Some(Offset::at(5)));
    }
}
