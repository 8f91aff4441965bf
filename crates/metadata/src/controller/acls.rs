//! CreateAcls and DeleteAcls.

use std::collections::BTreeSet;
use std::net::IpAddr;

use klamm_model::Uuid;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::create_acls_request::AclCreation;
use klamm_protocol::messages::create_acls_response::AclCreationResult;
use klamm_protocol::messages::delete_acls_request::DeleteAclsFilter;
use klamm_protocol::messages::delete_acls_response::{DeleteAclsFilterResult, DeleteAclsMatchingAcl};
use klamm_protocol::messages::{
    CreateAclsRequest, CreateAclsResponse, DeleteAclsRequest, DeleteAclsResponse,
    RemoveAccessControlEntryRecord,
};

use super::budget::check_batch;
use super::view::View;
use super::{Append, Entropy, MAX_RECORDS_PER_BATCH, Outcome};
use crate::acl_filter::AclFilter;
use crate::api_error::error_fields;
use crate::image::{AclEntry, AclOperation, PatternType, PermissionType, ResourceType};
use crate::snapshot::acl_record;
use crate::{ApiError, VersionedRecord};

/// The only name a cluster has as a resource.
const CLUSTER_NAME: &str = "kafka-cluster";

fn invalid(text: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, text)
}

impl View<'_> {
    pub(crate) fn create_acls(
        &self,
        entropy: &mut dyn Entropy,
        request: &CreateAclsRequest,
    ) -> Outcome<CreateAclsResponse> {
        let mut present: BTreeSet<AclEntry> =
            self.image().acls.iter().map(|(_, entry)| AclEntry::clone(entry)).collect();
        let mut drawn = BTreeSet::new();
        let mut records = Vec::new();
        let mut response = CreateAclsResponse::default();
        for creation in &request.creations {
            let entry = entry_of(creation);
            let checked = self.check_new_acl(&entry);
            let mut result = AclCreationResult::default();
            if let Err(error) = &checked {
                (result.error_code, result.error_message) = error_fields(Some(error));
            }
            response.results.push(result);
            // An entry that exists, be it from this request, is not written again.
            if checked.is_ok() && present.insert(entry.clone()) {
                let taken = |id| drawn.contains(&id) || self.image().acls.get(id).is_some();
                let id = self.new_uuid(entropy, taken);
                drawn.insert(id);
                records.push(acl_record(id, &entry));
            }
        }
        match check_batch(&records) {
            Ok(()) => Outcome::of(records, Append::Atomic, response),
            Err(error) => Outcome::refuse(error),
        }
    }

    fn check_new_acl(&self, entry: &AclEntry) -> Result<(), ApiError> {
        if entry.resource_type == ResourceType::Cluster && &*entry.resource_name != CLUSTER_NAME {
            return Err(invalid("The only valid name for the CLUSTER resource is kafka-cluster"));
        }
        if entry.resource_name.is_empty() {
            return Err(invalid("Invalid empty resource name"));
        }
        if matches!(entry.resource_type, ResourceType::Any | ResourceType::Unknown(_)) {
            return Err(invalid(format!("Invalid resourceType {}", entry.resource_type.name())));
        }
        if !matches!(entry.pattern_type, PatternType::Literal | PatternType::Prefixed) {
            return Err(invalid(format!("Invalid patternType {}", entry.pattern_type.name())));
        }
        if matches!(entry.operation, AclOperation::Any | AclOperation::Unknown(_)) {
            return Err(invalid(format!("Invalid operation {}", entry.operation.name())));
        }
        if !matches!(entry.permission, PermissionType::Allow | PermissionType::Deny) {
            return Err(invalid(format!("Invalid permissionType {}", entry.permission.name())));
        }
        if !entry.principal.contains(':') {
            return Err(invalid(format!(
                "Could not parse principal from `{}` (no colon is present separating the principal type from the \
                 principal name)",
                entry.principal
            )));
        }
        self.check_host(&entry.host)
    }

    fn check_host(&self, host: &str) -> Result<(), ApiError> {
        if host.is_empty() {
            return Err(invalid("Host pattern cannot be null or empty"));
        }
        if host == "*" || !host.contains('/') {
            return Ok(());
        }
        if !self.state.metadata_version().supports_cidr_acls() {
            let text = "CIDR-based ACL host patterns require metadata version 4.4-IV1 or higher.";
            return Err(ApiError::new(ErrorCode::UnsupportedVersion, text));
        }
        if is_address_range(host) {
            return Ok(());
        }
        Err(invalid(format!("Invalid CIDR notation '{host}': Could not parse [{host}]")))
    }

    pub(crate) fn delete_acls(&self, request: &DeleteAclsRequest) -> Outcome<DeleteAclsResponse> {
        let mut removed: BTreeSet<Uuid> = BTreeSet::new();
        let mut response = DeleteAclsResponse::default();
        for asked in &request.filters {
            let filter = filter_of(asked);
            if let Some(text) = filter.unknown_part() {
                let (error_code, error_message) = error_fields(Some(&invalid(text)));
                let result = DeleteAclsFilterResult { error_code, error_message, ..Default::default() };
                response.filter_results.push(result);
                continue;
            }
            let mut result = DeleteAclsFilterResult { error_message: None, ..Default::default() };
            for (id, entry) in self.image().acls.iter().filter(|(_, entry)| filter.matches(entry)) {
                removed.insert(id);
                if removed.len() > MAX_RECORDS_PER_BATCH {
                    let text = "Cannot remove more than 10000 acls in a single delete operation.";
                    return Outcome::refuse(invalid(text));
                }
                result.matching_acls.push(matching(entry));
            }
            response.filter_results.push(result);
        }
        let records = removed.into_iter().map(|id| {
            VersionedRecord::v0(RemoveAccessControlEntryRecord {
                id,
                ..RemoveAccessControlEntryRecord::default()
            })
        });
        Outcome::of(records.collect(), Append::Atomic, response)
    }
}

