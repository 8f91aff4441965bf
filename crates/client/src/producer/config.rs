//! The producer's settings (Kafka's `ProducerConfig`).

use std::time::Duration;

use klamm_config::{ConfigError, Properties, Rule};
use klamm_protocol::records::{Codec, Compression};

use crate::config::{ClientConfig, Settings};

/// Most requests in flight that the idempotence of brokers covers.
const MAX_IN_FLIGHT_IDEMPOTENT: usize = 5;

/// Who must have a record before it counts as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// Nobody: the record is on its way.
    None,
    /// The leader.
    Leader,
    /// All replicas in sync.
    All,
}

impl Acks {
    /// As the request carries it.
    pub const fn code(self) -> i16 {
        match self {
            Acks::None => 0,
            Acks::Leader => 1,
            Acks::All => -1,
        }
    }
}

/// How records without an explicit partition are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitioning {
    /// By the key's hash; records without key stay with one partition for a batch, then move on.
    KeyHashOrSticky,
    /// One partition after the other.
    RoundRobin,
}

/// Whether keys decide on partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// They do.
    Decide,
    /// They do not (`partitioner.ignore.keys`).
    Ignored,
}

/// Whether the broker drops what it was sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotence {
    /// It does, and keeps the order of retries.
    Enabled,
    /// It does not.
    Disabled,
}

/// Settings of a producer. The fields have Kafka's names and defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct ProducerConfig {
    /// Connections and calls.
    pub client: ClientConfig,
    /// Who must have a record.
    pub acks: Acks,
    /// Bytes that make a batch full; 0 sends each record by itself.
    pub batch_size: usize,
    /// How long a batch waits for more records.
    pub linger_ms: u64,
    /// Bytes of records that may wait.
    pub buffer_memory: usize,
    /// Longest wait of `send` for metadata and for memory.
    pub max_block_ms: u64,
    /// Largest request, and largest record before compression.
    pub max_request_size: usize,
    /// Codec and level of batches.
    pub compression: Compression,
    /// Tries of a batch beyond the first.
    pub retries: u32,
    /// Longest time from `send` to the outcome.
    pub delivery_timeout_ms: u64,
    /// Requests without answer per broker.
    pub max_in_flight_requests_per_connection: usize,
    /// Whether the broker drops what it was sent twice.
    pub enable_idempotence: Idempotence,
    /// How records without explicit partition are spread.
    pub partitioner: Partitioning,
    /// Whether keys decide on partitions.
    pub partitioner_keys: Keys,
    /// A topic unused this long is not refreshed any more.
    pub metadata_max_idle_ms: u64,
}

impl Default for ProducerConfig {
    fn default() -> ProducerConfig {
        ProducerConfig {
            client: ClientConfig { receive_buffer_bytes: 32 * 1024, ..ClientConfig::default() },
            acks: Acks::All,
            batch_size: 16_384,
            linger_ms: 5,
            buffer_memory: 32 * 1024 * 1024,
            max_block_ms: 60_000,
            max_request_size: 1_048_576,
            compression: Compression::NONE,
            retries: i32::MAX as u32,
            delivery_timeout_ms: 120_000,
            max_in_flight_requests_per_connection: 5,
            enable_idempotence: Idempotence::Enabled,
            partitioner: Partitioning::KeyHashOrSticky,
            partitioner_keys: Keys::Decide,
            metadata_max_idle_ms: 5 * 60_000,
        }
    }
}

impl ProducerConfig {
    /// The defaults, with brokers given as `host:port,host:port`.
    pub fn new(bootstrap_servers: &str) -> Result<ProducerConfig, ConfigError> {
        let mut config = ProducerConfig::default();
        config.client.bootstrap_servers = ClientConfig::new(bootstrap_servers)?.bootstrap_servers;
        Ok(config)
    }

    /// The defaults, changed by `properties`.
    pub fn from_properties(properties: &Properties) -> Result<ProducerConfig, ConfigError> {
        let mut config = ProducerConfig::default();
        config.apply(properties)?;
        Ok(config)
    }

    /// Lets `properties` replace what is set so far.
    pub fn apply(&mut self, properties: &Properties) -> Result<(), ConfigError> {
        self.client.apply(properties)?;
        let settings = Settings::new(properties);
        if settings.raw("transactional.id").is_some_and(|id| !id.is_empty()) {
            let rule = "this producer does not speak in transactions";
            return Err(ConfigError::invalid("transactional.id", "set", rule));
        }
        if let Some(acks) = settings.text("acks", Rule::OneOf(&["all", "-1", "0", "1"]))? {
            self.acks = match acks.as_str() {
                "0" => Acks::None,
                "1" => Acks::Leader,
                _ => Acks::All,
            };
        }
        settings.int("batch.size", 0, &mut self.batch_size)?;
        settings.long("linger.ms", 0, &mut self.linger_ms)?;
        settings.long("buffer.memory", 0, &mut self.buffer_memory)?;
        settings.long("max.block.ms", 0, &mut self.max_block_ms)?;
        settings.int("max.request.size", 0, &mut self.max_request_size)?;
        settings.int("retries", 0, &mut self.retries)?;
        settings.int("delivery.timeout.ms", 0, &mut self.delivery_timeout_ms)?;
        settings.int(
            "max.in.flight.requests.per.connection",
            1,
            &mut self.max_in_flight_requests_per_connection,
        )?;
        settings.long("metadata.max.idle.ms", 5_000, &mut self.metadata_max_idle_ms)?;
        self.apply_compression(&settings)?;
        self.apply_partitioner(&settings)?;
        self.apply_idempotence(&settings)?;
        self.apply_delivery_timeout(&settings)
    }

