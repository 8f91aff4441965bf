//! Random settings of listeners, quorum and directories: refused by both or understood alike.
//!
//! Exception: of several faults we may name another one first than Kafka does, since it checks the keys in the
//! order in which its sources define them.

use klamm_config::node::Listener;
use klamm_config::{NodeConfig, Properties};
use serde_json::{Value, json};

use crate::jvm;
use crate::layered::{Random, difference};

/// Keys with values that fit and values that do not.
const POOL: [(&str, &[&str]); 19] = [
    ("process.roles", &["broker", "controller", "broker,controller", "broker,controller"]),
    ("node.id", &["1", "2"]),
    (
        "controller.listener.names",
        &["CONTROLLER", "CONTROLLER", "CONTROLLER,SECOND", "controller", "PLAINTEXT"],
    ),
    ("controller.quorum.voters", &["1@localhost:9093", "1@one:9093,2@two:9093", "2@0.0.0.0:9093", "x@h:1"]),
    ("controller.quorum.bootstrap.servers", &["localhost:9093", "[::1]:9093,h:1", "h"]),
    (
        "listeners",
        &[
            "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093",
            "PLAINTEXT://:9092,CONTROLLER://:9093",
            "PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093,SECOND://h:9094",
            "PLAINTEXT://localhost:9092",
            "CONTROLLER://localhost:9093",
            "CONTROLLER://127.0.0.1:9093,SECOND://[::1]:9093",
            "front://h:9092,CONTROLLER://h:9093",
            "SSL://h:9092,CONTROLLER://h:9093",
            "PLAINTEXT://h:9092,PLAINTEXT://h:9095",
            "PLAINTEXT://h:9092,FRONT://h:9092,CONTROLLER://h:0",
            "PLAINTEXT:/h:9092",
        ],
    ),
    (
        "advertised.listeners",
        &[
            "PLAINTEXT://out:9092",
            "PLAINTEXT://0.0.0.0:9092",
            "PLAINTEXT://out:9092,CONTROLLER://out:9093",
            "FRONT://out:9092",
            "CONTROLLER://:1",
        ],
    ),
    (
        "listener.security.protocol.map",
        &[
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,FRONT:SASL_SSL",
            "PLAINTEXT:SSL, controller:sasl_plaintext ,FRONT:PLAINTEXT,SECOND:SSL",
            "PLAINTEXT:PLAINTEXT",
            "PLAINTEXT:TLS",
            "a:b:PLAINTEXT",
            "",
        ],
    ),
    ("inter.broker.listener.name", &["PLAINTEXT", "front", "CONTROLLER", "NONE"]),
    ("security.inter.broker.protocol", &["SSL", "SASL_PLAINTEXT", "PLAINTEXT"]),
    ("sasl.mechanism.inter.broker.protocol", &["PLAIN"]),
    ("sasl.enabled.mechanisms", &["PLAIN,GSSAPI"]),
    ("early.start.listeners", &["PLAINTEXT", "CONTROLLER,SECOND", ""]),
    ("log.dirs", &["/a,/b", "/a, /b ,/a", ","]),
    ("log.dir", &["/c", "/c,/d", ""]),
    ("metadata.log.dir", &["/m", " /m "]),
    ("cordoned.log.dirs", &["/a", "*", "", "/z"]),
    ("max.connections.per.ip", &["0", "5"]),
    ("max.connections.per.ip.overrides", &["127.0.0.1:10,host:20", "host", "a b:1", "::1:3"]),
];

fn random_settings(random: &mut Random) -> Properties {
    let mut settings = Properties::from_iter([
        ("process.roles", "broker,controller"),
        ("node.id", "1"),
        ("controller.listener.names", "CONTROLLER"),
        ("controller.quorum.voters", "1@localhost:9093"),
        ("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"),
    ]);
    for (key, value) in random.pick(&POOL) {
        settings.set(key, value);
    }
    settings
}

fn listed<'l>(listeners: impl IntoIterator<Item = &'l Listener>) -> Value {
    let listed = |listener: &Listener| {
        json!({
            "name": listener.name, "protocol": listener.protocol.name(), "host": listener.host, "port": listener.port,
        })
    };
    listeners.into_iter().map(listed).collect()
}

fn understood(node: &NodeConfig) -> Value {
    let listeners = &node.listeners;
    json!({
        "nodeId": node.node_id.get(),
        "listeners": listed(&listeners.all),
        "controllerListeners": listed(listeners.controller()),
        "advertisedToClients": listed(&listeners.advertised_to_clients),
        "advertisedAsController": listed(&listeners.advertised_as_controller),
        "interBrokerListener": listeners.inter_broker_name,
        "interBrokerProtocol": listeners.inter_broker_protocol.name(),
        "logDirs": node.log_dirs,
        "cordonedLogDirs": node.cordoned_log_dirs,
        "metadataLogDir": node.metadata_log_dir,
    })
}

#[test]
fn random_nodes_are_understood_as_by_kafka() {
    let mut random = Random(10);
    let all: Vec<Properties> = (0..4000).map(|_| random_settings(&mut random)).collect();
    let question = |settings: &Properties| {
        let settings: serde_json::Map<String, Value> =
            settings.iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        json!({"ask": "node", "settings": settings})
    };
    let questions: Vec<Value> = all.iter().map(question).collect();
    let mut differences = Vec::new();
    let (mut accepted, mut other_faults) = (0, 0);
    for (settings, theirs) in all.iter().zip(jvm::ask(&questions)) {
        let ours = NodeConfig::parse(settings.clone());
        let difference = match (&ours, jvm::refusal(&theirs)) {
            (Ok(node), None) => {
                accepted += 1;
                let ours = understood(node);
                (ours != theirs).then(|| difference(&ours, &theirs))
            }
            (Err(error), Some(words)) => {
                other_faults += usize::from(error.to_string() != words);
                None
            }
            (ours, theirs) => {
                Some(format!("ours   {:?}\n  kafkas {theirs:?}", ours.as_ref().map(understood)))
            }
        };
        differences.extend(difference.map(|difference| format!("{settings:?}\n  {difference}")));
    }
    assert!(accepted > 200, "{accepted} of the random settings make a node");
    println!("{accepted} nodes, {other_faults} refused for another of several faults");
    assert!(other_faults < questions.len() / 10, "most refusals are in the same words");
    jvm::report("nodes", questions.len(), &differences);
}
