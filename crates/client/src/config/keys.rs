//! Kafka's keys of producers and consumers that change nothing in this client, each with its reason.
//!
//! `kafka_keys.txt` lists all that Apache Kafka 4.4 knows; `cargo xtask compat config` holds it against the jars.
//! The tests here hold the readers of settings against it.

/// Beginnings of keys, each with the reason for all of them.
const AREAS: [(&str, &str); 7] = [
    ("metric.", METRICS),
    ("metrics.", METRICS),
    ("sasl.", SECURITY),
    ("security.providers", SECURITY),
    ("share.", "share groups are not spoken yet"),
    ("ssl.", SECURITY),
    ("transaction.", "this producer does not speak in transactions"),
];

const KEYS: [(&str, &str); 17] = [
    (
        "bootstrap.resolve.timeout.ms",
        "names of the bootstrap list are resolved at each dial, and each is tried again",
    ),
    ("client.dns.lookup", "all addresses of a name are tried, as by Kafka's default"),
    ("config.providers", "values are taken as they stand"),
    ("enable.metrics.push", METRICS),
    ("group.remote.assignor", "the coordinator assigns in the consumer protocol only"),
    ("interceptor.classes", CLASSES),
    ("key.deserializer", SERIALIZERS),
    ("key.serializer", SERIALIZERS),
    ("metadata.cluster.check.enable", "the cluster's id is not told to brokers, which then check nothing"),
    ("metadata.recovery.rebootstrap.trigger.ms", REBOOTSTRAP),
    ("metadata.recovery.strategy", REBOOTSTRAP),
    ("partitioner.adaptive.partitioning.enable", "records without key go to all partitions alike"),
    ("partitioner.availability.timeout.ms", "records without key go to all partitions alike"),
    ("partitioner.rack.aware", "records without key go to all partitions alike"),
    ("socket.connection.setup.timeout.max.ms", "the time for a connection does not grow with failures"),
    ("value.deserializer", SERIALIZERS),
    ("value.serializer", SERIALIZERS),
];

const CLASSES: &str = "Java's classes do not exist here";
const METRICS: &str = "this client counts for its owner and reports to nobody";
const REBOOTSTRAP: &str = "where no known broker answers, the bootstrap list is asked again at once";
const SECURITY: &str = "this client speaks PLAINTEXT only, and refuses another security.protocol";
const SERIALIZERS: &str = "serializers are types of the program, not settings";

/// Why the key `name` has no effect on this client; `None` for a key that has one, and for an unknown one.
pub fn why_without_effect(name: &str) -> Option<&'static str> {
    let exact = KEYS.iter().find(|(key, _)| *key == name);
    exact.or_else(|| AREAS.iter().find(|(area, _)| name.starts_with(area))).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use klamm_config::{ConfigError, Properties};

    use super::*;
    use crate::{ConsumerConfig, ProducerConfig};

    const LISTED: &str = include_str!("kafka_keys.txt");
    /// Any text is right for these.
    const TEXTS: [&str; 4] = ["client.id", "client.rack", "group.id", "group.instance.id"];
    /// Refused with any value: see the test of it.
    const REFUSED: [&str; 1] = ["transactional.id"];

    /// Client, key and default.
    fn listed() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        LISTED.lines().map(|line| {
            let mut words = line.splitn(4, ' ');
            let mut word = || words.next().unwrap_or_default();
            let (client, key, _kind, default) = (word(), word(), word(), word());
            (client, key, default)
        })
    }

    fn read(client: &str, properties: &Properties) -> Result<(), ConfigError> {
        match client {
            "producer" => ProducerConfig::from_properties(properties).map(drop),
            _ => ConsumerConfig::from_properties(properties).map(drop),
        }
    }

    #[test]
    fn every_key_of_kafkas_is_read_or_has_its_reason_and_only_one_of_them() {
        for (client, key, _) in listed() {
            let wrong = Properties::from_iter([(key, "\u{1}no such value")]);
            let is_read = read(client, &wrong).is_err() || TEXTS.contains(&key);
            let is_named = why_without_effect(key).is_some();
            assert!(is_read != is_named, "{client} {key}: read {is_read}, named {is_named}");
        }
    }

    #[test]
    fn every_reason_is_of_a_known_key() {
        for (key, _) in KEYS {
            assert!(listed().any(|(_, known, _)| known == key), "{key}");
        }
        for (area, _) in AREAS {
            assert!(listed().any(|(_, known, _)| known.starts_with(area)), "{area}");
        }
    }

    /// Kafka's defaults of what is read, where there is one that can be written down.
    fn defaults(client: &str) -> Properties {
        let of_client = listed().filter(|(of, key, default)| {
            let is_read = why_without_effect(key).is_none() && !REFUSED.contains(key);
            *of == client && is_read && !matches!(*default, "null" | "-" | "\"\"")
        });
        Properties::from_iter(of_client.map(|(_, key, default)| (key, default)))
    }

    #[test]
    fn defaults_are_kafkas() {
        let producer = defaults("producer");
        assert!(producer.iter().count() > 20);
        assert_eq!(ProducerConfig::from_properties(&producer).unwrap(), ProducerConfig::default());
        let consumer = defaults("consumer");
        assert!(consumer.iter().count() > 25);
        // Without a group, `enable.auto.commit` may not be set.
        let mut consumer: Properties = consumer.iter().collect();
        consumer.set("group.id", "g");
        let expected = ConsumerConfig { group_id: Some("g".to_owned()), ..ConsumerConfig::default() };
        let read = ConsumerConfig::from_properties(&consumer).unwrap();
        assert_eq!(read.scalars(), expected.scalars());
        let names = |config: &ConsumerConfig| -> Vec<_> {
            config.assignors.iter().map(|assignor| assignor.name().to_owned()).collect()
        };
        assert_eq!(names(&read), names(&expected));
    }

    #[test]
    fn a_transactional_id_is_refused_with_a_sentence() {
        let set = Properties::from_iter([("transactional.id", "t")]);
        let error = ProducerConfig::from_properties(&set).unwrap_err().to_string();
        assert!(error.contains("does not speak in transactions"), "{error}");
    }
}
