//! Records about access control entries, SCRAM credentials and delegation tokens.

use klamm_model::Timestamp;
use klamm_protocol::messages::{
    AccessControlEntryRecord, DelegationTokenRecord, RemoveAccessControlEntryRecord,
    RemoveDelegationTokenRecord, RemoveUserScramCredentialRecord, UserScramCredentialRecord,
};

use super::{Changes, ReplayError};
use crate::image::{
    AclEntry, AclOperation, DelegationToken, MetadataImage, PatternType, PermissionType, ResourceType,
    ScramCredential, ScramMechanism,
};

pub(super) fn add_acl(image: &mut MetadataImage, changes: &mut Changes, record: &AccessControlEntryRecord) {
    let entry = AclEntry {
        resource_type: ResourceType::from_code(record.resource_type),
        resource_name: record.resource_name.as_str().into(),
        pattern_type: PatternType::from_code(record.pattern_type),
        principal: record.principal.as_str().into(),
        host: record.host.as_str().into(),
        operation: AclOperation::from_code(record.operation),
        permission: PermissionType::from_code(record.permission_type),
    };
    image.acls.insert(record.id, entry);
    changes.acls.insert(record.id);
}

pub(super) fn remove_acl(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RemoveAccessControlEntryRecord,
) -> Result<(), ReplayError> {
    if !image.acls.remove(record.id) {
        return Err(ReplayError::NoAcl(record.id));
    }
    changes.acls.insert(record.id);
    Ok(())
}

pub(super) fn set_scram(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &UserScramCredentialRecord,
) -> Result<(), ReplayError> {
    let mechanism = mechanism("UserScramCredentialRecord", record.mechanism)?;
    let credential = ScramCredential {
        salt: record.salt.as_ref().into(),
        stored_key: record.stored_key.as_ref().into(),
        server_key: record.server_key.as_ref().into(),
        iterations: record.iterations,
    };
    image.scram.insert(mechanism, record.name.as_str().into(), credential);
    changes.scram.insert((mechanism, record.name.as_str().into()));
    Ok(())
}

pub(super) fn remove_scram(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RemoveUserScramCredentialRecord,
) -> Result<(), ReplayError> {
    let mechanism = mechanism("RemoveUserScramCredentialRecord", record.mechanism)?;
    image.scram.remove(mechanism, record.name.as_str().into());
    changes.scram.insert((mechanism, record.name.as_str().into()));
    Ok(())
}

fn mechanism(record: &'static str, code: i8) -> Result<ScramMechanism, ReplayError> {
    ScramMechanism::from_code(code).ok_or_else(|| ReplayError::invalid(record, "Mechanism", code))
}

pub(super) fn set_token(image: &mut MetadataImage, changes: &mut Changes, record: &DelegationTokenRecord) {
    let token = DelegationToken {
        id: record.token_id.as_str().into(),
        owner: record.owner.as_str().into(),
        requester: record.requester.as_str().into(),
        renewers: record.renewers.iter().map(|renewer| renewer.as_str().into()).collect(),
        issued: Timestamp::from_millis(record.issue_timestamp),
        max: Timestamp::from_millis(record.max_timestamp),
        expires: Timestamp::from_millis(record.expiration_timestamp),
    };
    changes.tokens.insert(token.id.clone());
    image.tokens.insert(token);
}

pub(super) fn remove_token(
    image: &mut MetadataImage,
    changes: &mut Changes,
    record: &RemoveDelegationTokenRecord,
) {
    image.tokens.remove(&record.token_id);
    changes.tokens.insert(record.token_id.as_str().into());
}
