//! Pure replica placement, drain and spread plans.

mod broker;
mod drain;
mod load;
mod random;
mod spread;
mod striped;

pub use broker::{Rack, UsableBroker};
pub use drain::{DrainError, plan_drain};
pub use load::{Assignment, Move};
pub use random::SeededRandom;
pub use spread::plan_spread;
pub use striped::{PlacementError, PlacementSpec, place};
