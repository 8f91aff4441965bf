//! Black-box stories of clusters of several nodes: quorums, roles, failover, over Kafka's wire.
#![allow(clippy::unwrap_used, missing_docs)]

mod raw;
#[allow(dead_code, reason = "the stories of replication use the rest")]
mod site;

use klamm_protocol::messages::add_raft_voter_request::Listener;
use klamm_protocol::messages::{AddRaftVoterRequest, DescribeClusterRequest, RemoveRaftVoterRequest};
use klamm_protocol::{ErrorCode, Str};
use site::{CLUSTER_ID, Quorum, Roles, Site};

#[tokio::test]
async fn a_static_quorum_survives_its_leader_and_takes_it_back() {
    let mut site = Site::start(&[Roles::Both; 3], Quorum::Static, "").await;
    let leader = site.leader().await;
    let others: Vec<i32> = (1..=3).filter(|id| *id != leader).collect();
    for (name, id) in ["one", "two"].into_iter().zip(&others) {
        site.node(*id).create_topic(name).await;
    }
    for node in &site.nodes {
        node.await_topics(&["one", "two"]).await;
    }
    site.node(leader).kill();
    site.node(others[0]).create_topic("three").await;
    assert_ne!(site.leader().await, leader);
    site.node(leader).spawn();
    site.node(leader).await_service().await;
    site.node(leader).await_topics(&["one", "two", "three"]).await;
}

/// What a node is in, and with whom, comes from what it has on its disk, whenever in its beginnings it is killed.
#[tokio::test]
async fn rule_35_controllers_that_are_killed_while_they_form_a_quorum_come_back_as_one_cluster() {
    let mut site = Site::format(&[Roles::Both; 3], Quorum::Dynamic(&[1, 2, 3]), "");
    for round in 0..6_u64 {
        for node in &mut site.nodes {
            node.spawn();
        }
        // At another moment of their election each time, the last one after it.
        tokio::time::sleep(std::time::Duration::from_millis(60 * (1 << round))).await;
        let (killed, are_all_killed) = (1 + i32::try_from(round % 3).unwrap(), round % 2 == 0);
        for node in site.nodes.iter_mut().filter(|node| are_all_killed || node.id == killed) {
            node.kill();
        }
        if !are_all_killed {
            site.node(killed).spawn();
            site.await_brokers().await;
            site.nodes.iter_mut().for_each(site::Node::kill);
        }
    }
    for node in &mut site.nodes {
        node.spawn();
    }
    site.await_brokers().await;
    let quorum = site.await_quorum("a leader", |quorum| quorum.leader_id > 0).await;
    let mut voters: Vec<_> = quorum.current_voters.iter().map(|voter| voter.replica_id).collect();
    voters.sort_unstable();
    assert_eq!((voters, quorum.observers.len()), (vec![1, 2, 3], 0), "{}", site.logs());
    site.node(1).create_topic("one").await;
    for node in &site.nodes {
        node.await_topics(&["one"]).await;
        let request = DescribeClusterRequest { endpoint_type: 1, ..DescribeClusterRequest::default() };
        let described = node.admin().describe_cluster(&request).await.unwrap();
        assert_eq!((&*described.cluster_id, described.brokers.len()), (CLUSTER_ID, 3), "{}", site.logs());
    }
}

#[tokio::test]
async fn a_cluster_that_stopped_as_a_whole_comes_back_with_all_it_knew() {
    let mut site = Site::start(&[Roles::Both; 3], Quorum::Static, "").await;
    site.node(1).create_topic("kept").await;
    for node in &site.nodes {
        node.await_topics(&["kept"]).await;
    }
    for node in &mut site.nodes {
        node.kill();
    }
    for node in &mut site.nodes {
        node.spawn();
    }
    site.await_brokers().await;
    for node in &site.nodes {
        node.await_topics(&["kept"]).await;
    }
}

#[tokio::test]
async fn a_broker_serves_under_controllers_of_a_dynamic_quorum_while_one_of_them_dies() {
    let roles = [Roles::Controller, Roles::Controller, Roles::Controller, Roles::Broker];
    let mut site = Site::start(&roles, Quorum::Dynamic(&[1, 2, 3]), "").await;
    let quorum = site.await_quorum("an observer", |quorum| !quorum.observers.is_empty()).await;
    assert_eq!(quorum.current_voters.len(), 3);
    assert_eq!(quorum.observers[0].replica_id, 4);
    site.node(4).create_topic("before").await;
    site.node(quorum.leader_id).kill();
    site.node(4).create_topic("after").await;
    site.node(4).await_topics(&["before", "after"]).await;
    site.node(4).stop();
    assert!(site.node(4).data().join(".kafka_cleanshutdown").exists(), "{}", site.logs());
}

