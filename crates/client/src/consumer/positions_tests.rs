//! Questions about places, and which answers count.
#![allow(clippy::unwrap_used)]

use klamm_protocol::ErrorCode;
use klamm_protocol::messages::MetadataResponse;
use klamm_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};

use super::*;
use crate::consumer::ConsumerConfig;

fn at(partition: i32) -> TopicPartition {
    TopicPartition::new("t", partition)
}

fn position() -> Position {
    Position { offset: Offset::at(7), epoch: Some(LeaderEpoch::at(1)) }
}

/// A consumer of as many partitions as there are `leaders`, each led at epoch `epoch`; -1 stands for nobody.
fn consumer(leaders: &[i32], epoch: i32) -> Consumer {
    let mut consumer = Consumer::new(ConsumerConfig::default());
    consumer.assign((0..leaders.len()).map(|partition| at(partition as i32))).unwrap();
    learn(&consumer, leaders, epoch);
    consumer
}

fn learn(consumer: &Consumer, leaders: &[i32], epoch: i32) {
    let partitions = leaders.iter().enumerate().map(|(index, leader)| MetadataResponsePartition {
        partition_index: index as i32,
        leader_id: *leader,
        leader_epoch: epoch,
        ..MetadataResponsePartition::default()
    });
    let topic = MetadataResponseTopic {
        name: Some("t".into()),
        partitions: partitions.collect(),
        ..MetadataResponseTopic::default()
    };
    let brokers = [1, 2].map(|node_id| MetadataResponseBroker {
        node_id,
        host: "localhost".into(),
        port: 1,
        ..MetadataResponseBroker::default()
    });
    let response =
        MetadataResponse { brokers: brokers.to_vec(), topics: vec![topic], ..MetadataResponse::default() };
    consumer.cluster().apply(&response, false);
}

fn question(consumer: &Consumer, partition: i32) -> Question<()> {
    (at(partition), consumer.state.get(&at(partition)).unwrap().stamp, ())
}

#[tokio::test]
async fn a_partition_without_a_leader_holds_back_no_other() {
    let mut consumer = consumer(&[1, -1, 2], 0);
    let asked = (0..3).map(|partition| question(&consumer, partition)).collect();
    let view = consumer.cluster.view();
    let by_leader = consumer.of_leaders(asked, &view);
    let asked: Vec<(i32, i32)> =
        by_leader.iter().map(|(leader, asked)| (*leader, asked[0].0.partition)).collect();
    assert_eq!(asked, [(1, 0), (2, 2)]);
    let leaderless = consumer.state.get(&at(1)).unwrap();
    assert!(leaderless.leaderless && !leaderless.asked && leaderless.retry_at > consumer.now());
    assert!(!leaderless.may_ask(consumer.now()), "it waits");
    learn(&consumer, &[1, 1, 2], 1);
    let view = consumer.cluster.view();
    consumer.state.ask_at_once(|at| view.leader(at).is_ok());
    assert!(consumer.state.get(&at(1)).unwrap().may_ask(consumer.now()), "until it has a leader");
}

#[tokio::test]
async fn an_answer_that_may_come_again_is_asked_for_again_for_its_partition_alone() {
    let mut consumer = consumer(&[1, 1], 0);
    for partition in [0, 1] {
        consumer.state.go_to(&at(partition), Phase::Resetting(ResetTo::Latest));
    }
    let asked: Vec<Question<ResetTo>> = [0, 1]
        .map(|partition| {
            let (at, stamp, ()) = question(&consumer, partition);
            (at, stamp, ResetTo::Latest)
        })
        .to_vec();
    let found = ListedOffset { offset: Some(Offset::at(9)), timestamp: None, leader_epoch: None };
    let moved = ClientError::kafka(ErrorCode::NotLeaderOrFollower);
    let answers = BTreeMap::from([(at(0), Ok(found)), (at(1), Err(moved))]);
    consumer.on_listed(ListedEnd { asked, answers });
    let place = |partition: i32| consumer.state.get(&at(partition)).unwrap().position();
    assert_eq!((place(0).map(|place| place.offset), place(1)), (Some(Offset::at(9)), None));
    assert!(consumer.state.get(&at(1)).unwrap().retry_at > consumer.now());
}

#[test]
fn a_leader_of_another_epoch_is_told_which_one_is_asked() {
    let question = EpochQuestion { epoch: LeaderEpoch::at(1), leader_epoch: Some(LeaderEpoch::at(4)) };
    let request = EndOfEpoch.request(&BTreeMap::from([(at(0), question)]));
    let row = &request.topics[0].partitions[0];
    assert_eq!((row.current_leader_epoch, row.leader_epoch), (4, 1));
    let listed = Resets(ListOffsets { isolation_level: 0, timeout_ms: 1 });
    let question = (OffsetSpec::Latest, Some(LeaderEpoch::at(4)));
    let request = listed.request(&BTreeMap::from([(at(0), question)]));
    assert_eq!(request.topics[0].partitions[0].current_leader_epoch, 4);
}

#[tokio::test]
async fn a_check_counts_for_the_epoch_it_was_made_under_and_a_newer_leader_is_asked_too() {
    let mut consumer = consumer(&[1], 4);
    consumer.state.go_to(&at(0), Phase::Validating(position()));
    let (at_0, stamp, ()) = question(&consumer, 0);
    let check = Check { position: position(), leader_epoch: Some(LeaderEpoch::at(4)) };
    learn(&consumer, &[2], 5);
    let end = LogEnd { epoch: Some(LeaderEpoch::at(1)), end_offset: Some(Offset::at(7)) };
    let answers = BTreeMap::from([(at_0.clone(), Ok(end))]);
    consumer.on_validated(ValidatedEnd { asked: vec![(at_0, stamp, check)], answers });
    let partition = consumer.state.get(&at(0)).unwrap();
    assert_eq!(partition.checked_epoch, Some(LeaderEpoch::at(4)));
    assert_eq!(partition.phase, Phase::Validating(position()), "the leader of epoch 5 has not confirmed it");
}

#[tokio::test]
async fn a_consumer_of_nothing_waits_for_no_metadata() {
    let mut consumer = Consumer::new(ConsumerConfig::default());
    consumer.assign([at(0)]).unwrap();
    assert!(consumer.next_metadata().is_some_and(|due| due <= tokio::time::Instant::now()));
    consumer.assign([]).unwrap();
    assert_eq!(consumer.next_metadata(), None, "else a wait for it would end at once and again");
}