    fn apply_compression(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        const CODECS: Rule = Rule::OneOf(&["none", "gzip", "snappy", "lz4", "zstd"]);
        const LEVELS: [(Codec, &str); 3] = [
            (Codec::Gzip, "compression.gzip.level"),
            (Codec::Lz4, "compression.lz4.level"),
            (Codec::Zstd, "compression.zstd.level"),
        ];
        if let Some(name) = settings.text("compression.type", CODECS)? {
            let codec: Codec =
                name.parse().map_err(|error| ConfigError::invalid("compression.type", &name, error))?;
            self.compression = Compression::new(codec);
        }
        // Levels of other codecs are checked, too, and change nothing.
        for (codec, key) in LEVELS {
            let mut level = Compression::new(codec).level();
            settings.int(key, i64::from(i32::MIN), &mut level)?;
            let leveled = Compression::with_level(codec, level)
                .map_err(|error| ConfigError::invalid(key, level, error))?;
            if codec == self.compression.codec() && settings.raw(key).is_some() {
                self.compression = leveled;
            }
        }
        Ok(())
    }

    fn apply_partitioner(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        let mut ignore_keys = self.partitioner_keys == Keys::Ignored;
        settings.boolean("partitioner.ignore.keys", &mut ignore_keys)?;
        self.partitioner_keys = if ignore_keys { Keys::Ignored } else { Keys::Decide };
        let Some(class) = settings.text("partitioner.class", Rule::Any)? else { return Ok(()) };
        self.partitioner = match class.rsplit('.').next() {
            Some("RoundRobinPartitioner") => Partitioning::RoundRobin,
            Some("") | None => Partitioning::KeyHashOrSticky,
            Some(_) => {
                let rule = "only RoundRobinPartitioner and the default are known by name";
                return Err(ConfigError::invalid("partitioner.class", class, rule));
            }
        };
        Ok(())
    }

    /// Idempotence is on unless other settings, which were chosen, exclude it.
    fn apply_idempotence(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        let mut enabled = self.enable_idempotence == Idempotence::Enabled;
        settings.boolean("enable.idempotence", &mut enabled)?;
        let conflict = if self.acks != Acks::All {
            Some(
                "Must set acks to all in order to use the idempotent producer. Otherwise we cannot \
                 guarantee idempotence.",
            )
        } else if self.retries == 0 {
            Some("Must set retries to non-zero when using the idempotent producer.")
        } else if self.max_in_flight_requests_per_connection > MAX_IN_FLIGHT_IDEMPOTENT {
            Some(
                "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.",
            )
        } else {
            None
        };
        if let Some(sentence) = conflict.filter(|_| enabled) {
            if settings.raw("enable.idempotence").is_some() {
                return Err(ConfigError::rule(sentence));
            }
            enabled = false;
        }
        self.enable_idempotence = if enabled { Idempotence::Enabled } else { Idempotence::Disabled };
        Ok(())
    }

    fn apply_delivery_timeout(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        let least = self.linger_ms.saturating_add(self.client.request_timeout_ms);
        if self.delivery_timeout_ms >= least {
            return Ok(());
        }
        if settings.raw("delivery.timeout.ms").is_some() {
            return Err(ConfigError::rule(
                "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
            ));
        }
        self.delivery_timeout_ms = least;
        Ok(())
    }

    pub(super) fn linger(&self) -> Duration {
        Duration::from_millis(self.linger_ms)
    }

    pub(super) fn delivery_timeout(&self) -> Duration {
        Duration::from_millis(self.delivery_timeout_ms)
    }

    pub(super) fn max_block(&self) -> Duration {
        Duration::from_millis(self.max_block_ms)
    }

    pub(super) fn is_idempotent(&self) -> bool {
        self.enable_idempotence == Idempotence::Enabled
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(settings: &[(&str, &str)]) -> Result<ProducerConfig, ConfigError> {
        ProducerConfig::from_properties(&Properties::from_iter(settings.iter().copied()))
    }

    #[test]
    fn idempotence_gives_way_to_chosen_settings_and_conflicts_where_it_was_chosen_too() {
        assert_eq!(parse(&[]).unwrap().enable_idempotence, Idempotence::Enabled);
        assert_eq!(parse(&[("acks", "1")]).unwrap().enable_idempotence, Idempotence::Disabled);
        assert!(parse(&[("acks", "1"), ("enable.idempotence", "true")]).is_err());
        let six = parse(&[("max.in.flight.requests.per.connection", "6")]).unwrap();
        assert_eq!(six.enable_idempotence, Idempotence::Disabled);
    }

    #[test]
    fn compression_levels_belong_to_their_codec() {
        let zstd = parse(&[("compression.type", "zstd"), ("compression.zstd.level", "7")]).unwrap();
        assert_eq!((zstd.compression.codec(), zstd.compression.level()), (Codec::Zstd, 7));
        let gzip = parse(&[("compression.type", "gzip"), ("compression.zstd.level", "7")]).unwrap();
        assert_eq!(gzip.compression, Compression::new(Codec::Gzip));
        assert!(parse(&[("compression.type", "gzip"), ("compression.gzip.level", "10")]).is_err());
    }

    #[test]
    fn the_delivery_timeout_covers_linger_and_one_request() {
        assert_eq!(parse(&[("linger.ms", "200000")]).unwrap().delivery_timeout_ms, 230_000);
        assert!(parse(&[("delivery.timeout.ms", "1000")]).is_err());
    }
}
