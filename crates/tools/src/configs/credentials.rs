//! SCRAM credentials of users. Passwords are salted here; brokers never see them.

use bytes::Bytes;
use klamm_client::{Admin, ClientError};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::alter_user_scram_credentials_request::{
    ScramCredentialDeletion, ScramCredentialUpsertion,
};
use klamm_protocol::messages::describe_user_scram_credentials_request::UserName;
use klamm_protocol::messages::{AlterUserScramCredentialsRequest, DescribeUserScramCredentialsRequest};

use serde_json::{Value, json};

use super::changes::Changes;
use super::entity::Entities;
use super::failed;
use crate::java;
use crate::options::Given;
use crate::storage::Mechanism;
use crate::tool::{Terminal, ToolError, ToolResult};

const DEFAULT_ITERATIONS: i32 = 4096;

/// `--describe`: who has which credentials.
pub(super) async fn describe(
    admin: &Admin,
    entities: &Entities,
    given: &Given,
) -> Result<Vec<UserCredentials>, ToolError> {
    let users =
        entities.names.iter().map(|name| UserName { name: name.as_str().into(), ..UserName::default() });
    let request = DescribeUserScramCredentialsRequest {
        users: Some(users.collect()),
        ..DescribeUserScramCredentialsRequest::default()
    };
    let response =
        admin.describe_user_scram_credentials(&request).await.map_err(|error| failed(given, &error))?;
    ClientError::check_with(response.error_code, response.error_message.as_deref())
        .map_err(|error| failed(given, &error))?;
    let mut found = Vec::new();
    for result in &response.results {
        let credentials = match ClientError::check_with(result.error_code, result.error_message.as_deref()) {
            // A user without credentials is left out, as Java's client does.
            Err(error) if error.code() == Some(ErrorCode::ResourceNotFound) => continue,
            Err(error) => Err(error),
            Ok(()) => Ok(result
                .credential_infos
                .iter()
                .map(|info| {
                    let mechanism = Mechanism::from_id(info.mechanism).map_or("UNKNOWN", Mechanism::name);
                    (mechanism, info.iterations)
                })
                .collect()),
        };
        found.push(UserCredentials { user: result.user.to_string(), credentials });
    }
    Ok(found)
}

/// A user's mechanisms and their iterations.
#[derive(Debug)]
pub(super) struct UserCredentials {
    user: String,
    credentials: Result<Vec<(&'static str, i32)>, ClientError>,
}

/// Prints what is found as Kafka does.
pub(super) fn print(found: &[UserCredentials], terminal: &mut Terminal<'_>) -> ToolResult {
    for UserCredentials { user, credentials } in found {
        match credentials {
            Err(error) => writeln!(
                terminal.out,
                "Error retrieving SCRAM credential configs for user-principal '{user}': ExecutionException: {}",
                java::exception(error)
            )?,
            Ok(credentials) => {
                let infos: Vec<String> = credentials
                    .iter()
                    .map(|(mechanism, iterations)| format!("{mechanism}=iterations={iterations}"))
                    .collect();
                let infos = infos.join(", ");
                writeln!(terminal.out, "SCRAM credential configs for user-principal '{user}' are {infos}")?;
            }
        }
    }
    Ok(())
}

/// The same for `-o json`.
pub(super) fn to_json(found: &[UserCredentials]) -> Value {
    let rows = found.iter().map(|UserCredentials { user, credentials }| match credentials {
        Err(error) => json!({"user": user, "error": java::exception(error)}),
        Ok(credentials) => {
            let rows = credentials.iter();
            let rows = rows.map(|(mechanism, count)| json!({"mechanism": mechanism, "iterations": count}));
            json!({"user": user, "credentials": rows.collect::<Value>()})
        }
    });
    rows.collect()
}

/// `--alter`: sets or removes credentials of one user.
pub(super) async fn alter(
    admin: &Admin,
    entities: &Entities,
    changes: &Changes,
    given: &Given,
) -> ToolResult {
    let user = entities.first_name();
    let mut upsertions = Vec::new();
    for (name, text) in &changes.set {
        let Some(mechanism) = Mechanism::from_name(name) else { continue };
        upsertions.push(upsertion(user, mechanism, text)?);
    }
    let removed = changes.remove.iter().filter_map(|name| Mechanism::from_name(name));
    let deletions = removed.map(|mechanism| ScramCredentialDeletion {
        name: user.into(),
        mechanism: mechanism.id(),
        ..ScramCredentialDeletion::default()
    });
    let request = AlterUserScramCredentialsRequest {
        deletions: deletions.collect(),
        upsertions,
        ..AlterUserScramCredentialsRequest::default()
    };
    let response =
        admin.alter_user_scram_credentials(&request).await.map_err(|error| failed(given, &error))?;
    response.results.iter().try_for_each(|result| {
        let checked = ClientError::check_with(result.error_code, result.error_message.as_deref());
        checked.map_err(|error| failed(given, &error))
    })
}

fn upsertion(user: &str, mechanism: Mechanism, text: &str) -> Result<ScramCredentialUpsertion, ToolError> {
    let (iterations, password) = parse(text).ok_or_else(|| {
        ToolError::Usage(format!("Invalid credential property {}={text}", mechanism.constant_name()))
    })?;
    if iterations < DEFAULT_ITERATIONS {
        return Err(ToolError::Usage(format!(
            "Iterations {iterations} is less than the minimum {DEFAULT_ITERATIONS} required for {}",
            mechanism.name()
        )));
    }
    let salt: [u8; 26] = rand::random();
    let salted = mechanism.salted_password(password.as_bytes(), &salt, iterations);
    Ok(ScramCredentialUpsertion {
        name: user.into(),
        mechanism: mechanism.id(),
        iterations,
        salt: Bytes::copy_from_slice(&salt),
        salted_password: Bytes::from(salted),
        ..ScramCredentialUpsertion::default()
    })
}

/// `iterations=8192,password=secret`; -1 iterations, or none, are the default.
fn parse(text: &str) -> Option<(i32, &str)> {
    if let Some(password) = text.strip_prefix("password=") {
        return Some((DEFAULT_ITERATIONS, password));
    }
    let (iterations, rest) = text.strip_prefix("iterations=")?.split_once(',')?;
    let password = rest.strip_prefix("password=")?;
    let iterations = match iterations {
        "-1" => DEFAULT_ITERATIONS,
        digits => digits.parse().ok()?,
    };
    Some((iterations, password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_name_a_password_and_maybe_iterations() {
        assert_eq!(parse("password=a,b"), Some((4096, "a,b")));
        assert_eq!(parse("iterations=8192,password=x"), Some((8192, "x")));
        assert_eq!(parse("iterations=-1,password=x"), Some((4096, "x")));
        assert_eq!(parse("secret"), None);
    }
}

#[cfg(test)]
mod json_tests {
    use super::*;

    #[test]
    fn json_tells_mechanisms_and_iterations_of_each_user() {
        let found =
            [UserCredentials { user: "u".to_owned(), credentials: Ok(vec![("SCRAM-SHA-256", 4096)]) }];
        let expected = r#"[{"user":"u","credentials":[{"mechanism":"SCRAM-SHA-256","iterations":4096}]}]"#;
        assert_eq!(to_json(&found).to_string(), expected);
    }
}
