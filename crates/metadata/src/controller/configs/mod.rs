//! Changes of dynamic configs, whole ([`legacy`]) or key by key ([`incremental`]), and what both
//! check. A resource changes whole or not at all.

mod incremental;
mod legacy;

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::{BrokerId, NodeId};
use klamm_protocol::messages::{ClearElrRecord, ConfigRecord, MetadataRecord};
use klamm_protocol::{ErrorCode, Str};

pub(crate) use incremental::ConfigOp;

use super::Origin;
use super::budget::check_batch;
use super::view::View;
use crate::image::{ConfigMap, ConfigResource, ConfigResourceType};
use crate::{ApiError, VersionedRecord};

/// The config whose changes empty the ELRs.
pub(crate) const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";
const CORDONED_LOG_DIRS: &str = "cordoned.log.dirs";
/// Longest value, in UTF-16 units.
const MAX_VALUE_LEN: usize = 32_767;

/// Whether the resource comes into being with its configs, and so cannot exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewResource {
    /// It is being created.
    Yes,
    /// It must exist.
    No,
}

/// A change of one config: a new value, or none.
type Change<'a> = (&'a str, Option<String>);

/// What a request changes.
struct Changed {
    records: Vec<VersionedRecord>,
    /// Of each resource, with what speaks against its change.
    answers: Vec<(ConfigResource, Option<ApiError>)>,
}

/// The record of a config change.
pub(crate) fn config_record(resource: &ConfigResource, key: &str, value: Option<&str>) -> VersionedRecord {
    VersionedRecord::v0(ConfigRecord {
        resource_type: resource.kind.code(),
        resource_name: (&*resource.name).into(),
        name: key.into(),
        value: value.map(Str::from),
        ..ConfigRecord::default()
    })
}

fn invalid(text: &str) -> ApiError {
    ApiError::new(ErrorCode::InvalidConfig, text)
}

