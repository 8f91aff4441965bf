//! For tests: a controller over a log in memory, and brokers that behave.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::time::Duration;

use klamm_config::Secret;
use klamm_model::{
    BrokerEpoch, BrokerId, Instant, LeaderEpoch, NodeId, Offset, Timestamp, TopicIdPartition, Uuid,
};
use klamm_protocol::messages::broker_registration_request::{Feature as AskedFeature, Listener};
use klamm_protocol::messages::create_topics_request::{CreatableReplicaAssignment, CreatableTopic};
use klamm_protocol::messages::{
    BrokerHeartbeatRequest, BrokerRegistrationRequest, CreateTopicsRequest, MetadataRecord,
};
use klamm_protocol::{ErrorCode, Str};

use super::rules::config_key;
use super::*;
use crate::image::{
    ConfigMap, ConfigResource, ConfigResourceType, Partition, PartitionParts, SupportedFeatures,
};
use crate::{Feature, FeatureRange, MetadataVersion, VersionedRecord, topic_name_error};

/// Rules without static configs: dynamic ones, then Kafka's defaults.
pub(crate) struct TestRules;

impl ConfigRules for TestRules {
    fn validate(&self, resource: &ConfigResource, new: &ConfigMap, _: &ConfigMap) -> Result<(), ApiError> {
        if resource.kind == ConfigResourceType::BrokerLogger {
            return Err(ApiError::new(ErrorCode::InvalidRequest, "Unknown resource type BROKER_LOGGER"));
        }
        if resource.kind != ConfigResourceType::Topic {
            return Ok(());
        }
        if let Some(text) = topic_name_error(&resource.name) {
            return Err(ApiError::new(ErrorCode::InvalidTopicException, text));
        }
        match new.keys().find(|key| config_key(resource.kind, key).is_none()) {
            Some(key) => {
                Err(ApiError::new(ErrorCode::InvalidConfig, format!("Unknown topic config name: {key}")))
            }
            None => Ok(()),
        }
    }

    fn topic_config(&self, key: &str, layers: ConfigLayers<'_>) -> Option<EffectiveConfig> {
        let from = |map: Option<&ConfigMap>, source| Some((map?.get(key)?.to_string(), source));
        let set = from(layers.topic, ConfigSource::DynamicTopic)
            .or_else(|| from(layers.node, ConfigSource::DynamicBroker))
            .or_else(|| from(layers.cluster, ConfigSource::DynamicDefaultBroker));
        let known = config_key(ConfigResourceType::Topic, key)?;
        let (value, source) = match set {
            Some((value, source)) => (Some(value), source),
            None => (known.default_text(), ConfigSource::Default),
        };
        Some(EffectiveConfig { name: key.to_owned(), value, source, sensitive: false })
    }

    fn topic_configs(&self, layers: ConfigLayers<'_>) -> Vec<EffectiveConfig> {
        ["cleanup.policy", "min.insync.replicas"]
            .iter()
            .filter_map(|k| self.topic_config(k, layers))
            .collect()
    }

    fn static_min_insync_replicas(&self) -> i32 {
        1
    }
}

/// One topic to create, placed by the controller.
pub(crate) fn topic(name: &str, partitions: i32, replication_factor: i16) -> CreatableTopic {
    CreatableTopic { name: name.into(), num_partitions: partitions, replication_factor, ..Default::default() }
}

/// One topic to create, with its replicas.
pub(crate) fn assigned_topic(name: &str, replicas: &[&[i32]]) -> CreatableTopic {
    let assignment = |(partition_index, broker_ids): (i32, &&[i32])| CreatableReplicaAssignment {
        partition_index,
        broker_ids: broker_ids.to_vec(),
        ..Default::default()
    };
    CreatableTopic { assignments: (0..).zip(replicas).map(assignment).collect(), ..topic(name, -1, -1) }
}

