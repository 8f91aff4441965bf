//! The scenarios of Kafka's RaftEventSimulationTest, over the real driver and files. The no-op records
//! of the active controller are what moves the log.

use std::time::Duration;

use klamm_model::Offset;

use crate::build::Build;
use crate::checkers::must;
use crate::planted::Planted;
use crate::random::Random;
use crate::world::{Death, World};

/// How long the world may take for what must happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// One scenario.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    run: fn(&mut Stage),
    voters: (u64, u64),
    observers: (u64, u64),
}

/// All of them.
pub const SCENARIOS: [Scenario; 7] = [
    Scenario { name: "initial-leader", run: initial_leader, voters: (1, 5), observers: (0, 5) },
    Scenario { name: "leader-failure", run: leader_failure, voters: (3, 5), observers: (0, 5) },
    Scenario { name: "all-killed", run: all_killed, voters: (1, 5), observers: (0, 5) },
    Scenario { name: "leader-cut-off", run: leader_cut_off, voters: (3, 5), observers: (0, 5) },
    Scenario { name: "majority-reachable", run: majority_reachable, voters: (5, 5), observers: (0, 3) },
    Scenario { name: "two-leaders-fail", run: two_leaders_fail, voters: (3, 5), observers: (0, 5) },
    Scenario { name: "one-disk-lost", run: one_disk_lost, voters: (3, 5), observers: (0, 2) },
];

impl Scenario {
    /// Runs it with a seed; the time it took in the world. Panics with what was violated.
    pub fn play(&self, seed: u64, planted: Option<Planted>) -> Duration {
        let mut random = Random::new(seed ^ 0xabcd);
        let voters = random.between(self.voters.0, self.voters.1) as i32;
        let observers = random.between(self.observers.0, self.observers.1) as i32;
        let mut build = Build::dedicated(voters, observers);
        build.idle = Duration::from_millis(30);
        build.quorum.fetch_max_wait = Duration::from_millis(100);
        let mut stage = Stage { world: World::new(build, seed).with_planted(planted), random };
        (self.run)(&mut stage);
        Planted::arm(None);
        Duration::from_nanos(stage.world.now().as_nanos())
    }
}

/// A world and the chance of its scenario.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) random: Random,
}

impl Stage {
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, condition: impl FnMut(&World) -> bool) {
        let holds = self.world.run_until(PATIENCE, condition);
        must!(holds, "liveness", "not within {PATIENCE:?}: {what}\n{}", self.world.summary());
    }

    /// Starts all and lets them commit a little; the leader.
    fn begin(&mut self) -> i32 {
        self.world.start_all();
        self.until("a leader", agree);
        self.until("first commits", |world| any_reached(world, Offset::at(10)));
        self.until("a leader still", |world| world.leader().is_some());
        self.world.leader().expect("it was waited for")
    }

    fn progress(&mut self, what: &str, ids: &[i32]) {
        let target = committed(&self.world, &self.world.ids()).plus(10);
        self.until(what, |world| all_reached(world, target, ids));
    }
}

pub(crate) fn high_watermark(world: &World, id: i32) -> Offset {
    world.process(id).map_or(Offset::ZERO, |process| process.control.raft().log().log().high_watermark())
}

fn committed(world: &World, ids: &[i32]) -> Offset {
    ids.iter().map(|id| high_watermark(world, *id)).max().unwrap_or_default()
}

fn all_reached(world: &World, target: Offset, ids: &[i32]) -> bool {
    ids.iter().all(|id| high_watermark(world, *id) >= target)
}

fn any_reached(world: &World, target: Offset) -> bool {
    world.ids().iter().any(|id| high_watermark(world, *id) >= target)
}

/// Whether all running nodes follow a running leader in its epoch.
pub(crate) fn agree(world: &World) -> bool {
    let Some(leader) = world.leader() else { return false };
    let views = || world.running().into_iter().filter_map(|id| world.process(id)).map(|p| p.control.quorum());
    let epoch = views().map(|view| view.epoch).max();
    views().all(|view| Some(view.epoch) == epoch && view.leader.is_some_and(|id| id.get() == leader))
}

pub(crate) fn without(world: &World, id: i32) -> Vec<i32> {
    world.ids().into_iter().filter(|other| *other != id).collect()
}

fn initial_leader(stage: &mut Stage) {
    stage.world.start_all();
    stage.until("a leader", agree);
    let all = stage.world.ids();
    stage.progress("progress", &all);
}

fn leader_failure(stage: &mut Stage) {
    let leader = stage.begin();
    if stage.random.chance(50) {
        stage.world.leave(leader);
        stage.until("an orderly end", |world| world.process(leader).is_none());
    } else {
        stage.world.end(leader, Death::PowerCut);
    }
    let rest = stage.world.running();
    stage.progress("progress of the others", &rest);
    stage.world.start(leader);
    let all = stage.world.ids();
    stage.progress("progress of all", &all);
}

fn all_killed(stage: &mut Stage) {
    stage.begin();
    for id in stage.world.ids() {
        stage.world.end(id, Death::PowerCut);
    }
    let voters = stage.world.build.voters.clone();
    for id in &voters[..voters.len() / 2 + 1] {
        stage.world.start(*id);
    }
    let some = stage.world.running();
    stage.progress("progress of a majority", &some);
}

fn leader_cut_off(stage: &mut Stage) {
    let leader = stage.begin();
    stage.world.isolate(leader);
    let rest = without(&stage.world, leader);
    stage.progress("progress of the others", &rest);
}

fn majority_reachable(stage: &mut Stage) {
    stage.begin();
    let voters = stage.world.build.voters.clone();
    let (cut_off, rest) = voters.split_at(2);
    for id in cut_off {
        for other in rest {
            stage.world.network.cut(*id, *other);
            stage.world.network.cut(*other, *id);
        }
    }
    stage.progress("progress of the majority", rest);
    let (ahead, behind) = (committed(&stage.world, rest), committed(&stage.world, cut_off));
    must!(ahead > behind, "liveness", "the minority is at {behind}, the majority at {ahead}");
    stage.world.network.heal();
    let all = stage.world.ids();
    stage.progress("progress of all", &all);
}

fn two_leaders_fail(stage: &mut Stage) {
    let leader = stage.begin();
    stage.world.isolate(leader);
    stage.until("another leader", |world| world.leader().is_some_and(|other| other != leader));
    let other = stage.world.leader().unwrap_or(leader);
    stage.world.network.heal();
    stage.world.isolate(other);
    let target = committed(&stage.world, &stage.world.ids()).plus(10);
    stage.until("progress", |world| any_reached(world, target));
}

fn one_disk_lost(stage: &mut Stage) {
    stage.begin();
    let running = stage.world.running();
    let lost = stage.random.pick(&running).unwrap_or_default();
    stage.world.lose_disk(lost);
    stage.until("a leader of the rest", agree);
    let rest = stage.world.running();
    stage.progress("progress of the rest", &rest);
    stage.world.start(lost);
    let all = stage.world.ids();
    stage.progress("progress of all", &all);
}
