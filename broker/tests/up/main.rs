//! Black-box stories of `klamm up`: a manifest becomes a cluster of processes, and edits of it scale
//! that cluster.
#![allow(clippy::unwrap_used, missing_docs)]

mod hosts;
mod load;
mod site;

use load::{Load, read_all};
use site::Site;

fn combined(brokers: u32, controllers: u32) -> String {
    format!(
        "  brokers: {{replicas: {brokers}}}\n  controllers: {{mode: combined, replicas: {controllers}}}\n  rebalance: \
         {{onScaleUp: false}}\n  config: {{offsets.topic.replication.factor: '1'}}\n"
    )
}

const TOPIC: &str = "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {name: t}\nspec: {clusterRef: \
                     {name: c}, partitions: 3, replicationFactor: 1}\n";

#[tokio::test]
async fn an_edit_of_the_manifest_adds_voters_and_brokers_and_takes_them_away() {
    let mut site = Site::new(&combined(3, 1), TOPIC);
    site.start();
    site.wait_ready(1).await;
    assert_eq!((site.voters().await, site.brokers().await), (vec![0], vec![0, 1, 2]), "{}", site.out());
    site.edit(&combined(3, 3), TOPIC);
    site.wait_ready(2).await;
    assert_eq!(site.voters().await, [0, 1, 2], "{}", site.out());
    site.edit(&combined(5, 3), TOPIC);
    site.wait_ready(3).await;
    assert_eq!(site.brokers().await, [0, 1, 2, 3, 4], "{}", site.out());
    site.edit(&combined(3, 3), TOPIC);
    site.wait_ready(4).await;
    assert_eq!(site.brokers().await, [0, 1, 2], "{}", site.out());
    assert!(site.out().contains("let broker 4 take no new replicas"), "{}", site.out());
    assert_eq!(site.pid(4), None);
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn dedicated_controllers_serve_brokers_and_a_plan_is_told_in_sentences() {
    let cluster = "  brokers: {replicas: 1}\n  controllers: {mode: dedicated, replicas: 3, idStart: 1}\n";
    let mut site = Site::new(cluster, "");
    let planned = site.run(&["--plan"]);
    let told = String::from_utf8(planned.stdout).unwrap();
    assert_eq!(told, "choose an identity for the cluster: cluster c has no identity yet\n");
    site.start();
    site.wait_ready(1).await;
    assert_eq!(site.voters().await, [1, 2, 3], "{}", site.out());
    let planned = site.run(&["--plan"]);
    let told = String::from_utf8(planned.stdout).unwrap();
    assert_eq!(told, "nothing to do: the cluster is as its spec wants it\n");
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_node_that_dies_is_started_again_and_a_second_up_is_refused() {
    let mut site = Site::new(&combined(1, 1), TOPIC);
    site.start();
    site.wait_ready(1).await;
    let second = site.run(&[]);
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("another `klamm up` looks after"), "{said}");
    let before = site.pid(0);
    site.kill(0);
    site.wait_ready(2).await;
    assert_ne!(site.pid(0), before);
    assert!(site.out().contains("ended by itself (signal: 9"), "{}", site.out());
    site.edit(&combined(0, 1), TOPIC);
    site.wait("the refusal", async || site.out().contains("the old one holds")).await;
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_static_config_rolls_through_the_nodes_and_a_dynamic_one_does_not() {
    let with = |config: &str| combined(3, 3).replace("config: {", &format!("config: {{{config}, "));
    let mut site = Site::new(&combined(3, 3), TOPIC);
    site.start();
    site.wait_ready(1).await;
    let pids = |site: &Site| (0..3).map(|node| site.pid(node)).collect::<Vec<_>>();
    let first = pids(&site);
    site.edit(&with("log.retention.ms: '86400000'"), TOPIC);
    site.wait_ready(2).await;
    assert_eq!(pids(&site), first, "{}", site.out());
    assert!(site.out().contains("configure all brokers: log.retention.ms=86400000"), "{}", site.out());
    site.edit(&with("log.retention.ms: '86400000', num.partitions: '2'"), TOPIC);
    site.wait_ready(3).await;
    let last = pids(&site);
    assert!(first.iter().zip(&last).all(|(before, after)| before != after), "{}", site.out());
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_cluster_under_load_scales_up_and_down_without_losing_a_record() {
    let cluster = |brokers: u32| {
        format!("  brokers: {{replicas: {brokers}}}\n  controllers: {{mode: combined, replicas: 3}}\n")
    };
    let topic = "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {name: t}\nspec: {clusterRef: {name: \
                 c}, partitions: 6, replicationFactor: 3, config: {min.insync.replicas: '2'}}\n";
    let mut site = Site::new(&cluster(3), topic);
    site.start();
    site.wait_ready(1).await;
    let load = Load::start(&site.bootstrap(), "t");
    site.edit(&cluster(5), topic);
    site.wait_ready(2).await;
    let hosts = |views: &[std::sync::Arc<klamm_client::cluster::TopicView>]| {
        let partitions = views.iter().filter(|view| &*view.name == "t").flat_map(|view| &view.partitions);
        partitions.flat_map(|one| one.replicas.clone()).collect::<std::collections::BTreeSet<i32>>()
    };
    let spread = hosts(&site.admin().list_topics().await.unwrap());
    assert_eq!(spread.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4], "{}", site.out());
    site.edit(&cluster(3), topic);
    site.wait_ready(3).await;
    let acknowledged = load.stop().await;
    assert!(acknowledged.len() > 10, "{}", site.out());
    let left = hosts(&site.admin().list_topics().await.unwrap());
    assert_eq!(left.into_iter().collect::<Vec<_>>(), [0, 1, 2], "{}", site.out());
    assert_eq!(site.brokers().await, [0, 1, 2], "{}", site.out());
    let (there, records) = read_all(&site.bootstrap(), "t");
    let lost: Vec<_> = acknowledged.difference(&there).collect();
    assert!(lost.is_empty(), "{lost:?} of {} are lost\n{}", acknowledged.len(), site.out());
    assert_eq!(records, there.len(), "records are doubled");
    assert!(site.stop().success(), "{}", site.out());
}
