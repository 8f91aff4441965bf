//! Klamm says of every case what the case files say Kafka says. That Kafka does is checked against
//! its jars by `cargo xtask compat config`.

mod cases;

use klamm_config::{NodeConfig, Properties};

/// Fails with all cases whose outcome differs.
fn check(file: &str, outcome: impl Fn(&cases::Case) -> String) {
    let cases = cases::read(file);
    let wrong = cases.iter().filter(|case| outcome(case) != case.outcome);
    let wrong: Vec<String> = wrong
        .map(|case| {
            format!("[{}] {}\n  is    {}\n  wants {}", case.base, case.name, outcome(case), case.outcome)
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn node_settings_are_judged_as_by_kafka() {
    check(include_str!("cases/node.txt"), |case| {
        match NodeConfig::parse(Properties::from_iter(cases::node_settings(case))) {
            Ok(_) => "ok".to_owned(),
            Err(error) => error.to_string(),
        }
    });
}
