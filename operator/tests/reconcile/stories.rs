//! Edits and losses, each to its end.

use klamm_model::NodeId;
use serde_json::json;

use crate::site::{SMALL, Site};
use crate::world::{CLAIMS, MAPS, PODS, SETS};

fn ids(ids: &[i32]) -> Vec<NodeId> {
    ids.iter().map(|id| NodeId::at(*id)).collect()
}

#[tokio::test]
async fn a_resource_becomes_a_cluster_and_a_further_pass_changes_nothing() {
    let site = Site::new(SMALL);
    site.settle().await;
    assert_eq!(site.world.lock().running(), ids(&[0, 1, 2, 1000, 1001, 1002]));
    assert_eq!(site.world.lock().voters.len(), 3);
    let status = site.status();
    assert_eq!(status["brokers"]["ready"], 3);
    assert_eq!(status["selector"], "klamm.dev/cluster=demo,klamm.dev/role=broker");
    assert_eq!(status["listeners"][0]["bootstrap"], "demo-bootstrap.kafka.svc:9092");
    assert_eq!(status["nodes"][0]["pod"], "demo-broker-0");
    let before = site.versions();
    site.passes(3).await;
    assert_eq!(site.versions(), before);
    site.no_harm();
}

#[tokio::test]
async fn a_combined_cluster_has_one_set() {
    let site = Site::new("{brokers: {replicas: 3}, controllers: {mode: combined, replicas: 3}}");
    site.settle().await;
    let world = site.world.lock();
    assert_eq!(world.running(), ids(&[0, 1, 2]));
    assert_eq!(world.voters.len(), 3);
    assert_eq!(world.store.under(SETS).len(), 1);
}

#[tokio::test]
async fn brokers_come_and_go_and_replicas_move_before_they_go() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("t", 12, 3);
    site.edit("{brokers: {replicas: 5}, controllers: {replicas: 3}}");
    site.settle().await;
    assert_eq!(site.world.lock().brokers.len(), 5);
    let on_new = |id| {
        site.world.lock().topics["t"].partitions.iter().any(|one| one.replicas.contains(&NodeId::at(id)))
    };
    assert!(on_new(3) && on_new(4), "replicas were not spread");
    site.edit(SMALL);
    assert_eq!(site.settle().await, 0, "a node that stays was disturbed");
    {
        let world = site.world.lock();
        assert_eq!(world.brokers.keys().copied().collect::<Vec<_>>(), ids(&[0, 1, 2]));
        assert_eq!(world.running().len(), 6);
        assert!(
            world.store.objects.contains_key(&format!("{CLAIMS}/data-demo-broker-4")),
            "its volume stays"
        );
    }
    assert!(!on_new(3) && !on_new(4));
    site.no_harm();
}

#[tokio::test]
async fn volumes_of_brokers_that_left_go_only_if_the_spec_says_so() {
    let site =
        Site::new("{brokers: {replicas: 2}, controllers: {replicas: 1}, storage: {onScaleDown: Delete}}");
    site.settle().await;
    site.edit("{brokers: {replicas: 1}, controllers: {replicas: 1}, storage: {onScaleDown: Delete}}");
    site.settle().await;
    site.passes(3).await;
    let world = site.world.lock();
    assert!(!world.store.objects.contains_key(&format!("{CLAIMS}/data-demo-broker-1")));
    assert!(world.store.objects.contains_key(&format!("{CLAIMS}/data-demo-broker-0")));
}

#[tokio::test]
async fn a_scale_down_below_a_replication_factor_is_blocked_with_its_reason() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("wide", 3, 3);
    site.edit("{brokers: {replicas: 2}, controllers: {replicas: 3}}");
    site.passes(10).await;
    assert_eq!(site.world.lock().running().len(), 6, "nothing was touched");
    let blocked = site.condition("ScaleDownBlocked");
    assert_eq!(blocked["status"], "True");
    assert!(blocked["message"].as_str().unwrap().contains("topic wide keeps 3 replicas"), "{blocked}");
    site.edit(SMALL);
    site.settle().await;
    assert_eq!(site.condition("ScaleDownBlocked")["status"], "False");
}

#[tokio::test]
async fn an_image_rolls_over_controllers_then_brokers_one_at_a_time_and_the_active_controller_last() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("t", 6, 3);
    site.world.lock().ended.clear();
    let leader = site.status()["quorum"]["leaderId"].as_i64().unwrap();
    site.edit("{image: 'klamm:2', brokers: {replicas: 3}, controllers: {replicas: 3}}");
    assert_eq!(site.settle().await, 1);
    let ended: Vec<i32> = site.world.lock().ended.iter().map(|id| id.get()).collect();
    assert_eq!(ended.len(), 6, "{ended:?}");
    assert!(ended[..3].iter().all(|id| *id >= 1000), "{ended:?}");
    assert_eq!(i64::from(ended[2]), leader, "{ended:?}");
    site.no_harm();
}

#[tokio::test]
async fn a_static_config_rolls_and_a_dynamic_one_does_not() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().ended.clear();
    site.edit("{brokers: {replicas: 3}, controllers: {replicas: 3}, config: {log.retention.ms: '60000'}}");
    site.settle().await;
    assert!(site.world.lock().ended.is_empty());
    assert_eq!(site.world.lock().broker_config["log.retention.ms"], "60000");
    site.edit("{brokers: {replicas: 3}, controllers: {replicas: 3}, config: {num.io.threads: '3'}}");
    assert_eq!(site.settle().await, 1);
    assert_eq!(site.world.lock().ended.len(), 6);
}

