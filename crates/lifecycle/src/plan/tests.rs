//! Plans compared whole, and convergence over random worlds.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use klamm_manifest::read_manifest;
use klamm_model::{NodeId, Uuid};
use proptest::prelude::*;

use super::*;
use crate::{Action, Directory, ObservedNode, ObservedTopic, Process, TopicsView};

const ID: Uuid = Uuid::from_u128(0x1234);

fn one_node(topics: &str) -> ClusterSpec {
    let text = format!(
        "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c}}\nspec: {{brokers: {{replicas: 1}}, controllers: {{mode: combined, replicas: 1}}}}\n{topics}"
    );
    ClusterSpec::of_manifest(&read_manifest(&text).unwrap()).unwrap()
}

fn topic(name: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {{name: {name}}}\nspec: {{clusterRef: {{name: c}}{rest}}}\n"
    )
}

fn ready(topics: BTreeMap<String, ObservedTopic>) -> Observed {
    let node = ObservedNode { directory: Directory::Formatted { cluster_id: ID }, process: Process::Ready };
    Observed {
        cluster_id: Some(ID),
        nodes: [(NodeId::at(0), node)].into(),
        topics: TopicsView::Known(topics),
    }
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.steps.iter().map(|step| step.action.clone()).collect()
}

#[test]
fn a_new_cluster_first_gets_an_identity_then_a_format_then_a_process() {
    let spec = one_node("");
    let mut observed = Observed::default();
    assert_eq!(actions(&plan(&spec, &observed)), [Action::ChooseClusterId]);
    observed.cluster_id = Some(ID);
    let empty = ObservedNode { directory: Directory::Empty, process: Process::Absent };
    observed.nodes.insert(NodeId::at(0), empty);
    let node = NodeId::at(0);
    let expected =
        [Action::FormatNode { node, cluster_id: ID, first_voter: node }, Action::StartNode { node }];
    assert_eq!(actions(&plan(&spec, &observed)), expected);
}

#[test]
fn a_directory_of_another_cluster_is_never_formatted() {
    let spec = one_node("");
    let mut observed = ready(BTreeMap::new());
    let other = Directory::Formatted { cluster_id: Uuid::from_u128(0x99) };
    observed.nodes.insert(NodeId::at(0), ObservedNode { directory: other, process: Process::Absent });
    let plan = plan(&spec, &observed);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.blocked.len(), 1);
}

#[test]
fn topics_wait_until_every_node_is_ready() {
    let spec = one_node(&topic("a", ""));
    let mut observed = ready(BTreeMap::new());
    observed.nodes.get_mut(&NodeId::at(0)).unwrap().process = Process::Starting;
    let plan = plan(&spec, &observed);
    assert!(plan.steps.is_empty());
    assert_eq!(plan.waits, ["node 0 is starting"]);
}

#[test]
fn a_removed_config_key_goes_back_to_its_default() {
    let spec = one_node(&topic("a", ", config: {x: '1', y: '2'}"));
    let config = [("y".to_owned(), "2".to_owned()), ("z".to_owned(), "3".to_owned())].into();
    let seen = ObservedTopic { partitions: 1, replication_factor: 1, config, ..ObservedTopic::default() };
    let plan = plan(&spec, &ready([("a".to_owned(), seen)].into()));
    let set = [("x".to_owned(), "1".to_owned())].into();
    let expected = Action::ConfigureTopic { name: "a".into(), set, remove: vec!["z".into()] };
    assert_eq!(actions(&plan), [expected]);
}

#[test]
fn fewer_partitions_than_exist_are_blocked_with_the_rule() {
    let spec = one_node(&topic("a", ", partitions: 2"));
    let seen = ObservedTopic { partitions: 3, replication_factor: 1, ..ObservedTopic::default() };
    let plan = plan(&spec, &ready([("a".to_owned(), seen)].into()));
    assert!(plan.steps.is_empty());
    assert!(plan.blocked[0].contains("partitions only grow"));
}

/// Carries out a step in an imagined world.
fn carry_out(action: &Action, world: &mut Observed) {
    let TopicsView::Known(topics) = &mut world.topics else { return };
    match action {
        Action::ChooseClusterId => world.cluster_id = Some(ID),
        Action::FormatNode { node, cluster_id, .. } => {
            world.nodes.get_mut(node).unwrap().directory = Directory::Formatted { cluster_id: *cluster_id };
        }
        Action::StartNode { node } => world.nodes.get_mut(node).unwrap().process = Process::Ready,
        Action::CreateTopic { name, partitions, replication_factor, config } => {
            let topic = ObservedTopic {
                partitions: partitions.unwrap_or(1),
                replication_factor: replication_factor.unwrap_or(1),
                config: config.clone(),
                ..ObservedTopic::default()
            };
            topics.insert(name.clone(), topic);
        }
        Action::GrowTopic { name, partitions } => topics.get_mut(name).unwrap().partitions = *partitions,
        Action::ConfigureTopic { name, set, remove } => {
            let config = &mut topics.get_mut(name).unwrap().config;
            config.extend(set.clone());
            config.retain(|key, _| !remove.contains(key));
        }
    }
}

proptest! {
    #[test]
    fn any_world_settles_whatever_step_is_lost(
        partitions in 1..5_i32,
        known in proptest::option::of((1..5_i32, proptest::collection::btree_map("[a-c]", "[0-9]", 0..3))),
        formatted: bool,
        lost in proptest::collection::vec(any::<bool>(), 0..20),
    ) {
        let spec = one_node(&topic("t", &format!(", partitions: {partitions}, config: {{a: '1'}}")));
        let mut world = ready(BTreeMap::new());
        if !formatted {
            world.cluster_id = None;
            let empty = ObservedNode { directory: Directory::Empty, process: Process::Absent };
            world.nodes.insert(NodeId::at(0), empty);
        }
        if let (Some((have, config)), TopicsView::Known(topics)) = (known, &mut world.topics) {
            let have = have.min(partitions);
            topics.insert("t".into(), ObservedTopic { partitions: have, replication_factor: 1, config, ..ObservedTopic::default() });
        }
        let mut lost = lost.into_iter();
        for _ in 0..40 {
            for step in &plan(&spec, &world).steps {
                if lost.next() == Some(true) {
                    break;
                }
                carry_out(&step.action, &mut world);
            }
        }
        prop_assert!(plan(&spec, &world).is_settled(), "{:?}", plan(&spec, &world));
    }
}
