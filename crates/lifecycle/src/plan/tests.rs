//! Plans of single scenes, compared whole where that is short.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use klamm_manifest::read_manifest;
use klamm_model::{DirectoryId, NodeId, TopicId, Uuid};

use super::*;
use crate::{
    Action, ClusterView, Directory, Endpoint, Founding, NodeRole, ObservedBroker, ObservedCluster,
    ObservedNode, ObservedPartition, ObservedQuorum, ObservedReplica, ObservedTopic, Operation, Process,
    TopicRemoval,
};

const ID: Uuid = Uuid::from_u128(0x1234);

fn spec(cluster: &str, topics: &[&str]) -> ClusterSpec {
    let mut text = format!(
        "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec: {cluster}\n"
    );
    for topic in topics {
        let (name, rest) = topic.split_once(' ').unwrap_or((topic, ""));
        text.push_str(&format!(
            "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {{name: {name}}}\nspec: {{clusterRef: \
             {{name: c}}{rest}}}\n"
        ));
    }
    ClusterSpec::of_manifest(&read_manifest(&text).unwrap()).unwrap()
}

fn combined(brokers: u32, controllers: u32) -> String {
    format!("{{brokers: {{replicas: {brokers}}}, controllers: {{mode: combined, replicas: {controllers}}}}}")
}

fn at(id: i32) -> NodeId {
    NodeId::at(id)
}

fn directory(id: NodeId) -> DirectoryId {
    DirectoryId::new(Uuid::from_u128(1_000 + u128::try_from(id.get()).unwrap())).unwrap()
}

fn node(id: NodeId, role: NodeRole) -> ObservedNode {
    ObservedNode {
        directory: Directory::Formatted { cluster_id: ID, metadata: Some(directory(id)) },
        process: Process::Running { answers: true, for_seconds: 60 },
        role: Some(role),
        outdated: None,
        controller_endpoint: Some(Endpoint { listener: "C".into(), host: "h".into(), port: 1 }),
    }
}

/// Nodes 0.. that serve; the first `voters` of them vote, and node 0 leads.
fn running(brokers: i32, voters: i32) -> Observed {
    let role = |id| if id < voters { NodeRole::Combined } else { NodeRole::Broker };
    let replica = |id: i32| ObservedReplica {
        id: at(id),
        directory_id: Some(directory(at(id))),
        lag: 0,
        silent_ms: Some(10),
    };
    let broker = ObservedBroker { cordoned: Some(false), ..ObservedBroker::default() };
    let cluster = ObservedCluster {
        metadata_version: Some(33),
        newest_metadata_version: Some(33),
        controllers: Some((0..voters).map(at).collect()),
        quorum: Some(ObservedQuorum {
            leader: at(0),
            epoch: 1,
            voters: (0..voters).map(replica).collect(),
            observers: (voters..brokers).map(replica).collect(),
        }),
        brokers: (0..brokers).map(|id| (at(id), broker.clone())).collect(),
        ..ObservedCluster::default()
    };
    Observed {
        cluster_id: Some(ID),
        has_run: true,
        spread_due: false,
        nodes: (0..brokers).map(|id| (at(id), node(at(id), role(id)))).collect(),
        cluster: ClusterView::Known(cluster),
    }
}

fn known(observed: &mut Observed) -> &mut ObservedCluster {
    match &mut observed.cluster {
        ClusterView::Known(cluster) => cluster,
        ClusterView::Unknown => panic!("the scene is known"),
    }
}

fn topic(observed: &mut Observed, name: &str, partitions: &[&[i32]]) {
    let partition = |ids: &&[i32]| {
        let replicas: Vec<NodeId> = ids.iter().map(|id| at(*id)).collect();
        ObservedPartition {
            leader: replicas.first().copied(),
            isr: replicas.clone(),
            replicas,
            ..ObservedPartition::default()
        }
    };
    let topic = ObservedTopic {
        min_isr: 1,
        partitions: partitions.iter().map(partition).collect(),
        ..ObservedTopic::default()
    };
    known(observed).topics.insert(name.to_owned(), topic);
}

fn sentences(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.action.to_string()).collect()
}

