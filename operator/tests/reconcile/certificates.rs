//! Certificates of the admin service: made before the pods, rotated only as far as every node follows, never
//! a reason to disturb a node.

use k8s_openapi::jiff::{SignedDuration, Timestamp};
use klamm_model::NodeId;
use klamm_operator::certificates::{
    Authority, Certificates, Phase, authority_secret, read_authority, valid_until,
};
use klamm_operator::resources::Site as Place;
use klamm_operator::retry::refusal;
use serde_json::json;

use crate::nodes::{SECRETS, secret_file, volume_names};
use crate::site::{SMALL, Site};
use crate::world::PODS;

const ONE: &str = "{brokers: {replicas: 2}, controllers: {replicas: 1}}";

fn in_secret(site: &Site) -> Certificates {
    let world = site.world.lock();
    let object = world.store.objects[&format!("{SECRETS}/demo-admin-ca")].clone();
    read_authority(&serde_json::from_value(object).unwrap()).unwrap()
}

/// Replaces the authority by one that was founded so many days ago.
fn age(site: &Site, days: i64) {
    let founded = Timestamp::now() - SignedDuration::from_hours(24 * days);
    let present = Authority::found("demo", founded).unwrap();
    let certificates = Certificates { present, next: None, former: None };
    let text = "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {name: demo}\nspec: {}\n";
    let manifest = klamm_manifest::read_manifest(text).unwrap();
    let spec = klamm_lifecycle::ClusterSpec::of_manifest(&manifest).unwrap();
    let place = Place {
        spec: &spec,
        namespace: "kafka",
        owner: serde_json::from_value(json!({ "apiVersion": "", "kind": "", "name": "demo", "uid": "u" }))
            .unwrap(),
        cluster_id: None,
        default_image: "",
        fenced: std::collections::BTreeSet::new(),
    };
    let secret = serde_json::to_value(authority_secret(&place, &certificates)).unwrap();
    site.world.lock().store.put(&format!("{SECRETS}/demo-admin-ca"), secret);
}

#[tokio::test]
async fn certificates_are_there_before_the_pods_that_mount_them_and_the_keys_of_the_authority_stay_out_of_pods()
 {
    let site = Site::new(SMALL);
    site.settle().await;
    let calls = site.world.lock().store.calls.clone();
    let first = |what: &str| calls.iter().position(|call| call.contains(what)).unwrap();
    assert!(first("POST /api/v1/namespaces/kafka/secrets") < first("PATCH /apis/apps"));
    let world = site.world.lock();
    for (path, pod) in world.store.under(PODS) {
        assert!(volume_names(&pod).contains(&"admin-tls"), "{path}");
        assert!(!pod.to_string().contains("demo-admin-ca"), "{path}");
    }
    let until = valid_until(&secret_file(&world, "demo-admin-tls", "tls.crt")).unwrap();
    assert!(until > Timestamp::now() + SignedDuration::from_hours(24 * 89));
}

#[tokio::test]
async fn the_status_says_until_when_certificates_hold_and_what_nodes_run() {
    let site = Site::new(ONE);
    site.settle().await;
    site.passes(1).await;
    let status = site.status();
    assert_eq!(status["certificates"]["phase"], "Steady");
    assert!(status["certificates"]["nodesUntil"].as_str().unwrap().starts_with("20"), "{status}");
    assert_eq!(status["nodes"][0]["version"], "9.8.7");
    assert_eq!(site.condition("CertificatesReady")["status"], "True");
}

