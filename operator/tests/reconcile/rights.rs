//! The operator may do what it does, and no more: the chart's rules against the calls of whole stories.

use std::collections::BTreeSet;

use klamm_operator::cluster::lone_topic;
use serde::Deserialize;
use serde_json::json;

use crate::site::Site;
use crate::world::{CLUSTERS, TOPICS};

const NAMES: &str = include_str!("../../../charts/klamm-operator/templates/_names.tpl");

/// What belongs to no namespace.
const OF_CLUSTER: [&str; 2] = ["nodes", "persistentvolumes"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    verbs: Vec<String>,
}

/// `group resource verb`.
type Right = (String, String, String);

fn granted() -> BTreeSet<Right> {
    let of_namespaces = granted_by("klamm-operator.rules");
    let of_cluster = granted_by("klamm-operator.clusterRules");
    assert!(of_namespaces.is_disjoint(&of_cluster));
    of_namespaces.into_iter().chain(of_cluster).collect()
}

fn granted_by(part: &str) -> BTreeSet<Right> {
    let (_, rest) = NAMES.split_once(&format!("define \"{part}\" -}}}}")).unwrap();
    let (text, _) = rest.split_once("{{- end }}").unwrap();
    let rules: Vec<Rule> = klamm_manifest::read_status(text).unwrap();
    let mut rights = BTreeSet::new();
    for rule in rules {
        for group in &rule.api_groups {
            for resource in &rule.resources {
                let verbs = rule.verbs.iter();
                rights.extend(verbs.map(|verb| (group.clone(), resource.clone(), verb.clone())));
            }
        }
    }
    rights
}

/// The rights that a call takes. An apply creates what is not there.
fn taken(call: &str) -> Vec<Right> {
    let (method, path) = call.split_once(' ').unwrap();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let (group, rest) = if parts[0] == "api" { ("", &parts[2..]) } else { (parts[1], &parts[3..]) };
    let (is_of_cluster, rest) = if rest[0] == "namespaces" { (false, &rest[2..]) } else { (true, rest) };
    let resource = match rest {
        [resource, _, sub] => format!("{resource}/{sub}"),
        [resource, ..] => (*resource).to_owned(),
        [] => panic!("{call}"),
    };
    let verbs: &[&str] = match (method, rest.len()) {
        ("GET", 1) => &["list"],
        ("GET", _) => &["get"],
        ("PATCH", 2) if group != "klamm.dev" && resource != "persistentvolumeclaims" => &["create", "patch"],
        ("PATCH", _) => &["patch"],
        ("POST", _) => &["create"],
        ("DELETE", _) => &["delete"],
        _ => panic!("{call}"),
    };
    assert_eq!(is_of_cluster, OF_CLUSTER.contains(&resource.as_str()), "{call}");
    verbs.iter().map(|verb| (group.to_owned(), resource.clone(), (*verb).to_owned())).collect()
}

#[tokio::test]
async fn the_chart_grants_what_the_operator_does_and_no_more() {
    let site = Site::new("{brokers: {replicas: 2}, controllers: {replicas: 1}}");
    site.settle().await;
    {
        let mut world = site.world.lock();
        world.make_machine("m-1");
        world.put_on_machine("demo-broker-1", "m-1");
        world.lose_machine("m-1");
    }
    site.settle().await;
    site.topic("t", json!({ "partitions": 2 }));
    site.passes(4).await;
    lone_topic(&site.context, "kafka", "t").await.unwrap();
    let leaf = "/api/v1/namespaces/kafka/secrets/demo-admin-tls";
    site.world.lock().store.objects.get_mut(leaf).unwrap()["metadata"]["annotations"] = json!({});
    site.world.lock().store.delete(&format!("{TOPICS}/t"));
    site.passes(2).await;
    let rest = "controllers: {replicas: 1}, networkPolicy: {enabled: false}, podDisruptionBudget: {enabled: false}, \
                storage: {onDelete: Delete, onScaleDown: Delete, volumes: [{name: data, size: 20Gi}]}";
    site.edit(&format!("{{image: other, brokers: {{replicas: 1}}, {rest}}}"));
    site.settle().await;
    site.world.lock().store.delete(&format!("{CLUSTERS}/demo"));
    site.passes(6).await;
    let calls = site.world.lock().store.calls.clone();
    let taken: BTreeSet<Right> = calls.iter().flat_map(|call| taken(call)).collect();
    let granted = granted();
    let missing: Vec<_> = taken.difference(&granted).collect();
    assert!(missing.is_empty(), "the chart does not grant {missing:?}");
    // Watches are not part of a pass, and an event is patched only where it repeats.
    let beside = |right: &&Right| {
        right.2 == "watch" || right.1 == "events" || (right.1 == "kafkaclusters" && right.2 == "list")
    };
    let more: Vec<_> = granted.difference(&taken).filter(|right| !beside(right)).collect();
    assert!(more.is_empty(), "the chart grants more than is used: {more:?}");
}
