//! Stories on pods: the operator from its chart, clusters of real nodes, and records that must survive whatever is
//! done to them.

mod cluster;
mod history;
mod killed;
mod load;
mod machines;
mod volumes;

pub(super) mod combined;
pub(super) mod dedicated;
pub(super) mod idle;
pub(super) mod operator;
pub(super) mod pace;
