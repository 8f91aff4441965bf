//! Every config of Apache Kafka 4.4: type, default, validator, scope, doc; server.properties and overrides.
//!
//! Pure: it reads text that others fetched. The way of a node's settings: [`Properties`] (text) ->
//! [`StaticConfig`] (values, key by key) -> [`NodeConfig`] (typed, checked as a whole) ->
//! [`LayeredConfig`] (with dynamic configs). [`alter`] says which changes are allowed, [`describe`]
//! what DescribeConfigs tells, [`TopicSettings`] and [`GroupSettings`] what one topic or group goes by.

pub mod alter;
pub mod describe;
pub mod effect;
mod endpoint;
mod error;
mod group;
mod java;
mod key;
mod layers;
pub mod node;
mod overrides;
pub mod own;
pub mod properties;
mod rule;
mod static_config;
pub mod table;
mod topic;
mod value;

pub use endpoint::{HostPort, Voter, parse_bootstrap_servers, parse_voters};
pub use error::ConfigError;
pub use group::{GroupSettings, OffsetReset, ShareIsolation};
pub use key::{ConfigKey, DefaultValue, Importance, Kind, Synonym, Unit, UpdateMode, Visibility};
pub use layers::{Applied, BrokerTarget, LayeredConfig};
pub use node::NodeConfig;
pub use overrides::Overrides;
pub use properties::{Notice, Properties};
pub use rule::{Bound, Empty, Nullness, Rule};
pub use static_config::StaticConfig;
pub use topic::{
    CleanupPolicy, RemoteSettings, ThrottledReplicas, TimestampType, TopicCompression, TopicSettings,
};
pub use value::{Secret, Value, parse_type};
