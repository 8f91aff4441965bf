//! The control plane of one controller node: the quorum, the controller (active or standby) and the
//! images made of what is committed, stepped as one, since their order matters.

mod driver;
mod event;
mod parked;
mod snapshot;
#[cfg(all(test, not(feature = "shuttle")))]
mod tests;

pub use driver::{ControlDriver, ControlParts, ControlTimes};
pub use event::{ControlEvent, ControlFailure, ControlOutput};
pub use parked::ControlAnswer;
pub use snapshot::{SnapshotFailure, SnapshotJob};
