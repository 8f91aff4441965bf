//! UpdateFeatures: changes what the cluster has finalized.
//!
//! 1. Every registered node, and this one, supports the new level.
//! 2. A level goes down only if that is asked for, up only if it is not.
//! 3. metadata.version goes down only where no record form changes in between, asked safely or not.
//! 4. kraft.version only goes up, and it is the quorum that keeps it.
//! 5. A feature may depend on a metadata.version.
//! 6. All updates of a request succeed, or none.

use std::collections::BTreeMap;

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::{NoOpRecord, UpdateFeaturesResponse};

use super::configs::{MIN_INSYNC_REPLICAS, config_record};
use super::view::View;
use super::{Append, Outcome, UpdateFeatures};
use crate::image::{ConfigResource, ConfigResourceType, SupportedFeatures};
use crate::java_order::{Table, hash_map_order, string_hash};
use crate::snapshot::feature_record;
use crate::{ApiError, Feature, FeatureRange, MetadataVersion, VersionedRecord};

/// How an update says which way it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Upgrade,
    SafeDowngrade,
    UnsafeDowngrade,
    Unknown,
}

impl Direction {
    const fn from_code(code: i8) -> Direction {
        match code {
            1 => Direction::Upgrade,
            2 => Direction::SafeDowngrade,
            3 => Direction::UnsafeDowngrade,
            _ => Direction::Unknown,
        }
    }
}

#[derive(Clone, Copy)]
struct Update<'a> {
    name: &'a str,
    level: i16,
    direction: Direction,
}

impl Update<'_> {
    fn invalid(self, why: &str) -> ApiError {
        let text = format!("Invalid update version {} for feature {}. {why}", self.level, self.name);
        ApiError::new(ErrorCode::InvalidUpdateVersion, text)
    }
}

