//! Load generator, bare loop, fault proxy and history checker for tests and benchmarks.

pub mod bare_loop;
pub mod load;
pub mod process;
