//! Deterministic simulation of the drivers: virtual clock, network and disk. A seed is a history: the
//! real drivers, cores and files of several nodes, stepped by one thread over a virtual clock, network
//! and disk; clients that know what they were promised; checkers that look on at every step.

mod aimed;
mod assignments;
mod broker;
mod build;
mod checkers;
mod clock;
pub mod command;
mod event;
mod faults;
mod history;
mod lifecycle;
mod network;
mod node;
mod planted;
mod random;
mod replication;
mod rpc;
mod rules;
mod scenario;
mod serving;
mod workloads;
mod world;

pub use aimed::Aimed;
pub use build::{Build, Roles};
pub use history::{Scene, Summary, run};
pub use planted::Planted;
pub use scenario::{SCENARIOS, Scenario};
pub use world::{Death, World};
