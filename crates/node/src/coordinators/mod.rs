//! Group coordinators of this node: one per partition of `__consumer_offsets` it leads, each the
//! sole owner of its state machine.

mod driver;
mod encode;
mod load;
#[cfg(all(test, not(feature = "shuttle")))]
mod tests;

pub use driver::{CoordinatorPhase, GroupCoordinator, GroupEffects};
pub use load::LoadError;
