//! What is seen of a cluster in one pass: its objects, read from the API server itself and not from a
//! cache, and from them each node as the planner knows it.

mod children;
mod machines;
mod nodes;
mod report;

pub use children::Children;
pub use nodes::{Seen, covered, observed_nodes};
pub use report::{Report, Volumes, report_of};

#[cfg(test)]
mod tests;