impl View<'_> {
    /// Changes each of the resources that `asked` has once, in the order of their names, all in one batch. An error
    /// refuses the request as a whole.
    fn change_resources<A>(
        &self,
        asked: &[A],
        resource_of: impl Fn(&A) -> ConfigResource,
        change: impl Fn(&ConfigResource, &A) -> Result<Vec<VersionedRecord>, ApiError>,
    ) -> Result<Changed, ApiError> {
        let mut single: BTreeMap<ConfigResource, &A> = BTreeMap::new();
        let (mut twice, mut answers) = (Vec::new(), Vec::new());
        for asked in asked {
            let resource = resource_of(asked);
            if let ConfigResourceType::Unknown(code) = resource.kind {
                let text = format!("Unknown resource type {code}.");
                answers.push((resource, Some(ApiError::new(ErrorCode::UnsupportedVersion, text))));
            } else if !twice.contains(&resource) && single.insert(resource.clone(), asked).is_some() {
                single.remove(&resource);
                let error = ApiError::new(ErrorCode::InvalidRequest, "Duplicate resource.");
                answers.push((resource.clone(), Some(error)));
                twice.push(resource);
            }
        }
        let mut records = Vec::new();
        for (resource, asked) in single {
            let refused = match change(&resource, asked) {
                Ok(changes) => {
                    records.extend(changes);
                    None
                }
                Err(error) => Some(error),
            };
            answers.push((resource, refused));
        }
        records.extend(self.clear_elr_records(&records));
        check_batch(&records)?;
        Ok(Changed { records, answers })
    }

    /// Empties the ELRs that changes of min.insync.replicas among `records` make meaningless.
    pub(crate) fn clear_elr_records(&self, records: &[VersionedRecord]) -> Vec<VersionedRecord> {
        if !self.image().features.elr_enabled() {
            return Vec::new();
        }
        let changed = records.iter().filter_map(|record| match &record.record {
            MetadataRecord::Config(config) if config.name == MIN_INSYNC_REPLICAS => Some(config),
            _ => None,
        });
        let clear = |config: &ConfigRecord| {
            let of_topic = config.resource_type == ConfigResourceType::Topic.code();
            let topic_name = if of_topic { config.resource_name.clone() } else { Str::default() };
            VersionedRecord::v0(ClearElrRecord { topic_name, ..ClearElrRecord::default() })
        };
        changed.map(clear).collect()
    }

    /// Checks the changes of one resource; `changes` come first, `dropped` are keys that a
    /// replacement leaves out.
    fn check_changes(
        &self,
        resource: &ConfigResource,
        (changes, dropped): (&[Change<'_>], &[Change<'_>]),
        new: NewResource,
        origin: Origin,
    ) -> Result<(), ApiError> {
        let none = ConfigMap::new();
        let existing = self.image().configs.get(resource).unwrap_or(&none);
        let mut proposed = existing.clone();
        for (key, value) in changes.iter().chain(dropped) {
            self.check_min_isr_change(resource, key, value.as_deref())?;
            let current = existing.get(CORDONED_LOG_DIRS);
            self.check_cordoning(resource, (key, value.as_deref()), current.map(|dirs| &**dirs), origin)?;
            match value {
                None => {
                    proposed.remove(*key);
                }
                Some(value) if value.encode_utf16().count() > MAX_VALUE_LEN => {
                    return Err(invalid(
                        "The configuration value cannot be added because it exceeds the maximum value size of \
                         32767 bytes.",
                    ));
                }
                Some(value) => {
                    proposed.insert(Arc::from(*key), Arc::from(value.as_str()));
                }
            }
        }
        self.rules.validate(resource, &proposed, existing)?;
        match new {
            NewResource::Yes => Ok(()),
            NewResource::No => self.check_exists(resource),
        }
    }

    fn check_min_isr_change(
        &self,
        resource: &ConfigResource,
        key: &str,
        value: Option<&str>,
    ) -> Result<(), ApiError> {
        let of_brokers = resource.kind == ConfigResourceType::Broker && key == MIN_INSYNC_REPLICAS;
        if !of_brokers || !self.image().features.elr_enabled() {
            return Ok(());
        }
        match (resource.name.is_empty(), value) {
            (false, _) => {
                Err(invalid("Broker-level min.insync.replicas cannot be altered while ELR is enabled."))
            }
            (true, None) => {
                Err(invalid("Cluster-level min.insync.replicas cannot be removed while ELR is enabled."))
            }
            (true, Some(_)) => Ok(()),
        }
    }

    /// Who asks a controller, and not the broker itself, cannot know the broker's directories, and
    /// may only uncordon.
    fn check_cordoning(
        &self,
        resource: &ConfigResource,
        (key, value): (&str, Option<&str>),
        current: Option<&str>,
        origin: Origin,
    ) -> Result<(), ApiError> {
        if resource.kind != ConfigResourceType::Broker || key != CORDONED_LOG_DIRS {
            return Ok(());
        }
        if !self.state.metadata_version().supports_cordoned_log_dirs() {
            return Err(invalid(
                "The cordoned.log.dirs configuration value cannot be set because it requires metadata.version \
                 >= 4.3-IV0",
            ));
        }
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else { return Ok(()) };
        let current: Vec<&str> =
            current.map(|dirs| dirs.trim().split(',').map(str::trim).collect()).unwrap_or_default();
        let widens = value.trim().split(',').any(|dir| !current.contains(&dir.trim()));
        if origin == Origin::Direct && widens {
            return Err(invalid(
                "When updating cordoned.log.dirs via controllers,  the new value must be a subset of the \
                 current configuration value.",
            ));
        }
        Ok(())
    }

    fn check_exists(&self, resource: &ConfigResource) -> Result<(), ApiError> {
        let name = &*resource.name;
        match resource.kind {
            ConfigResourceType::Topic if self.image().topics.id_of(name).is_none() => {
                let text = format!("The topic '{name}' does not exist.");
                Err(ApiError::new(ErrorCode::UnknownTopicOrPartition, text))
            }
            ConfigResourceType::Broker if !name.is_empty() => {
                let bad = || ApiError::new(ErrorCode::InvalidRequest, format!("Invalid broker name {name}"));
                let id: i32 = name.parse().map_err(|_| bad())?;
                if self.is_node_known(id) {
                    return Ok(());
                }
                let text = format!("No node with id {id} found.");
                Err(ApiError::new(ErrorCode::BrokerIdNotRegistered, text))
            }
            ConfigResourceType::Topic
            | ConfigResourceType::Broker
            | ConfigResourceType::BrokerLogger
            | ConfigResourceType::ClientMetrics
            | ConfigResourceType::Group
            | ConfigResourceType::Unknown(_) => Ok(()),
        }
    }

    fn is_node_known(&self, id: i32) -> bool {
        let broker = BrokerId::new(id).and_then(|id| self.cluster().broker(id)).is_some();
        let controller = NodeId::new(id)
            .is_some_and(|id| self.settings.quorum.contains(&id) || self.cluster().controller(id).is_some());
        broker || controller
    }
}