pub(crate) fn create(topics: Vec<CreatableTopic>) -> CreateTopics {
    CreateTopics {
        request: CreateTopicsRequest { topics, ..Default::default() },
        creatable: Names::All,
        describable: Names::All,
        quota: MutationQuota::Permissive,
        origin: Origin::Direct,
    }
}

pub(crate) fn directory(broker: i32, index: u128) -> Uuid {
    Uuid::from_u128(0x1000 + u128::from(broker.unsigned_abs()) * 16 + index)
}

/// The ranges a node of this version supports.
pub(crate) fn all_features() -> SupportedFeatures {
    let range = |feature: Feature| (feature.name().into(), FeatureRange { min: 0, max: feature.max_level() });
    let mut features: SupportedFeatures = Feature::ALL.into_iter().map(range).collect();
    features.insert(MetadataVersion::FEATURE_NAME.into(), FeatureRange { min: 7, max: 33 });
    features
}

/// A controller with its log.
pub(crate) struct Cluster {
    pub(crate) controller: Controller<TestRules>,
    pub(crate) now: Instant,
    pub(crate) log: Vec<VersionedRecord>,
    draws: u64,
}

impl Cluster {
    /// A cluster at `version` without ELR and without brokers.
    pub(crate) fn at(version: i16) -> Cluster {
        Cluster::with(version, &[])
    }

    pub(crate) fn with(version: i16, features: &[(Feature, i16)]) -> Cluster {
        let settings = ControllerSettings {
            node_id: NodeId::at(3000),
            cluster_id: "cluster".to_owned(),
            default_partitions: 2,
            default_replication_factor: 1,
            delete_topics: DeleteTopicsAllowed::Yes,
            quorum: BTreeSet::from([NodeId::at(3000)]),
            features: all_features(),
            session_timeout: Duration::from_secs(9),
            tokens: TokenSettings {
                secret: Some(Secret::from("secret".to_owned())),
                max_lifetime_ms: 1000,
                renew_lifetime_ms: 100,
            },
        };
        Cluster::with_settings(settings, version, features)
    }

    pub(crate) fn with_settings(
        settings: ControllerSettings,
        version: i16,
        features: &[(Feature, i16)],
    ) -> Cluster {
        let mut controller = Controller::new(settings, TestRules);
        controller.claim(Instant::from_millis(1000), Offset::ZERO);
        let mut cluster = Cluster { controller, now: Instant::from_millis(1000), log: Vec::new(), draws: 0 };
        let version = MetadataVersion::from_level(version).unwrap();
        let bootstrap = Bootstrap::new(bootstrap_features(version, features));
        cluster.run(&Command::Activate(bootstrap));
        cluster
    }

    /// Decides without effect.
    pub(crate) fn decide(&mut self, command: &Command) -> Outcome {
        let at = Moment {
            now: self.now,
            wall: Timestamp::from_millis(i64::try_from(self.now.as_millis()).unwrap()),
        };
        let mut draws = self.draws;
        let mut entropy = || {
            draws += 1;
            (u128::from(draws) << 64 | 0x4000_0000_0000_0000_8000).to_be_bytes()
        };
        let outcome = self.controller.decide(at, &mut entropy, command);
        self.draws = draws;
        outcome
    }

    /// Decides, appends, replays and commits.
    pub(crate) fn run(&mut self, command: &Command) -> Outcome {
        let outcome = self.decide(command);
        self.append(&outcome);
        self.commit();
        outcome
    }

    /// Appends and replays, as the active controller does before anything is committed.
    pub(crate) fn append(&mut self, outcome: &Outcome) {
        for record in &outcome.records {
            let offset = Offset::at(i64::try_from(self.log.len()).unwrap());
            self.log.push(record.clone());
            self.controller.replay(&record.record, offset).unwrap();
        }
        if !outcome.records.is_empty() {
            self.controller.end_batch(self.provenance());
        }
        self.controller.apply_soft(&outcome.soft, self.last());
    }

