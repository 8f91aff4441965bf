//! Histories that are aimed at faults of the quorum.

use std::time::Duration;

use klamm_metadata::controller::{AlterConfigs, Command, Origin};
use klamm_model::NodeId;
use klamm_node::control::ControlEvent;
use klamm_node::promise::promise;
use klamm_protocol::Str;
use klamm_protocol::messages::IncrementalAlterConfigsRequest;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};

use crate::checkers::must;
use crate::network::Conditions;
use crate::scenario::{Stage, agree, high_watermark, without};
use crate::world::{Death, World};

/// Number of a broker resource in configs.
const BROKER: i8 = 4;
/// A time that no history lasts.
const EVER: Duration = Duration::from_secs(3_600);

/// A voter whose log syncs slowly appends a record that the others commit, stands for election, gets a vote, and loses
/// power. It comes back as the same candidate, without the record; the voter that has given it its vote repeats it.
pub(super) fn candidate_loses_its_tail(stage: &mut Stage) {
    stage.world.start_all();
    stage.until("a leader", agree);
    stage.world.run_for(Duration::from_secs(1));
    let Some(leader) = stage.world.leader() else { return };
    let (voter, candidate) = match without(&stage.world, leader)[..] {
        [voter, candidate, ..] => (voter, candidate),
        _ => return,
    };
    stage.world.slow_logs.insert(candidate, EVER);
    append_once(&mut stage.world, leader);
    let end = stage.world.process(leader).map(|one| one.control.raft().log().log().log_end_offset());
    stage.until("a commit", |world| end.is_none_or(|end| high_watermark(world, leader) >= end));
    stage.world.run_for(Duration::from_millis(200));
    stage.world.end(leader, Death::PowerCut);
    stage.world.end(voter, Death::PowerCut);
    stage.world.start(voter);
    let has_voted = |world: &World| {
        let voted = world.process(voter).and_then(|one| one.control.quorum().voted);
        voted.is_some_and(|key| key.id == NodeId::at(candidate))
    };
    stage.world.run_until(Duration::from_secs(20), has_voted);
    stage.world.end(candidate, Death::PowerCut);
    stage.world.slow_logs.clear();
    stage.world.start(candidate);
    stage.world.run_for(Duration::from_secs(10));
    stage.world.start(leader);
    stage.until("a leader in the end", agree);
}

fn append_once(world: &mut World, leader: i32) {
    let config = AlterableConfig {
        name: Str::from("max.message.bytes"),
        value: Some(Str::from("1000000")),
        ..AlterableConfig::default()
    };
    let resource = AlterConfigsResource {
        resource_type: BROKER,
        configs: vec![config],
        ..AlterConfigsResource::default()
    };
    let request = IncrementalAlterConfigsRequest { resources: vec![resource], ..Default::default() };
    let (promise, _answer) = promise();
    let command = Command::IncrementalAlterConfigs(AlterConfigs { request, origin: Origin::Forwarded });
    world.control(leader, ControlEvent::Command(command, promise));
}

pub(super) fn leaders_restart(stage: &mut Stage) {
    stage.world.start_all();
    for _ in 0..30 {
        stage.until("a leader", |world| world.leader().is_some());
        let Some(leader) = stage.world.leader() else { return };
        stage.world.conditions = Conditions { disk_us: (50, 400_000), ..Conditions::PEACE };
        let pause = stage.random.between(0, 60);
        stage.world.run_for(Duration::from_millis(pause));
        stage.world.end(leader, Death::PowerCut);
        stage.world.start(leader);
        let pause = stage.random.between(200, 2_000);
        stage.world.run_for(Duration::from_millis(pause));
        stage.world.conditions = Conditions::PEACE;
    }
    stage.until("a leader in the end", agree);
}

pub(super) fn voters_at_once(stage: &mut Stage) {
    stage.world.start_all();
    stage.until("a leader", agree);
    stage.world.run_for(Duration::from_secs(1));
    let Some(leader) = stage.world.leader() else { return };
    let (voters, spares): (Vec<_>, Vec<_>) =
        without(&stage.world, leader).into_iter().partition(|id| stage.world.build.voters.contains(id));
    let ours: Vec<_> = spares.iter().copied().chain([leader]).collect();
    for one in &ours {
        for other in &voters {
            stage.world.network.cut(*one, *other);
            stage.world.network.cut(*other, *one);
        }
    }
    for spare in spares {
        stage.world.add_voter(spare);
        let pause = stage.random.between(5, 300);
        stage.world.run_for(Duration::from_millis(pause));
    }
    stage.world.run_for(Duration::from_secs(15));
    stage.world.network.heal();
    stage.until("a leader in the end", agree);
}

/// It has stored that it leads and has written the first record of its epoch, which is not synced, when the power goes.
/// Its voters have not heard of it: they would repeat their votes.
pub(super) fn leader_forgets(stage: &mut Stage) {
    stage.world.start_all();
    for _ in 0..6 {
        stage.until("a leader", agree);
        stage.world.run_for(Duration::from_secs(1));
        let Some(first) = stage.world.leader() else { return };
        for id in without(&stage.world, first) {
            stage.world.slow_logs.insert(id, EVER);
        }
        stage.world.end(first, Death::PowerCut);
        stage.until("another leader", |world| world.leader().is_some());
        let Some(second) = stage.world.leader() else { return };
        for other in without(&stage.world, second) {
            stage.world.network.cut(second, other);
        }
        let end = log_end(&stage.world, second);
        stage.until("its first record", |world| log_end(world, second) > end);
        stage.world.end(second, Death::PowerCut);
        stage.world.network.heal();
        stage.world.slow_logs.clear();
        stage.world.start(second);
        let pause = stage.random.between(200, 3_000);
        stage.world.run_for(Duration::from_millis(pause));
        stage.world.start_all();
    }
    stage.until("a leader in the end", agree);
}

fn log_end(world: &World, id: i32) -> Option<klamm_model::Offset> {
    world.process(id).map(|process| process.control.raft().log().log().log_end_offset())
}

/// A leader whose process ends is followed by another at once. One that is paused or cut off is so when the patience of
/// its voters is over, not before.
pub(super) fn leader_dies(stage: &mut Stage) {
    /// Less than `controller.quorum.fetch.timeout.ms` without the longest wait of a fetch.
    const SOON: Duration = Duration::from_millis(1_000);
    stage.world.start_all();
    stage.until("a leader", agree);
    stage.world.run_for(Duration::from_secs(3));
    let Some(leader) = stage.world.leader() else { return };
    let epoch = epoch_of(&stage.world, leader);
    let has_next = |world: &World| {
        without(world, leader).into_iter().any(|id| world.leader() == Some(id) && epoch_of(world, id) > epoch)
    };
    let is_proven = match stage.random.between(0, 3) {
        0 => {
            stage.world.pause(leader);
            false
        }
        1 => {
            stage.world.isolate(leader);
            false
        }
        2 => {
            stage.world.end(leader, Death::PowerCut);
            stage.until("a leader after a power cut", has_next);
            return;
        }
        _ => {
            stage.world.end(leader, Death::Killed);
            true
        }
    };
    let is_followed = stage.world.run_until(SOON, has_next);
    must!(
        is_followed == is_proven,
        "proof-of-death",
        "after {SOON:?} there is another leader than {leader}: {is_followed}, its death is proven: {is_proven}\n{}",
        stage.world.summary()
    );
    stage.until("another leader", has_next);
}

fn epoch_of(world: &World, id: i32) -> Option<klamm_model::LeaderEpoch> {
    world.process(id).map(|process| process.control.quorum().epoch)
}
