//! Delegation tokens: created, renewed, ended, and removed when they expire. A token's secret is
//! the keyed hash of its id, so the log never holds it.

use hmac::Hmac;
use klamm_model::Timestamp;
use klamm_protocol::messages::{
    CreateDelegationTokenRequest, CreateDelegationTokenResponse, ExpireDelegationTokenRequest,
    ExpireDelegationTokenResponse, RemoveDelegationTokenRecord, RenewDelegationTokenRequest,
    RenewDelegationTokenResponse,
};
use klamm_protocol::{ErrorCode, Str};
use sha2::Sha512;

use super::scram::hmac_of;
use super::view::View;
use super::{Append, Entropy, MoreToDo, Outcome, Principal};
use crate::VersionedRecord;
use crate::image::DelegationToken;
use crate::snapshot::token_record;

/// Most tokens one sweep removes.
const MAX_EXPIRATIONS: usize = 1000;

impl View<'_> {
    pub(crate) fn create_delegation_token(
        &self,
        entropy: &mut dyn Entropy,
        requester: &Principal,
        request: &CreateDelegationTokenRequest,
    ) -> Outcome<CreateDelegationTokenResponse> {
        let owner = match request.owner_principal_name.as_deref().filter(|name| !name.is_empty()) {
            None => requester.clone(),
            Some(name) => {
                let kind = request.owner_principal_type.as_deref().unwrap_or_default().to_owned();
                Principal { kind, name: name.to_owned() }
            }
        };
        let mut response = CreateDelegationTokenResponse {
            principal_type: owner.kind.as_str().into(),
            principal_name: owner.name.as_str().into(),
            token_requester_principal_type: requester.kind.as_str().into(),
            token_requester_principal_name: requester.name.as_str().into(),
            ..CreateDelegationTokenResponse::default()
        };
        let secret = match self.token_secret() {
            Ok(secret) => secret,
            Err(code) => {
                response.error_code = code.code();
                return Outcome::reply(response);
            }
        };
        if request.renewers.iter().any(|renewer| renewer.principal_type != "User") {
            response.error_code = ErrorCode::InvalidPrincipalType.code();
            return Outcome::reply(response);
        }
        let now = self.at.wall;
        let life = shorter(self.settings.tokens.max_lifetime_ms, request.max_lifetime_ms);
        let max = later(now, life);
        let id = self.new_uuid(entropy, |uuid| self.image().tokens.get(&uuid.to_string()).is_some());
        let token = DelegationToken {
            id: id.to_string().into(),
            owner: owner.to_string().into(),
            requester: requester.to_string().into(),
            renewers: request
                .renewers
                .iter()
                .map(|renewer| format!("{}:{}", renewer.principal_type, renewer.principal_name).into())
                .collect(),
            issued: now,
            max,
            expires: max.min(later(now, self.settings.tokens.renew_lifetime_ms)),
        };
        response.issue_timestamp_ms = now.as_millis();
        response.expiry_timestamp_ms = token.expires.as_millis();
        response.max_timestamp_ms = max.as_millis();
        response.token_id = Str::from(&*token.id);
        response.hmac = hmac_of::<Hmac<Sha512>>(secret.as_bytes(), token.id.as_bytes());
        Outcome::of(vec![token_record(&token)], Append::Atomic, response)
    }

    pub(crate) fn renew_delegation_token(
        &self,
        principal: &Principal,
        request: &RenewDelegationTokenRequest,
    ) -> Outcome<RenewDelegationTokenResponse> {
        let found = self.token_to_change(principal, &request.hmac, WhenExpired::Refuse);
        let token = match found {
            Ok(token) => token,
            Err(code) => {
                let error_code = code.code();
                return Outcome::reply(RenewDelegationTokenResponse { error_code, ..Default::default() });
            }
        };
        let life = shorter(self.settings.tokens.renew_lifetime_ms, request.renew_period_ms);
        let expires = token.max.min(later(self.at.wall, life));
        let reply =
            RenewDelegationTokenResponse { expiry_timestamp_ms: expires.as_millis(), ..Default::default() };
        let renewed = DelegationToken { expires, ..token.clone() };
        Outcome::of(vec![token_record(&renewed)], Append::Atomic, reply)
    }

    pub(crate) fn expire_delegation_token(
        &self,
        principal: &Principal,
        request: &ExpireDelegationTokenRequest,
    ) -> Outcome<ExpireDelegationTokenResponse> {
        let at_once = request.expiry_time_period_ms < 0;
        let when = if at_once { WhenExpired::Accept } else { WhenExpired::Refuse };
        let token = match self.token_to_change(principal, &request.hmac, when) {
            Ok(token) => token,
            Err(code) => {
                let error_code = code.code();
                return Outcome::reply(ExpireDelegationTokenResponse { error_code, ..Default::default() });
            }
        };
        let now = self.at.wall;
        let (expires, record) = if at_once {
            (now, removal(token))
        } else {
            let expires = token.max.min(later(now, request.expiry_time_period_ms));
            (expires, token_record(&DelegationToken { expires, ..token.clone() }))
        };
        let reply =
            ExpireDelegationTokenResponse { expiry_timestamp_ms: expires.as_millis(), ..Default::default() };
        Outcome::of(vec![record], Append::Atomic, reply)
    }

    pub(crate) fn expire_delegation_tokens(&self) -> Outcome<MoreToDo> {
        let expired = self.image().tokens.iter().filter(|token| self.is_expired(token));
        let records: Vec<_> = expired.take(MAX_EXPIRATIONS).map(|token| removal(token)).collect();
        let more = if records.len() == MAX_EXPIRATIONS { MoreToDo::Yes } else { MoreToDo::No };
        Outcome::of(records, Append::Splittable, more)
    }

    fn token_secret(&self) -> Result<&str, ErrorCode> {
        let secret = self.settings.tokens.secret.as_ref().ok_or(ErrorCode::DelegationTokenAuthDisabled)?;
        let supported = self.state.metadata_version().supports_delegation_tokens();
        if supported { Ok(secret.reveal()) } else { Err(ErrorCode::UnsupportedVersion) }
    }

    /// The token with that secret hash, if `principal` may renew it.
    fn token_to_change(
        &self,
        principal: &Principal,
        hmac: &[u8],
        when_expired: WhenExpired,
    ) -> Result<&DelegationToken, ErrorCode> {
        let secret = self.token_secret()?;
        let same = |token: &&DelegationToken| {
            hmac_of::<Hmac<Sha512>>(secret.as_bytes(), token.id.as_bytes()) == *hmac
        };
        let mut tokens = self.image().tokens.iter().map(|token| &**token);
        let token = tokens.find(same).ok_or(ErrorCode::DelegationTokenNotFound)?;
        let name = principal.to_string();
        let may = *token.owner == *name || token.renewers.iter().any(|renewer| **renewer == *name);
        let expired = when_expired == WhenExpired::Refuse && self.is_expired(token);
        match (may, expired) {
            (true, false) => Ok(token),
            (true, true) => Err(ErrorCode::DelegationTokenExpired),
            (false, _) => Err(ErrorCode::DelegationTokenOwnerMismatch),
        }
    }

    fn is_expired(&self, token: &DelegationToken) -> bool {
        token.max < self.at.wall || token.expires < self.at.wall
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WhenExpired {
    Accept,
    Refuse,
}

fn removal(token: &DelegationToken) -> VersionedRecord {
    VersionedRecord::v0(RemoveDelegationTokenRecord {
        token_id: Str::from(&*token.id),
        ..RemoveDelegationTokenRecord::default()
    })
}

/// The configured duration, or the one asked for if that is positive and shorter.
fn shorter(configured_ms: i64, asked_ms: i64) -> i64 {
    if asked_ms > 0 { configured_ms.min(asked_ms) } else { configured_ms }
}

fn later(now: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis().saturating_add(millis))
}