impl View<'_> {
    pub(crate) fn update_features(&self, command: &UpdateFeatures) -> Outcome<UpdateFeaturesResponse> {
        let request = &command.request;
        let asked: BTreeMap<&str, Update<'_>> = request
            .feature_updates
            .iter()
            .map(|update| {
                let (name, level) = (update.feature.as_str(), update.max_version_level);
                (name, Update { name, level, direction: Direction::from_code(update.upgrade_type) })
            })
            .collect();
        let mut updates: Vec<Update<'_>> = asked.values().copied().collect();
        hash_map_order(&mut updates, Table::Default, |update| string_hash(update.name));
        let proposed = asked.get(MetadataVersion::FEATURE_NAME).map(|update| update.level);
        let mut records = Vec::new();
        let mut kraft_version = None;
        for update in &updates {
            match self.update_feature(*update, proposed, command.kraft_version) {
                Ok(Updated::Level) => records.push(feature_record(update.name, update.level)),
                Ok(Updated::KRaft) => {
                    kraft_version = Some(update.level);
                    records.push(VersionedRecord::v0(NoOpRecord::default()));
                }
                Ok(Updated::Nothing) => {}
                Err(error) => return failed(&error),
            }
        }
        if asked.get(Feature::EligibleLeaderReplicas.name()).is_some_and(|update| update.level > 0) {
            let mut first = self.elr_safety_records();
            first.append(&mut records);
            records = first;
        }
        let reply = UpdateFeaturesResponse { error_message: None, ..UpdateFeaturesResponse::default() };
        let mut outcome = Outcome::of(records, Append::Atomic, reply);
        if request.validate_only {
            return outcome.without_records();
        }
        outcome.kraft_version = kraft_version;
        outcome
    }

    fn update_feature(
        &self,
        update: Update<'_>,
        proposed_version: Option<i16>,
        kraft_version: i16,
    ) -> Result<Updated, ApiError> {
        if update.direction == Direction::Unknown {
            return Err(update.invalid("The controller does not support the given upgrade type."));
        }
        if update.level < 0 {
            return Err(update.invalid("A feature version cannot be less than 0."));
        }
        if let Some(why) = self.not_supported(update) {
            return Err(update.invalid(&why));
        }
        let present = self.present_level(update.name, kraft_version);
        let is_upgrade = update.direction == Direction::Upgrade;
        if update.level < present && is_upgrade {
            return Err(update.invalid(
                "Can't downgrade the version of this feature without setting the upgrade type to either safe or \
                 unsafe downgrade.",
            ));
        }
        if update.level > present && !is_upgrade {
            return Err(update.invalid("Can't downgrade to a newer version."));
        }
        if update.name == MetadataVersion::FEATURE_NAME {
            return self.update_metadata_version(update);
        }
        match Feature::from_name(update.name) {
            None => Err(update.invalid(&format!("Feature {} not found.", update.name))),
            Some(Feature::KRaft) if is_upgrade => Ok(Updated::KRaft),
            Some(Feature::KRaft) if update.level == present => Ok(Updated::Nothing),
            Some(Feature::KRaft) => Err(update.invalid("Can't downgrade the version of this feature.")),
            Some(feature) => {
                let version = proposed_version.unwrap_or_else(|| self.state.metadata_version().level());
                check_dependencies(update, feature, version)?;
                Ok(Updated::Level)
            }
        }
    }

    fn present_level(&self, name: &str, kraft_version: i16) -> i16 {
        let features = &self.image().features;
        match (name, Feature::from_name(name)) {
            (MetadataVersion::FEATURE_NAME, _) => self.state.metadata_version().level(),
            (_, Some(Feature::KRaft)) => kraft_version,
            (name, _) => features.levels().find(|(known, _)| &***known == name).map_or(0, |(_, level)| level),
        }
    }

    /// Rule 3.
    fn update_metadata_version(&self, update: Update<'_>) -> Result<Updated, ApiError> {
        let present = self.state.metadata_version();
        let Some(wanted) = MetadataVersion::from_level(update.level) else {
            let text = format!("Invalid metadata.version {}. Valid versions are from 7 to 34.", update.level);
            return Err(ApiError::new(ErrorCode::InvalidUpdateVersion, text));
        };
        if wanted < present && present.metadata_changed(wanted) {
            let why = if update.direction == Direction::UnsafeDowngrade {
                "Unsafe metadata downgrade is not supported in this version."
            } else {
                "Refusing to perform the requested downgrade because it might delete metadata information."
            };
            let (from, to) = (present.level(), wanted.level());
            let text = format!("Unsupported metadata.version downgrade from {from} to {to}. {why}");
            return Err(ApiError::new(ErrorCode::InvalidUpdateVersion, text));
        }
        Ok(Updated::Level)
    }

    /// Rule 1: why the level cannot be set, if it cannot.
    fn not_supported(&self, update: Update<'_>) -> Option<String> {
        let own = self.settings.node_id;
        let lacks = |what: String, features: &SupportedFeatures| {
            let range = features.get(update.name).copied().unwrap_or(FeatureRange::DISABLED);
            if range.contains(update.level) {
                None
            } else if range.max == 0 {
                Some(format!("{what} does not support this feature."))
            } else {
                Some(format!("{what} only supports versions {range}"))
            }
        };
        let local = lacks(format!("Local controller {own}"), &self.settings.features);
        let mut brokers = self.cluster().brokers();
        let first = local.or_else(|| brokers.find_map(|b| lacks(format!("Broker {}", b.id), &b.features)));
        if first.is_some() || !self.state.metadata_version().supports_controller_registration() {
            return first;
        }
        let mut controllers = self.cluster().controllers().filter(|controller| controller.id != own);
        let lacking = controllers.find_map(|c| lacks(format!("Controller {}", c.id), &c.features));
        lacking.or_else(|| {
            let known = |id| id == own || self.cluster().controller(id).is_some();
            let absent = self.settings.quorum.iter().copied().find(|id| !known(*id))?;
            Some(format!("controller {absent} has not registered, and may not support this feature"))
        })
    }

    /// With ELR, one min.insync.replicas must hold for a topic on all brokers: it moves from the
    /// brokers' own configs to the cluster's.
    fn elr_safety_records(&self) -> Vec<VersionedRecord> {
        let configs = &self.image().configs;
        let mut records = Vec::new();
        let cluster = ConfigResource::cluster();
        if configs.value(&cluster, MIN_INSYNC_REPLICAS).is_none() {
            let value = self.rules.static_min_insync_replicas().to_string();
            records.push(config_record(&cluster, MIN_INSYNC_REPLICAS, Some(&value)));
        }
        for (resource, values) in configs.iter() {
            let of_one_broker = resource.kind == ConfigResourceType::Broker && !resource.name.is_empty();
            if of_one_broker && values.contains_key(MIN_INSYNC_REPLICAS) {
                records.push(config_record(resource, MIN_INSYNC_REPLICAS, None));
            }
        }
        records
    }
}

/// What an update that is allowed comes to.
#[derive(Clone, Copy)]
enum Updated {
    Level,
    KRaft,
    Nothing,
}

/// Rule 5.
fn check_dependencies(update: Update<'_>, feature: Feature, version: i16) -> Result<(), ApiError> {
    let (name, level) = (update.name, update.level);
    if level > feature.max_level() {
        return Err(update.invalid(&format!("No feature:{name} with feature level {level}")));
    }
    if level >= 1 && version < MetadataVersion::MINIMUM.level() {
        return Err(update.invalid(&format!(
            "{name} could not be set to {level} because it depends on metadata.version=7 (3.3-IV3)"
        )));
    }
    match feature.required_metadata_version(level) {
        Some(required) if version < required => Err(update.invalid(&format!(
            "{name} could not be set to {level} because it depends on metadata.version level {required}"
        ))),
        Some(_) | None => Ok(()),
    }
}

fn failed(error: &ApiError) -> Outcome<UpdateFeaturesResponse> {
    let why = error.message.as_deref().unwrap_or_default();
    let text = format!("The update failed for all features since the following feature had an error: {why}");
    Outcome::reply(UpdateFeaturesResponse {
        error_code: error.code.code(),
        error_message: Some(text.into()),
        ..UpdateFeaturesResponse::default()
    })
}
