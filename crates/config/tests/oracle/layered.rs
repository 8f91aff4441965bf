//! Random layers of settings: what they come to, for brokers, topics and groups.

use std::collections::BTreeMap;

use klamm_config::{
    BrokerTarget, GroupSettings, LayeredConfig, NodeConfig, Properties, TopicSettings, table,
};
use serde_json::{Value, json};

use crate::{cases, jvm};

/// Keys of topics' synonyms and a few others, with values that are right and wrong.
pub const BROKER_POOL: [(&str, &[&str]); 27] = [
    ("log.retention.ms", &["1000", "-1", "x", "86400000"]),
    ("log.retention.minutes", &["10", "20"]),
    ("log.retention.hours", &["1", "-1"]),
    ("log.retention.bytes", &["-1", "5000000"]),
    ("log.roll.ms", &["1000", "5"]),
    ("log.roll.hours", &["1"]),
    ("log.roll.jitter.ms", &["0", "7"]),
    ("log.roll.jitter.hours", &["2"]),
    ("log.flush.interval.ms", &["9"]),
    ("log.flush.scheduler.interval.ms", &["11"]),
    ("log.segment.bytes", &["2000000", "1"]),
    ("log.cleanup.policy", &["compact", "compact,delete", "delete,delete", ""]),
    ("log.cleaner.max.compaction.lag.ms", &["500", "50"]),
    ("log.local.retention.ms", &["-2", "100"]),
    ("log.remote.copy.lag.ms", &["-1", "50"]),
    ("min.insync.replicas", &["2", "0"]),
    ("message.max.bytes", &["77"]),
    ("compression.type", &["lz4", "brotli"]),
    ("num.io.threads", &["4", "0"]),
    ("ssl.key.password", &["secret"]),
    ("listener.name.plaintext.ssl.key.password", &["secret"]),
    ("listener.name.plaintext.max.connections", &["5"]),
    ("group.consumer.assignment.interval.ms", &["5000", "90000"]),
    ("leader.replication.throttled.rate", &["1000", "x"]),
    ("unknown.key", &["x"]),
    ("replica.lag.time.max.ms", &["10000"]),
    ("group.share.assignor.offload.enable", &["false"]),
];
const TOPIC_POOL: [(&str, &[&str]); 8] = [
    ("retention.ms", &["5", "-1"]),
    ("segment.ms", &["700"]),
    ("cleanup.policy", &["compact", "delete"]),
    ("local.retention.bytes", &["-2", "3"]),
    ("remote.copy.lag.bytes", &["-1", "2"]),
    ("internal.segment.bytes", &["99"]),
    ("min.cleanable.dirty.ratio", &["0.25", "1"]),
    ("unknown.key", &["x"]),
];
pub const GROUP_POOL: [(&str, &[&str]); 9] = [
    ("consumer.session.timeout.ms", &["1", "50000", "99999"]),
    ("consumer.heartbeat.interval.ms", &["7000", "20000"]),
    ("share.record.lock.duration.ms", &["1000", "20000", "70000"]),
    ("share.delivery.count.limit", &["3", "20"]),
    ("share.auto.offset.reset", &["earliest", "by_duration:PT1H"]),
    ("streams.num.standby.replicas", &["1", "9"]),
    ("streams.num.warmup.replicas", &["3", "99"]),
    ("streams.task.offset.interval.ms", &["10", "20000"]),
    ("errors.deadletterqueue.topic.name", &["dlq"]),
];

/// A small generator of random numbers: the same ones in every run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// About a quarter of a pool's keys with one of their values each.
    pub fn pick(&mut self, pool: &[(&str, &[&str])]) -> BTreeMap<String, String> {
        let mut picked = BTreeMap::new();
        for (key, values) in pool {
            if self.below(4) == 0 {
                picked.insert((*key).to_owned(), values[self.below(values.len())].to_owned());
            }
        }
        picked
    }
}

/// A file, dynamic configs and overrides, with the node that has them.
pub struct Layers {
    pub file: BTreeMap<String, String>,
    pub cluster: BTreeMap<String, String>,
    pub broker: BTreeMap<String, String>,
    pub topic: BTreeMap<String, String>,
    pub group: BTreeMap<String, String>,
    pub config: LayeredConfig,
}

