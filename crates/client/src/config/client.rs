//! The settings that all clients share (Kafka's `CommonClientConfigs`).

use std::time::Duration;

use klamm_config::{ConfigError, HostPort, Properties, Rule, parse_bootstrap_servers};

use super::Settings;

/// How a connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityProtocol {
    /// Neither encryption nor authentication.
    Plaintext,
}

/// Settings of connections and of calls. The fields have Kafka's names and defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientConfig {
    /// Brokers to ask first. Their names are resolved at each dial.
    pub bootstrap_servers: Vec<HostPort>,
    /// Controllers to ask first, by clients that speak to the quorum instead of to brokers.
    pub bootstrap_controllers: Vec<HostPort>,
    /// What brokers log and meter this client by.
    pub client_id: String,
    /// Longest wait for one answer.
    pub request_timeout_ms: u64,
    /// Longest time for one call with all its retries.
    pub default_api_timeout_ms: u64,
    /// First wait before a retry; it doubles up to `retry_backoff_max_ms`.
    pub retry_backoff_ms: u64,
    /// Longest wait before a retry.
    pub retry_backoff_max_ms: u64,
    /// First wait before dialling a broker again; it doubles up to `reconnect_backoff_max_ms`.
    pub reconnect_backoff_ms: u64,
    /// Longest wait before dialling a broker again.
    pub reconnect_backoff_max_ms: u64,
    /// Longest wait for a connection to be set up, the exchange of versions included.
    pub socket_connection_setup_timeout_ms: u64,
    /// A connection that is unused this long is closed.
    pub connections_max_idle_ms: u64,
    /// Metadata older than this is refreshed.
    pub metadata_max_age_ms: u64,
    /// `SO_SNDBUF`; -1 leaves it to the operating system.
    pub send_buffer_bytes: i32,
    /// `SO_RCVBUF`; -1 leaves it to the operating system.
    pub receive_buffer_bytes: i32,
    /// Where this client is, for reads from the nearest replica.
    pub client_rack: String,
    /// How connections are secured.
    pub security_protocol: SecurityProtocol,
}

impl Default for ClientConfig {
    fn default() -> ClientConfig {
        ClientConfig {
            bootstrap_servers: Vec::new(),
            bootstrap_controllers: Vec::new(),
            client_id: String::new(),
            request_timeout_ms: 30_000,
            default_api_timeout_ms: 60_000,
            retry_backoff_ms: 100,
            retry_backoff_max_ms: 1_000,
            reconnect_backoff_ms: 50,
            reconnect_backoff_max_ms: 1_000,
            socket_connection_setup_timeout_ms: 10_000,
            connections_max_idle_ms: 9 * 60_000,
            metadata_max_age_ms: 5 * 60_000,
            send_buffer_bytes: 128 * 1024,
            receive_buffer_bytes: 64 * 1024,
            client_rack: String::new(),
            security_protocol: SecurityProtocol::Plaintext,
        }
    }
}

impl ClientConfig {
    /// The defaults, with brokers given as `host:port,host:port`.
    pub fn new(bootstrap_servers: &str) -> Result<ClientConfig, ConfigError> {
        let mut config = ClientConfig::default();
        let servers: Vec<String> = bootstrap_servers.split(',').map(str::to_owned).collect();
        config.bootstrap_servers = parse_servers("bootstrap.servers", &servers)?;
        Ok(config)
    }

    /// The defaults, with controllers given as `host:port,host:port`.
    pub fn for_controllers(bootstrap_controllers: &str) -> Result<ClientConfig, ConfigError> {
        let mut config = ClientConfig::default();
        let servers: Vec<String> = bootstrap_controllers.split(',').map(str::to_owned).collect();
        config.bootstrap_controllers = parse_servers("bootstrap.controllers", &servers)?;
        Ok(config)
    }

    /// The defaults, changed by `properties`. Keys of other clients are left alone.
    pub fn from_properties(properties: &Properties) -> Result<ClientConfig, ConfigError> {
        let mut config = ClientConfig::default();
        config.apply(properties)?;
        Ok(config)
    }