    pub(crate) fn commit(&mut self) -> Option<MetadataDelta> {
        self.controller.on_committed(self.last())
    }

    pub(crate) fn last(&self) -> Offset {
        Offset::at(i64::try_from(self.log.len()).unwrap() - 1)
    }

    fn provenance(&self) -> Provenance {
        Provenance {
            last_offset: self.last(),
            epoch: LeaderEpoch::at(1),
            timestamp: Timestamp::from_millis(0),
            batch_aligned: true,
        }
    }

    /// Applies a record that no decision of ours made.
    pub(crate) fn force(&mut self, record: impl Into<MetadataRecord>) {
        let records = vec![VersionedRecord::v0(record)];
        let outcome = Outcome::of(records, Append::Atomic, Reply::Internal(MoreToDo::No));
        self.append(&outcome);
        self.commit();
    }

    pub(crate) fn image(&self) -> &MetadataImage {
        self.controller.newest_image()
    }

    pub(crate) fn advance(&mut self, millis: u64) {
        self.now = self.now.after(Duration::from_millis(millis));
    }

    /// A registration request of the broker's incarnation `incarnation`.
    pub(crate) fn registration(id: i32, incarnation: u128) -> RegisterBroker {
        let listener = Listener {
            name: "PLAINTEXT".into(),
            host: "localhost".into(),
            port: 9092,
            security_protocol: 0,
            ..Default::default()
        };
        let feature = |(name, range): (std::sync::Arc<str>, FeatureRange)| AskedFeature {
            name: Str::from(&*name),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..Default::default()
        };
        RegisterBroker {
            request: BrokerRegistrationRequest {
                broker_id: id,
                cluster_id: "cluster".into(),
                incarnation_id: Uuid::from_u128(incarnation),
                listeners: vec![listener],
                features: all_features().into_iter().map(feature).collect(),
                log_dirs: vec![directory(id, 0)],
                previous_broker_epoch: -1,
                ..Default::default()
            },
            previous_epoch: PreviousEpoch::Told,
            kraft_version: 1,
        }
    }

    /// Registers a broker and brings it to serve.
    pub(crate) fn start_broker(&mut self, id: i32) {
        let reply = self.run(&Command::RegisterBroker(Cluster::registration(id, 1))).reply;
        assert!(reply.is_ok(), "{reply:?}");
        self.heartbeat(id);
        assert!(self.image().cluster().is_active(BrokerId::at(id)));
    }

    pub(crate) fn epoch(&self, id: i32) -> BrokerEpoch {
        self.image().cluster().broker(BrokerId::at(id)).unwrap().epoch
    }

    /// A heartbeat of a broker that has read everything and wants to serve.
    pub(crate) fn heartbeat_request(&self, id: i32) -> BrokerHeartbeatRequest {
        BrokerHeartbeatRequest {
            broker_id: id,
            broker_epoch: self.epoch(id).get(),
            current_metadata_offset: self.last().get(),
            ..Default::default()
        }
    }

    pub(crate) fn heartbeat(&mut self, id: i32) -> Outcome {
        self.run(&Command::BrokerHeartbeat(self.heartbeat_request(id)))
    }

    /// Creates topics and expects all to succeed.
    pub(crate) fn create(&mut self, topics: Vec<CreatableTopic>) {
        let outcome = self.run(&Command::CreateTopics(create(topics)));
        let Ok(Reply::CreateTopics(response)) = &outcome.reply else { panic!("{outcome:?}") };
        assert!(response.topics.iter().all(|topic| topic.error_code == 0), "{response:?}");
    }

    pub(crate) fn id(&self, topic: &str, partition: i32) -> TopicIdPartition {
        TopicIdPartition { topic_id: self.image().topics().id_of(topic).unwrap(), partition }
    }

    pub(crate) fn partition(&self, topic: &str, partition: i32) -> PartitionParts {
        let found = self.image().topics().partition(self.id(topic, partition)).unwrap();
        Partition::to_parts(found)
    }
}
