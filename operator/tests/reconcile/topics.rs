//! KafkaTopics: created, adopted, grown, owned by one.

use klamm_operator::cluster::{Next, lone_topic};
use serde_json::json;

use crate::site::{SMALL, Site};
use crate::world::{CLUSTERS, TOPICS};

#[tokio::test]
async fn a_topic_is_created_grown_configured_and_deleted_with_its_resource() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.topic("t", json!({ "partitions": 3, "replicationFactor": 2, "config": { "retention.ms": "5" } }));
    site.settle().await;
    site.passes(2).await;
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 3);
    assert_eq!(site.topic_condition("t").0, "AsSpecified");
    site.topic("t", json!({ "partitions": 6, "replicationFactor": 3 }));
    site.passes(4).await;
    {
        let world = site.world.lock();
        let topic = &world.topics["t"];
        assert_eq!((topic.partitions.len(), topic.replication_factor()), (6, 3));
        assert!(topic.config.is_empty(), "a removed key goes back to its default");
        assert_eq!(world.store.objects[&format!("{TOPICS}/t")]["status"]["replicationFactor"], 3);
    }
    site.world.lock().store.delete(&format!("{TOPICS}/t"));
    site.passes(3).await;
    assert!(!site.world.lock().topics.contains_key("t"));
    assert!(!site.world.lock().store.objects.contains_key(&format!("{TOPICS}/t")));
}

#[tokio::test]
async fn a_topic_with_retain_stays_when_its_resource_goes() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.topic("t", json!({ "partitions": 1, "deletionPolicy": "Retain" }));
    site.passes(3).await;
    site.world.lock().store.delete(&format!("{TOPICS}/t"));
    site.passes(2).await;
    assert!(site.world.lock().topics.contains_key("t"));
    assert!(!site.world.lock().store.objects.contains_key(&format!("{TOPICS}/t")));
}

#[tokio::test]
async fn the_older_of_two_resources_owns_a_name_and_the_younger_changes_nothing() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.topic("first", json!({ "topicName": "T", "partitions": 2 }));
    site.topic("second", json!({ "topicName": "T", "partitions": 9 }));
    site.passes(4).await;
    assert_eq!(site.world.lock().topics["T"].partitions.len(), 2);
    let (reason, message) = site.topic_condition("second");
    assert_eq!(reason, "Conflict");
    assert!(message.contains("KafkaTopic/first"), "{message}");
    site.world.lock().store.delete(&format!("{TOPICS}/second"));
    site.passes(2).await;
    assert!(site.world.lock().topics.contains_key("T"), "it was never the younger one's");
}

#[tokio::test]
async fn an_existing_topic_is_adopted_and_one_made_anew_by_others_is_not_touched_until_accepted() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("t", 2, 1);
    site.topic("t", json!({ "partitions": 4, "replicationFactor": 1 }));
    site.passes(4).await;
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 4);
    site.world.lock().make_topic("t", 1, 1);
    site.passes(3).await;
    assert_eq!(site.topic_condition("t").0, "TopicReplaced");
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 1, "nothing was changed");
    {
        let mut world = site.world.lock();
        let path = format!("{TOPICS}/t");
        let mut object = world.store.objects[&path].clone();
        let id = world.topics["t"].topic_id.to_string();
        object["metadata"]["annotations"] = json!({ "klamm.dev/adopt-topic-id": id });
        world.store.put(&path, object);
    }
    site.passes(4).await;
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 4);
}

#[tokio::test]
async fn a_topic_that_others_deleted_is_made_again() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.topic("t", json!({ "partitions": 2 }));
    site.passes(4).await;
    site.world.lock().topics.clear();
    site.passes(4).await;
    assert_eq!(site.world.lock().topics["t"].partitions.len(), 2);
    assert_eq!(site.topic_condition("t").0, "AsSpecified");
}

#[tokio::test]
async fn a_topic_that_the_cluster_refuses_holds_back_no_other() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().refuses = Some("bad".into());
    site.topic("bad", json!({ "config": { "nonsense": "1" } }));
    site.topic("good", json!({}));
    site.topic("wide", json!({ "replicationFactor": 9 }));
    site.topic("wrong", json!({ "topicName": "a b" }));
    site.passes(4).await;
    assert!(site.world.lock().topics.contains_key("good"));
    let (reason, message) = site.topic_condition("bad");
    assert!(reason == "Refused" && message.contains("Unknown topic config name"), "{reason}: {message}");
    let (reason, message) = site.topic_condition("wide");
    assert!(reason == "Blocked" && message.contains("9 is more than the 3 brokers"), "{reason}: {message}");
    assert_eq!(site.topic_condition("wrong").0, "InvalidSpec");
}

#[tokio::test]
async fn a_topic_without_its_cluster_is_told_so_and_nothing_keeps_it() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.topic("t", json!({}));
    site.passes(3).await;
    site.world.lock().store.objects.remove(&format!("{CLUSTERS}/demo"));
    lone_topic(&site.context, "kafka", "t").await.unwrap();
    assert_eq!(site.topic_condition("t").0, "ClusterNotFound");
    site.world.lock().store.delete(&format!("{TOPICS}/t"));
    assert!(!site.world.lock().store.objects.contains_key(&format!("{TOPICS}/t")));
}

#[tokio::test]
async fn a_topic_that_goes_while_its_cluster_does_is_looked_at_until_it_is_gone() {
    let site = Site::new("{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 1}}");
    site.settle().await;
    site.topic("t", json!({ "partitions": 1 }));
    site.passes(4).await;
    site.world.lock().store.delete(&format!("{TOPICS}/t"));
    let next = lone_topic(&site.context, "kafka", "t").await.unwrap();
    assert!(matches!(next, Next::After(_)), "{next:?}");
    // Nothing changes at the topic when its cluster goes.
    site.world.lock().store.objects.remove(&format!("{CLUSTERS}/demo"));
    lone_topic(&site.context, "kafka", "t").await.unwrap();
    assert!(!site.world.lock().store.objects.contains_key(&format!("{TOPICS}/t")));
}
