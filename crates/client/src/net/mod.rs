//! One connection to one broker.

mod connection;
mod frame;
mod pending;
mod presence;
mod pump;
mod resolve;
mod transport;
mod versions;

pub use connection::{Connection, ConnectionStatus, Dial};
pub use pending::Pending;
pub use presence::{Presence, presence};
pub(crate) use pump::versions_request;
pub use versions::BrokerVersions;

#[cfg(test)]
mod tests;
