//! What a decision may read, and the table from command to operation.

use klamm_model::{BrokerId, Offset, Uuid};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::NoOpRecord;

use super::rules::{EffectiveConfig, layers};
use super::state::HardState;
use super::{
    Append, Command, ConfigRules, ControllerSettings, Entropy, Moment, MoreToDo, Outcome, Reply, Sessions,
};
use crate::image::{ClusterImage, MetadataImage};
use crate::{ApiError, VersionedRecord};

/// Everything a decision reads.
pub(crate) struct View<'a> {
    pub(crate) settings: &'a ControllerSettings,
    pub(crate) rules: &'a dyn ConfigRules,
    pub(crate) state: &'a HardState,
    pub(crate) sessions: &'a Sessions,
    /// Where an open metadata transaction began.
    pub(crate) transaction: Option<Offset>,
    /// Where the next record goes.
    pub(crate) next_offset: Offset,
    pub(crate) at: Moment,
}

impl View<'_> {
    pub(crate) fn decide(&self, entropy: &mut dyn Entropy, command: &Command) -> Outcome {
        if self.image().features.metadata_version().is_none() && !matches!(command, Command::Activate(_)) {
            let text = "The cluster has no metadata.version yet.";
            return Outcome::refuse(ApiError::new(ErrorCode::UnknownServerError, text));
        }
        match command {
            Command::CreateTopics(command) => self.create_topics(entropy, command).map(Reply::from),
            Command::DeleteTopics(command) => self.delete_topics(command).map(Reply::from),
            Command::CreatePartitions(command) => self.create_partitions(entropy, command).map(Reply::from),
            Command::AlterConfigs(command) => self.alter_configs(command).map(Reply::from),
            Command::IncrementalAlterConfigs(command) => {
                self.incremental_alter_configs(command).map(Reply::from)
            }
            Command::RegisterBroker(command) => self.register_broker(command).map(Reply::from),
            Command::BrokerHeartbeat(request) => self.broker_heartbeat(request).map(Reply::from),
            Command::UnregisterBroker(broker) => self.unregister_broker(*broker).map(Reply::from),
            Command::RegisterController(request) => self.register_controller(request).map(Reply::from),
            Command::UnregisterController(id) => self.unregister_controller(*id).map(Reply::from),
            Command::AlterPartition(request) => self.alter_partition(request).map(Reply::from),
            Command::ElectLeaders(request) => self.elect_leaders(request).map(Reply::from),
            Command::AlterPartitionReassignments(request) => {
                self.alter_partition_reassignments(request).map(Reply::from)
            }
            Command::ListPartitionReassignments(request) => {
                self.list_partition_reassignments(request).map(Reply::from)
            }
            Command::AssignReplicasToDirs(request) => self.assign_replicas_to_dirs(request).map(Reply::from),
            Command::AllocateProducerIds(broker, epoch) => {
                self.allocate_producer_ids(*broker, *epoch).map(Reply::from)
            }
            Command::UpdateFeatures(command) => self.update_features(command).map(Reply::from),
            Command::AlterClientQuotas(command) => self.alter_client_quotas(command).map(Reply::from),
            Command::AlterUserScramCredentials(request) => {
                self.alter_user_scram_credentials(request).map(Reply::from)
            }
            Command::CreateAcls(request) => self.create_acls(entropy, request).map(Reply::from),
            Command::DeleteAcls(request) => self.delete_acls(request).map(Reply::from),
            Command::CreateDelegationToken(who, request) => {
                self.create_delegation_token(entropy, who, request).map(Reply::from)
            }
            Command::RenewDelegationToken(who, request) => {
                self.renew_delegation_token(who, request).map(Reply::from)
            }
            Command::ExpireDelegationToken(who, request) => {
                self.expire_delegation_token(who, request).map(Reply::from)
            }
            Command::Activate(bootstrap) => self.activate(bootstrap).map(Reply::Internal),
            Command::FenceStaleBroker => self.fence_stale_broker().map(Reply::Internal),
            Command::FenceDeadBroker(death) => self.fence_dead_broker(*death).map(Reply::Internal),
            Command::BalanceLeaders => self.balance_leaders().map(Reply::Internal),
            Command::ElectUncleanLeaders => self.elect_unclean_leaders().map(Reply::Internal),
            Command::ExpireDelegationTokens => self.expire_delegation_tokens().map(Reply::Internal),
            Command::WriteNoOp => {
                let record = VersionedRecord::v0(NoOpRecord::default());
                Outcome::of(vec![record], Append::Splittable, Reply::Internal(MoreToDo::No))
            }
        }
    }

    /// A uuid that Kafka could have drawn and for which `is_taken` does not hold.
    pub(crate) fn new_uuid(&self, entropy: &mut dyn Entropy, is_taken: impl Fn(Uuid) -> bool) -> Uuid {
        loop {
            if let Some(uuid) = Uuid::random_from(entropy.next_bits()).filter(|uuid| !is_taken(*uuid)) {
                return uuid;
            }
        }
    }

    pub(crate) const fn image(&self) -> &MetadataImage {
        &self.state.image
    }

    pub(crate) const fn cluster(&self) -> &ClusterImage {
        &self.state.image.cluster
    }

    pub(crate) fn is_active(&self, broker: BrokerId) -> bool {
        self.cluster().is_active(broker)
    }

    /// A topic's config as it takes effect.
    pub(crate) fn topic_config(&self, topic: &str, key: &str) -> Option<EffectiveConfig> {
        let layers = layers(&self.image().configs, self.settings.node_id.get(), topic);
        self.rules.topic_config(key, layers)
    }
}
