//! What a decision may read, and the table from command to operation.

use klamm_model::{BrokerId, Offset, Uuid};
use klamm_protocol::ErrorCode;

use super::rules::{EffectiveConfig, layers};
use super::state::HardState;
use super::{Command, ConfigRules, ControllerSettings, Entropy, Moment, Outcome, Reply, Sessions};
use crate::ApiError;
use crate::image::{ClusterImage, MetadataImage};

/// Everything a decision reads.
pub(crate) struct View<'a> {
    pub(crate) settings: &'a ControllerSettings,
    pub(crate) rules: &'a dyn ConfigRules,
    pub(crate) state: &'a HardState,
    pub(crate) sessions: &'a Sessions,
    /// Where an open metadata transaction began.
    pub(crate) transaction: Option<Offset>,
    pub(crate) at: Moment,
}

impl View<'_> {
    pub(crate) fn decide(&self, entropy: &mut dyn Entropy, command: &Command) -> Outcome {
        match command {
            Command::CreateTopics(command) => self.create_topics(entropy, command).map(Reply::from),
            Command::AlterConfigs(command) => self.alter_configs(command).map(Reply::from),
            Command::IncrementalAlterConfigs(command) => {
                self.incremental_alter_configs(command).map(Reply::from)
            }
            _ => Outcome::refuse(ApiError::plain(ErrorCode::UnsupportedVersion)),
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
