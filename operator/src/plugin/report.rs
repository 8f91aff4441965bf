//! `report`: all objects of a cluster, what its nodes tell and the last lines of its logs as one YAML text, for those who help from
//! afar. Secrets are never read; values of settings and environment that may be secret are hidden.

use std::fmt::Debug;
use std::fmt::Write as _;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::StatefulSet;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Pod, Service};
use k8s_openapi::api::events::v1::Event;
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use klamm_config::table;
use klamm_manifest::write_document;
use kube::api::{ListParams, LogParams};
use kube::{Api, Resource, ResourceExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Asked, PluginError, diagnose};
use crate::objects::KafkaTopic;
use crate::resources::{MAIN, PREPARE};

/// Last lines of each log.
const LINES: i64 = 200;
const HIDDEN: &str = "[hidden]";
/// Parts of the names of settings and variables that may be secret.
const SECRET_WORDS: [&str; 8] =
    ["password", "secret", "token", "jaas", "credential", "keystore.key", "api_key", "private"];

/// The report.
pub async fn report(asked: &Asked) -> Result<String, PluginError> {
    let cluster = asked.cluster().await?;
    let mut report = Report { asked, text: String::new() };
    report.add(&cluster);
    report.topics(cluster.name()).await;
    report.list::<StatefulSet>().await;
    report.list::<Pod>().await;
    report.list::<ConfigMap>().await;
    report.list::<PersistentVolumeClaim>().await;
    report.list::<Service>().await;
    report.list::<PodDisruptionBudget>().await;
    report.list::<NetworkPolicy>().await;
    report.events(cluster.name()).await;
    report.nodes().await;
    for pod in asked.pods().await? {
        report.logs(&pod).await;
    }
    Ok(report.text)
}

struct Report<'a> {
    asked: &'a Asked,
    text: String,
}

impl Report<'_> {
    fn add<T: Serialize>(&mut self, object: &T) {
        let mut value = serde_json::to_value(object).unwrap_or(Value::Null);
        redact(&mut value);
        self.text.push_str("---\n");
        self.text.push_str(&write_document(&value));
    }

    /// What one may not read is said, and is no reason to tell nothing.
    fn missing(&mut self, what: &str, error: &dyn std::error::Error) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "---\n# {what}: {}", error.to_string().replace('\n', " "));
    }

    async fn list<K>(&mut self)
    where
        K: Resource<DynamicType = (), Scope = NamespaceResourceScope>
            + Clone
            + Debug
            + Serialize
            + DeserializeOwned,
    {
        let api: Api<K> = Api::namespaced(self.asked.client.clone(), &self.asked.namespace);
        match api.list(&self.asked.of_cluster()).await {
            Ok(list) => list.items.iter().for_each(|object| {
                let (group, version) = (K::group(&()), K::version(&()));
                let version =
                    if group.is_empty() { version.into_owned() } else { format!("{group}/{version}") };
                let kind = json!({ "apiVersion": version, "kind": K::kind(&()) });
                let mut value = serde_json::to_value(object).unwrap_or(Value::Null);
                if let (Some(value), Some(kind)) = (value.as_object_mut(), kind.as_object()) {
                    value.extend(kind.clone());
                }
                self.add(&value);
            }),
            Err(error) => self.missing(&K::plural(&()), &error),
        }
    }

    async fn topics(&mut self, cluster: &str) {
        let api: Api<KafkaTopic> = Api::namespaced(self.asked.client.clone(), &self.asked.namespace);
        match api.list(&ListParams::default()).await {
            Ok(list) => {
                let of_cluster = |topic: &&KafkaTopic| topic.spec.cluster_ref.name == cluster;
                list.items.iter().filter(of_cluster).for_each(|topic| self.add(topic));
            }
            Err(error) => self.missing("kafkatopics", &error),
        }
    }

    /// Of the cluster and of what its name begins.
    async fn events(&mut self, cluster: &str) {
        let api: Api<Event> = Api::namespaced(self.asked.client.clone(), &self.asked.namespace);
        match api.list(&ListParams::default()).await {
            Ok(list) => {
                for event in &list.items {
                    let about = event.regarding.as_ref().and_then(|about| about.name.as_deref());
                    let concerns = about.is_some_and(|name| {
                        name == cluster
                            || name.strip_prefix(cluster).is_some_and(|rest| rest.starts_with('-'))
                    });
                    if concerns {
                        self.add(event);
                    }
                }
            }
            Err(error) => self.missing("events", &error),
        }
    }

    /// What nodes tell of themselves, where an operator can be asked.
    async fn nodes(&mut self) {
        match diagnose(self.asked).await {
            Ok(told) => self.add(&json!({ "diagnostics": told })),
            Err(error) => self.missing("diagnostics", &error),
        }
    }

    async fn logs(&mut self, pod: &Pod) {
        let api: Api<Pod> = Api::namespaced(self.asked.client.clone(), &self.asked.namespace);
        let name = pod.name_any();
        for (container, previous) in [(PREPARE, false), (MAIN, false), (MAIN, true)] {
            let parameters = LogParams {
                container: Some(container.to_owned()),
                previous,
                tail_lines: Some(LINES),
                ..LogParams::default()
            };
            match api.logs(&name, &parameters).await {
                Ok(lines) => {
                    let log =
                        json!({ "pod": name, "container": container, "previous": previous, "log": lines });
                    self.add(&log);
                }
                // Most containers have no predecessor.
                Err(_) if previous => {}
                Err(error) => self.missing(&format!("log of {name}, {container}"), &error),
            }
        }
    }
}

/// Hides values that may be secret: of settings, of variables, and what tools add to annotations.
fn redact(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("managedFields");
            object.remove("kubectl.kubernetes.io/last-applied-configuration");
            let is_variable = object.contains_key("name") && object.contains_key("value");
            if is_variable && object["name"].as_str().is_some_and(is_secret) {
                object.insert("value".to_owned(), HIDDEN.into());
            }
            for (key, inner) in object.iter_mut() {
                match inner {
                    Value::String(text) if key.ends_with(".properties") => *text = redacted_lines(text),
                    Value::String(text) if is_secret(key) => *text = HIDDEN.to_owned(),
                    _ => redact(inner),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn redacted_lines(text: &str) -> String {
    let line = |line: &str| match line.split_once('=') {
        Some((key, _)) if is_secret(key) => format!("{key}={HIDDEN}\n"),
        Some(_) | None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

fn is_secret(name: &str) -> bool {
    let lower = name.to_lowercase();
    let sensitive = table::BROKER.get(name).is_some_and(|key| key.is_sensitive());
    // A Secret's name is no secret.
    let is_name = lower.ends_with("secretname") || lower.ends_with("secrets") || lower == "secret";
    sensitive || (!is_name && SECRET_WORDS.iter().any(|word| lower.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_hidden_wherever_it_stands() {
        let mut value = json!({
            "data": { "0.properties": "node.id=0\nssl.keystore.password=hunter2\nsasl.jaas.config=x y\n" },
            "spec": {
                "config": { "ssl.truststore.password": "hunter2", "num.partitions": "3" },
                "env": [{ "name": "API_TOKEN", "value": "hunter2" }, { "name": "PLACE", "value": "here" }],
                "volumes": [{ "secret": { "secretName": "demo-admin-tls" } }],
                "automountServiceAccountToken": false,
            },
        });
        redact(&mut value);
        let text = value.to_string();
        assert!(!text.contains("hunter2") && !text.contains("x y"), "{text}");
        for kept in ["node.id=0", "\"3\"", "here", "demo-admin-tls"] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
    }
}
