//! What the node logs, changed while it runs (KIP-412): Kafka's names of loggers, each standing for the parts of
//! this node that do the same work. Levels set here last until the process ends, as in Kafka.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use parking_lot::Mutex;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{Directive, EnvFilter, Targets};
use tracing_subscriber::reload;

/// The logger whose level holds wherever no other is set.
pub const ROOT: &str = "root";

/// Kafka's loggers by name, and the modules whose events they stand for.
const LOGGERS: [(&str, &[&str]); 14] = [
    (ROOT, &[]),
    ("kafka.coordinator.group", &["klamm_coordinator", "klamm::pumps::groups", "klamm::handlers::groups"]),
    ("kafka.log", &["klamm_storage"]),
    ("kafka.log.LogCleaner", &["klamm_storage::compaction", "klamm::pumps::cleaner"]),
    ("kafka.network", &["klamm::net"]),
    ("kafka.network.RequestChannel", &["klamm::handlers"]),
    ("kafka.server", &["klamm"]),
    ("kafka.server.KafkaConfig", &["klamm_config", "klamm::settings"]),
    ("kafka.server.ReplicaManager", &["klamm_node::partition", "klamm::pumps::publisher"]),
    ("kafka.server.BrokerLifecycleManager", &["klamm::pumps::registration"]),
    ("org.apache.kafka.clients", &["klamm_client"]),
    ("org.apache.kafka.controller", &["klamm_metadata", "klamm_node::controller"]),
    ("org.apache.kafka.image", &["klamm_node::metadata"]),
    ("org.apache.kafka.raft", &["klamm_raft", "klamm_node::raft", "klamm::quorum", "klamm::pumps::peers"]),
];

/// Kafka's levels. `FATAL` lets nothing through here: nothing is logged above `ERROR`.
pub const LEVELS: [(&str, LevelFilter); 6] = [
    ("DEBUG", LevelFilter::DEBUG),
    ("ERROR", LevelFilter::ERROR),
    ("FATAL", LevelFilter::OFF),
    ("INFO", LevelFilter::INFO),
    ("TRACE", LevelFilter::TRACE),
    ("WARN", LevelFilter::WARN),
];

/// Gives the running filter a new content.
type Apply = Box<dyn Fn(EnvFilter) + Send + Sync>;

/// The levels set at run time over those of the start.
pub struct Loggers {
    /// Directives of the start, as in `KLAMM_LOG`.
    base: String,
    set: Mutex<BTreeMap<&'static str, LevelFilter>>,
    apply: Apply,
}

static INSTALLED: OnceLock<Loggers> = OnceLock::new();

/// The loggers of this process; none before its log is set up, and in tests that write no log.
pub fn installed() -> Option<&'static Loggers> {
    INSTALLED.get()
}

/// The filter of the start. Its levels can change once `register` has the other half.
pub fn filter(base: &str) -> EnvFilter {
    EnvFilter::try_new(base).unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Lets requests change what the subscriber behind `handle` lets through.
pub fn register<S: 'static>(base: String, handle: reload::Handle<EnvFilter, S>) {
    let apply = Box::new(move |filter| {
        if let Err(error) = handle.reload(filter) {
            tracing::warn!(%error, "the levels of loggers stay as they are");
        }
    });
    let _ = INSTALLED.set(Loggers { base, set: Mutex::new(BTreeMap::new()), apply });
}

impl Loggers {
    /// Every logger and the name of the level that holds for it.
    pub fn levels(&self) -> Vec<(&'static str, &'static str)> {
        let set = self.set.lock();
        LOGGERS.iter().map(|(name, targets)| (*name, level_name(self.level(&set, name, targets)))).collect()
    }

    /// Changes levels all at once; none goes back to what holds without it. Names that are no loggers are passed over.
    pub fn change(&self, changes: &[(String, Option<LevelFilter>)]) {
        let mut set = self.set.lock();
        for (name, level) in changes {
            let Some((known, _)) = LOGGERS.iter().find(|(known, _)| known == name) else { continue };
            match level {
                Some(level) => set.insert(known, *level),
                None => set.remove(known),
            };
        }
        (self.apply)(self.directives(&set));
    }

