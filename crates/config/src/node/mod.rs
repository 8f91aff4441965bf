//! What a node goes by: typed, parsed once, checked as a whole (Kafka's `KafkaConfig`).

mod check;
mod check_groups;
mod classes;
mod listeners;
mod network;
mod settings;

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_model::NodeId;

pub(crate) use check_groups::has_duplicate_tags;
pub use classes::{RACK_AWARE_SELECTOR, STANDARD_AUTHORIZER};
pub use listeners::{Listener, ProtocolMap, SecurityProtocol};
pub use network::Listeners;
pub use settings::{
    BrokerSettings, CleanerSettings, ConsumerGroupDefaults, ControllerSettings, FetchSettings,
    GroupCoordinatorSettings, LogSettings, MetadataLogSettings, NetworkSettings, OffsetsSettings,
    QuorumTimeouts, QuotaWindow, RemoteLogSettings, ReplicationSettings, ShareGroupDefaults,
    StreamsGroupDefaults, TopicDefaults, TransactionSettings,
};

use crate::endpoint::{self, HostPort, Voter};
use crate::error::ConfigError;
use crate::own::AdminSettings;
use crate::properties::Properties;
use crate::static_config::StaticConfig;

/// What a node is (`process.roles`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roles {
    /// A broker only.
    Broker,
    /// A controller only.
    Controller,
    /// Both.
    BrokerAndController,
}

impl Roles {
    /// Whether it stores topics and serves clients.
    pub const fn is_broker(self) -> bool {
        matches!(self, Roles::Broker | Roles::BrokerAndController)
    }

    /// Whether it may vote in the quorum.
    pub const fn is_controller(self) -> bool {
        matches!(self, Roles::Controller | Roles::BrokerAndController)
    }
}

/// How the quorum is found, and its times.
#[derive(Clone, Debug, PartialEq)]
pub struct QuorumSettings {
    /// The static voters; empty for a dynamic quorum.
    pub voters: Vec<Voter>,
    /// Where to look for the leader.
    pub bootstrap_servers: Vec<HostPort>,
    /// Times and sizes.
    pub timeouts: QuorumTimeouts,
}

/// Windows of the quotas of clients, replication, directory moves and controller mutations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaWindows {
    /// Of produce, fetch and request quotas.
    pub client: QuotaWindow,
    /// Of replication throttles.
    pub replication: QuotaWindow,
    /// Of moves between directories.
    pub alter_log_dirs: QuotaWindow,
    /// Of the controller mutation quota.
    pub controller: QuotaWindow,
}

/// Ages of the log's default settings in milliseconds, before they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LogAges {
    roll: i64,
    roll_jitter: i64,
    retention: i64,
}

/// Everything a node goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeConfig {
    static_config: StaticConfig,
    log_ages: LogAges,
    /// `node.id`.
    pub node_id: NodeId,
    /// `process.roles`.
    pub roles: Roles,
    /// Listeners and advertised addresses.
    pub listeners: Listeners,
    /// The quorum.
    pub quorum: QuorumSettings,
    /// `log.dirs`, or `log.dir`; not empty.
    pub log_dirs: Vec<String>,
    /// `metadata.log.dir`, or the first of the log directories.
    pub metadata_log_dir: String,
    /// Those of the log directories that get no new partitions.
    pub cordoned_log_dirs: Vec<String>,
    /// Connections and the queue of requests.
    pub network: NetworkSettings,
    /// `max.connections.per.ip.overrides`.
    pub max_connections_per_ip_overrides: BTreeMap<String, u32>,
    /// Answers to fetches.
    pub fetch: FetchSettings,
    /// The log of the metadata.
    pub metadata_log: MetadataLogSettings,
    /// What the active controller goes by.
    pub controller: ControllerSettings,
    /// The broker's ties to the controller.
    pub broker: BrokerSettings,
    /// Logs as a whole.
    pub log: LogSettings,
    /// Compaction.
    pub cleaner: CleanerSettings,
    /// Tiered storage.
    pub remote_log: RemoteLogSettings,
    /// New topics.
    pub topics: TopicDefaults,
    /// Followers and leaders.
    pub replication: ReplicationSettings,
    /// The transaction coordinator.
    pub transactions: TransactionSettings,
    /// The group coordinator.
    pub groups: GroupCoordinatorSettings,
    /// Committed offsets.
    pub offsets: OffsetsSettings,
    /// Consumer groups.
    pub consumer_groups: ConsumerGroupDefaults,
    /// Share groups.
    pub share_groups: ShareGroupDefaults,
    /// Streams groups.
    pub streams_groups: StreamsGroupDefaults,
    /// Windows of quotas.
    pub quota_windows: QuotaWindows,
    /// `klamm.admin.*` and `klamm.health.*`.
    pub admin: AdminSettings,
}

impl NodeConfig {
    /// Parses and checks settings.
    pub fn parse(settings: Properties) -> Result<NodeConfig, ConfigError> {
        NodeConfig::from_static(StaticConfig::parse(settings)?)
    }

