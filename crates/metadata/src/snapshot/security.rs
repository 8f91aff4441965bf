//! Access control entries, SCRAM credentials and delegation tokens as records.

use bytes::Bytes;
use klamm_model::Uuid;
use klamm_protocol::messages::{AccessControlEntryRecord, DelegationTokenRecord, UserScramCredentialRecord};

use super::{SnapshotOptions, SnapshotRecords};
use crate::VersionedRecord;
use crate::image::{AclEntry, AclsImage, DelegationToken, ScramImage, TokensImage};
use crate::java_order::{Table, hash_map_order, string_hash, uuid_hash};

pub(super) fn write_acls(out: &mut SnapshotRecords, acls: &AclsImage) {
    let mut entries: Vec<_> = acls.iter().collect();
    hash_map_order(&mut entries, Table::Default, |(id, _)| uuid_hash(*id));
    for (id, entry) in entries {
        out.push(acl_record(id, entry));
    }
}

/// An access control entry as a record.
pub(crate) fn acl_record(id: Uuid, entry: &AclEntry) -> VersionedRecord {
    VersionedRecord::v0(AccessControlEntryRecord {
        id,
        resource_type: entry.resource_type.code(),
        resource_name: (&*entry.resource_name).into(),
        pattern_type: entry.pattern_type.code(),
        principal: (&*entry.principal).into(),
        host: (&*entry.host).into(),
        operation: entry.operation.code(),
        permission_type: entry.permission.code(),
        ..AccessControlEntryRecord::default()
    })
}

pub(super) fn write_scram(out: &mut SnapshotRecords, scram: &ScramImage, options: SnapshotOptions) {
    if !options.metadata_version.supports_scram() {
        if !scram.is_empty() {
            out.lose("the SCRAM credentials of one or more users");
        }
        return;
    }
    let mut credentials: Vec<_> = scram.iter().collect();
    hash_map_order(&mut credentials, Table::Default, |(_, user, _)| string_hash(user));
    credentials.sort_by_key(|(mechanism, _, _)| *mechanism);
    for (mechanism, user, credential) in credentials {
        out.push(VersionedRecord::v0(UserScramCredentialRecord {
            name: (&**user).into(),
            mechanism: mechanism.code(),
            salt: Bytes::copy_from_slice(&credential.salt),
            stored_key: Bytes::copy_from_slice(&credential.stored_key),
            server_key: Bytes::copy_from_slice(&credential.server_key),
            iterations: credential.iterations,
            ..UserScramCredentialRecord::default()
        }));
    }
}

pub(super) fn write_tokens(out: &mut SnapshotRecords, tokens: &TokensImage, options: SnapshotOptions) {
    if !options.metadata_version.supports_delegation_tokens() {
        if !tokens.is_empty() {
            out.lose("one or more delegation tokens");
        }
        return;
    }
    let mut tokens: Vec<_> = tokens.iter().collect();
    hash_map_order(&mut tokens, Table::Default, |token| string_hash(&token.id));
    for token in tokens {
        out.push(token_record(token));
    }
}

/// A delegation token as a record.
pub(crate) fn token_record(token: &DelegationToken) -> VersionedRecord {
    VersionedRecord::v0(DelegationTokenRecord {
        owner: (&*token.owner).into(),
        requester: (&*token.requester).into(),
        renewers: token.renewers.iter().map(|renewer| (&**renewer).into()).collect(),
        issue_timestamp: token.issued.as_millis(),
        max_timestamp: token.max.as_millis(),
        expiration_timestamp: token.expires.as_millis(),
        token_id: (&*token.id).into(),
        ..DelegationTokenRecord::default()
    })
}
