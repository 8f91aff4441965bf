//! What the API server refuses by itself, each with a sentence. The same rules stand in
//! `manifest::validate`, for what comes another way; transition rules can only stand here.

use serde_json::{Value, json};

/// Most volumes, and most listeners: the API server bounds what rules may cost.
const MOST: u32 = 16;
/// Longest name of a volume or listener.
const NAME: &str = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

pub(super) fn of_cluster(spec: &mut Value) {
    *at(spec, &["version", "pattern"]) = json!("^[0-9]+\\.[0-9]+\\.[0-9]+$");
    rule(
        at(spec, &["controllers", "replicas"]),
        "self == 1 || self == 3 || self == 5 || self == 7",
        "spec.controllers.replicas must be 1, 3, 5 or 7",
    );
    rule(at(spec, &["controllers", "mode"]), "self == oldSelf", "spec.controllers.mode cannot change");
    rule(at(spec, &["controllers", "idStart"]), "self == oldSelf", "spec.controllers.idStart cannot change");
    rule(
        spec,
        "self.controllers.mode != 'combined' || self.controllers.replicas <= self.brokers.replicas",
        "spec.controllers.replicas cannot be more than spec.brokers.replicas in combined mode",
    );
    rule(
        spec,
        "self.controllers.mode != 'dedicated' || self.controllers.idStart >= self.brokers.replicas",
        "spec.controllers.idStart is the id of a broker: ids of brokers count from 0",
    );
    *at(spec, &["rolling", "maxUnavailable", "minimum"]) = json!(1);
    of_volumes(at(spec, &["storage", "volumes"]));
    of_listeners(at(spec, &["listeners"]));
    *at(spec, &["config", "maxProperties"]) = json!(500);
}

fn of_volumes(volumes: &mut Value) {
    keyed_by(volumes, "name");
    volumes["maxItems"] = json!(MOST);
    volumes["default"] = json!([{ "name": "data", "size": "10Gi", "purpose": "both" }]);
    rule(
        volumes,
        "oldSelf.size() == 0 || (self.size() == oldSelf.size() && self.all(v, oldSelf.exists(o, o.name == v.name)))",
        "the volumes in spec.storage.volumes cannot be added, removed or renamed",
    );
    let volume = &mut volumes["items"];
    volume["properties"]["name"]["pattern"] = json!(NAME);
    volume["properties"]["name"]["maxLength"] = json!(40);
    volume["properties"]["storageClassName"]["maxLength"] = json!(253);
    rule(
        volume,
        "quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        "the size of a volume in spec.storage.volumes can only grow",
    );
    rule(
        volume,
        "has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || \
         self.storageClassName == oldSelf.storageClassName)",
        "the storage class of a volume in spec.storage.volumes cannot change",
    );
    rule(
        volume,
        "self.purpose == oldSelf.purpose",
        "the purpose of a volume in spec.storage.volumes cannot change",
    );
}

fn of_listeners(listeners: &mut Value) {
    keyed_by(listeners, "name");
    listeners["maxItems"] = json!(MOST);
    let name = &mut listeners["items"]["properties"]["name"];
    name["pattern"] = json!(NAME);
    name["maxLength"] = json!(15);
    rule(name, "self != 'controller'", "spec.listeners cannot have one with the name controller");
    rule(
        listeners,
        "self.all(l, self.exists_one(m, m.port == l.port))",
        "two listeners in spec.listeners have the same port",
    );
}

pub(super) fn of_topic(spec: &mut Value) {
    let cluster = at(spec, &["clusterRef", "name"]);
    cluster["maxLength"] = json!(63);
    rule(cluster, "self == oldSelf", "spec.clusterRef.name cannot change");
    let name = at(spec, &["topicName"]);
    name["pattern"] = json!("^[a-zA-Z0-9._-]+$");
    name["maxLength"] = json!(249);
    rule(name, "self != '.' && self != '..'", "spec.topicName cannot be . or ..");
    rule(
        spec,
        "has(self.topicName) == has(oldSelf.topicName) && (!has(self.topicName) || self.topicName == \
         oldSelf.topicName)",
        "spec.topicName cannot change",
    );
    rule(at(spec, &["partitions"]), "self >= oldSelf", "spec.partitions can only grow");
    *at(spec, &["config", "maxProperties"]) = json!(500);
}

pub(super) fn of_status(status: &mut Value) {
    keyed_by(at(status, &["conditions"]), "type");
}

/// A list in which server-side apply tells entries apart.
fn keyed_by(list: &mut Value, key: &str) {
    list["x-kubernetes-list-type"] = json!("map");
    list["x-kubernetes-list-map-keys"] = json!([key]);
}

fn rule(schema: &mut Value, rule: &str, message: &str) {
    let rules = &mut schema["x-kubernetes-validations"];
    if rules.is_null() {
        *rules = json!([]);
    }
    if let Value::Array(rules) = rules {
        rules.push(json!({ "rule": rule, "message": message }));
    }
}

/// The schema of a field; a last step that is no field is a key of the schema itself.
fn at<'a>(schema: &'a mut Value, path: &[&str]) -> &'a mut Value {
    path.iter().fold(schema, |schema, step| {
        let is_field = schema.get("properties").is_some_and(|properties| properties.get(step).is_some());
        if is_field { &mut schema["properties"][*step] } else { &mut schema[*step] }
    })
}
