//! Faults that tests plant on purpose, to prove that the simulation's checkers would find them. Without the feature
//! `planted-bugs` none can be planted, and a release cannot be built with it.

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "planted-bugs"), expect(unreachable_pub, reason = "exported with the feature only"))]
pub enum Bug {
    /// The controller answers before what it wrote is committed.
    AnswerUncommitted,
    /// A controller that lost its leadership keeps what was not committed.
    KeepUncommitted,
    /// A new controller decides before it has read what is committed.
    ClaimEarly,
    /// `flush.messages=1` is answered before the flush.
    AcknowledgeUnsynced,
    /// Replies of a group coordinator leave before their records are committed.
    ReplyUncommitted,
    /// A coordinator answers without having read its log.
    SkipLoading,
    /// A snapshot is named after more records than it holds.
    OverstateSnapshot,
}

#[cfg(feature = "planted-bugs")]
mod with_bugs {
    use std::cell::Cell;

    use super::Bug;

    #[cfg(not(debug_assertions))]
    compile_error!("planted bugs are for tests: a build with them has its assertions on");

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    impl Bug {
        /// Every fault.
        pub const ALL: [Bug; 7] = [
            Bug::AnswerUncommitted,
            Bug::KeepUncommitted,
            Bug::ClaimEarly,
            Bug::AcknowledgeUnsynced,
            Bug::ReplyUncommitted,
            Bug::SkipLoading,
            Bug::OverstateSnapshot,
        ];
    }

    /// Plants a fault in the code that this thread runs, or takes it away.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    pub(crate) fn has(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }
}

#[cfg(feature = "planted-bugs")]
pub(crate) use with_bugs::has;
#[cfg(feature = "planted-bugs")]
pub use with_bugs::plant;

#[cfg(not(feature = "planted-bugs"))]
pub(crate) const fn has(_: Bug) -> bool {
    false
}