#[test]
fn a_new_cluster_gets_an_identity_then_a_founder_then_the_others() {
    let spec = spec(&combined(3, 1), &[]);
    let mut observed = Observed::default();
    assert_eq!(sentences(&plan(&spec, &observed)), ["choose an identity for the cluster"]);
    observed.cluster_id = Some(ID);
    for id in 0..3 {
        let new = ObservedNode {
            directory: Directory::Empty,
            process: Process::Absent,
            role: None,
            ..node(at(id), NodeRole::Broker)
        };
        observed.nodes.insert(at(id), new);
    }
    let plan = plan(&spec, &observed);
    assert_eq!(
        sentences(&plan),
        [
            "format node 0 (broker and controller) as the first voter of a new quorum",
            "start node 0 as broker and controller",
            "format node 1 (broker) to join the quorum",
            "start node 1 as broker",
            "format node 2 (broker) to join the quorum",
            "start node 2 as broker",
        ]
    );
    assert_eq!(plan.operation, Some(Operation::Bootstrap));
}

#[test]
fn a_quorum_is_never_founded_where_a_node_has_data() {
    let spec = spec(&combined(3, 3), &[]);
    let mut observed = running(3, 3);
    observed.has_run = false;
    observed.cluster = ClusterView::Unknown;
    observed.nodes.get_mut(&at(0)).unwrap().directory = Directory::Empty;
    observed.nodes.get_mut(&at(0)).unwrap().process = Process::Absent;
    let plan = plan(&spec, &observed);
    let founds =
        |step: &crate::Step| matches!(step.action, Action::FormatNode { founding: Founding::Alone, .. });
    assert!(!plan.steps.iter().any(founds), "{plan}");
}