/// Random layers whose file is that of a valid node.
pub fn random_layers(seed: u64, count: usize) -> Vec<Layers> {
    let mut random = Random(seed);
    let mut all = Vec::new();
    while all.len() < count {
        let mut file = random.pick(&BROKER_POOL);
        file.extend(
            cases::node_base("broker").into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        let [cluster, broker] = [random.pick(&BROKER_POOL), random.pick(&BROKER_POOL)];
        let (topic, group) = (random.pick(&TOPIC_POOL), random.pick(&GROUP_POOL));
        let Ok(node) = NodeConfig::parse(Properties::from_iter(file.clone())) else { continue };
        let config = LayeredConfig::of_file(node);
        let config = config.apply(BrokerTarget::ClusterDefault, &cluster).config;
        let config = config.apply(BrokerTarget::ThisBroker, &broker).config;
        all.push(Layers { file, cluster, broker, topic, group, config });
    }
    all
}

/// A limit as Kafka writes it.
fn limit(value: Option<u64>) -> i64 {
    value.map_or(-1, |value| i64::try_from(value).unwrap())
}

fn our_answer(layers: &Layers) -> Value {
    let effective = layers.config.effective();
    let value =
        |key: &'static str| (key.to_owned(), Value::from(effective.static_config().value(key).to_text()));
    let values: serde_json::Map<String, Value> =
        table::BROKER.keys().iter().map(|key| value(key.name)).collect();
    let described = klamm_config::describe::describe_topic(&layers.config, &layers.topic).unwrap();
    let mut topic: serde_json::Map<String, Value> = described
        .into_iter()
        .filter(|entry| entry.kind.is_some())
        .map(|entry| (entry.name, entry.value.into()))
        .collect();
    topic.entry("internal.segment.bytes").or_insert(Value::Null);
    let settings = TopicSettings::resolve(effective, &layers.topic).unwrap();
    let millis = |duration: std::time::Duration| i64::try_from(duration.as_millis()).unwrap();
    let remote = &settings.remote;
    json!({
        "values": values,
        "topic": topic,
        "maxSegmentMs": millis(settings.max_segment_age()),
        "segmentSize": settings.segment_bytes,
        "localRetentionMs": remote.local_retention.map_or(-1, millis),
        "localRetentionBytes": limit(remote.local_retention_bytes),
        "remoteCopyLagMs": remote.copy_lag.map_or(-1, millis),
        "remoteCopyLagBytes": limit(remote.copy_lag_bytes),
    })
}

#[test]
fn layers_come_to_what_they_come_to_in_kafka() {
    let all = random_layers(1, 400);
    let question = |layers: &Layers| {
        json!({
            "ask": "layers", "settings": layers.file, "cluster": layers.cluster, "broker": layers.broker,
            "topic": layers.topic,
        })
    };
    let questions: Vec<Value> = all.iter().map(question).collect();
    let mut differences = Vec::new();
    for (layers, theirs) in all.iter().zip(jvm::ask(&questions)) {
        let ours = our_answer(layers);
        for part in ours.as_object().unwrap().keys().filter(|part| ours[*part] != theirs[*part]) {
            differences.push(format!(
                "{part} of {:?} + {:?} + {:?} + {:?}\n  {}",
                layers.file,
                layers.cluster,
                layers.broker,
                layers.topic,
                difference(&ours[part], &theirs[part])
            ));
        }
    }
    jvm::report("layers", questions.len(), &differences);
}

/// The members in which two objects differ, or the two values.
pub fn difference(ours: &Value, theirs: &Value) -> String {
    let (Some(our), Some(their)) = (ours.as_object(), theirs.as_object()) else {
        return format!("ours {ours}, kafkas {theirs}");
    };
    let mut names: Vec<&String> = our.keys().chain(their.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names.into_iter().filter(|name| our.get(*name) != their.get(*name));
    let shown: Vec<String> = differing
        .map(|name| format!("{name}: ours {:?}, kafkas {:?}", our.get(name), their.get(name)))
        .collect();
    shown.join("\n  ")
}

#[test]
fn groups_go_by_what_they_go_by_in_kafka() {
    let all = random_layers(2, 200);
    let question = |layers: &Layers| json!({"ask": "group", "settings": layers.file, "group": layers.group});
    let questions: Vec<Value> = all.iter().map(question).collect();
    let mut differences = Vec::new();
    for (layers, theirs) in all.iter().zip(jvm::ask(&questions)) {
        let node = NodeConfig::parse(Properties::from_iter(layers.file.clone())).unwrap();
        let group = GroupSettings::resolve(&node, &layers.group).unwrap();
        let millis = |duration: std::time::Duration| duration.as_millis().to_string();
        let ours = [
            ("consumer.session.timeout.ms", millis(group.consumer_session_timeout)),
            ("consumer.heartbeat.interval.ms", millis(group.consumer_heartbeat_interval)),
            ("consumer.assignment.interval.ms", millis(group.consumer_assignment_interval)),
            ("share.session.timeout.ms", millis(group.share_session_timeout)),
            ("share.record.lock.duration.ms", millis(group.share_record_lock_duration)),
            ("share.delivery.count.limit", group.share_delivery_count_limit.to_string()),
            ("share.partition.max.record.locks", group.share_partition_max_record_locks.to_string()),
            ("streams.session.timeout.ms", millis(group.streams_session_timeout)),
            ("streams.num.standby.replicas", group.streams_num_standby_replicas.to_string()),
            ("streams.num.warmup.replicas", group.streams_num_warmup_replicas.to_string()),
            ("streams.task.offset.interval.ms", millis(group.streams_task_offset_interval)),
            ("streams.assignor.name", group.streams_assignor),
            ("errors.deadletterqueue.topic.name", group.dead_letter_topic.unwrap_or_default()),
        ];
        for (key, ours) in ours {
            if theirs[key].as_str() != Some(&ours) {
                differences.push(format!("{key} of {:?}: ours {ours}, kafkas {}", layers.group, theirs[key]));
            }
        }
    }
    jvm::report("groups", questions.len(), &differences);
}
