//! The consumer's settings (Kafka's `ConsumerConfig`).

use std::sync::Arc;
use std::time::Duration;

use klamm_config::{ConfigError, OffsetReset, Properties, Rule};

use super::assignor::{Assignor, CooperativeSticky, Range, RebalanceProtocol, RoundRobin, Sticky};
use crate::config::{ClientConfig, Settings};

/// Where to begin in a partition without a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoOffsetReset {
    /// There, by itself.
    To(OffsetReset),
    /// Nowhere: the caller hears of it.
    None,
}

/// Which records of transactions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsolationLevel {
    /// All.
    ReadUncommitted,
    /// Those of committed transactions, and no further than the first one that is open.
    ReadCommitted,
}

impl IsolationLevel {
    /// As requests carry it.
    pub const fn code(self) -> i8 {
        match self {
            IsolationLevel::ReadUncommitted => 0,
            IsolationLevel::ReadCommitted => 1,
        }
    }
}

/// Whether offsets are committed without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoCommit {
    /// Every so often, before a rebalance, and at the end.
    Every {
        /// `auto.commit.interval.ms`
        interval_ms: u64,
    },
    /// Only when the caller says so.
    Never,
}

/// Whether the checksums of batches are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckCrcs {
    /// They are.
    Always,
    /// They are not.
    Never,
}

/// Whether a pattern also matches Kafka's own topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InternalTopics {
    /// It does not.
    Excluded,
    /// It does.
    Included,
}

/// Settings of a consumer. The fields have Kafka's names and defaults.
#[derive(Clone)]
pub struct ConsumerConfig {
    /// Connections and calls.
    pub client: ClientConfig,
    /// The group; without one partitions are assigned by hand and nothing is committed.
    pub group_id: Option<String>,
    /// Makes this consumer a static member.
    pub group_instance_id: Option<String>,
    /// A member that is not heard of for so long is out.
    pub session_timeout_ms: u64,
    /// Time between two heartbeats.
    pub heartbeat_interval_ms: u64,
    /// A member that does not poll for so long leaves.
    pub max_poll_interval_ms: u64,
    /// Most records of one poll.
    pub max_poll_records: usize,
    /// Whether offsets are committed without being asked.
    pub auto_commit: AutoCommit,
    /// Where to begin without a position.
    pub auto_offset_reset: AutoOffsetReset,
    /// Bytes the broker waits for, up to `fetch_max_wait_ms`.
    pub fetch_min_bytes: i32,
    /// Most bytes of one answer; a first batch that is larger is sent whole.
    pub fetch_max_bytes: i32,
    /// Longest wait of the broker for `fetch_min_bytes`.
    pub fetch_max_wait_ms: i32,
    /// Most bytes of one partition in an answer, with the same exception.
    pub max_partition_fetch_bytes: i32,
    /// Whether checksums are looked at.
    pub check_crcs: CheckCrcs,
    /// Which records of transactions are read.
    pub isolation_level: IsolationLevel,
    /// Whether patterns match Kafka's own topics.
    pub internal_topics: InternalTopics,
    /// Whether topics that are subscribed to are created, where the brokers allow that.
    pub allow_auto_create_topics: crate::cluster::AutoCreate,
    /// Ways of sharing out partitions, the preferred one first.
    pub assignors: Vec<Arc<dyn Assignor>>,
}

impl std::fmt::Debug for ConsumerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsumerConfig")
            .field("client", &self.client)
            .field("group_id", &self.group_id)
            .field("group_instance_id", &self.group_instance_id)
            .finish_non_exhaustive()
    }
}

impl Default for ConsumerConfig {
    fn default() -> ConsumerConfig {
        ConsumerConfig {
            client: ClientConfig::default(),
            group_id: None,
            group_instance_id: None,
            session_timeout_ms: 45_000,
            heartbeat_interval_ms: 3_000,
            max_poll_interval_ms: 300_000,
            max_poll_records: 500,
            auto_commit: AutoCommit::Every { interval_ms: 5_000 },
            auto_offset_reset: AutoOffsetReset::To(OffsetReset::Latest),
            fetch_min_bytes: 1,
            fetch_max_bytes: 50 * 1024 * 1024,
            fetch_max_wait_ms: 500,
            max_partition_fetch_bytes: 1024 * 1024,
            check_crcs: CheckCrcs::Always,
            isolation_level: IsolationLevel::ReadUncommitted,
            internal_topics: InternalTopics::Excluded,
            allow_auto_create_topics: crate::cluster::AutoCreate::Allowed,
            assignors: vec![Arc::new(Range), Arc::new(CooperativeSticky)],
        }
    }
}