    /// Lets `properties` replace what is set so far.
    pub fn apply(&mut self, properties: &Properties) -> Result<(), ConfigError> {
        let settings = Settings::new(properties);
        if let Some(servers) = settings.list("bootstrap.servers")? {
            self.bootstrap_servers = parse_servers("bootstrap.servers", &servers)?;
        }
        if let Some(servers) = settings.list("bootstrap.controllers")? {
            self.bootstrap_controllers = parse_servers("bootstrap.controllers", &servers)?;
        }
        if let Some(id) = settings.text("client.id", Rule::Any)? {
            self.client_id = id;
        }
        if let Some(rack) = settings.text("client.rack", Rule::Any)? {
            self.client_rack = rack;
        }
        settings.int("request.timeout.ms", 0, &mut self.request_timeout_ms)?;
        settings.int("default.api.timeout.ms", 0, &mut self.default_api_timeout_ms)?;
        settings.long("retry.backoff.ms", 0, &mut self.retry_backoff_ms)?;
        settings.long("retry.backoff.max.ms", 0, &mut self.retry_backoff_max_ms)?;
        settings.long("reconnect.backoff.ms", 0, &mut self.reconnect_backoff_ms)?;
        settings.long("reconnect.backoff.max.ms", 0, &mut self.reconnect_backoff_max_ms)?;
        settings.long(
            "socket.connection.setup.timeout.ms",
            0,
            &mut self.socket_connection_setup_timeout_ms,
        )?;
        let mut idle = self.connections_max_idle_ms.cast_signed();
        settings.long("connections.max.idle.ms", i64::MIN, &mut idle)?;
        self.connections_max_idle_ms = u64::try_from(idle).unwrap_or(u64::MAX);
        settings.long("metadata.max.age.ms", 0, &mut self.metadata_max_age_ms)?;
        settings.int("send.buffer.bytes", -1, &mut self.send_buffer_bytes)?;
        settings.int("receive.buffer.bytes", -1, &mut self.receive_buffer_bytes)?;
        self.apply_security(&settings)
    }

    fn apply_security(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        const PROTOCOLS: Rule = Rule::OneOfAnyCase(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]);
        let Some(protocol) = settings.text("security.protocol", PROTOCOLS)? else { return Ok(()) };
        if !protocol.eq_ignore_ascii_case("PLAINTEXT") {
            let rule = "this client speaks PLAINTEXT only";
            return Err(ConfigError::invalid("security.protocol", protocol, rule));
        }
        self.security_protocol = SecurityProtocol::Plaintext;
        Ok(())
    }

    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub(crate) fn default_api_timeout(&self) -> Duration {
        Duration::from_millis(self.default_api_timeout_ms)
    }
}

fn parse_servers(key: &str, servers: &[String]) -> Result<Vec<HostPort>, ConfigError> {
    let mut parsed = Vec::with_capacity(servers.len());
    for server in servers.iter().map(|server| server.trim()).filter(|server| !server.is_empty()) {
        let one = parse_bootstrap_servers(&[server.to_owned()]);
        parsed.extend(one.map_err(|_| ConfigError::rule(format!("Invalid url in {key}: {server}")))?);
    }
    if parsed.is_empty() {
        return Err(ConfigError::rule(format!("No resolvable bootstrap urls given in {key}")));
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn properties_replace_defaults_and_wrong_values_are_refused_in_kafkas_words() {
        let properties = Properties::from_iter([
            ("bootstrap.servers", "a:1, b:2"),
            ("request.timeout.ms", "5"),
            ("linger.ms", "7"),
            ("connections.max.idle.ms", "-1"),
        ]);
        let config = ClientConfig::from_properties(&properties).unwrap();
        assert_eq!(config.bootstrap_servers[1], HostPort { host: "b".to_owned(), port: 2 });
        assert_eq!((config.request_timeout_ms, config.default_api_timeout_ms), (5, 60_000));
        assert_eq!(config.connections_max_idle_ms, u64::MAX);
        let wrong = Properties::from_iter([("request.timeout.ms", "-1")]);
        assert_eq!(
            ClientConfig::from_properties(&wrong).unwrap_err().to_string(),
            "Invalid value -1 for configuration request.timeout.ms: Value must be at least 0"
        );
    }

    #[test]
    fn a_url_without_port_is_refused() {
        assert_eq!(
            ClientConfig::new("host").unwrap_err().to_string(),
            "Invalid url in bootstrap.servers: host"
        );
        assert!(ClientConfig::new(" , ").is_err());
    }
}