#[tokio::test]
async fn the_leader_hands_over_when_it_is_asked_to_stop() {
    let mut site = Site::start(&[Roles::Both; 3], Quorum::Dynamic(&[1, 2, 3]), "").await;
    let leader = site.leader().await;
    site.node(leader).stop();
    let next = site.leader().await;
    assert_ne!(next, leader);
    site.node(next).create_topic("later").await;
    site.node(leader).spawn();
    site.node(leader).await_service().await;
    site.node(leader).await_topics(&["later"]).await;
}

#[tokio::test]
async fn voters_are_added_and_removed_by_way_of_a_broker() {
    let roles = [Roles::Both, Roles::Controller];
    let mut site = Site::start(&roles, Quorum::Dynamic(&[1]), "").await;
    site.await_quorum("an observer", |quorum| quorum.observers.iter().any(|one| one.replica_id == 2)).await;
    let (port, directory) = (site.node(2).controller_port, site.node(2).formatted_directory_id());
    let add = AddRaftVoterRequest {
        cluster_id: Some(Str::from_static(CLUSTER_ID)),
        timeout_ms: 30_000,
        voter_id: 2,
        voter_directory_id: directory.parse().unwrap(),
        listeners: vec![Listener {
            name: Str::from_static("CONTROLLER"),
            host: Str::from_static("127.0.0.1"),
            port,
            ..Listener::default()
        }],
        ack_when_committed: true,
        ..AddRaftVoterRequest::default()
    };
    let added = site.node(1).admin().add_raft_voter(&add).await.unwrap();
    assert_eq!(added.error_code, 0, "{added:?}\n{}", site.logs());
    site.await_quorum("two voters", |quorum| quorum.current_voters.len() == 2).await;
    let remove = RemoveRaftVoterRequest {
        cluster_id: Some(Str::from_static(CLUSTER_ID)),
        voter_id: 2,
        voter_directory_id: directory.parse().unwrap(),
        ..RemoveRaftVoterRequest::default()
    };
    let removed = site.node(1).admin().remove_raft_voter(&remove).await.unwrap();
    assert_eq!(removed.error_code, 0, "{removed:?}\n{}", site.logs());
    site.await_quorum("one voter", |quorum| quorum.current_voters.len() == 1).await;
}

