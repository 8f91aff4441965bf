//! Builds the control plane from the configuration and the metadata directory.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use klamm_client::ClientConfig;
use klamm_config::node::{ControllerSettings as ControllerConfig, QuorumTimeouts, SecurityProtocol};
use klamm_config::{NodeConfig, Voter as ConfiguredVoter};
use klamm_metadata::Controller;
use klamm_metadata::controller::{Bootstrap, ControllerSettings, DeleteTopicsAllowed, TokenSettings};
use klamm_model::{NodeId, Uuid};
use klamm_node::clock::Clock;
use klamm_node::control::{ControlDriver, ControlParts, ControlTimes};
use klamm_node::raft::{MetadataRetention, OpenRaft, open_raft};
use klamm_raft::{
    Endpoints, HostPort, JoinPolicy, KraftVersion, ListenerName, LocalReplica, QuorumConfig, ReplicaKey,
    VersionRange, Voter, VoterEligibility, VoterSet,
};
use klamm_storage::{CleanupPolicy, LogConfig};

use crate::directories::Directories;
use crate::pumps::peers::Outbound;
use crate::settings::TableRules;
use crate::{advertised, features};

/// The driver, with everything it will need. `incarnation` is that of the broker in this process, if it is one.
pub fn build_control(
    config: &NodeConfig,
    directories: &Directories,
    (rules, incarnation): (TableRules, Uuid),
    clock: Arc<dyn Clock>,
) -> Result<ControlDriver<TableRules>> {
    let local = local_replica(config, directories);
    let opened = open_raft(OpenRaft {
        dir: directories.metadata.dir.clone(),
        disk: directories.disk.clone(),
        log: Arc::new(log_config(config)),
        retention: MetadataRetention {
            bytes: config.metadata_log.retention_bytes,
            age: config.metadata_log.retention,
        },
        quorum: quorum_config(&config.quorum.timeouts),
        static_voters: static_voters(config, &local),
        bootstrap_servers: bootstrap_servers(config),
        local,
        seed: rand::random(),
        clock: clock.clone(),
    })
    .context("the metadata quorum cannot be opened")?;
    features::check(&opened.features)?;
    let mut controller = Controller::new(controller_settings(config, directories), rules);
    if config.roles.is_broker() {
        controller = controller.beside_broker(incarnation);
    }
    let driver = ControlDriver::new(ControlParts {
        raft: opened.driver,
        controller,
        bootstrap: Bootstrap::new(opened.bootstrap),
        times: times(config),
        entropy: Box::new(rand::random::<[u8; 16]>),
        clock,
    });
    driver.context("the metadata cannot be loaded")
}

fn local_replica(config: &NodeConfig, directories: &Directories) -> LocalReplica {
    let (listener, _) = config.listeners.to_controllers();
    let advertised = config.listeners.advertised_as_controller.iter();
    let endpoints: Endpoints = advertised
        .map(|at| (ListenerName::new(&at.name), HostPort::new(advertised::host(at), at.port)))
        .collect();
    LocalReplica {
        id: config.node_id,
        directory: directories.metadata.id,
        cluster_id: directories.cluster_id.clone(),
        endpoints,
        listener: ListenerName::new(listener),
        kraft_versions: KraftVersion::SUPPORTED,
        eligibility: if config.roles.is_controller() {
            VoterEligibility::Controller
        } else {
            VoterEligibility::BrokerOnly
        },
    }
}

/// How this node reaches the quorum.
pub fn outbound(config: &NodeConfig) -> Result<Outbound> {
    let (listener, protocol) = config.listeners.to_controllers();
    if protocol != SecurityProtocol::Plaintext {
        bail!(
            "listener {listener}: security protocol {} is not served by this version; only PLAINTEXT is",
            protocol.name()
        );
    }
    let patience = config.quorum.timeouts.request_timeout;
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let client = ClientConfig {
        client_id: format!("node-{}", config.node_id),
        socket_connection_setup_timeout_ms: millis(patience),
        ..ClientConfig::default()
    };
    Ok(Outbound { client: Arc::new(client), listener: ListenerName::new(listener), patience })
}

