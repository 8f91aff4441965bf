//! What tests and benchmarks share: a load generator and a bare loop to measure, nodes as processes, raw frames, faults
//! by schedule, and the history of what clients saw with its checker.

pub mod bare_loop;
pub mod chaos;
pub mod cluster;
pub mod fuzz;
pub mod history;
pub mod load;
pub mod poison;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod wire;