#[tokio::test]
async fn the_tool_adds_and_removes_a_controller() {
    let roles = [Roles::Both, Roles::Controller];
    let mut site = Site::start(&roles, Quorum::Dynamic(&[1]), "").await;
    site.await_quorum("an observer", |quorum| quorum.observers.iter().any(|one| one.replica_id == 2)).await;
    let server = format!("127.0.0.1:{}", site.node(1).port);
    let directory = site.node(2).formatted_directory_id();
    let settings = site.node(2).properties().display().to_string();
    let quorum = async |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_klamm"));
        command.args(["metadata-quorum", "--bootstrap-server", &server]).args(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let told = quorum(&["--command-config", &settings, "add-controller"]).await;
    assert!(
        told.starts_with(&format!("Added controller 2 with directory id {directory} and endpoints: ")),
        "{told}"
    );
    site.await_quorum("two voters", |quorum| quorum.current_voters.len() == 2).await;
    let status = quorum(&["describe", "--replication"]).await;
    assert!(status.lines().any(|line| line.starts_with('2') && line.contains("Follower")), "{status}");
    let removed =
        quorum(&["remove-controller", "--controller-id", "2", "--controller-directory-id", &directory]).await;
    assert!(removed.contains("KRaft controller 2 with directory id"), "{removed}");
    site.await_quorum("one voter", |quorum| quorum.current_voters.len() == 1).await;
}

#[tokio::test]
async fn a_new_controller_begins_with_a_snapshot() {
    let settings = "metadata.log.max.record.bytes.between.snapshots=200\nmetadata.max.idle.interval.ms=100\n\
                    metadata.max.retention.bytes=2000\n";
    let mut site = Site::format(&[Roles::Both, Roles::Controller], Quorum::Dynamic(&[1]), settings);
    site.node(1).spawn();
    site.node(1).await_service().await;
    site.node(1).create_topic("inside").await;
    let metadata = |site: &mut Site, id: i32| site.node(id).data().join("__cluster_metadata-0");
    let snapshots = |dir: std::path::PathBuf| {
        let names = std::fs::read_dir(dir).into_iter().flatten().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names
            .filter(|name| name.ends_with(".checkpoint") && !name.starts_with("00000000000000000000-"))
            .count()
    };
    let dir = metadata(&mut site, 1);
    raw::poll("a snapshot on the leader", || snapshots(dir.clone()) > 0).await;
    site.node(2).spawn();
    let dir = metadata(&mut site, 2);
    raw::poll("the snapshot on the new controller", || snapshots(dir.clone()) > 0).await;
    let is_current = |one: &klamm_protocol::messages::describe_quorum_response::ReplicaState| {
        one.replica_id == 2 && one.log_end_offset > 0
    };
    site.await_quorum("a caught up observer", |quorum| quorum.observers.iter().any(is_current)).await;
    // Old snapshots go, and with them the log before them: what restarts begins with a snapshot too.
    let dir = metadata(&mut site, 1);
    raw::poll("a log that begins later", || {
        let first = dir.join("00000000000000000000-0000000000.checkpoint");
        !first.exists() && snapshots(dir.clone()) < 20
    })
    .await;
    site.node(1).kill();
    site.node(1).spawn();
    site.node(1).await_service().await;
    site.node(1).await_topics(&["inside"]).await;
}

#[tokio::test]
async fn features_go_up_and_down_as_far_as_kafka_allows() {
    // 22 is the last level before the format changes of 23.
    let site = Site::start_at(&[Roles::Both, Roles::Controller], Quorum::Dynamic(&[1, 2]), 22).await;
    let admin = site.nodes[0].admin();
    let (upgrade, safe, unsafe_) = (1, 2, 3);
    raw::poll_feature(&admin, "metadata.version", (29, upgrade), ErrorCode::None).await;
    raw::poll_feature(&admin, "metadata.version", (27, upgrade), ErrorCode::InvalidUpdateVersion).await;
    raw::poll_feature(&admin, "metadata.version", (27, safe), ErrorCode::None).await;
    for direction in [safe, unsafe_] {
        let below = (22, direction);
        raw::poll_feature(&admin, "metadata.version", below, ErrorCode::InvalidUpdateVersion).await;
    }
    raw::poll_feature(&admin, "metadata.version", (33, upgrade), ErrorCode::None).await;
    raw::poll_feature(&admin, "metadata.version", (32, unsafe_), ErrorCode::InvalidUpdateVersion).await;
    raw::poll_feature(&admin, "no.such.feature", (1, upgrade), ErrorCode::InvalidUpdateVersion).await;
    site.nodes[0].create_topic("after").await;
}

#[tokio::test]
async fn a_static_quorum_becomes_dynamic_by_raising_kraft_version() {
    let mut site = Site::start(&[Roles::Both; 3], Quorum::Static, "").await;
    let admin = site.nodes[0].admin();
    raw::poll_feature(&admin, "kraft.version", (1, 1), ErrorCode::None).await;
    raw::poll_feature(&admin, "kraft.version", (0, 2), ErrorCode::InvalidUpdateVersion).await;
    let has_directory = |one: &klamm_protocol::messages::describe_quorum_response::ReplicaState| {
        !one.replica_directory_id.is_zero()
    };
    site.await_quorum("directory ids", |quorum| quorum.current_voters.iter().all(has_directory)).await;
    for node in &mut site.nodes {
        node.kill();
    }
    for node in &mut site.nodes {
        node.spawn();
    }
    site.await_brokers().await;
    site.await_quorum("directory ids", |quorum| quorum.current_voters.iter().all(has_directory)).await;
}

#[tokio::test]
async fn requests_that_no_voter_may_send_are_refused() {
    let site = Site::start(&[Roles::Both; 3], Quorum::Static, "").await;
    let leader = site.leader().await;
    let port = site.nodes.iter().find(|node| node.id == leader).unwrap().controller_port;
    raw::refuses_other_clusters_partitions_and_ids(port, leader).await;
    raw::describes_its_configs(port, leader).await;
    assert_eq!(site.leader().await, leader, "{}", site.logs());
}

#[tokio::test]
async fn a_controller_is_registered_and_unregistered() {
    let roles = [Roles::Both, Roles::Controller];
    let mut site = Site::start(&roles, Quorum::Dynamic(&[1]), "").await;
    let port = site.node(1).port;
    // It registers by itself, and again while it runs.
    raw::poll_unregister(port, 2, ErrorCode::None).await;
    site.node(2).kill();
    raw::poll_unregister(port, 2, ErrorCode::ControllerIdNotRegistered).await;
}
