//! What a node makes of its settings.
#![allow(clippy::unwrap_used)]
use super::*;

fn parse(text: &str) -> Result<NodeConfig, ConfigError> {
    let base = "node.id=1\nprocess.roles=broker,controller\ncontroller.listener.names=CONTROLLER\n\
                listeners=PLAINTEXT://:9092,CONTROLLER://:9093\ncontroller.quorum.bootstrap.servers=localhost:9093\n";
    NodeConfig::parse(Properties::from_file(format!("{base}{text}").as_bytes()).unwrap())
}

#[test]
fn defaults_are_kafkas() {
    let node = parse("").unwrap();
    assert_eq!(node.node_id, NodeId::at(1));
    assert_eq!(node.roles, Roles::BrokerAndController);
    assert_eq!(node.log_dirs, ["/tmp/kafka-logs"]);
    assert_eq!(node.metadata_log_dir, "/tmp/kafka-logs");
    assert_eq!(node.network.socket_request_max_bytes, 104_857_600);
    assert_eq!(node.network.connections_max_idle, Some(Duration::from_secs(600)));
    assert_eq!(node.network.queued_max_request_bytes, None);
    assert_eq!(node.quorum.timeouts.fetch_timeout, Duration::from_secs(2));
    assert_eq!(node.offsets.retention, Duration::from_secs(7 * 86_400));
    assert_eq!(node.controller.leader_imbalance_check_interval, Duration::from_secs(300));
    assert_eq!(node.groups.append_linger, None);
    assert_eq!(node.consumer_groups.assignors, ["uniform", "range"]);
    assert_eq!(node.metadata_log.segment_bytes(), 1 << 30);
    assert_eq!(node.quota_windows.client, QuotaWindow { samples: 11, length: Duration::from_secs(1) });
    assert_eq!(node.advice(), Vec::<String>::new());
}

#[test]
fn controller_listeners_are_kept_from_clients() {
    let node = parse("advertised.listeners=PLAINTEXT://front:9092\n").unwrap();
    let names = |listeners: &mut dyn Iterator<Item = &Listener>| {
        listeners.map(|listener| listener.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&mut node.listeners.controller()), ["CONTROLLER"]);
    assert_eq!(names(&mut node.listeners.client()), ["PLAINTEXT"]);
    let told = &node.listeners.advertised_to_clients;
    assert_eq!((told.len(), told[0].host.as_deref(), told[0].port), (1, Some("front"), 9092));
    assert_eq!(node.listeners.advertised_as_controller[0].host, None);
    assert_eq!(node.listeners.to_controllers(), ("CONTROLLER", SecurityProtocol::Plaintext));
    assert_eq!(node.listeners.early_start.iter().collect::<Vec<_>>(), ["CONTROLLER"]);
}

#[test]
fn controllers_on_all_interfaces_are_told_by_their_voter_address() {
    let node = parse("controller.quorum.voters=1@one:19093,2@two:19093\n").unwrap();
    let told = &node.listeners.advertised_as_controller[0];
    assert_eq!((told.host.as_deref(), told.port), (Some("one"), 19093));
}

#[test]
fn listeners_may_override_general_values() {
    let node = parse(
        "listener.name.plaintext.connections.max.reauth.ms=7\nconnections.max.reauth.ms=5\n\
         listener.name.plaintext.scram-sha-256.sasl.jaas.config=secret\n",
    )
    .unwrap();
    let config = node.static_config();
    let reauth = |listener| config.listener_value(listener, "connections.max.reauth.ms").unwrap().as_long();
    assert_eq!((reauth("PLAINTEXT"), reauth("CONTROLLER")), (Some(7), Some(5)));
    let jaas = |mechanism| config.mechanism_value("PLAINTEXT", mechanism, "sasl.jaas.config").unwrap();
    assert!(jaas("SCRAM-SHA-256").is_some() && jaas("PLAIN").is_none());
}

#[test]
fn zookeeper_settings_get_an_explanation() {
    let settings = Properties::from_iter([("zookeeper.connect", "zk:2181"), ("broker.id", "0")]);
    let sentence = NodeConfig::parse(settings).unwrap_err().to_string();
    assert!(sentence.contains("controllers and not in ZooKeeper"), "{sentence}");
}

#[test]
fn unwise_settings_are_advised_against() {
    let node = parse("broker.heartbeat.interval.ms=5000\nlog.cleaner.enable=false\n").unwrap();
    assert_eq!(node.advice().len(), 2);
}
