//! Keys of `spec.config` that are nobody's. Kafka ignores what it does not know in a node's file, so that a typing
//! mistake would go unseen; here it is told before anything happens.

use std::collections::BTreeMap;

use klamm_config::{Notice, Properties, own, table};

/// A key this close to a config was meant to be it: letters added, left out, changed or swapped.
const MOST_MISTAKES: usize = 3;

/// Each key that is no config of a node or is the operator's own, as a sentence.
pub(super) fn key_faults(config: &BTreeMap<String, String>) -> Vec<String> {
    let owned = config.keys().filter(|key| own::is_own(key));
    let owned = owned.map(|key| format!("spec.config[{key}]: follows from other fields of the spec"));
    let properties: Properties = config.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    owned.chain(properties.notices().into_iter().filter_map(fault)).collect()
}

fn fault(notice: Notice) -> Option<String> {
    match notice {
        // Set dynamically only, as the operator does.
        Notice::Unknown { key } if table::dynamic_broker_key(&key).is_some() => None,
        Notice::Unknown { key } => {
            Some(format!("spec.config[{key}]: is not a config of Kafka's nodes{}", meant(&key)))
        }
        Notice::Removed { key, reason } => {
            Some(format!("spec.config[{key}]: has no effect since Kafka 4: {reason}"))
        }
        // Kafka's, with a reason of this version's own, which the node tells in its log.
        Notice::WithoutEffect { .. } => None,
    }
}

/// What the key may have been meant to be.
fn meant(key: &str) -> String {
    if let Some(synonym) = table::TOPIC.get(key).and_then(|topic| topic.synonyms.first()) {
        return format!(" but of topics; for all topics it is {}", synonym.name);
    }
    let distance = |known: &str| strsim::damerau_levenshtein(key, known);
    let nearest = table::BROKER.keys().iter().map(|known| (distance(known.name), known.name)).min();
    match nearest {
        Some((distance, name)) if distance <= MOST_MISTAKES => format!("; {name} is one"),
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(key: &str) -> Vec<String> {
        key_faults(&BTreeMap::from([(key.to_owned(), "1".to_owned())]))
    }

    #[test]
    fn configs_of_nodes_pass_also_those_for_plug_ins_and_without_effect_here() {
        for key in ["num.partitions", "log.retention.ms", "super.users", "rsm.config.x", "metric.reporters"] {
            assert_eq!(faults(key), [""; 0], "{key}");
        }
        assert_eq!(faults("replica.alter.log.dirs.io.max.bytes.per.second"), [""; 0], "dynamic only");
    }

    #[test]
    fn an_unknown_key_is_told_with_the_one_that_was_meant() {
        for (key, sentence) in [
            (
                "num.partition",
                "spec.config[num.partition]: is not a config of Kafka's nodes; num.partitions is one",
            ),
            (
                "retention.ms",
                "spec.config[retention.ms]: is not a config of Kafka's nodes but of topics; for all topics it is \
                 log.retention.ms",
            ),
            ("colour", "spec.config[colour]: is not a config of Kafka's nodes"),
            (
                "klamm.admin.listener",
                "spec.config[klamm.admin.listener]: follows from other fields of the spec",
            ),
        ] {
            assert_eq!(faults(key), [sentence]);
        }
    }

    #[test]
    fn a_key_that_kafka_had_once_is_told_with_what_became_of_it() {
        let faults = faults("zookeeper.connect");
        assert!(
            faults.len() == 1 && faults[0].contains("has no effect since Kafka 4: clusters keep"),
            "{faults:?}"
        );
    }
}
