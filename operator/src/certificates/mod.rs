//! The certificates of the admin service: one authority for each cluster, in a Secret that only the operator
//! reads, one certificate for the cluster's nodes, in a Secret that the pods mount, and one for the operator,
//! which is never stored. `docs/decisions/0040-admin-service.md`.

mod authority;
mod rotation;
mod secrets;

pub use authority::{Authority, IssueError, Pair, sha256, valid_until};
pub use rotation::{Certificates, Leaf, Need, Phase, Reports, need};
pub use secrets::{authority_secret, leaf_secret, read_authority, read_leaf};
