//! Names of Java classes in settings. This node loads none: it knows what it has itself under the
//! name of Kafka's own class, and refuses others where leaving them out would change who may do what.

use crate::error::ConfigError;
use crate::key::Kind;
use crate::static_config::StaticConfig;
use crate::table;

/// Kafka's authorizer, whose rules this node applies too.
pub const STANDARD_AUTHORIZER: &str = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
/// Kafka's choice of the nearest replica by rack, which this node knows too.
pub const RACK_AWARE_SELECTOR: &str = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

/// Where Kafka's own classes live.
const KAFKA_PACKAGES: &str = "org.apache.kafka.";

/// The built-in assignors of one kind of group: short name and Kafka's class.
struct Assignors {
    key: &'static str,
    known: &'static [(&'static str, &'static str)],
}

const CONSUMER: Assignors = Assignors {
    key: "group.consumer.assignors",
    known: &[
        ("uniform", "org.apache.kafka.coordinator.group.assignor.UniformAssignor"),
        ("range", "org.apache.kafka.coordinator.group.assignor.RangeAssignor"),
    ],
};
const SHARE: Assignors = Assignors {
    key: "group.share.assignors",
    known: &[("simple", "org.apache.kafka.coordinator.group.assignor.SimpleAssignor")],
};
const STREAMS: Assignors = Assignors {
    key: "group.streams.assignors",
    known: &[("sticky", "org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor")],
};

/// Refuses classes that this node does not have.
pub(super) fn check(config: &StaticConfig) -> Result<(), ConfigError> {
    for key in table::BROKER.keys().iter().filter(|key| key.kind == Kind::Class) {
        if let Some(class) = config.text(key.name)
            && !class.starts_with(KAFKA_PACKAGES)
        {
            return Err(not_found(key.name, &class));
        }
    }
    for (key, known) in
        [("authorizer.class.name", STANDARD_AUTHORIZER), ("replica.selector.class", RACK_AWARE_SELECTOR)]
    {
        if let Some(class) = config.text(key)
            && !class.is_empty()
            && class != known
        {
            return Err(not_found(key, &class));
        }
    }
    Ok(())
}

fn not_found(key: &str, class: &str) -> ConfigError {
    ConfigError::invalid(key, class, format!("Class {class} could not be found."))
}

/// Short names of the assignors, default first, of consumer, share and streams groups.
pub(super) fn assignors(config: &StaticConfig) -> Result<[Vec<String>; 3], ConfigError> {
    let share = names(config, &SHARE)?;
    if share.len() != 1 {
        return Err(ConfigError::rule(format!(
            "{} must contain exactly one assignor, but found {}",
            SHARE.key,
            share.len()
        )));
    }
    Ok([names(config, &CONSUMER)?, share, names(config, &STREAMS)?])
}

fn names(config: &StaticConfig, assignors: &Assignors) -> Result<Vec<String>, ConfigError> {
    let mut names: Vec<String> = Vec::new();
    for written in config.list(assignors.key).unwrap_or_default() {
        let Some((name, _)) =
            assignors.known.iter().find(|(name, class)| written == *name || written == *class)
        else {
            return Err(ConfigError::invalid(assignors.key, written, "Class cannot be found"));
        };
        if names.iter().any(|earlier| earlier == name) && assignors.key != SHARE.key {
            return Err(ConfigError::invalid(
                assignors.key,
                written,
                format!(
                    "Assignor name '{name}' is already registered by another configured assignor. Assignor \
                     names, whether built-in or custom, must be unique"
                ),
            ));
        }
        names.push((*name).to_owned());
    }
    Ok(names)
}
