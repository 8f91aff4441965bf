//! AlterUserScramCredentials: sets and deletes SCRAM credentials.

use std::collections::BTreeMap;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use klamm_protocol::messages::alter_user_scram_credentials_request::{
    ScramCredentialDeletion, ScramCredentialUpsertion,
};
use klamm_protocol::messages::alter_user_scram_credentials_response::AlterUserScramCredentialsResult;
use klamm_protocol::messages::{
    AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse, RemoveUserScramCredentialRecord,
    UserScramCredentialRecord,
};
use klamm_protocol::{ErrorCode, Str};
use sha2::{Digest, Sha256, Sha512};

use super::view::View;
use super::{Append, Outcome};
use crate::api_error::error_fields;
use crate::image::ScramMechanism;
use crate::{ApiError, VersionedRecord};

const MIN_ITERATIONS: i32 = 4096;
const MAX_ITERATIONS: i32 = 16_384;

impl View<'_> {
    pub(crate) fn alter_user_scram_credentials(
        &self,
        request: &AlterUserScramCredentialsRequest,
    ) -> Outcome<AlterUserScramCredentialsResponse> {
        let mut results: BTreeMap<&str, Result<VersionedRecord, ApiError>> = BTreeMap::new();
        let mut add = |name: &'_ Str, decided: Result<VersionedRecord, ApiError>| {
            let twice = "A user credential cannot be altered twice in the same request";
            let twice = ApiError::new(ErrorCode::DuplicateResource, twice);
            // The first error of a user stands.
            match results.get(name.as_str()) {
                None => results.insert(string_key(request, name), decided),
                Some(Ok(_)) => results.insert(string_key(request, name), Err(twice)),
                Some(Err(_)) => None,
            };
        };
        for deletion in &request.deletions {
            add(&deletion.name, self.delete_credential(deletion));
        }
        for upsertion in &request.upsertions {
            add(&upsertion.name, self.set_credential(upsertion));
        }
        let mut response = AlterUserScramCredentialsResponse::default();
        let mut records = Vec::new();
        for (user, result) in results {
            let (error_code, error_message) = error_fields(result.as_ref().err());
            response.results.push(AlterUserScramCredentialsResult {
                user: user.into(),
                error_code,
                error_message,
                ..AlterUserScramCredentialsResult::default()
            });
            records.extend(result);
        }
        Outcome::of(records, Append::Atomic, response)
    }

    fn delete_credential(&self, asked: &ScramCredentialDeletion) -> Result<VersionedRecord, ApiError> {
        let mechanism = self.check_credential(&asked.name, asked.mechanism)?;
        if self.image().scram.get(mechanism, &asked.name).is_none() {
            let text = "Attempt to delete a user credential that does not exist";
            return Err(ApiError::new(ErrorCode::ResourceNotFound, text));
        }
        Ok(VersionedRecord::v0(RemoveUserScramCredentialRecord {
            name: asked.name.detached(),
            mechanism: asked.mechanism,
            ..RemoveUserScramCredentialRecord::default()
        }))
    }

    fn set_credential(&self, asked: &ScramCredentialUpsertion) -> Result<VersionedRecord, ApiError> {
        let mechanism = self.check_credential(&asked.name, asked.mechanism)?;
        let unacceptable = |text: &str| Err(ApiError::new(ErrorCode::UnacceptableCredential, text));
        if asked.iterations < MIN_ITERATIONS {
            return unacceptable("Too few iterations");
        }
        if asked.iterations > MAX_ITERATIONS {
            return unacceptable("Too many iterations");
        }
        let (stored_key, server_key) = keys(mechanism, &asked.salted_password);
        Ok(VersionedRecord::v0(UserScramCredentialRecord {
            name: asked.name.detached(),
            mechanism: asked.mechanism,
            salt: Bytes::copy_from_slice(&asked.salt),
            stored_key,
            server_key,
            iterations: asked.iterations,
            ..UserScramCredentialRecord::default()
        }))
    }

    fn check_credential(&self, user: &str, mechanism: i8) -> Result<ScramMechanism, ApiError> {
        if !self.state.metadata_version().supports_scram() {
            let text = "The current metadata.version does not support SCRAM";
            return Err(ApiError::new(ErrorCode::UnsupportedVersion, text));
        }
        if user.is_empty() {
            return Err(ApiError::new(ErrorCode::UnacceptableCredential, "Username must not be empty"));
        }
        let unknown = || ApiError::new(ErrorCode::UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
        ScramMechanism::from_code(mechanism).ok_or_else(unknown)
    }
}

/// A key that lives as long as the request.
fn string_key<'a>(request: &'a AlterUserScramCredentialsRequest, name: &str) -> &'a str {
    let deleted = request.deletions.iter().map(|deletion| &deletion.name);
    let mut names = deleted.chain(request.upsertions.iter().map(|upsertion| &upsertion.name));
    names.find(|known| known.as_str() == name).expect("the name is of the request")
}

/// Stored key and server key of RFC 5802: all a server keeps of a password.
fn keys(mechanism: ScramMechanism, salted_password: &[u8]) -> (Bytes, Bytes) {
    match mechanism {
        ScramMechanism::Sha256 => {
            let mac = |text| hmac_of::<Hmac<Sha256>>(salted_password, text);
            (Bytes::copy_from_slice(&Sha256::digest(mac(b"Client Key"))), mac(b"Server Key"))
        }
        ScramMechanism::Sha512 => {
            let mac = |text| hmac_of::<Hmac<Sha512>>(salted_password, text);
            (Bytes::copy_from_slice(&Sha512::digest(mac(b"Client Key"))), mac(b"Server Key"))
        }
    }
}

/// A keyed hash of `text`.
pub(crate) fn hmac_of<M: Mac + KeyInit>(key: &[u8], text: &[u8]) -> Bytes {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length will do");
    mac.update(text);
    Bytes::copy_from_slice(&mac.finalize().into_bytes())
}
