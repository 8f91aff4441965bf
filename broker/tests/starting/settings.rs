//! Where settings come from: the file, the environment as in Apache's container image, the command line.

use std::fs;
use std::process::Command;

use klamm_protocol::Str;
use klamm_protocol::messages::DescribeConfigsRequest;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_testkit::cluster::LocalCluster;
use klamm_testkit::wire::RawConnection;

use crate::node;

/// The broker's configs as it tells them, by key.
fn described(cluster: &mut LocalCluster, keys: &[&str]) -> Vec<String> {
    let address = cluster.node(1).unwrap().address();
    let resource = DescribeConfigsResource {
        resource_type: 4,
        resource_name: Str::from("1"),
        configuration_keys: Some(keys.iter().map(|key| Str::from(*key)).collect()),
        ..DescribeConfigsResource::default()
    };
    let request = DescribeConfigsRequest { resources: vec![resource], ..DescribeConfigsRequest::default() };
    let answer = RawConnection::open(address).unwrap().ask(&request, 4).unwrap();
    let configs = &answer.results[0].configs;
    let value = |key: &&str| {
        let config = configs.iter().find(|config| config.name == *key);
        config.and_then(|config| config.value.as_ref()).map_or("none".to_owned(), |value| value.to_string())
    };
    keys.iter().map(value).collect()
}

fn started(settings: &str, change: impl FnOnce(&mut Command)) -> LocalCluster {
    let mut cluster = node(settings);
    let node = cluster.node(1).unwrap();
    node.spawn_with(change).unwrap();
    node.await_brokers(1).unwrap();
    cluster
}

#[test]
fn the_environment_overrides_the_file_and_the_command_line_overrides_both() {
    let mut cluster = started("num.partitions=2\nlog.retention.hours=3\nnum.io.threads=4\n", |command| {
        command.env("KAFKA_NUM_PARTITIONS", "5").env("KAFKA_LOG_RETENTION_HOURS", "7");
        command.args(["--override", "num.partitions=9", "--override", "message.max.bytes=100000"]);
    });
    let keys = ["num.partitions", "log.retention.hours", "num.io.threads", "message.max.bytes"];
    assert_eq!(described(&mut cluster, &keys), ["9", "7", "4", "100000"]);
    cluster.node(1).unwrap().stop().unwrap();
}

#[test]
fn underscores_stand_for_dots_two_for_an_underscore_and_three_for_a_dash() {
    // The scripts' own variables set no key.
    let mut cluster = started("", |command| {
        command.env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false").env("KAFKA_HEAP_OPTS", "-Xmx1g");
        command.env("KAFKA_OPTS", "-Dwhat").env("KAFKA_SOME__KEY___OF_OURS", "value");
    });
    assert_eq!(described(&mut cluster, &["auto.create.topics.enable"]), ["false"]);
    let node = cluster.node(1).unwrap();
    node.stop().unwrap();
    let log = node.log();
    assert!(log.contains("some_key-of.ours"), "an unknown key warns:\n{log}");
    assert!(!log.contains("heap.opts"), "{log}");
}

#[test]
fn a_wrong_value_of_the_environment_is_told_as_one_of_the_file() {
    let mut cluster = node("");
    let ended = cluster.node(1).unwrap().run_to_end(|command| {
        command.env("KAFKA_NUM_PARTITIONS", "few");
    });
    let ended = ended.unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.said.contains("num.partitions") && ended.said.contains("few"), "{}", ended.said);
}

/// What the `server.properties` of Apache Kafka 4.4.0's distribution sets, with its own values.
const DISTRIBUTED: [(&str, &str); 24] = [
    ("process.roles", "broker,controller"),
    ("node.id", "1"),
    ("controller.quorum.bootstrap.servers", "localhost:9093"),
    ("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
    ("inter.broker.listener.name", "PLAINTEXT"),
    ("advertised.listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"),
    ("controller.listener.names", "CONTROLLER"),
    (
        "listener.security.protocol.map",
        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL",
    ),
    ("num.network.threads", "3"),
    ("num.io.threads", "8"),
    ("socket.send.buffer.bytes", "102400"),
    ("socket.receive.buffer.bytes", "102400"),
    ("socket.request.max.bytes", "104857600"),
    ("log.dirs", "/tmp/kraft-combined-logs"),
    ("num.partitions", "1"),
    ("num.recovery.threads.per.data.dir", "2"),
    ("offsets.topic.replication.factor", "1"),
    ("share.coordinator.state.topic.replication.factor", "1"),
    ("share.coordinator.state.topic.min.isr", "1"),
    ("transaction.state.log.replication.factor", "1"),
    ("transaction.state.log.min.isr", "1"),
    ("log.retention.hours", "168"),
    ("log.segment.bytes", "1073741824"),
    ("log.retention.check.interval.ms", "300000"),
];

#[test]
fn the_settings_of_apaches_distribution_start_a_node_with_only_its_places_changed() {
    let mut cluster = node("");
    let node = cluster.node(1).unwrap();
    // Ports and the directory are this test's own.
    let (own, data) = (fs::read_to_string(node.properties()).unwrap(), node.data());
    let listeners = own.lines().find_map(|line| line.strip_prefix("listeners=")).unwrap();
    let mut ports = listeners.split(',').map(|one| one.rsplit(':').next().unwrap());
    let (broker, controller) = (ports.next().unwrap(), ports.next().unwrap());
    let place = |value: &str| {
        let value = value.replace("9092", broker).replace("9093", controller);
        value.replace("/tmp/kraft-combined-logs", &data.display().to_string())
    };
    let text: String = DISTRIBUTED.iter().map(|(key, value)| format!("{key}={}\n", place(value))).collect();
    fs::write(node.properties(), text).unwrap();
    fs::remove_dir_all(&data).unwrap();
    let format = Command::new(env!("CARGO_BIN_EXE_klamm"))
        .args(["storage", "format", "--standalone", "-t", "AAAAAAAAAAAAAAAAAAAAAg", "-c"])
        .arg(node.properties())
        .output()
        .unwrap();
    assert!(format.status.success(), "{}", String::from_utf8_lossy(&format.stderr));
    node.start().unwrap();
    let keys: Vec<&str> = DISTRIBUTED.iter().map(|(key, _)| *key).collect();
    let values: Vec<String> = DISTRIBUTED.iter().map(|(_, value)| place(value)).collect();
    assert_eq!(described(&mut cluster, &keys), values);
    let node = cluster.node(1).unwrap();
    node.stop().unwrap();
    node.check_log(&[]).unwrap();
    // A key that changes nothing here is said, and is no warning.
    assert!(node.log().contains("transaction.state.log.min.isr has no effect here"), "{}", node.log());
}
