//! What must hold, checked at every step. Each checker has a name; a violation ends the history with
//! that name first, so that tests know who found a planted fault.

mod committed;
mod groups;
mod images;
mod promises;
mod quorum;
mod replicas;
mod told;

pub(crate) use committed::CommittedMetadata;
pub(crate) use groups::Groups;
pub(crate) use images::{Images, difference as images_differ};
pub(crate) use promises::Promises;
pub(crate) use quorum::Quorums;
pub(crate) use replicas::Replicas;
pub(crate) use told::{Cursor, Data, WriteId};

/// Ends the history.
#[track_caller]
pub(crate) fn violated(checker: &str, what: std::fmt::Arguments<'_>) -> ! {
    panic!("checker {checker}: {what}")
}

/// Ends the history unless the condition holds.
macro_rules! must {
    ($holds:expr, $checker:expr, $($what:tt)+) => {
        if !$holds {
            $crate::checkers::violated($checker, format_args!($($what)+));
        }
    };
}
pub(crate) use must;

/// All checkers of a world.
#[derive(Debug, Default)]
pub(crate) struct Checkers {
    pub(crate) quorum: Quorums,
    pub(crate) committed: CommittedMetadata,
    pub(crate) images: Images,
    pub(crate) data: Data,
    pub(crate) replicas: Replicas,
    pub(crate) groups: Groups,
    pub(crate) promises: Promises,
}