    fn level(&self, set: &BTreeMap<&str, LevelFilter>, name: &str, targets: &[&str]) -> LevelFilter {
        if let Some(level) = set.get(name) {
            return *level;
        }
        let parent = LOGGERS.iter().rev().find(|(above, _)| {
            name.strip_prefix(above).is_some_and(|rest| rest.starts_with('.')) && set.contains_key(above)
        });
        let above = parent.map(|(above, _)| *above).or_else(|| set.contains_key(ROOT).then_some(ROOT));
        above.and_then(|above| set.get(above).copied()).unwrap_or_else(|| of_base(&self.base, targets))
    }

    fn directives(&self, set: &BTreeMap<&'static str, LevelFilter>) -> EnvFilter {
        let mut filter = filter(&self.base);
        if let Some(level) = set.get(ROOT) {
            filter = filter.add_directive((*level).into());
        }
        // The names are sorted: a logger comes after the one it is part of, and the longer target wins.
        for (name, targets) in LOGGERS {
            let Some(level) = set.get(name) else { continue };
            for target in targets {
                let directive = format!("{target}={level}").parse::<Directive>();
                filter = filter.add_directive(directive.expect("targets of the table are module paths"));
            }
        }
        filter
    }
}

/// The level at which the directives of the start let events of these targets through.
fn of_base(base: &str, targets: &[&str]) -> LevelFilter {
    let Ok(parsed) = base.parse::<Targets>() else { return LevelFilter::INFO };
    let Some(target) = targets.first() else { return parsed.default_level().unwrap_or(LevelFilter::OFF) };
    let levels = [
        tracing::Level::TRACE,
        tracing::Level::DEBUG,
        tracing::Level::INFO,
        tracing::Level::WARN,
        tracing::Level::ERROR,
    ];
    let open = levels.into_iter().find(|level| parsed.would_enable(target, level));
    open.map_or(LevelFilter::OFF, LevelFilter::from_level)
}

fn level_name(level: LevelFilter) -> &'static str {
    LEVELS.iter().find(|(_, known)| *known == level).map_or("FATAL", |(name, _)| name)
}

/// Whether Kafka's logger of this name is known here.
pub fn exists(name: &str) -> bool {
    LOGGERS.iter().any(|(known, _)| *known == name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn loggers(base: &str) -> (Loggers, Arc<Mutex<String>>) {
        let seen = Arc::new(Mutex::new(String::new()));
        let sink = Arc::clone(&seen);
        let apply = Box::new(move |filter: EnvFilter| *sink.lock() = filter.to_string());
        (Loggers { base: base.to_owned(), set: Mutex::default(), apply }, seen)
    }

    fn level(loggers: &Loggers, name: &str) -> &'static str {
        loggers.levels().into_iter().find(|(known, _)| *known == name).map_or("none", |(_, level)| level)
    }

    #[test]
    fn levels_of_the_start_hold_until_one_is_set_and_again_once_it_is_deleted() {
        let (loggers, seen) = loggers("warn,klamm_raft=debug");
        assert_eq!((level(&loggers, ROOT), level(&loggers, "org.apache.kafka.raft")), ("WARN", "DEBUG"));
        loggers.change(&[("kafka.network".to_owned(), Some(LevelFilter::TRACE))]);
        assert!(seen.lock().contains("klamm::net=trace"), "{}", seen.lock());
        assert_eq!(level(&loggers, "kafka.network"), "TRACE");
        loggers.change(&[("kafka.network".to_owned(), None)]);
        assert_eq!(level(&loggers, "kafka.network"), "WARN");
        assert!(!seen.lock().contains("klamm::net"));
    }

    #[test]
    fn a_logger_without_a_level_has_that_of_the_nearest_one_above() {
        let (loggers, _) = loggers("info");
        loggers.change(&[(ROOT.to_owned(), Some(LevelFilter::ERROR))]);
        assert_eq!(level(&loggers, "kafka.server.ReplicaManager"), "ERROR");
        loggers.change(&[("kafka.server".to_owned(), Some(LevelFilter::DEBUG))]);
        assert_eq!(level(&loggers, "kafka.server.ReplicaManager"), "DEBUG");
        assert_eq!(level(&loggers, "kafka.log"), "ERROR");
    }

    #[test]
    fn the_table_is_sorted_below_its_root_and_its_targets_are_directives() {
        assert_eq!(LOGGERS[0].0, ROOT);
        for (_, targets) in LOGGERS {
            for target in targets {
                assert!(format!("{target}=info").parse::<Directive>().is_ok(), "{target}");
            }
        }
        assert!(exists("kafka.server") && !exists("kafka.nothing"));
    }
}
