//! Operations on lists, and what the case files do not show.
#![allow(clippy::unwrap_used)]
use std::collections::BTreeMap;

use super::*;
use crate::layers::BrokerTarget;

fn applied(
    operations: &[(&'static str, Operation, &'static str)],
) -> Result<BTreeMap<String, String>, String> {
    let persisted: BTreeMap<&str, &str> = [("log.cleanup.policy", "compact"), ("num.io.threads", "x")].into();
    apply_broker_operations(BrokerTarget::ThisBroker, &persisted, operations.iter().copied())
        .map_err(|error| error.to_string())
}

#[test]
fn lists_grow_without_repeating_and_shrink() {
    let policy = |operation, operand| {
        applied(&[("log.cleanup.policy", operation, operand)]).unwrap()["log.cleanup.policy"].clone()
    };
    assert_eq!(policy(Operation::Append, "delete,compact"), "compact,delete");
    assert_eq!(policy(Operation::Subtract, "compact,delete"), "");
    assert_eq!(policy(Operation::Set, "delete"), "delete");
    assert!(
        !applied(&[("log.cleanup.policy", Operation::Delete, "")])
            .unwrap()
            .contains_key("log.cleanup.policy")
    );
}

#[test]
fn lists_that_are_not_set_grow_from_their_default() {
    let grown = applied(&[("metric.reporters", Operation::Append, "com.example.Reporter")]).unwrap();
    assert_eq!(grown["metric.reporters"], "org.apache.kafka.common.metrics.JmxReporter,com.example.Reporter");
}

#[test]
fn invalid_persisted_configs_count_as_unset() {
    assert!(!applied(&[]).unwrap().contains_key("num.io.threads"));
}

#[test]
fn only_lists_can_grow() {
    let append = |key| applied(&[(key, Operation::Append, "1")]).unwrap_err();
    assert_eq!(append("num.io.threads"), "Config value append is not allowed for config key: num.io.threads");
    assert_eq!(append("no.such.key"), "Unknown config name: no.such.key");
}

#[test]
fn brokers_are_named_by_their_number() {
    let error = |name| check_broker_name(name).unwrap_err().to_string();
    assert_eq!(check_broker_name(""), Ok(()));
    assert_eq!(check_broker_name("7"), Ok(()));
    assert_eq!(error("seven"), "Unable to parse broker name as a base 10 number.");
    assert_eq!(error("-1"), "Invalid negative broker ID.");
}

#[test]
fn conditions_match_whole_values() {
    let conditions =
        parse_match(&["client_id=a|b".to_owned(), " client_source_port = 90.. ".to_owned()]).unwrap();
    assert_eq!(conditions.len(), 2);
    assert!(conditions[0].pattern.is_match("b") && !conditions[0].pattern.is_match("ab"));
    assert!(
        conditions[1].pattern.is_match("9092") && conditions[1].selector == MatchSelector::ClientSourcePort
    );
}
