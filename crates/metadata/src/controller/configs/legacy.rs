//! AlterConfigs: the configs told replace all others of the resource.

use std::collections::BTreeMap;

use klamm_protocol::Str;
use klamm_protocol::messages::alter_configs_request::AlterConfigsResource;
use klamm_protocol::messages::alter_configs_response::AlterConfigsResourceResponse;
use klamm_protocol::messages::{AlterConfigsRequest, AlterConfigsResponse};

use super::{Change, Changed, NewResource, config_record};
use crate::api_error::error_fields;
use crate::controller::view::View;
use crate::controller::{AlterConfigs, Append, Origin, Outcome};
use crate::image::{ConfigMap, ConfigResource, ConfigResourceType};
use crate::{ApiError, VersionedRecord};

impl View<'_> {
    pub(crate) fn alter_configs(
        &self,
        command: &AlterConfigs<AlterConfigsRequest>,
    ) -> Outcome<AlterConfigsResponse> {
        let change = |resource: &_, asked: &_| self.replace_configs(resource, asked, command.origin);
        match self.change_resources(&command.request.resources, resource_of, change) {
            Ok(Changed { records, answers }) => {
                let responses = answers.iter().map(|(resource, error)| answer(resource, error.as_ref()));
                let response = AlterConfigsResponse {
                    responses: responses.collect(),
                    ..AlterConfigsResponse::default()
                };
                let outcome = Outcome::of(records, Append::Atomic, response);
                if command.request.validate_only { outcome.without_records() } else { outcome }
            }
            Err(error) => Outcome::refuse(error),
        }
    }

    fn replace_configs(
        &self,
        resource: &ConfigResource,
        asked: &AlterConfigsResource,
        origin: Origin,
    ) -> Result<Vec<VersionedRecord>, ApiError> {
        let none = ConfigMap::new();
        let existing = self.image().configs.get(resource).unwrap_or(&none);
        let told: BTreeMap<&str, Option<&str>> =
            asked.configs.iter().map(|config| (config.name.as_str(), config.value.as_deref())).collect();
        let mut changes: Vec<Change<'_>> = Vec::new();
        for (key, value) in &told {
            let same = existing.get(*key).map(|value| &**value) == *value;
            // A broker is told again even what it has: it may have failed to apply it.
            if !same || resource.kind == ConfigResourceType::Broker {
                changes.push((key, value.map(str::to_owned)));
            }
        }
        let dropped = existing.keys().filter(|key| !told.contains_key(&***key));
        let dropped: Vec<Change<'_>> = dropped.map(|key| (&**key, None)).collect();
        self.check_changes(resource, (&changes, &dropped), NewResource::No, origin)?;
        let all = changes.iter().chain(&dropped);
        Ok(all.map(|(key, value)| config_record(resource, key, value.as_deref())).collect())
    }
}

fn resource_of(asked: &AlterConfigsResource) -> ConfigResource {
    ConfigResource {
        kind: ConfigResourceType::from_code(asked.resource_type),
        name: asked.resource_name.as_str().into(),
    }
}

fn answer(resource: &ConfigResource, error: Option<&ApiError>) -> AlterConfigsResourceResponse {
    let (error_code, error_message) = error_fields(error);
    AlterConfigsResourceResponse {
        error_code,
        error_message,
        resource_type: resource.kind.code(),
        resource_name: Str::from(&*resource.name),
        ..AlterConfigsResourceResponse::default()
    }
}
