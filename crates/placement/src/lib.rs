//! Pure replica placement, and plans that drain, spread and resize.

mod broker;
mod drain;
mod load;
mod random;
mod resize;
mod spread;
mod striped;

pub use broker::{Rack, UsableBroker};
pub use drain::{DrainError, plan_drain};
pub use load::{Assignment, Move};
pub use random::SeededRandom;
pub use resize::plan_resize;
pub use spread::plan_spread;
pub use striped::{PlacementError, PlacementSpec, place};