impl ConsumerConfig {
    /// The defaults, with brokers given as `host:port,host:port`.
    pub fn new(bootstrap_servers: &str) -> Result<ConsumerConfig, ConfigError> {
        let mut config = ConsumerConfig::default();
        config.client.bootstrap_servers = ClientConfig::new(bootstrap_servers)?.bootstrap_servers;
        Ok(config)
    }

    /// The defaults, changed by `properties`.
    pub fn from_properties(properties: &Properties) -> Result<ConsumerConfig, ConfigError> {
        let mut config = ConsumerConfig::default();
        config.apply(properties)?;
        Ok(config)
    }

    /// Lets `properties` replace what is set so far.
    pub fn apply(&mut self, properties: &Properties) -> Result<(), ConfigError> {
        self.client.apply(properties)?;
        let settings = Settings::new(properties);
        self.apply_group(&settings)?;
        self.apply_commit(&settings)?;
        self.apply_fetch(&settings)?;
        self.apply_reset(&settings)
    }

    fn apply_group(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        const PROTOCOLS: Rule = Rule::OneOfAnyCase(&["CLASSIC", "CONSUMER"]);
        let protocol = settings.text("group.protocol", PROTOCOLS)?;
        if protocol.is_some_and(|protocol| protocol.eq_ignore_ascii_case("consumer")) {
            let rule = "this client joins groups by the classic protocol only";
            return Err(ConfigError::invalid("group.protocol", "consumer", rule));
        }
        if let Some(group) = settings.text("group.id", Rule::Any)? {
            self.group_id = Some(group).filter(|group| !group.is_empty());
        }
        if let Some(instance) = settings.text("group.instance.id", Rule::NonEmpty)? {
            self.group_instance_id = Some(instance);
        }
        settings.int("session.timeout.ms", 0, &mut self.session_timeout_ms)?;
        settings.int("heartbeat.interval.ms", 0, &mut self.heartbeat_interval_ms)?;
        settings.int("max.poll.interval.ms", 1, &mut self.max_poll_interval_ms)?;
        settings.int("max.poll.records", 1, &mut self.max_poll_records)?;
        if self.heartbeat_interval_ms >= self.session_timeout_ms {
            return Err(ConfigError::rule("Heartbeat must be set lower than the session timeout"));
        }
        if let Some(names) = settings.list("partition.assignment.strategy")? {
            self.assignors = names.iter().map(|name| assignor(name)).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// Without a group nothing is committed; asking for both is a mistake.
    fn apply_commit(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        let (mut enabled, mut interval_ms) = match self.auto_commit {
            AutoCommit::Every { interval_ms } => (true, interval_ms),
            AutoCommit::Never => (false, 5_000),
        };
        settings.boolean("enable.auto.commit", &mut enabled)?;
        settings.int("auto.commit.interval.ms", 0, &mut interval_ms)?;
        if self.group_id.is_none() && enabled && settings.raw("enable.auto.commit").is_some() {
            return Err(ConfigError::rule(
                "enable.auto.commit cannot be set to true when default group id (null) is used.",
            ));
        }
        self.auto_commit = if enabled { AutoCommit::Every { interval_ms } } else { AutoCommit::Never };
        Ok(())
    }

    fn apply_fetch(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        settings.int("fetch.min.bytes", 0, &mut self.fetch_min_bytes)?;
        settings.int("fetch.max.bytes", 0, &mut self.fetch_max_bytes)?;
        settings.int("fetch.max.wait.ms", 0, &mut self.fetch_max_wait_ms)?;
        settings.int("max.partition.fetch.bytes", 0, &mut self.max_partition_fetch_bytes)?;
        let mut check = self.check_crcs == CheckCrcs::Always;
        settings.boolean("check.crcs", &mut check)?;
        self.check_crcs = if check { CheckCrcs::Always } else { CheckCrcs::Never };
        let mut exclude = self.internal_topics == InternalTopics::Excluded;
        settings.boolean("exclude.internal.topics", &mut exclude)?;
        self.internal_topics = if exclude { InternalTopics::Excluded } else { InternalTopics::Included };
        let mut create = self.allow_auto_create_topics == crate::cluster::AutoCreate::Allowed;
        settings.boolean("allow.auto.create.topics", &mut create)?;
        self.allow_auto_create_topics = match create {
            true => crate::cluster::AutoCreate::Allowed,
            false => crate::cluster::AutoCreate::Never,
        };
        const LEVELS: Rule = Rule::OneOf(&["read_committed", "read_uncommitted"]);
        if let Some(level) = settings.text("isolation.level", LEVELS)? {
            self.isolation_level = match level.as_str() {
                "read_committed" => IsolationLevel::ReadCommitted,
                _ => IsolationLevel::ReadUncommitted,
            };
        }
        Ok(())
    }

    fn apply_reset(&mut self, settings: &Settings<'_>) -> Result<(), ConfigError> {
        const KEY: &str = "auto.offset.reset";
        let Some(text) = settings.text(KEY, Rule::Any)? else { return Ok(()) };
        self.auto_offset_reset = match text.to_ascii_lowercase().as_str() {
            "none" => AutoOffsetReset::None,
            "earliest" => AutoOffsetReset::To(OffsetReset::Earliest),
            "latest" => AutoOffsetReset::To(OffsetReset::Latest),
            lower => {
                let duration = lower.strip_prefix("by_duration:").and_then(parse_duration);
                let duration = duration.ok_or_else(|| {
                    let rule = format!(
                        "Invalid value {text} for configuration {KEY}. The value must be either \
                         'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'."
                    );
                    ConfigError::invalid(KEY, &text, rule)
                })?;
                AutoOffsetReset::To(OffsetReset::ByDuration(duration))
            }
        };
        Ok(())
    }

    /// All but the assignors, as text that tests compare.
    #[cfg(test)]
    pub(crate) fn scalars(&self) -> String {
        let ConsumerConfig {
            client,
            group_id,
            group_instance_id,
            session_timeout_ms,
            heartbeat_interval_ms,
            max_poll_interval_ms,
            max_poll_records,
            auto_commit,
            auto_offset_reset,
            fetch_min_bytes,
            fetch_max_bytes,
            fetch_max_wait_ms,
            max_partition_fetch_bytes,
            check_crcs,
            isolation_level,
            internal_topics,
            allow_auto_create_topics,
            assignors: _,
        } = self;
        let group = (group_id, group_instance_id, session_timeout_ms, heartbeat_interval_ms);
        let poll = (max_poll_interval_ms, max_poll_records, auto_commit, auto_offset_reset);
        let fetch = (fetch_min_bytes, fetch_max_bytes, fetch_max_wait_ms, max_partition_fetch_bytes);
        let rest = (check_crcs, isolation_level, internal_topics, allow_auto_create_topics);
        format!("{client:?} {group:?} {poll:?} {fetch:?} {rest:?}")
    }

    pub(super) fn rebalance_timeout(&self) -> Duration {
        Duration::from_millis(self.max_poll_interval_ms)
    }

    /// What all assignors can do: members keep partitions during a rebalance only if each one allows it.
    pub(super) fn rebalance_protocol(&self) -> RebalanceProtocol {
        let all = self.assignors.iter().all(|assignor| assignor.protocol() == RebalanceProtocol::Cooperative);
        if all { RebalanceProtocol::Cooperative } else { RebalanceProtocol::Eager }
    }

    /// The group, or the sentence for those who need one.
    pub(super) fn group(&self) -> Result<&str, crate::ClientError> {
        self.group_id.as_deref().ok_or_else(|| {
            crate::ClientError::IllegalState(
                "To use the group management or offset commit APIs, you must provide a valid group.id in the \
                 consumer configuration."
                    .to_owned(),
            )
        })
    }
}

/// The assignor that a Java class, or the name in the group's protocol, means.
fn assignor(name: &str) -> Result<Arc<dyn Assignor>, ConfigError> {
    match name.trim().rsplit('.').next().unwrap_or_default() {
        "RangeAssignor" | "range" => Ok(Arc::new(Range)),
        "RoundRobinAssignor" | "roundrobin" => Ok(Arc::new(RoundRobin)),
        "StickyAssignor" | "sticky" => Ok(Arc::new(Sticky)),
        "CooperativeStickyAssignor" | "cooperative-sticky" => Ok(Arc::new(CooperativeSticky)),
        _ => {
            let rule = "only Kafka's four assignors are known by name";
            Err(ConfigError::invalid("partition.assignment.strategy", name, rule))
        }
    }
}

/// An ISO 8601 duration of days, hours, minutes and seconds (lower case), not negative.
fn parse_duration(text: &str) -> Option<Duration> {
    let (days, time) = match text.strip_prefix('p')?.split_once('t') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (text.strip_prefix('p')?, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let mut total = Duration::ZERO;
    if !days.is_empty() {
        let days: u64 = days.strip_suffix('d')?.parse().ok()?;
        total += Duration::from_secs(days.checked_mul(86_400)?);
    }
    let mut rest = time;
    for (unit, seconds) in [('h', 3_600), ('m', 60)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let number: u64 = number.parse().ok()?;
            total = total.checked_add(Duration::from_secs(number.checked_mul(seconds)?))?;
            rest = after;
        }
    }
    if !rest.is_empty() {
        let (whole, fraction) =
            rest.strip_suffix('s')?.split_once('.').unwrap_or((rest.strip_suffix('s')?, ""));
        let nanos: u32 = format!("{fraction:0<9}").parse().ok().filter(|_| fraction.len() <= 9)?;
        total = total.checked_add(Duration::new(whole.parse().ok()?, nanos))?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(settings: &[(&str, &str)]) -> Result<ConsumerConfig, ConfigError> {
        ConsumerConfig::from_properties(&Properties::from_iter(settings.iter().copied()))
    }

    #[test]
    fn resets_are_read_in_any_case_and_durations_are_iso_8601() {
        let reset = |text| parse(&[("auto.offset.reset", text)]).map(|config| config.auto_offset_reset);
        assert_eq!(reset("Earliest").unwrap(), AutoOffsetReset::To(OffsetReset::Earliest));
        assert_eq!(reset("none").unwrap(), AutoOffsetReset::None);
        let by = |millis| AutoOffsetReset::To(OffsetReset::ByDuration(Duration::from_millis(millis)));
        assert_eq!(reset("by_duration:P1DT2H3M4.5S").unwrap(), by(93_784_500));
        assert_eq!(reset("by_duration:PT0S").unwrap(), by(0));
        for wrong in ["by_duration:", "by_duration:P", "by_duration:PT", "by_duration:-PT1S", "anywhere"] {
            assert!(reset(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn commits_need_a_group_and_the_new_protocol_is_refused() {
        assert!(parse(&[("enable.auto.commit", "true")]).is_err());
        let config = parse(&[("enable.auto.commit", "false"), ("group.id", "g")]).unwrap();
        assert_eq!(config.auto_commit, AutoCommit::Never);
        let error = parse(&[("group.protocol", "consumer")]).unwrap_err().to_string();
        assert!(error.contains("classic protocol only"), "{error}");
        assert!(parse(&[("session.timeout.ms", "3000")]).is_err());
    }

    #[test]
    fn assignors_are_known_by_class_and_by_name() {
        let names = "org.apache.kafka.clients.consumer.StickyAssignor,cooperative-sticky";
        let config = parse(&[("partition.assignment.strategy", names)]).unwrap();
        let names: Vec<_> = config.assignors.iter().map(|assignor| assignor.name()).collect();
        assert_eq!(names, ["sticky", "cooperative-sticky"]);
        assert!(parse(&[("partition.assignment.strategy", "com.example.Mine")]).is_err());
    }
}