fn static_voters(config: &NodeConfig, local: &LocalReplica) -> VoterSet {
    let mut voters = VoterSet::empty();
    for ConfiguredVoter { id, address } in &config.quorum.voters {
        // Kafka lets negative ids through here; no node can have one.
        let Some(id) = NodeId::new(*id) else { continue };
        let at = HostPort::new(address.host.clone(), address.port);
        let voter = Voter {
            key: ReplicaKey { id, directory: None },
            endpoints: Endpoints::single(local.listener.clone(), at),
            kraft_versions: VersionRange { min: 0, max: 0 },
        };
        voters = voters.with_added(voter).expect("the configuration names each voter once");
    }
    voters
}

fn bootstrap_servers(config: &NodeConfig) -> Vec<HostPort> {
    let servers = config.quorum.bootstrap_servers.iter();
    servers.map(|server| HostPort::new(server.host.clone(), server.port)).collect()
}

fn quorum_config(timeouts: &QuorumTimeouts) -> QuorumConfig {
    QuorumConfig {
        election_timeout: timeouts.election_timeout,
        election_backoff_max: timeouts.election_backoff_max,
        fetch_timeout: timeouts.fetch_timeout,
        request_timeout: timeouts.request_timeout,
        retry_backoff: timeouts.retry_backoff,
        append_linger: timeouts.append_linger,
        fetch_max_bytes: timeouts.fetch_max_bytes,
        fetch_snapshot_max_bytes: timeouts.fetch_snapshot_max_bytes,
        join: if timeouts.auto_join { JoinPolicy::Automatic } else { JoinPolicy::ByRequest },
        ..QuorumConfig::default()
    }
}

fn log_config(config: &NodeConfig) -> LogConfig {
    let settings = &config.metadata_log;
    LogConfig {
        segment_bytes: settings.segment_bytes_internal.unwrap_or(settings.segment_bytes_public),
        segment_ms: settings.segment_age,
        retention_bytes: None,
        retention_ms: None,
        cleanup: CleanupPolicy { delete: true, compact: false },
        file_delete_delay: settings.delete_delay,
        max_message_bytes: settings.max_batch_bytes,
        ..LogConfig::default()
    }
}

fn controller_settings(config: &NodeConfig, directories: &Directories) -> ControllerSettings {
    let controller: &ControllerConfig = &config.controller;
    let mut quorum: BTreeSet<NodeId> =
        config.quorum.voters.iter().filter_map(|voter| NodeId::new(voter.id)).collect();
    quorum.insert(config.node_id);
    let delete_topics =
        if config.topics.delete_enabled { DeleteTopicsAllowed::Yes } else { DeleteTopicsAllowed::No };
    ControllerSettings {
        node_id: config.node_id,
        cluster_id: directories.cluster_id.to_string(),
        default_partitions: config.topics.num_partitions,
        default_replication_factor: i16::try_from(config.topics.replication_factor).unwrap_or(i16::MAX),
        delete_topics,
        quorum,
        features: features::supported(),
        session_timeout: controller.broker_session_timeout,
        tokens: TokenSettings { secret: None, max_lifetime_ms: 0, renew_lifetime_ms: 0 },
    }
}

fn times(config: &NodeConfig) -> ControlTimes {
    let some = |duration: Duration| (!duration.is_zero()).then_some(duration);
    ControlTimes {
        max_idle: some(config.metadata_log.max_idle_interval),
        balance: config
            .controller
            .auto_leader_rebalance
            .then_some(config.controller.leader_imbalance_check_interval),
        snapshot_interval: some(config.metadata_log.max_snapshot_interval),
        snapshot_bytes: config.metadata_log.max_record_bytes_between_snapshots,
    }
}
