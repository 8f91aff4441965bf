//! DescribeUserScramCredentials: mechanisms and iterations, never keys.

use std::collections::BTreeMap;

use klamm_protocol::messages::describe_user_scram_credentials_response::{
    CredentialInfo, DescribeUserScramCredentialsResult,
};
use klamm_protocol::messages::{DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse};
use klamm_protocol::{ErrorCode, Str};

use crate::image::ScramImage;

/// The credentials of the users asked for, or of all.
pub fn describe_scram_credentials(
    scram: &ScramImage,
    request: &DescribeUserScramCredentialsRequest,
) -> DescribeUserScramCredentialsResponse {
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    match request.users.as_deref() {
        None | Some([]) => asked.extend(scram.iter().map(|(_, user, _)| (&**user, 1))),
        Some(users) => {
            for user in users {
                *asked.entry(user.name.as_str()).or_default() += 1;
            }
        }
    }
    let results = asked.into_iter().map(|(user, times)| result(scram, user, times));
    DescribeUserScramCredentialsResponse { results: results.collect(), ..Default::default() }
}

fn result(scram: &ScramImage, user: &str, times: usize) -> DescribeUserScramCredentialsResult {
    let mut result = DescribeUserScramCredentialsResult { user: user.into(), ..Default::default() };
    let mut fail = |error: ErrorCode, text: &str| {
        result.error_code = error.code();
        result.error_message = Some(Str::from(format!("{text}{user}")));
    };
    if times > 1 {
        let text = "Cannot describe SCRAM credentials for the same user twice in a single request: ";
        fail(ErrorCode::DuplicateResource, text);
        return result;
    }
    let own = scram.iter().filter(|(_, other, _)| &***other == user);
    let infos: Vec<CredentialInfo> = own
        .map(|(mechanism, _, credential)| CredentialInfo {
            mechanism: mechanism.code(),
            iterations: credential.iterations,
            ..CredentialInfo::default()
        })
        .collect();
    if infos.is_empty() {
        fail(ErrorCode::ResourceNotFound, "Attempt to describe a user credential that does not exist: ");
    }
    result.credential_infos = infos;
    result
}
