//! `add-controller` and `remove-controller` (KIP-853).

use std::path::Path;

use klamm_client::{Admin, ClientError};
use klamm_config::Properties;
use klamm_model::Uuid;
use klamm_protocol::messages::add_raft_voter_request::Listener;
use klamm_protocol::messages::{AddRaftVoterRequest, RemoveRaftVoterRequest};
use klamm_storage::disk::StdDisk;
use klamm_storage::state::MetaProperties;

use crate::java;
use crate::options::commands::GivenCommand;
use crate::tool::{Terminal, ToolError, ToolResult};

fn failed(error: ClientError) -> ToolError {
    ToolError::Failed(java::exception(&error))
}

fn not_valid(what: &str) -> ToolError {
    ToolError::Failed(format!("{what} Is this a valid controller configuration file?"))
}

/// `add-controller`: the controller whose settings are `properties`.
pub(super) async fn add(
    admin: &Admin,
    properties: &Properties,
    given: &GivenCommand,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    let id = controller_id(properties)?;
    let directory = directory_id(&metadata_directory(properties)?)?;
    let endpoints = endpoints(properties)?;
    let is_dry_run = given.has("dry-run");
    if !is_dry_run {
        let listeners = endpoints.iter().map(|(name, host, port)| Listener {
            name: name.as_str().into(),
            host: host.as_str().into(),
            port: *port,
            ..Listener::default()
        });
        let request = AddRaftVoterRequest {
            cluster_id: None,
            timeout_ms: admin.timeout_ms(),
            voter_id: id,
            voter_directory_id: directory,
            listeners: listeners.collect(),
            ack_when_committed: true,
            ..AddRaftVoterRequest::default()
        };
        let response = admin.add_raft_voter(&request).await.map_err(failed)?;
        ClientError::check_with(response.error_code, response.error_message.as_deref()).map_err(failed)?;
    }
    let shown = endpoints.iter().map(|(name, host, port)| {
        let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
        format!("{name}://{open}{host}{close}:{port}")
    });
    let shown: Vec<String> = shown.collect();
    let verb = if is_dry_run { "DRY RUN of adding" } else { "Added" };
    Ok(writeln!(
        terminal.out,
        "{verb} controller {id} with directory id {directory} and endpoints: {}",
        shown.join(", ")
    )?)
}

fn controller_id(properties: &Properties) -> Result<i32, ToolError> {
    let text =
        properties.get("node.id").ok_or_else(|| not_valid("node.id not found in configuration file."))?;
    let id: i32 =
        text.trim().parse().map_err(|_| ToolError::Failed(format!("For input string: \"{text}\"")))?;
    if id < 0 {
        return Err(not_valid("node.id was negative in configuration file."));
    }
    if !properties.get("process.roles").unwrap_or_default().contains("controller") {
        return Err(not_valid("process.roles did not contain 'controller' in configuration file."));
    }
    Ok(id)
}

fn metadata_directory(properties: &Properties) -> Result<String, ToolError> {
    let own = properties.get("metadata.log.dir").map(str::to_owned);
    let first = || properties.get("log.dirs")?.trim().split(',').next().map(str::to_owned);
    own.or_else(first).ok_or_else(|| not_valid("Neither metadata.log.dir nor log.dirs were found."))
}

fn directory_id(directory: &str) -> Result<Uuid, ToolError> {
    let read = MetaProperties::read(&StdDisk, Path::new(directory));
    let properties = read
        .ok()
        .flatten()
        .ok_or_else(|| ToolError::Failed(format!("Unable to read meta.properties from {directory}")))?;
    let id = properties
        .directory_id
        .ok_or_else(|| ToolError::Failed(format!("No directory id found in {directory}")))?;
    Ok(id.get())
}

/// Listeners of controllers: name, host, port. An advertised one counts more.
fn endpoints(properties: &Properties) -> Result<Vec<(String, String, u16)>, ToolError> {
    let mut known = std::collections::BTreeMap::new();
    for key in ["listeners", "advertised.listeners"] {
        let entries = properties.get(key).unwrap_or_default().split(',').map(str::trim);
        for entry in entries.filter(|entry| !entry.is_empty()) {
            let refused = || ToolError::Failed(format!("Unable to parse {entry} to a broker endpoint"));
            let (name, address) = entry.split_once("://").ok_or_else(refused)?;
            let (host, port) = address.rsplit_once(':').ok_or_else(refused)?;
            let host = host.trim_start_matches('[').trim_end_matches(']');
            let host = if host.is_empty() { "localhost" } else { host };
            let port: u16 = port.parse().map_err(|_| refused())?;
            known.insert(name.to_ascii_uppercase(), (host.to_owned(), port));
        }
    }
    let names = properties
        .get("controller.listener.names")
        .ok_or_else(|| not_valid("controller.listener.names was not found."))?;
    let endpoints = names.split(',').map(|name| {
        let name = name.trim().to_ascii_uppercase();
        match known.get(&name) {
            Some((host, port)) => Ok((name, host.clone(), *port)),
            None => Err(ToolError::Failed(format!(
                "Cannot find information about controller listener name: {name}"
            ))),
        }
    });
    endpoints.collect()
}

/// `remove-controller`.
pub(super) async fn remove(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let id = given.number("controller-id").unwrap_or_default();
    if id < 0 {
        return Err(ToolError::Failed(format!("Invalid negative --controller-id: {id}")));
    }
    let text = given.value("controller-directory-id").unwrap_or_default();
    let directory: Uuid = text.parse().map_err(|_| {
        ToolError::Failed(format!("Failed to parse --controller-directory-id: {}", java::uuid_refusal(text)))
    })?;
    let is_dry_run = given.has("dry-run");
    if !is_dry_run {
        let request = RemoveRaftVoterRequest {
            cluster_id: None,
            voter_id: id,
            voter_directory_id: directory,
            ..RemoveRaftVoterRequest::default()
        };
        let response = admin.remove_raft_voter(&request).await.map_err(failed)?;
        ClientError::check_with(response.error_code, response.error_message.as_deref()).map_err(failed)?;
    }
    let verb = if is_dry_run { "DRY RUN of removing " } else { "Removed " };
    Ok(writeln!(terminal.out, "{verb} KRaft controller {id} with directory id {directory}")?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_controllers_endpoints_are_those_it_advertises() {
        let properties = Properties::from_iter([
            ("controller.listener.names", "CONTROLLER,X"),
            ("listeners", "CONTROLLER://:9093,X://[::1]:9094,PLAINTEXT://:9092"),
            ("advertised.listeners", "CONTROLLER://c.example:19093"),
        ]);
        let found = endpoints(&properties).unwrap();
        assert_eq!(found[0], ("CONTROLLER".to_owned(), "c.example".to_owned(), 19_093));
        assert_eq!(found[1], ("X".to_owned(), "::1".to_owned(), 9094));
    }

    #[test]
    fn what_is_no_controllers_file_is_refused_in_kafkas_words() {
        let refusal = |pairs: &[(&str, &str)]| {
            controller_id(&Properties::from_iter(pairs.iter().copied())).unwrap_err().to_string()
        };
        let question = "Is this a valid controller configuration file?";
        assert_eq!(refusal(&[]), format!("node.id not found in configuration file. {question}"));
        let negative = refusal(&[("node.id", "-1")]);
        assert_eq!(negative, format!("node.id was negative in configuration file. {question}"));
        assert!(refusal(&[("node.id", "1")]).starts_with("process.roles did not contain 'controller'"));
    }
}
