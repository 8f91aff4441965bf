//! Stories of `klamm up` as a host: nodes left running, found again, suspended, put back after they
//! lost their volume; and the manifests of the examples.

use std::fs;
use std::process::{Command, Stdio};

use klamm_manifest::{Condition, ConditionStatus};
use klamm_protocol::messages::DescribeConfigsRequest;
use klamm_protocol::messages::describe_configs_request::DescribeConfigsResource;
use klamm_protocol::messages::describe_configs_response::DescribeConfigsResourceResult;
use rustix::process::Signal;

use crate::load::{Load, first_line_of, read_all, type_into};
use crate::site::Site;
use crate::{TOPIC, combined};

/// DescribeConfigs' number of topics, and of a config that was set on one.
const TOPIC_RESOURCE: i8 = 2;
const OWN_OF_A_TOPIC: i8 = 1;

const REPLICATED: &str = "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {name: t}\nspec: \
                          {clusterRef: {name: c}, partitions: 3, replicationFactor: 3, config: {min.insync.replicas: \
                          '2'}}\n";

fn pids(site: &Site, nodes: i32) -> Vec<Option<i32>> {
    (0..nodes).map(|node| site.pid(node)).collect()
}

#[tokio::test]
async fn detached_nodes_run_on_and_the_next_up_takes_them_over() {
    let mut site = Site::new(&combined(2, 1), TOPIC);
    let detached = site.run(&["--detach"]);
    let said = String::from_utf8_lossy(&detached.stdout).into_owned();
    assert!(detached.status.success() && said.contains("cluster c is ready"), "{said}");
    let before = pids(&site, 2);
    assert_eq!(site.brokers().await, [0, 1]);
    assert!(site.run(&["--detach"]).status.success());
    let told = String::from_utf8(site.run(&["--plan"]).stdout).unwrap();
    assert_eq!(told, "nothing to do: the cluster is as its spec wants it\n");
    site.start();
    site.wait_ready(1).await;
    assert_eq!(pids(&site, 2), before, "{}", site.out());
    assert!(!site.out().contains("start node"), "{}", site.out());
    assert!(site.stop().success(), "{}", site.out());
    assert!(before.into_iter().flatten().all(|pid| !Site::is_alive(pid)), "{}", site.out());
}

