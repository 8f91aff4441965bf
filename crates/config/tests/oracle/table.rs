//! Every key: names, types, defaults, rules, importance, scope, secrecy, synonyms.

use klamm_config::table::{self, Table};
use klamm_config::{ConfigKey, Empty, Nullness, Rule, Unit};
use serde_json::{Value, json};

use crate::jvm;

/// Our tables by the oracle's names for them.
pub const TABLES: [(&str, &Table); 8] = [
    ("broker", &table::BROKER),
    ("broker-quota", &table::BROKER_QUOTA),
    ("client", &table::CLIENT),
    ("client-metrics", &table::CLIENT_METRICS),
    ("group", &table::GROUP),
    ("ip", &table::IP),
    ("topic", &table::TOPIC),
    ("user", &table::USER),
];

/// A key of ours in the oracle's form.
fn described(name: &str, key: &ConfigKey) -> Value {
    let is_broker = name.starts_with("broker");
    let synonyms: Vec<Value> = key
        .synonyms
        .iter()
        .map(|synonym| {
            let of7 = match synonym.unit {
                Unit::Same => 7,
                Unit::Minutes => 7 * 60_000,
                Unit::Hours => 7 * 3_600_000,
            };
            json!({"name": synonym.name, "of7": of7.to_string()})
        })
        .collect();
    let mut described = json!({
        "table": name,
        "name": key.name,
        "type": key.kind.name(),
        "required": key.default_value().is_none(),
        "default": key.default_text(),
        "importance": key.importance.name(),
        "internal": key.is_internal(),
        "sensitive": key.is_sensitive(),
        "validator": match key.rule { Rule::Any => Value::Null, rule => rule.describe().into() },
        "update": if is_broker { key.update.name() } else { "dynamic" },
        "synonyms": synonyms,
    });
    if let Rule::List { empty, null, .. } = key.rule {
        described["emptyAllowed"] = (empty == Empty::Allowed).into();
        described["nullAllowed"] = (null == Nullness::Allowed).into();
    }
    described
}

#[test]
fn every_key_is_kafkas_and_every_key_of_kafkas_is_ours() {
    let answer = jvm::ask(&[json!({"ask": "keys"})]).remove(0);
    let mut theirs: Vec<Value> = answer.as_array().unwrap().clone();
    for key in &mut theirs {
        key.as_object_mut().unwrap().remove("validatorClass");
    }
    let ours: Vec<Value> =
        TABLES.iter().flat_map(|(name, table)| table.keys().iter().map(|key| described(name, key))).collect();
    let mut differences = Vec::new();
    let names = |key: &Value| (key["table"].clone(), key["name"].clone());
    for key in &theirs {
        match ours.iter().find(|our| names(our) == names(key)) {
            None => differences.push(format!("lacking: {key}")),
            Some(our) if our != key => differences.push(format!("ours   {our}\nkafkas {key}")),
            Some(_) => {}
        }
    }
    for our in &ours {
        if !theirs.iter().any(|key| names(key) == names(our)) {
            differences.push(format!("not kafkas: {our}"));
        }
    }
    jvm::report("keys", theirs.len(), &differences);
}
