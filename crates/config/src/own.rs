//! Klamm's own keys of a node's file, all under `klamm.`: what Apache Kafka has nothing like. A node of
//! Apache's ignores them, as it does every key that it does not know. Not part of Kafka's tables, so that no
//! client sees them.

use std::path::PathBuf;

use crate::error::ConfigError;
use crate::properties::Properties;

/// Where the admin service listens.
pub const ADMIN_LISTENER: &str = "klamm.admin.listener";
/// Where its certificates are.
pub const ADMIN_TLS_DIRECTORY: &str = "klamm.admin.tls.directory";
/// Where health is told.
pub const HEALTH_LISTENER: &str = "klamm.health.listener";

/// A key of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// Its name.
    pub name: &'static str,
    /// What it is for, and its bounds.
    pub doc: &'static str,
}

/// All of them; none has a default.
pub const OWN_KEYS: [OwnKey; 3] = [
    OwnKey {
        name: ADMIN_LISTENER,
        doc: "`host:port` where this node serves gRPC to an operator: package `klamm.admin.v1`, and `grpc.health.v1`. An \
              empty host means all interfaces. Unset: no admin service. Needs `klamm.admin.tls.directory`.",
    },
    OwnKey {
        name: ADMIN_TLS_DIRECTORY,
        doc: "Folder with `tls.crt` and `tls.key`, which show who this node is, and `ca.crt`, whose clients it lets in: PEM, \
              named as in a Kubernetes Secret. A key that others than its owner and group may read is refused. Changed files are read anew by themselves, within a second of the next \
              connection, or when the operator asks for it.",
    },
    OwnKey {
        name: HEALTH_LISTENER,
        doc: "`host:port` where this node serves `grpc.health.v1` in plaintext to whoever asks, for probes that have no \
              certificate, such as the kubelet's: `readiness` (or the empty name) and `liveness`. Unset: none.",
    },
];

/// Whether `key` is one of ours.
pub fn is_own(key: &str) -> bool {
    OWN_KEYS.iter().any(|own| own.name == key)
}

/// A socket to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenAt {
    /// Without the brackets of an IPv6 address; `None` for all interfaces.
    pub host: Option<String>,
    /// 0 lets the system choose.
    pub port: u16,
}

/// The admin service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminListener {
    /// Where it listens.
    pub at: ListenAt,
    /// Folder of its certificates.
    pub tls_directory: PathBuf,
}

/// What the keys say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdminSettings {
    /// The admin service, if it is wanted.
    pub listener: Option<AdminListener>,
    /// Plaintext health, if it is wanted.
    pub health: Option<ListenAt>,
}

impl AdminSettings {
    pub(crate) fn read(settings: &Properties) -> Result<AdminSettings, ConfigError> {
        let given = |key: &str| settings.get(key).map(str::trim).filter(|text| !text.is_empty());
        let directory = given(ADMIN_TLS_DIRECTORY).map(PathBuf::from);
        let listener = match (given(ADMIN_LISTENER), directory) {
            (None, _) => None,
            (Some(text), Some(tls_directory)) => {
                Some(AdminListener { at: listen_at(ADMIN_LISTENER, text)?, tls_directory })
            }
            (Some(_), None) => {
                return Err(ConfigError::rule(format!(
                    "{ADMIN_LISTENER} needs {ADMIN_TLS_DIRECTORY}: the admin service is served over mutual TLS only"
                )));
            }
        };
        let health = given(HEALTH_LISTENER).map(|text| listen_at(HEALTH_LISTENER, text)).transpose()?;
        Ok(AdminSettings { listener, health })
    }
}

fn listen_at(key: &str, text: &str) -> Result<ListenAt, ConfigError> {
    let wrong = || ConfigError::invalid(key, text, "it must be host:port, with a port from 0 to 65535");
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if bare.is_none() && host.contains(':') {
        return Err(wrong());
    }
    let host = bare.unwrap_or(host);
    Ok(ListenAt { host: (!host.is_empty()).then(|| host.to_owned()), port })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<AdminSettings, String> {
        let settings = settings.iter().map(|(key, value)| (*key, *value)).collect();
        AdminSettings::read(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_served_unless_it_is_asked_for() {
        assert_eq!(read(&[]), Ok(AdminSettings::default()));
        assert_eq!(read(&[(ADMIN_TLS_DIRECTORY, "/tls")]), Ok(AdminSettings::default()));
        assert_eq!(read(&[(ADMIN_LISTENER, " "), (HEALTH_LISTENER, "")]), Ok(AdminSettings::default()));
    }

    #[test]
    fn a_listener_has_a_host_or_all_interfaces_and_a_port() {
        let at = |text| read(&[(HEALTH_LISTENER, text)]).map(|settings| settings.health.unwrap());
        let expected = |host: Option<&str>, port| Ok(ListenAt { host: host.map(str::to_owned), port });
        assert_eq!(at("127.0.0.1:9095"), expected(Some("127.0.0.1"), 9095));
        assert_eq!(at(":9095"), expected(None, 9095));
        assert_eq!(at("[::1]:0"), expected(Some("::1"), 0));
        for wrong in ["9095", "host:", "host:70000", "::1:9095"] {
            let sentence = at(wrong).unwrap_err();
            assert_eq!(
                sentence,
                format!(
                    "Invalid value {wrong} for configuration klamm.health.listener: it must be host:port, with a port \
                     from 0 to 65535"
                )
            );
        }
    }

    #[test]
    fn the_admin_service_is_not_served_without_certificates() {
        let sentence = read(&[(ADMIN_LISTENER, ":9094")]).unwrap_err();
        assert!(sentence.contains("klamm.admin.tls.directory"), "{sentence}");
        let listener = read(&[(ADMIN_LISTENER, ":9094"), (ADMIN_TLS_DIRECTORY, "/tls")]).unwrap().listener;
        assert_eq!(listener.unwrap().tls_directory, PathBuf::from("/tls"));
    }
}
