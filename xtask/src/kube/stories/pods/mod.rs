//! Stories on pods: the operator from its chart, clusters of real nodes, and records that must survive whatever is
//! done to them.

mod cluster;
mod killed;
mod load;

pub(super) mod combined;
pub(super) mod dedicated;
pub(super) mod idle;
pub(super) mod operator;