#[test]
fn a_directory_of_another_cluster_is_never_touched() {
    let spec = spec(&combined(1, 1), &[]);
    let mut observed = running(1, 1);
    let other = Directory::Formatted { cluster_id: Uuid::from_u128(0x99), metadata: None };
    observed.nodes.get_mut(&at(0)).unwrap().directory = other;
    let plan = plan(&spec, &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert!(plan.blocked[0].contains("belongs to cluster"), "{plan}");
}

#[test]
fn a_cluster_as_its_spec_wants_it_needs_nothing() {
    let mut observed = running(3, 3);
    topic(&mut observed, "t", &[&[0, 1, 2]]);
    let plan = plan(&spec(&combined(3, 3), &["t , replicationFactor: 3"]), &observed);
    assert!(plan.is_settled(), "{plan}");
}

#[test]
fn voters_join_one_at_a_time() {
    let mut observed = running(3, 1);
    for id in [1, 2] {
        observed.nodes.get_mut(&at(id)).unwrap().role = Some(NodeRole::Combined);
    }
    let plan = plan(&spec(&combined(3, 3), &[]), &observed);
    assert_eq!(sentences(&plan), ["make node 1 a voter"]);
}

#[test]
fn a_broker_is_restarted_as_a_controller_before_it_votes() {
    let mut observed = running(3, 1);
    observed.nodes.get_mut(&at(1)).unwrap().outdated = Some("it becomes broker and controller".into());
    let plan = plan(&spec(&combined(3, 3), &[]), &observed);
    assert_eq!(sentences(&plan), ["restart node 1"]);
}

#[test]
fn a_broker_that_leaves_is_cordoned_and_drained_before_it_stops() {
    let spec = spec(&combined(2, 1), &[]);
    let mut observed = running(3, 1);
    topic(&mut observed, "t", &[&[2, 0]]);
    let first = plan(&spec, &observed);
    assert_eq!(
        sentences(&first),
        ["let broker 2 take no new replicas", "give 1 partition other replicas: t-0 on 1,0"]
    );
    assert_eq!(first.waits, ["1 replica to move off broker 2"]);
    topic(&mut observed, "t", &[&[1, 0]]);
    known(&mut observed).brokers.get_mut(&at(2)).unwrap().cordoned = Some(true);
    assert_eq!(sentences(&plan(&spec, &observed)), ["stop node 2"]);
    observed.nodes.get_mut(&at(2)).unwrap().process = Process::Absent;
    let early = plan(&spec, &observed);
    assert_eq!(early.waits, ["broker 2 is unregistered once the controller sees that it is gone"]);
    known(&mut observed).brokers.get_mut(&at(2)).unwrap().fenced = true;
    assert_eq!(sentences(&plan(&spec, &observed)), ["unregister broker 2"]);
    known(&mut observed).brokers.remove(&at(2));
    assert!(plan(&spec, &observed).is_settled());
}

#[test]
fn a_drain_that_is_called_off_lets_the_broker_take_replicas_again() {
    let mut observed = running(3, 1);
    topic(&mut observed, "t", &[&[0, 1], &[1, 2], &[2, 0]]);
    known(&mut observed).brokers.get_mut(&at(2)).unwrap().cordoned = Some(true);
    let plan = plan(&spec(&combined(3, 1), &[]), &observed);
    assert_eq!(sentences(&plan), ["let broker 2 take new replicas again"]);
}

#[test]
fn a_scale_below_the_replication_factor_is_blocked_and_touches_nothing() {
    let mut observed = running(3, 1);
    topic(&mut observed, "orders", &[&[0, 1, 2]]);
    let plan = plan(&spec(&combined(2, 1), &[]), &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert_eq!(
        plan.blocked,
        [
            "spec.brokers.replicas: 2 is blocked: topic orders keeps 3 replicas of each partition, more than the 2 \
             brokers that would remain; lower its replication factor first"
        ]
    );
}

#[test]
fn new_brokers_get_replicas_and_then_lead_what_they_prefer() {
    let spec = spec(&combined(2, 1), &[]);
    let mut observed = running(2, 1);
    topic(&mut observed, "t", &[&[0], &[0], &[0], &[0]]);
    let first = plan(&spec, &observed);
    assert!(first.spread_due && matches!(first.steps[0].action, Action::Reassign { .. }), "{first}");
    assert_eq!(first.operation, Some(Operation::ScaleUp));
    observed.spread_due = true;
    topic(&mut observed, "t", &[&[1], &[1], &[0], &[0]]);
    known(&mut observed).topics.get_mut("t").unwrap().partitions[0].leader = None;
    let last = plan(&spec, &observed);
    assert_eq!(sentences(&last), ["let the preferred replicas lead 1 partition"]);
    assert!(!last.spread_due);
}

#[test]
fn a_roll_begins_with_followers_and_ends_with_the_active_controller() {
    let spec = spec(&combined(3, 3), &[]);
    let mut observed = running(3, 3);
    topic(&mut observed, "t", &[&[0, 1, 2]]);
    for id in 0..3 {
        observed.nodes.get_mut(&at(id)).unwrap().outdated = Some("a.b changes".into());
    }
    let mut order = Vec::new();
    for _ in 0..3 {
        let plan = plan(&spec, &observed);
        let [step] = plan.steps.as_slice() else { panic!("{plan}") };
        let Action::RestartNode { node } = step.action else { panic!("{plan}") };
        order.push(node.get());
        observed.nodes.get_mut(&node).unwrap().outdated = None;
    }
    assert_eq!(order, [1, 2, 0]);
}

#[test]
fn no_node_is_restarted_while_a_partition_is_under_replicated() {
    let mut observed = running(3, 3);
    topic(&mut observed, "t", &[&[0, 1, 2]]);
    observed.nodes.get_mut(&at(1)).unwrap().outdated = Some("a.b changes".into());
    known(&mut observed).topics.get_mut("t").unwrap().partitions[0].isr = vec![at(0), at(1)];
    let plan = plan(&spec(&combined(3, 3), &[]), &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert_eq!(plan.waits[0], "node 1 is to be restarted (a.b changes): partition t-0 is under-replicated");
}

#[test]
fn a_lost_majority_is_told_and_nothing_changes() {
    let mut observed = running(3, 3);
    known(&mut observed).quorum = None;
    for id in [1, 2] {
        let failed = Process::Failed { how: "killed".into(), rests: true };
        observed.nodes.get_mut(&at(id)).unwrap().process = failed;
    }
    let plan = plan(&spec(&combined(3, 3), &["new"]), &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert!(plan.blocked[0].contains("of 3 controllers, 1 and 2 do not answer"), "{plan}");
}

#[test]
fn a_lost_volume_with_the_only_copy_is_told_and_left() {
    let mut observed = running(3, 1);
    topic(&mut observed, "t", &[&[2]]);
    let lost = observed.nodes.get_mut(&at(2)).unwrap();
    (lost.directory, lost.process) = (Directory::Empty, Process::Absent);
    let plan = plan(&spec(&combined(3, 1), &[]), &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert!(plan.blocked[0].contains("the only in-sync copy of partition t-0"), "{plan}");
}

#[test]
fn a_removed_config_key_goes_back_to_its_default() {
    let mut observed = running(1, 1);
    topic(&mut observed, "a", &[&[0]]);
    let config = [("y".to_owned(), "2".to_owned()), ("z".to_owned(), "3".to_owned())].into();
    known(&mut observed).topics.get_mut("a").unwrap().config = config;
    let plan = plan(&spec(&combined(1, 1), &["a , config: {x: '1', y: '2'}"]), &observed);
    let set: BTreeMap<String, String> = [("x".to_owned(), "1".to_owned())].into();
    let expected = Action::ConfigureTopic { name: "a".into(), set, remove: vec!["z".into()] };
    assert_eq!(plan.steps.into_iter().map(|step| step.action).collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_deleted_resource_takes_its_own_incarnation_of_the_topic_with_it_and_no_other() {
    let mut observed = running(1, 1);
    topic(&mut observed, "a", &[&[0]]);
    known(&mut observed).topics.get_mut("a").unwrap().topic_id = Uuid::from_u128(900);
    let mut spec = spec(&combined(1, 1), &[]);
    let removal = |id| TopicRemoval {
        resource: "a".into(),
        name: "a".into(),
        topic_id: TopicId::new(Uuid::from_u128(id)).unwrap(),
    };
    spec.removals = vec![removal(901)];
    assert!(plan(&spec, &observed).is_settled());
    spec.removals = vec![removal(900)];
    let expected = Action::DeleteTopic { name: "a".into(), topic_id: removal(900).topic_id };
    assert_eq!(plan(&spec, &observed).steps[0].action, expected);
}

#[test]
fn fewer_partitions_than_exist_are_blocked_with_the_rule() {
    let mut observed = running(1, 1);
    topic(&mut observed, "a", &[&[0], &[0], &[0]]);
    let plan = plan(&spec(&combined(1, 1), &["a , partitions: 2"]), &observed);
    assert!(plan.steps.is_empty(), "{plan}");
    assert!(plan.blocked[0].contains("partitions only grow"), "{plan}");
}

#[test]
fn a_replication_factor_changes_by_reassignment() {
    let mut observed = running(3, 1);
    topic(&mut observed, "a", &[&[0]]);
    let plan = plan(&spec(&combined(3, 1), &["a , replicationFactor: 3"]), &observed);
    assert_eq!(sentences(&plan), ["give 1 partition other replicas: a-0 on 0,1,2"]);
}

#[test]
fn a_dynamic_broker_config_needs_no_restart() {
    let text = "{brokers: {replicas: 1}, controllers: {mode: combined, replicas: 1}, config: \
                {log.retention.ms: '5', node.x: '1'}}";
    let plan = plan(&spec(text, &[]), &running(1, 1));
    assert_eq!(sentences(&plan), ["configure all brokers: log.retention.ms=5"]);
}

#[test]
fn the_mode_of_a_cluster_cannot_change() {
    let plan = plan(&spec("{brokers: {replicas: 1}}", &[]), &running(1, 1));
    assert!(plan.steps.is_empty() && plan.blocked[0].contains("cannot change"), "{plan}");
}

#[test]
fn replicas_that_move_are_throttled_before_they_do_and_no_longer_than_they_do() {
    let text = "{brokers: {replicas: 2}, controllers: {mode: combined, replicas: 1}, scaleDown: {throttleBytes: 5000}}";
    let spec = spec(text, &[]);
    let mut observed = running(3, 1);
    topic(&mut observed, "t", &[&[2, 0], &[0, 1]]);
    known(&mut observed).brokers.get_mut(&at(2)).unwrap().cordoned = Some(true);
    let first = plan(&spec, &observed);
    let rates = "follower.replication.throttled.rate=5000, leader.replication.throttled.rate=5000";
    let lists = "follower.replication.throttled.replicas=0:1, leader.replication.throttled.replicas=0:0,0:2";
    assert_eq!(
        sentences(&first),
        [
            format!("configure all brokers: {rates}"),
            format!("configure topic t: {lists}"),
            "give 1 partition other replicas: t-0 on 1,0".to_owned(),
        ]
    );
    for step in &first.steps {
        match &step.action {
            Action::ConfigureBrokers { set, .. } => known(&mut observed).broker_config.extend(set.clone()),
            Action::ConfigureTopic { set, .. } => {
                known(&mut observed).topics.get_mut("t").unwrap().config.extend(set.clone());
            }
            _ => {
                let partition = &mut known(&mut observed).topics.get_mut("t").unwrap().partitions[0];
                partition.replicas = vec![at(1), at(0), at(2)];
                (partition.adding, partition.removing) = (vec![at(1)], vec![at(2)]);
            }
        }
    }
    assert!(plan(&spec, &observed).steps.is_empty(), "{}", plan(&spec, &observed));
    let partition = &mut known(&mut observed).topics.get_mut("t").unwrap().partitions[0];
    *partition = ObservedPartition {
        leader: Some(at(1)),
        replicas: vec![at(1), at(0)],
        isr: vec![at(1), at(0)],
        ..ObservedPartition::default()
    };
    let last = sentences(&plan(&spec, &observed));
    assert!(
        last[0].starts_with("configure topic t: follower.replication.throttled.replicas back"),
        "{last:?}"
    );
    assert!(
        last[1].starts_with("configure all brokers: follower.replication.throttled.rate back"),
        "{last:?}"
    );
}

#[test]
fn what_kafkas_tool_throttles_is_left_alone() {
    let mut observed = running(1, 1);
    topic(&mut observed, "t", &[&[0]]);
    let config = &mut known(&mut observed).topics.get_mut("t").unwrap().config;
    config.insert("leader.replication.throttled.replicas".into(), "0:0".into());
    assert!(plan(&spec(&combined(1, 1), &["t "]), &observed).is_settled());
}

#[test]
fn a_scale_whose_data_do_not_fit_the_rest_is_blocked_and_touches_nothing() {
    let mut observed = running(3, 1);
    topic(&mut observed, "t", &[&[2], &[2], &[0]]);
    let disks = |free, replicas: &[(i32, u64)]| {
        let replicas = replicas.iter().map(|(number, bytes)| (("t".to_owned(), *number), *bytes)).collect();
        Some(crate::ObservedDisks { free, replicas })
    };
    let brokers = &mut known(&mut observed).brokers;
    brokers.get_mut(&at(2)).unwrap().disks = disks(0, &[(0, 3 << 30), (1, 1 << 20)]);
    brokers.get_mut(&at(1)).unwrap().disks = disks(2 << 30, &[]);
    brokers.get_mut(&at(0)).unwrap().disks = disks(2 << 30, &[(2, 5)]);
    let spec = spec(&combined(2, 1), &[]);
    let blocked = plan(&spec, &observed);
    assert!(blocked.steps.is_empty(), "{blocked}");
    assert_eq!(
        blocked.blocked,
        [
            "spec.brokers.replicas: 2 is blocked: broker 1 would take 3.0 GiB of the leaving brokers' replicas and has \
          2.0 GiB free"
        ]
    );
    known(&mut observed).brokers.get_mut(&at(1)).unwrap().disks = disks(4 << 30, &[]);
    assert_eq!(sentences(&plan(&spec, &observed))[0], "let broker 2 take no new replicas");
}

#[test]
fn a_controller_without_vote_is_unregistered_once_it_runs_no_more() {
    let spec = spec(&combined(3, 1), &[]);
    let mut observed = running(3, 1);
    known(&mut observed).controllers = Some([0, 1].map(at).into());
    observed.nodes.get_mut(&at(1)).unwrap().role = Some(NodeRole::Combined);
    assert!(sentences(&plan(&spec, &observed)).is_empty());
    observed.nodes.get_mut(&at(1)).unwrap().role = Some(NodeRole::Broker);
    assert_eq!(sentences(&plan(&spec, &observed)), ["unregister controller 1"]);
    known(&mut observed).metadata_version = Some(32);
    known(&mut observed).newest_metadata_version = Some(32);
    assert!(plan(&spec, &observed).is_settled());
}

#[test]
fn the_level_of_metadata_is_raised_once_all_nodes_serve_and_never_lowered() {
    let text = |version: &str| {
        format!(
            "{{brokers: {{replicas: 3}}, controllers: {{mode: combined, replicas: 3}}, metadataVersion: '{version}'}}"
        )
    };
    let mut observed = running(3, 3);
    known(&mut observed).metadata_version = Some(29);
    let newest = spec(&combined(3, 3), &[]);
    assert_eq!(sentences(&plan(&newest, &observed)), ["finalize metadata.version 33 (4.4)"]);
    assert!(plan(&spec(&text("4.2"), &[]), &observed).is_settled());
    assert_eq!(sentences(&plan(&spec(&text("4.3"), &[]), &observed)), ["finalize metadata.version 30 (4.3)"]);
    let lower = plan(&spec(&text("4.0"), &[]), &observed);
    assert!(lower.steps.is_empty() && lower.blocked[0].contains("only raised"), "{lower}");
    observed.nodes.get_mut(&at(1)).unwrap().process = Process::Absent;
    let early = plan(&newest, &observed);
    assert_eq!(sentences(&early), ["start node 1 as broker and controller"]);
    assert!(early.waits.iter().any(|wait| wait.contains("node 1 does not yet")), "{early}");
}

#[test]
fn a_release_that_nobody_knows_is_refused() {
    let text = "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {name: c}\nspec: {metadataVersion: '9.9'}\n";
    let said = ClusterSpec::of_manifest(&read_manifest(text).unwrap()).unwrap_err().to_string();
    assert!(said.contains("KafkaCluster/c: spec.metadataVersion: \"9.9\""), "{said}");
}
