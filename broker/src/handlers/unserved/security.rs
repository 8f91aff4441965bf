//! SASL, ACLs, delegation tokens, quotas and SCRAM credentials on listeners that are PLAINTEXT, without an authorizer.

use std::collections::BTreeSet;

use klamm_protocol::messages::alter_client_quotas_response::{EntityData, EntryData};
use klamm_protocol::messages::alter_user_scram_credentials_response::AlterUserScramCredentialsResult;
use klamm_protocol::messages::create_acls_response::AclCreationResult;
use klamm_protocol::messages::delete_acls_response::DeleteAclsFilterResult;
use klamm_protocol::messages::describe_user_scram_credentials_response::DescribeUserScramCredentialsResult;
use klamm_protocol::messages::{
    AlterClientQuotasRequest, AlterClientQuotasResponse, AlterUserScramCredentialsRequest,
    AlterUserScramCredentialsResponse, CreateAclsRequest, CreateAclsResponse, CreateDelegationTokenRequest,
    CreateDelegationTokenResponse, DeleteAclsRequest, DeleteAclsResponse, DescribeAclsRequest,
    DescribeAclsResponse, DescribeClientQuotasRequest, DescribeClientQuotasResponse,
    DescribeDelegationTokenRequest, DescribeDelegationTokenResponse, DescribeUserScramCredentialsRequest,
    DescribeUserScramCredentialsResponse, ExpireDelegationTokenRequest, ExpireDelegationTokenResponse,
    RenewDelegationTokenRequest, RenewDelegationTokenResponse, SaslAuthenticateRequest,
    SaslAuthenticateResponse, SaslHandshakeRequest, SaslHandshakeResponse,
};
use klamm_protocol::{ErrorCode, Str};

use super::{CODE, text};
use crate::handlers::call::Call;
use crate::handlers::versions::Serves;

/// Beside SECURITY_DISABLED where ACLs are to be changed.
const NO_AUTHORIZER: &str = "No Authorizer is configured.";
/// Beside it where they are to be read.
const NO_AUTHORIZER_TO_READ: &str = "No Authorizer is configured on the broker";
/// Who a peer of a PLAINTEXT listener is: type and name.
const ANONYMOUS: [&str; 2] = ["User", "ANONYMOUS"];
/// Tokens are for those who have logged in, which is looked at before whether tokens are on at all.
const NO_TOKENS: i16 = ErrorCode::DelegationTokenRequestNotAllowed.code();
/// A time that an answer does not tell.
const NO_TIME: i64 = -1;

/// `on_brokers`, or what Kafka's controllers answer to an API that they have, but no handler for it.
fn unless_on_controllers(call: &Call, on_brokers: i16) -> i16 {
    match call.peer.listener.serves {
        Serves::Broker => on_brokers,
        Serves::Controller => ErrorCode::UnknownServerError.code(),
    }
}

/// SaslHandshake (key 17), versions 0-1: the connection needs no login.
pub fn sasl_handshake(_: &Call, _: SaslHandshakeRequest) -> SaslHandshakeResponse {
    SaslHandshakeResponse { error_code: ErrorCode::IllegalSaslState.code(), ..Default::default() }
}

/// SaslAuthenticate (key 36), versions 0-2.
pub fn sasl_authenticate(_: &Call, _: SaslAuthenticateRequest) -> SaslAuthenticateResponse {
    SaslAuthenticateResponse {
        error_code: ErrorCode::IllegalSaslState.code(),
        error_message: Some(Str::from("SaslAuthenticate request received after successful authentication")),
        ..Default::default()
    }
}

/// DescribeAcls (key 29), versions 1-3.
pub fn describe_acls(_: &Call, _: DescribeAclsRequest) -> DescribeAclsResponse {
    DescribeAclsResponse {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(Str::from(NO_AUTHORIZER_TO_READ)),
        ..Default::default()
    }
}

/// CreateAcls (key 30), versions 1-3: an error for each.
pub fn create_acls(_: &Call, request: CreateAclsRequest) -> CreateAclsResponse {
    let results = request.creations.iter().map(|_| AclCreationResult {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(Str::from(NO_AUTHORIZER)),
        ..Default::default()
    });
    CreateAclsResponse { results: results.collect(), ..Default::default() }
}

/// DeleteAcls (key 31), versions 1-3: an error for each filter.
pub fn delete_acls(_: &Call, request: DeleteAclsRequest) -> DeleteAclsResponse {
    let results = request.filters.iter().map(|_| DeleteAclsFilterResult {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(Str::from(NO_AUTHORIZER)),
        ..Default::default()
    });
    DeleteAclsResponse { filter_results: results.collect(), ..Default::default() }
}