fn entry_of(creation: &AclCreation) -> AclEntry {
    AclEntry {
        resource_type: ResourceType::from_code(creation.resource_type),
        resource_name: creation.resource_name.as_str().into(),
        pattern_type: PatternType::from_code(creation.resource_pattern_type),
        principal: creation.principal.as_str().into(),
        host: creation.host.as_str().into(),
        operation: AclOperation::from_code(creation.operation),
        permission: PermissionType::from_code(creation.permission_type),
    }
}

fn filter_of(asked: &DeleteAclsFilter) -> AclFilter<'_> {
    AclFilter {
        resource_type: ResourceType::from_code(asked.resource_type_filter),
        resource_name: asked.resource_name_filter.as_deref(),
        pattern_type: PatternType::from_code(asked.pattern_type_filter),
        principal: asked.principal_filter.as_deref(),
        host: asked.host_filter.as_deref(),
        operation: AclOperation::from_code(asked.operation),
        permission: PermissionType::from_code(asked.permission_type),
    }
}

fn matching(entry: &AclEntry) -> DeleteAclsMatchingAcl {
    DeleteAclsMatchingAcl {
        error_code: ErrorCode::None.code(),
        error_message: None,
        resource_type: entry.resource_type.code(),
        resource_name: (&*entry.resource_name).into(),
        pattern_type: entry.pattern_type.code(),
        principal: (&*entry.principal).into(),
        host: (&*entry.host).into(),
        operation: entry.operation.code(),
        permission_type: entry.permission.code(),
        ..DeleteAclsMatchingAcl::default()
    }
}

/// `address/bits`.
fn is_address_range(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    match (address.parse(), bits.parse::<u8>()) {
        (Ok(IpAddr::V4(_)), Ok(bits)) => bits <= 32,
        (Ok(IpAddr::V6(_)), Ok(bits)) => bits <= 128,
        _ => false,
    }
}
