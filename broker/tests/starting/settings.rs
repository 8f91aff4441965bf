//! Where settings come from: the file, the environment as in Apache's container image, the command line.

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
