//! The scenarios of Kafka's RaftEventSimulationTest, each with many seeds.

use std::time::Duration;

use crate::sim::{Build, World};

/// How long the world may take for what must happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// Tells the seed of a history that failed.
struct OnPanic(&'static str, u64);

impl Drop for OnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("scenario {} failed with seed {}", self.0, self.1);
        }
    }
}

/// Runs `scenario` with `seeds` seeds, or as many as `KLAMM_RAFT_SEEDS` says, or with the one that
/// `KLAMM_RAFT_SEED` names.
pub fn with_seeds(name: &'static str, seeds: u64, scenario: fn(u64)) {
    let asked = std::env::var("KLAMM_RAFT_SEEDS").ok().and_then(|text| text.parse().ok());
    let one = std::env::var("KLAMM_RAFT_SEED").ok().and_then(|text| text.parse().ok());
    let range = one.map_or(0..asked.unwrap_or(seeds), |seed| seed..seed + 1);
    for seed in range {
        let _on_panic = OnPanic(name, seed);
        scenario(seed);
    }
}

fn world(seed: u64, voters: (u64, u64), observers: (u64, u64)) -> World {
    let mut random = crate::sim::Random::new(seed ^ 0xabcd);
    let voters = random.between(voters.0, voters.1) as i32;
    let observers = random.between(observers.0, observers.1) as i32;
    let mut world = World::new(Build::new(voters, observers), seed);
    world.is_traced = std::env::var_os("KLAMM_RAFT_TRACE").is_some();
    world
}

fn can_elect_initial_leader(seed: u64) {
    let mut world = world(seed, (1, 5), (0, 5));
    world.start_all();
    world.run_until("a leader", PATIENCE, World::has_consistent_leader);
    let all = world.ids();
    world.run_until("progress", PATIENCE, |world| world.all_reached(10.at(), &all));
}

fn can_elect_new_leader_after_old_leader_failure(seed: u64) {
    let mut world = world(seed, (3, 5), (0, 5));
    let leader = begin(&mut world);
    if seed.is_multiple_of(2) {
        world.leave(leader);
        world.run_until("an orderly end", PATIENCE, |world| world.nodes[&leader].quorum.is_none());
    } else {
        world.kill(leader);
    }
    let rest = world.running();
    world.run_until("progress of the others", PATIENCE, |world| world.all_reached(20.at(), &rest));
    let committed = world.max_high_watermark(&rest);
    world.start(leader);
    let all = world.ids();
    world.run_until("progress of all", PATIENCE, |world| world.all_reached(committed.plus(10), &all));
}

fn can_recover_after_all_nodes_killed(seed: u64) {
    let mut world = world(seed, (1, 5), (0, 5));
    begin(&mut world);
    let all = world.ids();
    let committed = world.max_high_watermark(&all);
    for id in all {
        world.kill(id);
    }
    for id in world.build.voters.clone().into_iter().take(world.build.voters.len() / 2 + 1) {
        world.start(id);
    }
    let some = world.running();
    world.run_until("progress of a majority", PATIENCE, |world| world.all_reached(committed.plus(10), &some));
}

fn can_elect_new_leader_after_old_leader_partitioned_away(seed: u64) {
    let mut world = world(seed, (3, 5), (0, 5));
    let leader = begin(&mut world);
    world.isolate(&[leader]);
    let rest: Vec<_> = world.ids().into_iter().filter(|id| *id != leader).collect();
    world.run_until("progress of the others", PATIENCE, |world| world.all_reached(20.at(), &rest));
}

fn can_make_progress_if_majority_is_reachable(seed: u64) {
    let mut world = world(seed, (5, 5), (0, 3));
    begin(&mut world);
    world.isolate(&[1, 2]);
    for observer in world.build.observers.clone() {
        for id in world.ids() {
            world.cut.remove(&(observer, id));
            world.cut.remove(&(id, observer));
        }
    }
    let target = world.max_log_end().get() * 2;
    world.run_until("progress of the majority", PATIENCE, |world| world.any_reached(target.at()));
    assert!(world.max_high_watermark(&[3, 4, 5]) > world.max_high_watermark(&[1, 2]));
    world.heal();
    let (target, all) = (world.max_log_end().get() * 2, world.ids());
    world.run_until("progress of all", PATIENCE, |world| world.all_reached(target.at(), &all));
}

fn can_make_progress_after_back_to_back_leader_failures(seed: u64) {
    let mut world = world(seed, (3, 5), (0, 5));
    let leader = begin(&mut world);
    world.isolate(&[leader]);
    world.run_until("another leader", PATIENCE, |world| world.leader().is_some_and(|other| other != leader));
    let other = world.leader().unwrap();
    world.heal();
    world.isolate(&[other]);
    let target = world.max_high_watermark(&world.ids()).plus(10);
    world.run_until("progress", PATIENCE, |world| world.any_reached(target));
}

fn can_recover_from_single_node_committed_data_loss(seed: u64) {
    let mut world = world(seed, (3, 5), (0, 2));
    begin(&mut world);
    let lost = {
        let running = world.running();
        world.random.pick(&running)
    };
    world.kill_and_wipe(lost);
    world.run_until("a leader of the rest", PATIENCE, World::has_consistent_leader);
    let rest = world.running();
    let committed = world.max_high_watermark(&rest);
    world.start(lost);
    let all = world.ids();
    world.run_until("progress of all", PATIENCE, |world| world.all_reached(committed.plus(10), &all));
}

/// Starts all and lets them commit a little; the leader.
fn begin(world: &mut World) -> i32 {
    world.start_all();
    world.run_until("a leader", PATIENCE, World::has_consistent_leader);
    world.run_until("first commits", PATIENCE, |world| world.any_reached(10.at()));
    world.run_until("a leader still", PATIENCE, |world| world.leader().is_some());
    world.leader().unwrap()
}

trait At {
    fn at(self) -> klamm_model::Offset;
}

impl At for i64 {
    fn at(self) -> klamm_model::Offset {
        klamm_model::Offset::at(self)
    }
}

macro_rules! with_many_seeds {
    ($($name:ident => $scenario:ident,)*) => {$(
        #[test]
        fn $name() {
            with_seeds(stringify!($scenario), 1_000, $scenario);
        }
    )*};
}

with_many_seeds! {
    elects_an_initial_leader => can_elect_initial_leader,
    elects_a_new_leader_after_the_old_one_failed => can_elect_new_leader_after_old_leader_failure,
    recovers_after_all_nodes_were_killed => can_recover_after_all_nodes_killed,
    elects_a_new_leader_after_the_old_one_was_cut_off => can_elect_new_leader_after_old_leader_partitioned_away,
    goes_on_while_a_majority_is_connected => can_make_progress_if_majority_is_reachable,
    goes_on_after_two_leaders_failed_in_a_row => can_make_progress_after_back_to_back_leader_failures,
    recovers_from_the_loss_of_one_disk => can_recover_from_single_node_committed_data_loss,
}
