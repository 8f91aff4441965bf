//! One file per API; this one is the table, without logic. A handler turns a decoded request into a
//! response; the state it needs is in [`crate::node::Node`].

pub mod api_versions;
pub mod call;
pub mod errors;
pub mod fetch;
pub mod produce;
pub mod session;
pub mod versions;

use call::{Call, now};
use klamm_protocol::{ApiKey, Reader};

use crate::net::reply::Started;

/// Starts the handler of a request that this listener serves.
fn serve(call: Call, body: Reader) -> Started {
    match call.key {
        ApiKey::ApiVersions => api_versions::serve(call, body),
        ApiKey::Fetch => fetch::serve(call, body),
        ApiKey::Produce => produce::serve(call, body),
        other => session::close(format!("{} has no handler", other.name())),
    }
}
