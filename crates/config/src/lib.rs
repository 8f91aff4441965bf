//! Every config of Apache Kafka 4.4: type, default, validator, scope, doc; server.properties and overrides.

mod endpoint;
mod error;
mod java;
mod key;
pub mod node;
pub mod properties;
mod rule;
mod static_config;
pub mod table;
mod value;

pub use endpoint::{HostPort, Voter, parse_bootstrap_servers, parse_voters};
pub use error::ConfigError;
pub use key::{ConfigKey, DefaultValue, Importance, Kind, Synonym, Unit, UpdateMode, Visibility};
pub use node::NodeConfig;
pub use properties::{Notice, Properties};
pub use rule::{Bound, Empty, Nullness, Rule};
pub use static_config::StaticConfig;
pub use value::{Secret, Value, parse_type};
