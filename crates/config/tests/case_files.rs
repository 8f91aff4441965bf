//! Klamm says of every case what the case files say Kafka says. That Kafka does is checked against
//! its jars by `cargo xtask compat config`.

mod cases;

use cases::{Case, node_file, settings};
use klamm_config::alter::{check_broker, check_client_metrics, check_group, check_topic};
use klamm_config::{BrokerTarget, LayeredConfig, NodeConfig, Properties};

/// Fails with all cases whose outcome differs.
fn check<E: ToString>(file: &str, judge: impl Fn(&Case) -> Result<(), E>) {
    let outcome = |case: &Case| judge(case).map_or_else(|error| error.to_string(), |()| "ok".to_owned());
    let cases = cases::read(file);
    let wrong = cases.iter().filter(|case| outcome(case) != case.outcome);
    let wrong: Vec<String> = wrong
        .map(|case| {
            format!("[{}] {}\n  is    {}\n  wants {}", case.base, case.name, outcome(case), case.outcome)
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The node of a case's `node` lines.
fn node(case: &Case, base: &str) -> NodeConfig {
    NodeConfig::parse(Properties::from_iter(node_file(case, base))).expect("the case has a valid node")
}

#[test]
fn node_settings_are_judged_as_by_kafka() {
    check(include_str!("cases/node.txt"), |case| {
        NodeConfig::parse(Properties::from_iter(cases::node_settings(case))).map(drop)
    });
}

#[test]
fn topic_configs_are_judged_as_by_kafka() {
    check(include_str!("cases/topic.txt"), |case| {
        check_topic(&node(case, "combined"), &case.base, &settings(case, "old"), &settings(case, "new"))
    });
}

#[test]
fn group_configs_are_judged_as_by_kafka() {
    check(include_str!("cases/group.txt"), |case| {
        check_group(&node(case, "combined"), &case.base, &settings(case, "new"))
    });
}

#[test]
fn client_metrics_configs_are_judged_as_by_kafka() {
    check(include_str!("cases/client_metrics.txt"), |case| {
        check_client_metrics(&case.base, &settings(case, "new"))
    });
}

#[test]
fn dynamic_broker_configs_are_judged_as_by_kafka() {
    check(include_str!("cases/broker.txt"), |case| {
        let config = LayeredConfig::of_file(node(case, "broker"));
        let config = config.apply(BrokerTarget::ClusterDefault, &settings(case, "cluster")).config;
        let config = config.apply(BrokerTarget::ThisBroker, &settings(case, "broker")).config;
        let target = match case.base.as_str() {
            "cluster" => BrokerTarget::ClusterDefault,
            _ => BrokerTarget::ThisBroker,
        };
        check_broker(&config, target, &settings(case, "new"))
    });
}
