//! Histories that are aimed at faults of brokers and their replicas.

use std::time::Duration;

use klamm_metadata::controller::Command;
use klamm_metadata::image::Partition;
use klamm_model::{BrokerId, Offset, TopicIdPartition};
use klamm_node::control::ControlEvent;
use klamm_node::promise::promise;
use klamm_protocol::messages::ElectLeadersRequest;

use crate::checkers::must;
use crate::faults::Power;
use crate::history::populate;
use crate::scenario::Stage;
use crate::workloads::Producer;
use crate::world::{Death, World};

/// How long a call may be on its way.
const LATE: Duration = Duration::from_secs(3);
/// So long that a broker is registered anew meanwhile: its last session has to end first.
const VERY_LATE: Duration = Duration::from_secs(12);
/// Longer than `replica.fetch.wait.max.ms`.
const A_FETCH: Duration = Duration::from_millis(700);

/// A broker whose process ends is fenced at once. One that is paused, cut off or without power is so when its session is
/// over, not before.
pub(super) fn broker_dies(stage: &mut Stage) {
    stage.world.start_all();
    let brokers = stage.world.build.brokers();
    stage.until("brokers that serve", |world| brokers.iter().all(|id| is_fenced(world, *id) == Some(false)));
    stage.world.run_for(Duration::from_secs(5));
    let Some(id) = stage.random.pick(&brokers) else { return };
    let is_proven = match stage.random.between(0, 4) {
        0 => {
            stage.world.pause(id);
            false
        }
        1 => {
            stage.world.isolate(id);
            false
        }
        2 => {
            stage.world.end(id, Death::PowerCut);
            false
        }
        _ => {
            stage.world.end(id, Death::Killed);
            true
        }
    };
    if is_proven {
        let fenced =
            stage.world.run_until(Duration::from_secs(1), |world| is_fenced(world, id) == Some(true));
        must!(fenced, "proof-of-death", "broker {id} is gone and not fenced\n{}", stage.world.summary());
    } else {
        stage.world.run_for(Duration::from_secs(5));
        let fenced = is_fenced(&stage.world, id);
        must!(fenced == Some(false), "proof-of-death", "nothing is proven of broker {id}: {fenced:?}");
        stage.until("the end of its session", |world| is_fenced(world, id) == Some(true));
    }
}

/// As the active controller knows it; `None` where there is none, or no such registration.
fn is_fenced(world: &World, id: i32) -> Option<bool> {
    let image = world.process(world.leader()?)?.control.image();
    Some(image.cluster().broker(BrokerId::new(id)?)?.fenced)
}

/// Topics with records that all replicas have and all readers know; nobody produces any more.
fn settle(stage: &mut Stage) {
    populate(&mut stage.world, Power::Lasts);
    stage.world.start_all();
    stage.world.run_for(Duration::from_secs(8));
    stage.world.each_client(|client| client.finish());
    let is_quiet = |world: &World| world.clients().all(|client| client.is_done()) && world.is_whole();
    stage.until("the end of all requests", is_quiet);
}

/// The last fetch of a broker asks for what comes after all there is. It reaches the leaders when the broker is back, and
/// before those of its next process.
pub(super) fn replica_forgets(stage: &mut Stage) {
    settle(stage);
    let brokers = stage.world.build.brokers();
    for _ in 0..6 {
        let Some(id) = stage.random.pick(&brokers) else { return };
        for other in brokers.iter().filter(|other| **other != id) {
            stage.world.network.slow_down(id, *other, VERY_LATE);
        }
        stage.world.run_for(A_FETCH);
        stage.world.end(id, Death::PowerCut);
        stage.world.start(id);
        stage.world.run_for(VERY_LATE + A_FETCH);
        stage.world.network.speed_up();
        stage.until("all replicas in sync", World::is_whole);
    }
}

/// The first two replicas of a partition are cut off from each other while the second leads. The third has records that
/// the first lacks, fetches on, and cuts them when the first leads again; the first dies. The second, which leads once more
/// and still has those records, gets the fetch: who sent it has them no more.
pub(super) fn fetch_comes_late(stage: &mut Stage) {
    settle(stage);
    let Some((id, replicas)) = any_partition(stage) else { return };
    let [first, second, third] = replicas[..] else { return };
    elect_preferred(&mut stage.world);
    stage.until("that the first leads", |world| leads(world, id, first));
    stage.world.end(first, Death::Killed);
    stage.until("that the second leads", |world| leads(world, id, second));
    stage.world.start(first);
    stage.until("all replicas in sync", World::is_whole);
    stage.world.run_for(A_FETCH);
    let start = log_end(&stage.world, (second, id));
    stage.world.network.cut(first, second);
    stage.world.network.cut(second, first);
    let producer = stage.world.add_client(Box::new(Producer::new(9, "data".into(), id.partition)));
    stage.until("records on the third", |world| log_end(world, (third, id)) > start);
    stage.world.network.slow_down(third, second, LATE);
    stage.world.run_for(A_FETCH);
    stage.world.network.cut(0, first);
    stage.world.with_client(producer, |client, _| client.finish());
    elect_preferred(&mut stage.world);
    stage.until("that the first leads", |world| leads(world, id, first));
    stage.until("that the third cuts its log", |world| log_end(world, (third, id)) <= start);
    stage.world.end(first, Death::Killed);
    stage.until("that the second leads again", |world| leads(world, id, second));
    stage.world.run_for(LATE + A_FETCH);
    stage.world.network.speed_up();
    stage.world.network.heal();
    stage.world.start(first);
    stage.until("all replicas in sync", World::is_whole);
    stage.until("the end of all requests", |world| world.clients().all(|client| client.is_done()));
}

/// A partition of the topic that clients use, and its replicas.
fn any_partition(stage: &mut Stage) -> Option<(TopicIdPartition, Vec<i32>)> {
    let image = stage.world.process(stage.world.leader()?)?.control.image();
    let topic = image.topics().by_name("data")?;
    let of = |partition: &Partition| partition.replicas().iter().map(|id| id.get()).collect::<Vec<_>>();
    let all: Vec<_> = topic.partitions().map(|(index, partition)| (index, of(partition))).collect();
    let topic_id = topic.id();
    let place = stage.random.between(0, all.len() as u64 - 1) as usize;
    let (partition, replicas) = all.into_iter().nth(place)?;
    Some((TopicIdPartition { topic_id, partition }, replicas))
}

/// Whether a partition is led by a node, as the active controller knows it.
fn leads(world: &World, id: TopicIdPartition, node: i32) -> bool {
    let image = world.leader().and_then(|id| world.process(id)).map(|process| process.control.image());
    let partition = image.and_then(|image| image.topics().partition(id));
    partition.and_then(|partition| partition.leader()).is_some_and(|leader| leader.get() == node)
}

fn log_end(world: &World, (node, id): (i32, TopicIdPartition)) -> Option<Offset> {
    Some(world.process(node)?.broker.as_ref()?.partitions.get(&id)?.view()?.log_end_offset())
}

fn elect_preferred(world: &mut World) {
    let Some(leader) = world.leader() else { return };
    let request = ElectLeadersRequest { topic_partitions: None, ..ElectLeadersRequest::default() };
    let (promise, _answer) = promise();
    world.control(leader, ControlEvent::Command(Command::ElectLeaders(request), promise));
}
