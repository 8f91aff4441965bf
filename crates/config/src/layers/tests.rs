//! What dynamic configs do to a broker's settings.
#![allow(clippy::unwrap_used)]
use super::*;

fn broker() -> LayeredConfig {
    let file = Properties::from_iter([
        ("node.id", "1"),
        ("process.roles", "broker"),
        ("controller.listener.names", "C"),
        ("controller.quorum.voters", "9@localhost:9093"),
        ("log.retention.hours", "1"),
        ("num.io.threads", "4"),
    ]);
    LayeredConfig::of_file(NodeConfig::parse(file).unwrap())
}

fn configs(pairs: &[(&'static str, &'static str)]) -> BTreeMap<&'static str, &'static str> {
    pairs.iter().copied().collect()
}

#[test]
fn a_brokers_own_configs_beat_the_clusters_and_those_the_file() {
    let cluster = configs(&[("num.io.threads", "6"), ("message.max.bytes", "50")]);
    let applied = broker().apply(BrokerTarget::ClusterDefault, &cluster);
    let own = configs(&[("num.io.threads", "8")]);
    let applied = applied.config.apply(BrokerTarget::ThisBroker, &own);
    assert_eq!(applied.complaints, Vec::<String>::new());
    let effective = applied.config.effective();
    assert_eq!((effective.network.num_io_threads, effective.cleaner.max_message_bytes), (8, 50));
    let back = applied.config.apply(BrokerTarget::ThisBroker, &());
    assert_eq!(back.config.effective().network.num_io_threads, 6);
}

#[test]
fn a_dynamic_config_replaces_its_synonyms_in_the_file() {
    let applied = broker().apply(BrokerTarget::ThisBroker, &configs(&[("log.retention.ms", "7")]));
    let config = applied.config.effective().static_config();
    assert!(config.is_set("log.retention.ms") && !config.is_set("log.retention.hours"));
}

#[test]
fn invalid_dynamic_configs_are_left_out_and_complained_about() {
    let wrong = configs(&[
        ("num.io.threads", "many"),
        ("log.dirs", "/x"),
        ("ssl.key.password", "p"),
        ("cordoned.log.dirs", "*"),
        ("message.max.bytes", "50"),
    ]);
    let applied = broker().apply(BrokerTarget::ClusterDefault, &wrong);
    assert_eq!(applied.complaints.len(), 4, "{:?}", applied.complaints);
    assert_eq!(applied.config.effective().cleaner.max_message_bytes, 50);
    assert_eq!(applied.config.effective().network.num_io_threads, 4);
}

#[test]
fn configs_that_do_not_fit_together_leave_the_settings_as_they_were() {
    let applied = broker().apply(BrokerTarget::ThisBroker, &configs(&[("log.retention.ms", "0")]));
    assert!(applied.complaints[0].contains("log.retention.ms must be unlimited"), "{:?}", applied.complaints);
    assert_eq!(applied.config.effective(), broker().effective());
}

#[test]
fn assignment_intervals_are_kept_within_the_files_bounds() {
    let far = configs(&[("group.consumer.assignment.interval.ms", "99000")]);
    let applied = broker().apply(BrokerTarget::ThisBroker, &far);
    assert_eq!(applied.config.effective().consumer_groups.assignment_interval_ms, 15_000);
}