#[tokio::test]
async fn an_authority_near_its_end_is_replaced_step_by_step_and_no_node_is_disturbed() {
    let site = Site::new(ONE);
    site.settle().await;
    site.passes(1).await;
    age(&site, 1_825 - 100);
    site.world.lock().ended.clear();
    let aged = in_secret(&site).present;
    // One node gets its files late: the successor does not issue before it trusts it.
    site.world.lock().late = vec![NodeId::at(1)];
    site.passes(5).await;
    assert_eq!(in_secret(&site).phase(), Phase::Overlap);
    let condition = site.condition("CertificatesReady");
    assert_eq!(condition["status"], "False");
    assert!(condition["message"].as_str().unwrap().ends_with("yet: 1"), "{condition}");
    site.world.lock().late.clear();
    site.passes(8).await;
    let settled = in_secret(&site);
    assert_eq!(settled.phase(), Phase::Steady);
    assert_ne!(settled.present, aged);
    let world = site.world.lock();
    let (trust, own) = (secret_file(&world, "demo-admin-tls", "ca.crt"), settled.present.pair.certificate);
    assert_eq!(trust, own, "the former authority is trusted no more");
    assert!(world.ended.is_empty(), "a node was restarted for certificates: {:?}", world.ended);
    assert_eq!(world.in_use[&NodeId::at(0)], world.in_use[&NodeId::at(1000)]);
}

#[tokio::test]
async fn an_authority_that_has_ended_is_replaced_without_any_nodes_word() {
    let site = Site::new(ONE);
    site.settle().await;
    age(&site, 1_900);
    let ended = in_secret(&site).present;
    site.world.lock().silent = [0, 1, 1000].map(NodeId::at).to_vec();
    site.passes(2).await;
    assert_ne!(in_secret(&site).present, ended);
}

#[tokio::test]
async fn nodes_that_cannot_be_asked_hold_nothing_back_but_the_rotation() {
    let site = Site::new(SMALL);
    site.world.lock().silent = (0..3).chain(1000..1003).map(NodeId::at).collect();
    site.settle().await;
    site.edit("{image: 'klamm:2', brokers: {replicas: 3}, controllers: {replicas: 3}}");
    assert_eq!(site.settle().await, 1);
    let message = site.status()["nodes"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("does not answer"), "{message}");
    assert_eq!(site.condition("CertificatesReady")["status"], "False");
}

#[tokio::test]
async fn settings_that_a_node_refuses_are_told_before_anything_is_rolled() {
    let site = Site::new(ONE);
    site.settle().await;
    site.passes(1).await;
    site.world.lock().ended.clear();
    site.world.lock().refuses_setting = Some("num.network.threads=5".to_owned());
    site.edit("{brokers: {replicas: 2}, controllers: {replicas: 1}, config: {num.network.threads: '5'}}");
    site.passes(5).await;
    let ready = site.condition("Ready");
    assert_eq!(ready["reason"], "InvalidSpec");
    let message = ready["message"].as_str().unwrap();
    assert!(message.contains("refuses it: num.network.threads=5 is nothing"), "{message}");
    assert!(site.world.lock().ended.is_empty());
    site.world.lock().refuses_setting = None;
    assert_eq!(site.settle().await, 1);
}

#[tokio::test]
async fn secrets_that_somebody_deletes_are_made_again() {
    let site = Site::new(ONE);
    site.settle().await;
    for name in ["demo-admin-ca", "demo-admin-tls"] {
        site.world.lock().store.delete(&format!("{SECRETS}/{name}"));
    }
    site.passes(3).await;
    let all = in_secret(&site);
    assert_eq!(secret_file(&site.world.lock(), "demo-admin-tls", "ca.crt"), all.trust());
    assert_eq!(site.condition("CertificatesReady")["status"], "True");
}

#[tokio::test]
async fn a_secret_of_somebody_else_is_told_and_neither_used_nor_overwritten() {
    let site = Site::new(ONE);
    let path = format!("{SECRETS}/demo-admin-tls");
    let theirs = json!({ "metadata": { "name": "demo-admin-tls", "namespace": "kafka" }, "data": { "tls.key": "eA==" } });
    let before = site.world.lock().store.put(&path, theirs);
    let error = site.pass().await.unwrap_err();
    let told = refusal(&error).unwrap();
    assert!(told.contains("Secret demo-admin-tls that is not this cluster's"), "{told}");
    assert_eq!(site.world.lock().store.objects[&path], before);
    site.world.lock().store.delete(&path);
    site.settle().await;
}
