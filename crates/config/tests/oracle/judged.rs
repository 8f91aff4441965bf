//! The case files say what Kafka says.

use serde_json::{Value, json};

use crate::cases::{self, Case, node_file, settings};
use crate::jvm;

fn check(what: &str, file: &str, question: impl Fn(&Case) -> Value) {
    let cases = cases::read(file);
    let questions: Vec<Value> = cases.iter().map(question).collect();
    let mut differences = Vec::new();
    for (case, answer) in cases.iter().zip(jvm::ask(&questions)) {
        let outcome = jvm::refusal(&answer).unwrap_or("ok");
        if outcome != case.outcome {
            differences.push(format!(
                "[{}] {}\n  kafka says     {outcome}\n  the file says  {}",
                case.base, case.name, case.outcome
            ));
        }
    }
    jvm::report(what, questions.len(), &differences);
}

#[test]
fn node_cases_are_kafkas() {
    check("cases of nodes", include_str!("../cases/node.txt"), |case| {
        let settings: serde_json::Map<String, Value> =
            cases::node_settings(case).into_iter().map(|(key, value)| (key, value.into())).collect();
        json!({"ask": "node", "settings": settings})
    });
}

fn of_controller(case: &Case, resource: &str) -> Value {
    json!({
        "ask": "alter", "type": resource, "name": case.base, "settings": node_file(case, "combined"),
        "old": settings(case, "old"), "new": settings(case, "new"),
    })
}

#[test]
fn topic_cases_are_kafkas() {
    check("cases of topics", include_str!("../cases/topic.txt"), |case| of_controller(case, "TOPIC"));
}

#[test]
fn group_cases_are_kafkas() {
    check("cases of groups", include_str!("../cases/group.txt"), |case| of_controller(case, "GROUP"));
}

#[test]
fn client_metrics_cases_are_kafkas() {
    check("cases of client metrics", include_str!("../cases/client_metrics.txt"), |case| {
        of_controller(case, "CLIENT_METRICS")
    });
}

#[test]
fn broker_cases_are_kafkas() {
    check("cases of brokers", include_str!("../cases/broker.txt"), |case| {
        json!({
            "ask": "alterBroker", "target": case.base, "settings": node_file(case, "broker"),
            "cluster": settings(case, "cluster"), "broker": settings(case, "broker"), "new": settings(case, "new"),
        })
    });
}
