//! The committed definitions, and what a structural schema may contain.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::{env, fs};

use super::*;

#[test]
fn the_committed_definitions_are_those_of_the_types() {
    let operator = env::var_os("CARGO_MANIFEST_DIR").unwrap();
    let folder = Path::new(&operator).join("../crds");
    for (name, content) in files() {
        let committed = fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert_eq!(committed, content, "crds/{name} is stale: run `cargo xtask crds`");
    }
    let chart = Path::new(&operator).join("../charts/klamm-operator/crds");
    for (name, content) in files() {
        let committed = fs::read_to_string(chart.join(&name)).unwrap_or_default();
        assert_eq!(committed, content, "the chart's crds/{name} is stale: run `cargo xtask crds`");
    }
}

/// What a structural schema has in it besides a type and what refines it.
fn forbidden(schema: &Value, path: &str, found: &mut Vec<String>) {
    let Value::Object(object) = schema else {
        found.push(format!("{path}: not an object"));
        return;
    };
    for word in ["$ref", "oneOf", "anyOf", "allOf", "definitions", "const", "title", "not"] {
        if object.contains_key(word) {
            found.push(format!("{path}: {word}"));
        }
    }
    if !object.get("type").is_some_and(Value::is_string) {
        found.push(format!("{path}: no type"));
    }
    if object.contains_key("properties") && object.contains_key("additionalProperties") {
        found.push(format!("{path}: properties and additionalProperties"));
    }
    if object.get("default").is_some_and(Value::is_null) {
        found.push(format!("{path}: a null default"));
    }
    for (name, inner) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
        forbidden(inner, &format!("{path}.{name}"), found);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(schema) = object.get(inner) {
            forbidden(schema, &format!("{path}[]"), found);
        }
    }
}

#[test]
fn schemas_are_structural() {
    for crd in [kafka_cluster(), kafka_topic()] {
        let mut found = Vec::new();
        forbidden(&crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"], "", &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn rules_stand_at_fields_that_exist() {
    let crd = kafka_cluster();
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    for field in ["replicas", "mode", "idStart"] {
        let schema = &spec["properties"]["controllers"]["properties"][field];
        assert!(schema["type"].is_string() && schema["x-kubernetes-validations"].is_array(), "{field}");
    }
    let topic = kafka_topic();
    let spec = &topic["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    assert!(spec["properties"]["partitions"]["x-kubernetes-validations"].is_array());
    assert_eq!(spec["properties"]["deletionPolicy"]["enum"], json!(["Delete", "Retain"]));
}

#[test]
fn a_cluster_scales_by_its_brokers() {
    let crd = kafka_cluster();
    let version = &crd["spec"]["versions"][0];
    assert_eq!(version["subresources"]["scale"]["specReplicasPath"], ".spec.brokers.replicas");
    let schema = &version["schema"]["openAPIV3Schema"]["properties"];
    assert_eq!(schema["spec"]["properties"]["brokers"]["default"]["replicas"], 3);
    assert!(schema["status"]["properties"]["selector"]["type"].is_string());
}