/// CreateDelegationToken (key 38), versions 1-3: tells the owner, since version 3 (KIP-373) who asks, too.
pub fn create_token(call: &Call, request: CreateDelegationTokenRequest) -> CreateDelegationTokenResponse {
    let [kind, name] = ANONYMOUS.map(Str::from);
    let owner = match request.owner_principal_name {
        Some(owner) if !owner.is_empty() => (request.owner_principal_type.unwrap_or_default(), owner),
        Some(_) | None => (kind.clone(), name.clone()),
    };
    let requester = if call.version >= 3 { (kind, name) } else { Default::default() };
    CreateDelegationTokenResponse {
        error_code: NO_TOKENS,
        principal_type: owner.0,
        principal_name: owner.1,
        token_requester_principal_type: requester.0,
        token_requester_principal_name: requester.1,
        issue_timestamp_ms: NO_TIME,
        expiry_timestamp_ms: NO_TIME,
        max_timestamp_ms: NO_TIME,
        ..Default::default()
    }
}

/// RenewDelegationToken (key 39), versions 1-2.
pub fn renew_token(_: &Call, _: RenewDelegationTokenRequest) -> RenewDelegationTokenResponse {
    RenewDelegationTokenResponse { error_code: NO_TOKENS, expiry_timestamp_ms: NO_TIME, ..Default::default() }
}

/// ExpireDelegationToken (key 40), versions 1-2.
pub fn expire_token(_: &Call, _: ExpireDelegationTokenRequest) -> ExpireDelegationTokenResponse {
    ExpireDelegationTokenResponse {
        error_code: NO_TOKENS,
        expiry_timestamp_ms: NO_TIME,
        ..Default::default()
    }
}

/// DescribeDelegationToken (key 41), versions 1-3.
pub fn describe_tokens(call: &Call, _: DescribeDelegationTokenRequest) -> DescribeDelegationTokenResponse {
    let error_code = unless_on_controllers(call, NO_TOKENS);
    DescribeDelegationTokenResponse { error_code, ..Default::default() }
}

/// DescribeClientQuotas (key 48), versions 0-1.
pub fn describe_quotas(_: &Call, _: DescribeClientQuotasRequest) -> DescribeClientQuotasResponse {
    DescribeClientQuotasResponse {
        error_code: CODE,
        error_message: None,
        entries: None,
        ..Default::default()
    }
}

/// AlterClientQuotas (key 49), versions 0-1: an error for each entity.
pub fn alter_quotas(_: &Call, request: AlterClientQuotasRequest) -> AlterClientQuotasResponse {
    let entries = request.entries.into_iter().map(|entry| EntryData {
        error_code: CODE,
        error_message: text(),
        entity: entry
            .entity
            .into_iter()
            .map(|part| EntityData {
                entity_type: part.entity_type,
                entity_name: part.entity_name,
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    });
    AlterClientQuotasResponse { entries: entries.collect(), ..Default::default() }
}

/// DescribeUserScramCredentials (key 50), version 0: an error at the top and, as in Kafka, one without a name for each user.
pub fn describe_scram(
    call: &Call,
    request: DescribeUserScramCredentialsRequest,
) -> DescribeUserScramCredentialsResponse {
    let error_code = unless_on_controllers(call, CODE);
    let users = request.users.unwrap_or_default();
    let results = users.iter().map(|_| DescribeUserScramCredentialsResult {
        error_code,
        error_message: None,
        ..Default::default()
    });
    DescribeUserScramCredentialsResponse {
        error_code,
        error_message: None,
        results: results.collect(),
        ..Default::default()
    }
}

/// AlterUserScramCredentials (key 51), version 0: an error for each user.
pub fn alter_scram(_: &Call, request: AlterUserScramCredentialsRequest) -> AlterUserScramCredentialsResponse {
    let removed = request.deletions.into_iter().map(|deletion| deletion.name);
    let set = request.upsertions.into_iter().map(|upsertion| upsertion.name);
    let users: BTreeSet<Str> = removed.chain(set).collect();
    let results = users.into_iter().map(|user| AlterUserScramCredentialsResult {
        user,
        error_code: CODE,
        error_message: None,
        ..Default::default()
    });
    AlterUserScramCredentialsResponse { results: results.collect(), ..Default::default() }
}
