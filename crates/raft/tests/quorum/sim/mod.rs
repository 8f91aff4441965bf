//! The world: nodes, network, time, and what must hold at every step.

mod checks;
mod disk;
mod driver;
mod names;
mod node;
mod random;
mod world;

pub use names::{Build, directory, endpoints};
pub use random::Random;
pub use world::{Faults, World};
