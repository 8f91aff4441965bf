//! The server.properties of a node, and what in it takes a restart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use klamm_config::own::{ADMIN_LISTENER, ADMIN_TLS_DIRECTORY, HEALTH_LISTENER};
use klamm_lifecycle::{NodeRole, is_dynamic};
use klamm_manifest::Purpose;
use klamm_model::NodeId;
use sha2::{Digest as _, Sha256};

use super::{CONTROLLER, Site, volumes_of};

/// Port of the controllers' listener.
pub const CONTROLLER_PORT: u16 = 9090;
/// Port of the admin service.
pub const ADMIN_PORT: u16 = 9097;
/// Port of `grpc.health.v1` for the kubelet's probes.
pub const HEALTH_PORT: u16 = 9098;
/// Where the Secret of the nodes' certificate is mounted.
pub(super) const TLS: &str = "/etc/klamm-tls";
/// Port of the client listener where the spec names none.
const DEFAULT_PORT: u16 = 9092;
/// Where volumes are mounted, each under its name.
pub(super) const DATA: &str = "/var/lib/klamm";
/// Keys whose change needs no restart. The first only helps a node to find the quorum at its start; a node
/// without the others is as good until it restarts for another reason, so that a new operator rolls nothing.
const FOR_THE_START: [&str; 4] =
    ["controller.quorum.bootstrap.servers", ADMIN_LISTENER, ADMIN_TLS_DIRECTORY, HEALTH_LISTENER];

/// Name (upper case) and port of each client listener; brokers speak to each other over the first.
pub fn client_listeners(site: &Site<'_>) -> Vec<(String, u16)> {
    let listeners = &site.spec.resource.listeners;
    if listeners.is_empty() {
        return vec![("PLAIN".to_owned(), DEFAULT_PORT)];
    }
    listeners.iter().map(|listener| (listener.name.to_uppercase(), listener.port)).collect()
}

/// A node's settings, from the spec alone.
pub fn node_settings(site: &Site<'_>, (node, role): (NodeId, NodeRole)) -> BTreeMap<String, String> {
    let mut settings = site.spec.resource.config.clone();
    let mut set = |key: &str, value: String| settings.insert(key.to_owned(), value);
    let clients = client_listeners(site);
    let host = site.host(node);
    let (mut bound, mut told) = (Vec::new(), Vec::new());
    let mut listen = |name: &str, port: u16| {
        bound.push(format!("{name}://0.0.0.0:{port}"));
        told.push(format!("{name}://{host}:{port}"));
    };
    if role.is_broker() {
        clients.iter().for_each(|(name, port)| listen(name, *port));
        set("inter.broker.listener.name", clients[0].0.clone());
    }
    if role.is_controller() {
        listen(CONTROLLER, CONTROLLER_PORT);
    }
    let names = clients.iter().map(|(name, _)| name.as_str()).chain([CONTROLLER]);
    let protocols: Vec<String> = names.map(|name| format!("{name}:PLAINTEXT")).collect();
    let quorum = site.spec.controllers().map(|node| format!("{}:{CONTROLLER_PORT}", site.host(node.id)));
    set("node.id", node.to_string());
    set("process.roles", role.process_roles().to_owned());
    set("listeners", bound.join(","));
    set("advertised.listeners", told.join(","));
    set("listener.security.protocol.map", protocols.join(","));
    set("controller.listener.names", CONTROLLER.to_owned());
    set("controller.quorum.bootstrap.servers", quorum.collect::<Vec<_>>().join(","));
    let (dirs, metadata) = directories(site);
    if dirs.first() != Some(&metadata) {
        set("metadata.log.dir", metadata);
    }
    set("log.dirs", dirs.join(","));
    set(ADMIN_LISTENER, format!("0.0.0.0:{ADMIN_PORT}"));
    set(ADMIN_TLS_DIRECTORY, TLS.to_owned());
    set(HEALTH_LISTENER, format!("0.0.0.0:{HEALTH_PORT}"));
    settings
}

/// The directories of partitions, and that of the metadata log: the first volume for it alone, else
/// the first.
fn directories(site: &Site<'_>) -> (Vec<String>, String) {
    // A folder of its own, since a volume's root may have others' files (`lost+found`).
    let folder = |name: &str| format!("{DATA}/{name}/log");
    let volumes = volumes_of(site.spec);
    let holds_data = volumes.iter().filter(|volume| volume.purpose != Purpose::Metadata);
    let mut dirs: Vec<String> = holds_data.map(|volume| folder(&volume.name)).collect();
    let own = volumes.iter().find(|volume| volume.purpose == Purpose::Metadata);
    if dirs.is_empty() {
        dirs.extend(own.map(|volume| folder(&volume.name)));
    }
    let metadata = own.map_or_else(|| dirs[0].clone(), |volume| folder(&volume.name));
    (dirs, metadata)
}

/// The settings as a file.
pub fn render(settings: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (key, value) in settings {
        let escaped = value.replace('\\', "\\\\").replace('\n', "\\n");
        writeln!(text, "{key}={escaped}").expect("writing to a string does not fail");
    }
    text
}

/// Changes exactly when the node must be restarted to be as `settings` have it.
pub fn restart_hash(settings: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    let restarts = |key: &str| !is_dynamic(key) && !FOR_THE_START.contains(&key);
    for (key, value) in settings.iter().filter(|(key, _)| restarts(key)) {
        for part in [key, value] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    short_hash(hash)
}

/// The first 16 hexadecimal digits.
pub(super) fn short_hash(hash: Sha256) -> String {
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
