//! Random commands that change configs and features.

use klamm_protocol::messages::{
    AlterConfigsRequest, IncrementalAlterConfigsRequest, UpdateFeaturesRequest, alter_configs_request,
    incremental_alter_configs_request, update_features_request,
};

use super::known::topics;
use super::{Asked, BROKERS, asked};
use crate::controller::fixture::Cluster;
use crate::controller::{AlterConfigs, Command, Origin, UpdateFeatures};
use crate::oracle::Random;

fn a_resource(random: &mut Random, cluster: &Cluster) -> (i8, String) {
    let known = topics(cluster);
    match random.below(4) {
        0 => (4, String::new()),
        1 => (4, random.pick(&BROKERS).to_string()),
        _ if known.is_empty() => (2, "a".to_owned()),
        _ => (2, random.pick(&known).name().to_string()),
    }
}

const VALUES: [(&str, &[&str]); 6] = [
    ("min.insync.replicas", &["1", "2", "3"]),
    ("unclean.leader.election.enable", &["true", "false", "TRUE"]),
    ("cleanup.policy", &["compact", "delete", "compact,delete"]),
    ("leader.replication.throttled.replicas", &["1:1,2:2", "0:1", "*"]),
    ("retention.ms", &["1", "1000"]),
    ("cordoned.log.dirs", &["/a", "/a,/b", ""]),
];

/// Kafka's side has no validator: topics get no keys but their own.
fn keys_of(resource_type: i8) -> &'static [(&'static str, &'static [&'static str])] {
    if resource_type == 2 { &VALUES[..5] } else { &VALUES }
}

pub(super) fn configs(random: &mut Random, cluster: &Cluster) -> Asked {
    let (resource_type, name) = a_resource(random, cluster);
    let configs = (0..=random.below(2))
        .map(|_| {
            let (key, values) = random.pick(keys_of(resource_type));
            let operation = i8::try_from(random.below(4)).unwrap();
            incremental_alter_configs_request::AlterableConfig {
                name: (*key).into(),
                config_operation: operation,
                value: (operation != 1 || random.once_in(2)).then(|| (*random.pick(values)).into()),
                ..Default::default()
            }
        })
        .collect();
    let resource = incremental_alter_configs_request::AlterConfigsResource {
        resource_type,
        resource_name: name.into(),
        configs,
        ..Default::default()
    };
    let request = IncrementalAlterConfigsRequest {
        resources: vec![resource],
        validate_only: random.once_in(10),
        ..Default::default()
    };
    let command = AlterConfigs { request: request.clone(), origin: Origin::Direct };
    asked(Command::IncrementalAlterConfigs(command), &request)
}

pub(super) fn legacy_configs(random: &mut Random, cluster: &Cluster) -> Asked {
    let (resource_type, name) = a_resource(random, cluster);
    let configs = (0..random.below(3))
        .map(|_| {
            let (key, values) = random.pick(keys_of(resource_type));
            alter_configs_request::AlterableConfig {
                name: (*key).into(),
                value: Some((*random.pick(values)).into()),
                ..Default::default()
            }
        })
        .collect();
    let resource = alter_configs_request::AlterConfigsResource {
        resource_type,
        resource_name: name.into(),
        configs,
        ..Default::default()
    };
    let request = AlterConfigsRequest { resources: vec![resource], ..Default::default() };
    let command = AlterConfigs { request: request.clone(), origin: Origin::Direct };
    asked(Command::AlterConfigs(command), &request)
}

pub(super) fn features(random: &mut Random) -> Asked {
    let names = [
        "metadata.version",
        "eligible.leader.replicas.version",
        "group.version",
        "transaction.version",
        "kraft.version",
        "unknown.version",
    ];
    let feature_updates = (0..=random.below(2))
        .map(|_| {
            let feature = *random.pick(&names);
            let level =
                if feature == "metadata.version" { 5 + random.below(31) } else { random.below(5) - 1 };
            update_features_request::FeatureUpdateKey {
                feature: feature.into(),
                max_version_level: i16::try_from(level).unwrap(),
                upgrade_type: i8::try_from(random.below(4)).unwrap(),
                ..Default::default()
            }
        })
        .collect();
    let request =
        UpdateFeaturesRequest { feature_updates, validate_only: random.once_in(6), ..Default::default() };
    let command = UpdateFeatures { request: request.clone(), kraft_version: 1 };
    asked(Command::UpdateFeatures(command), &request)
}
