//! Histories that are aimed at faults which chance alone takes long to find. Nodes without a fault survive them.

use std::time::Duration;

use klamm_metadata::controller::{AlterConfigs, Command, Origin};
use klamm_model::{BrokerId, NodeId};
use klamm_node::control::ControlEvent;
use klamm_node::promise::promise;
use klamm_protocol::Str;
use klamm_protocol::messages::IncrementalAlterConfigsRequest;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};

use crate::build::Build;
use crate::checkers::must;
use crate::faults::Power;
use crate::history::populate;
use crate::network::Conditions;
use crate::planted::Planted;
use crate::random::Random;
use crate::scenario::{Stage, agree, high_watermark, without};
use crate::world::{Death, World};

/// Number of a broker resource in configs.
const BROKER: i8 = 4;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aimed {
    /// A voter stands for election with a log end that it then loses.
    CandidateLosesItsTail,
    /// Leaders lose power right after their election, and come back at once.
    LeadersRestart,
    /// A leader that is cut off from the other voters is told to add two.
    VotersAtOnce,
    /// A broker's process ends, or only seems to.
    BrokerDies,
    /// Brokers lose what they had not synced, and are back before the leaders have answered their last fetches.
    ReplicaForgets,
}

impl Aimed {
    /// All of them.
    pub const ALL: [Aimed; 5] = [
        Aimed::CandidateLosesItsTail,
        Aimed::LeadersRestart,
        Aimed::VotersAtOnce,
        Aimed::BrokerDies,
        Aimed::ReplicaForgets,
    ];

    /// Runs the history of a seed; the time it took in the world. Panics with what was violated.
    pub fn play(self, seed: u64, planted: Option<Planted>) -> Duration {
        let random = Random::new(seed ^ 0xa13ed);
        let mut build = match self {
            Aimed::VotersAtOnce => Build::dedicated(3, 0).with_spare_controllers(2),
            Aimed::CandidateLosesItsTail | Aimed::LeadersRestart => Build::dedicated(3, 0),
            Aimed::BrokerDies => Build::dedicated(3, 3),
            Aimed::ReplicaForgets => Build::dedicated(3, 3).replicated(3, 2),
        };
        build.idle = match self {
            Aimed::CandidateLosesItsTail => Duration::from_secs(3_600),
            Aimed::LeadersRestart | Aimed::VotersAtOnce => Duration::from_millis(30),
            Aimed::BrokerDies | Aimed::ReplicaForgets => build.idle,
        };
        let mut stage = Stage { world: World::new(build, seed).with_planted(planted), random };
        match self {
            Aimed::CandidateLosesItsTail => candidate_loses_its_tail(&mut stage),
            Aimed::LeadersRestart => leaders_restart(&mut stage),
            Aimed::VotersAtOnce => voters_at_once(&mut stage),
            Aimed::BrokerDies => broker_dies(&mut stage),
            Aimed::ReplicaForgets => replica_forgets(&mut stage),
        }
        Planted::arm(None);
        Duration::from_nanos(stage.world.now().as_nanos())
    }
}

/// A voter whose log syncs slowly appends a record that the others commit, stands for election, gets a vote, and loses
/// power. It comes back as the same candidate, without the record; the voter that has given it its vote repeats it.
fn candidate_loses_its_tail(stage: &mut Stage) {
    stage.world.start_all();
    stage.until("a leader", agree);
    stage.world.run_for(Duration::from_secs(1));
    let Some(leader) = stage.world.leader() else { return };
    let (voter, candidate) = match without(&stage.world, leader)[..] {
        [voter, candidate, ..] => (voter, candidate),
        _ => return,
    };
    stage.world.slow_logs.insert(candidate, Duration::from_secs(3_600));
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

fn leaders_restart(stage: &mut Stage) {
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

fn voters_at_once(stage: &mut Stage) {
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

/// A broker whose process ends is fenced at once. One that is paused, cut off or without power is so when its session is
/// over, not before.
fn broker_dies(stage: &mut Stage) {
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

/// Nobody produces any more, so that the last fetch of a broker asks for what comes after all there is. It reaches the
/// controllers when it is back, and no leader.
fn replica_forgets(stage: &mut Stage) {
    populate(&mut stage.world, Power::Lasts);
    stage.world.start_all();
    stage.world.run_for(Duration::from_secs(8));
    stage.world.each_client(|client| client.finish());
    let is_quiet = |world: &World| world.clients().all(|client| client.is_done()) && world.is_whole();
    stage.until("the end of all requests", is_quiet);
    let brokers = stage.world.build.brokers();
    for _ in 0..6 {
        let Some(id) = stage.random.pick(&brokers) else { return };
        stage.world.end(id, Death::PowerCut);
        stage.world.start(id);
        for other in brokers.iter().filter(|other| **other != id) {
            stage.world.network.cut(id, *other);
            stage.world.network.cut(*other, id);
        }
        stage.world.run_for(Duration::from_millis(700));
        stage.world.network.heal();
        stage.until("all replicas in sync", World::is_whole);
    }
}