    /// Checks parsed settings as a whole.
    pub fn from_static(static_config: StaticConfig) -> Result<NodeConfig, ConfigError> {
        let config = &static_config;
        let [consumer_assignors, share_assignors, streams_assignors] = classes::assignors(config)?;
        check_groups::check(config)?;
        let log_dirs = log_dirs(config);
        let node = NodeConfig {
            log_ages: LogAges {
                roll: in_millis(config, "log.roll.ms", &[("log.roll.hours", 3_600_000)]),
                roll_jitter: in_millis(config, "log.roll.jitter.ms", &[("log.roll.jitter.hours", 3_600_000)]),
                retention: retention_millis(config),
            },
            node_id: node_id(config)?,
            roles: roles(config),
            listeners: Listeners::read(config)?,
            quorum: QuorumSettings {
                voters: endpoint::parse_voters(&config.list("controller.quorum.voters").unwrap_or_default())?,
                bootstrap_servers: endpoint::parse_bootstrap_servers(
                    &config.list("controller.quorum.bootstrap.servers").unwrap_or_default(),
                )?,
                timeouts: QuorumTimeouts::read(config),
            },
            metadata_log_dir: config.text("metadata.log.dir").unwrap_or_else(|| log_dirs[0].clone()),
            cordoned_log_dirs: cordoned_log_dirs(config, &log_dirs),
            log_dirs,
            network: NetworkSettings::read(config),
            max_connections_per_ip_overrides: ip_overrides(config)?,
            fetch: FetchSettings::read(config),
            metadata_log: MetadataLogSettings::read(config),
            controller: ControllerSettings::read(config),
            broker: BrokerSettings::read(config),
            log: LogSettings::read(config),
            cleaner: CleanerSettings::read(config),
            remote_log: RemoteLogSettings::read(config),
            topics: TopicDefaults::read(config),
            replication: ReplicationSettings::read(config),
            transactions: TransactionSettings::read(config),
            groups: GroupCoordinatorSettings::read(config),
            offsets: OffsetsSettings::read(config),
            consumer_groups: ConsumerGroupDefaults {
                assignors: consumer_assignors,
                ..ConsumerGroupDefaults::read(config)
            },
            share_groups: ShareGroupDefaults {
                assignors: share_assignors,
                ..ShareGroupDefaults::read(config)
            },
            streams_groups: StreamsGroupDefaults {
                assignors: streams_assignors,
                ..StreamsGroupDefaults::read(config)
            },
            quota_windows: quota_windows(config),
            admin: AdminSettings::read(config.originals())?,
            static_config,
        };
        check::check(&node)?;
        classes::check(&node.static_config)?;
        Ok(node)
    }

    /// The settings key by key, and as they were written.
    pub fn static_config(&self) -> &StaticConfig {
        &self.static_config
    }

    /// Sentences for the log about settings that are allowed but unwise.
    pub fn advice(&self) -> Vec<String> {
        check::advice(self)
    }
}

fn node_id(config: &StaticConfig) -> Result<NodeId, ConfigError> {
    let id = config.long("node.id");
    i32::try_from(id)
        .ok()
        .and_then(NodeId::new)
        .ok_or_else(|| ConfigError::invalid("node.id", id, "Value must be at least 0"))
}

fn roles(config: &StaticConfig) -> Roles {
    let written = config.list("process.roles").unwrap_or_default();
    let has = |role: &str| written.iter().any(|written| written == role);
    match (has("broker"), has("controller")) {
        (true, true) => Roles::BrokerAndController,
        (false, true) => Roles::Controller,
        (true, false) | (false, false) => Roles::Broker,
    }
}

fn log_dirs(config: &StaticConfig) -> Vec<String> {
    let dirs = config.list("log.dirs").or_else(|| config.list("log.dir"));
    dirs.expect("log.dir has a default")
}

fn cordoned_log_dirs(config: &StaticConfig, log_dirs: &[String]) -> Vec<String> {
    let written = config.list("cordoned.log.dirs").unwrap_or_default();
    if written.iter().any(|dir| dir == "*") { log_dirs.to_vec() } else { written }
}

/// The key in milliseconds, else the first of the coarser ones that is not null.
fn in_millis(config: &StaticConfig, millis: &str, coarser: &[(&str, i64)]) -> i64 {
    let coarser =
        || coarser.iter().find_map(|(key, unit)| Some(config.optional_long(key)?.saturating_mul(*unit)));
    config.optional_long(millis).or_else(coarser).expect("the coarsest key has a default")
}

/// Any negative retention is Kafka's -1: no limit.
fn retention_millis(config: &StaticConfig) -> i64 {
    let coarser = [("log.retention.minutes", 60_000), ("log.retention.hours", 3_600_000)];
    in_millis(config, "log.retention.ms", &coarser).max(-1)
}

fn ip_overrides(config: &StaticConfig) -> Result<BTreeMap<String, u32>, ConfigError> {
    const KEY: &str = "max.connections.per.ip.overrides";
    let pairs = listeners::parse_map(KEY, &config.text(KEY).unwrap_or_default())?;
    let parse = |(address, count): (String, String)| match count.parse::<i32>() {
        Ok(count) => Ok((address, count.max(0).unsigned_abs())),
        Err(_) => Err(ConfigError::rule(format!("For input string: \"{count}\""))),
    };
    pairs.into_iter().map(parse).collect()
}

fn quota_windows(config: &StaticConfig) -> QuotaWindows {
    let window = |prefix: &str| QuotaWindow {
        samples: u32::try_from(config.long(&format!("{prefix}quota.window.num"))).unwrap_or(1),
        length: Duration::from_secs(
            config.long(&format!("{prefix}quota.window.size.seconds")).unsigned_abs(),
        ),
    };
    QuotaWindows {
        client: window(""),
        replication: window("replication."),
        alter_log_dirs: window("alter.log.dirs.replication."),
        controller: window("controller."),
    }
}

#[cfg(test)]
mod tests;