#[tokio::test]
async fn a_pod_that_vanishes_comes_back_by_itself() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().store.delete(&format!("{PODS}/demo-broker-1"));
    site.settle().await;
    assert_eq!(site.world.lock().running().len(), 6);
}

#[tokio::test]
async fn a_lost_volume_is_replaced_only_if_others_have_what_was_on_it() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("safe", 3, 3);
    let lose = |id: i32, set: &str| {
        let mut world = site.world.lock();
        world.store.objects.remove(&format!("{CLAIMS}/data-demo-{set}-{id}"));
        world.store.delete(&format!("{PODS}/demo-{set}-{id}"));
    };
    lose(1, "broker");
    site.settle().await;
    assert_eq!(site.world.lock().running().len(), 6);
    lose(1001, "controller");
    site.settle().await;
    assert_eq!(site.world.lock().voters.len(), 3, "the new directory votes in place of the old");
    site.no_harm();
    site.world.lock().make_topic("single", 3, 1);
    lose(2, "broker");
    site.passes(20).await;
    let degraded = site.condition("Degraded");
    assert!(degraded["message"].as_str().unwrap().contains("single-"), "{degraded}");
    assert!(!site.world.lock().running().contains(&NodeId::at(2)));
}

#[tokio::test]
async fn a_volume_of_another_cluster_is_left_alone() {
    let site = Site::new("{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 1}}");
    site.settle().await;
    {
        let mut world = site.world.lock();
        let path = format!("{MAPS}/demo-broker");
        let mut map = world.store.objects[&path].clone();
        let text = map["data"]["0.instruction"].as_str().unwrap();
        let ours = text.lines().next().unwrap().to_owned();
        map["data"]["0.instruction"] = text.replace(&ours, "cluster.id=AAAAAAAAAAAAAAAAAAAA9A").into();
        world.store.put(&path, map);
        world.store.delete(&format!("{PODS}/demo-broker-0"));
    }
    site.passes(5).await;
    let degraded = site.condition("Degraded");
    assert!(degraded["message"].as_str().unwrap().contains("belongs to cluster"), "{degraded}");
}

#[tokio::test]
async fn a_suspended_cluster_stops_and_comes_back_with_its_data() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.edit("{suspend: cluster, brokers: {replicas: 3}, controllers: {replicas: 3}}");
    site.passes(10).await;
    assert!(site.world.lock().running().is_empty());
    site.edit(SMALL);
    site.settle().await;
    assert_eq!(site.world.lock().running().len(), 6);
    site.no_harm();
}

#[tokio::test]
async fn a_spec_that_breaks_a_rule_is_told_and_nothing_running_is_touched() {
    let site = Site::new(SMALL);
    site.settle().await;
    let before = site.world.lock().ended.len();
    for (spec, part) in [
        ("{controllers: {replicas: 2}}", "spec.controllers.replicas: 2 is not allowed"),
        ("{config: {node.id: '7'}}", "spec.config[node.id]"),
        ("{config: {num.io.threads: many}}", "num.io.threads"),
        (
            "{config: {num.io.thread: '8'}}",
            "spec.config[num.io.thread]: is not a config of Kafka's nodes; num.io",
        ),
        ("{config: {log.message.format.version: '3.0'}}", "spec.config[log.message.format.version]"),
        (
            "{brokers: {template: {tolerations: [{tolerationSeconds: x}]}}}",
            "spec.brokers.template.tolerations",
        ),
    ] {
        site.edit(spec);
        site.passes(2).await;
        let ready = site.condition("Ready");
        assert_eq!(ready["reason"], "InvalidSpec", "{spec}: {ready}");
        assert!(ready["message"].as_str().unwrap().contains(part), "{spec}: {ready}");
    }
    assert_eq!(site.world.lock().running().len(), 6);
    assert_eq!(site.world.lock().ended.len(), before);
}

#[tokio::test]
async fn volumes_grow_by_their_claims_and_a_new_set_over_the_same_pods() {
    let site = Site::new("{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 1}}");
    site.settle().await;
    site.world.lock().ended.clear();
    site.edit(
        "{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 1}, storage: {volumes: [{name: data, size: \
         20Gi}]}}",
    );
    site.settle().await;
    site.passes(3).await;
    let world = site.world.lock();
    let claim = &world.store.objects[&format!("{CLAIMS}/data-demo-broker-0")];
    assert_eq!(claim["spec"]["resources"]["requests"]["storage"], "20Gi");
    let set = &world.store.objects[&format!("{SETS}/demo-broker")];
    let template = &set["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"];
    assert_eq!(*template, json!("20Gi"));
    assert!(world.ended.is_empty(), "no pod was restarted");
}

#[tokio::test]
async fn a_deleted_cluster_leaves_its_volumes_unless_the_spec_says_so() {
    for (policy, stays) in [("Retain", true), ("Delete", false)] {
        let site = Site::new(&format!(
            "{{brokers: {{replicas: 1}}, controllers: {{mode: combined, replicas: 1}}, storage: {{onDelete: {policy}}}}}"
        ));
        site.settle().await;
        site.world.lock().store.delete(&format!("{}/demo", crate::world::CLUSTERS));
        for _ in 0..6 {
            site.pass().await.unwrap();
        }
        let world = site.world.lock();
        assert!(!world.store.objects.contains_key(&format!("{}/demo", crate::world::CLUSTERS)), "{policy}");
        assert_eq!(
            world.store.objects.contains_key(&format!("{CLAIMS}/data-demo-broker-0")),
            stays,
            "{policy}"
        );
    }
}