#[tokio::test]
async fn nodes_are_found_again_by_what_they_run_and_not_by_their_pid_files() {
    let mut site = Site::new(&combined(2, 1), TOPIC);
    site.start();
    site.wait_ready(1).await;
    let before = pids(&site, 2);
    site.kill_up();
    // One note is missing, as after a crash right behind the start; the other names a stranger.
    let mut stranger = Command::new("sleep").arg("600").stdin(Stdio::null()).spawn().unwrap();
    fs::remove_file(site.node_dir(0).join("pid")).unwrap();
    fs::write(site.node_dir(1).join("pid"), stranger.id().to_string()).unwrap();
    site.start();
    site.wait_ready(2).await;
    assert_eq!(pids(&site, 2), before, "{}", site.out());
    assert!(site.stop().success(), "{}", site.out());
    assert!(before.into_iter().flatten().all(|pid| !Site::is_alive(pid)), "{}", site.out());
    assert_eq!(stranger.try_wait().unwrap(), None, "a stranger was stopped");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[tokio::test]
async fn a_node_that_does_not_stop_is_killed_at_the_second_signal() {
    let mut site = Site::new(&combined(1, 1), TOPIC);
    site.start();
    site.wait_ready(1).await;
    let pid = site.pid(0).unwrap();
    site.signal_node(0, Signal::STOP);
    site.signal(Signal::INT);
    site.wait_said("stopping the nodes").await;
    assert!(Site::is_alive(pid), "{}", site.out());
    site.signal(Signal::INT);
    assert!(site.wait_end().success(), "{}", site.out());
    assert!(!Site::is_alive(pid), "{}", site.out());
}

#[tokio::test]
async fn a_suspended_cluster_is_stopped_and_comes_back_with_its_data() {
    let mut site = Site::new(&combined(3, 3), REPLICATED);
    site.start();
    site.wait_ready(1).await;
    let load = Load::start(&site.bootstrap(), "t");
    site.wait("records", async || load.has(50)).await;
    let acknowledged = load.stop().await;
    assert!(!acknowledged.is_empty());
    let nodes: Vec<i32> = pids(&site, 3).into_iter().flatten().collect();
    site.edit(&format!("{}  suspend: cluster\n", combined(3, 3)), REPLICATED);
    site.wait_said("cluster c is suspended").await;
    assert!(nodes.into_iter().all(|pid| !Site::is_alive(pid)), "{}", site.out());
    site.edit(&combined(3, 3), REPLICATED);
    site.wait_ready(2).await;
    let (there, _) = read_all(&site.bootstrap(), "t");
    assert_eq!(there, acknowledged, "{}", site.out());
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_node_whose_volume_is_lost_comes_back_empty_and_is_filled_again() {
    let mut site = Site::new(&combined(3, 3), REPLICATED);
    site.start();
    site.wait_ready(1).await;
    let load = Load::start(&site.bootstrap(), "t");
    site.wait("records", async || load.has(50)).await;
    let data = site.node_dir(2).join("data");
    let identity = fs::read_to_string(data.join("meta.properties")).unwrap();
    fs::rename(&data, site.node_dir(2).join("lost")).unwrap();
    site.kill(2);
    site.wait_said("node 2 votes with a directory that is lost").await;
    site.wait_ready(2).await;
    let acknowledged = load.stop().await;
    assert_ne!(fs::read_to_string(data.join("meta.properties")).unwrap(), identity);
    assert_eq!(site.voters().await, [0, 1, 2], "{}", site.out());
    let topics = site.admin().list_topics().await.unwrap();
    let partitions = topics.iter().find(|topic| &*topic.name == "t").unwrap().partitions.iter();
    assert!(partitions.clone().all(|partition| partition.isr.len() == 3), "{}", site.out());
    let (there, records) = read_all(&site.bootstrap(), "t");
    let lost: Vec<_> = acknowledged.difference(&there).collect();
    assert!(lost.is_empty() && records == there.len(), "{lost:?}\n{}", site.out());
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_volume_with_the_only_copy_is_not_replaced_by_an_empty_one() {
    let mut site = Site::new(&combined(2, 1), &TOPIC.replace("partitions: 3", "partitions: 8"));
    site.start();
    site.wait_ready(1).await;
    let data = site.node_dir(1).join("data");
    fs::rename(&data, site.node_dir(1).join("lost")).unwrap();
    site.kill(1);
    site.wait_said("the only in-sync copy of partition t-").await;
    assert!(!data.join("meta.properties").exists(), "{}", site.out());
    fs::rename(site.node_dir(1).join("lost"), &data).unwrap();
    site.wait_ready(2).await;
    assert!(site.stop().success(), "{}", site.out());
}

#[tokio::test]
async fn a_new_cluster_begins_at_the_level_of_its_manifest_and_rises_with_it() {
    let cluster = |version: &str| format!("{}  metadataVersion: '{version}'\n", combined(1, 1));
    let mut site = Site::new(&cluster("4.2"), TOPIC);
    site.start();
    site.wait_ready(1).await;
    let level = async |site: &Site| {
        let features = site.admin().describe_features().await.unwrap();
        features.finalized_feature("metadata.version")
    };
    assert_eq!(level(&site).await, 29, "{}", site.out());
    site.edit(&cluster("4.4"), TOPIC);
    site.wait_ready(2).await;
    assert_eq!(level(&site).await, 33, "{}", site.out());
    site.edit(&cluster("4.0"), TOPIC);
    site.wait_said("levels are only raised here").await;
    assert!(site.stop().success(), "{}", site.out());
}

/// A topic's partitions and the configs of its own.
async fn described(site: &Site, topic: &str) -> (usize, Vec<(String, String)>) {
    let admin = site.admin();
    let topics = admin.list_topics().await.unwrap();
    let found = topics.iter().find(|view| &*view.name == topic).unwrap();
    let resource = DescribeConfigsResource {
        resource_type: TOPIC_RESOURCE,
        resource_name: topic.into(),
        ..DescribeConfigsResource::default()
    };
    let request = DescribeConfigsRequest { resources: vec![resource], ..DescribeConfigsRequest::default() };
    let described = admin.describe_configs(&request).await.unwrap().swap_remove(0);
    let own = described.configs.iter().filter(|config| config.config_source == OWN_OF_A_TOPIC);
    let pair = |config: &DescribeConfigsResourceResult| {
        (config.name.to_string(), config.value.as_ref().unwrap().to_string())
    };
    let mut own: Vec<(String, String)> = own.map(pair).collect();
    own.sort();
    (found.partitions.len(), own)
}

/// A topic of an example: name, partitions, and a config of its own.
type ExampleTopic = (&'static str, usize, (&'static str, &'static str));

#[tokio::test]
async fn the_examples_start_as_they_are_and_what_they_print_works_as_it_stands() {
    let alone: &[ExampleTopic] =
        &[("customers", 1, ("cleanup.policy", "compact")), ("orders", 6, ("retention.ms", "604800000"))];
    let trio: &[ExampleTopic] = &[("events", 12, ("min.insync.replicas", "2"))];
    for (example, port, brokers, topics) in [("three-nodes", 9192, 3, trio), ("cluster", 9092, 1, alone)] {
        let broker = std::env::var("CARGO_MANIFEST_DIR").unwrap();
        let path = format!("{broker}/../examples/{example}.yaml");
        let mut site = Site::of_manifest(&fs::read_to_string(path).unwrap(), port);
        site.start();
        site.wait_said("stop:     Ctrl-C").await;
        assert_eq!(site.brokers().await, (0..brokers).collect::<Vec<_>>(), "{}", site.out());
        for (topic, partitions, (key, value)) in topics {
            let config = ((*key).to_owned(), (*value).to_owned());
            assert_eq!(described(&site, topic).await, (*partitions, vec![config]), "{topic}\n{}", site.out());
        }
        let is_ready =
            |condition: &Condition| condition.kind == "Ready" && condition.status == ConditionStatus::True;
        site.wait("Ready in the file", async || site.status().conditions.iter().any(is_ready)).await;
        let status = site.status();
        let identity = fs::read_to_string(site.node_dir(0).join("data/meta.properties")).unwrap();
        let cluster_id = status.cluster_id.as_deref().unwrap();
        assert!(
            identity.lines().any(|line| line == format!("cluster.id={cluster_id}")),
            "{identity}\n{status:?}"
        );
        let (produce, consume) = (site.hint("produce:"), site.hint("consume:"));
        tokio::task::spawn_blocking(move || {
            type_into(&produce, "what was typed");
            assert_eq!(first_line_of(&consume), "what was typed\n");
        })
        .await
        .unwrap();
        assert!(site.stop().success(), "{}", site.out());
    }
}
