//! Everything at once: crashes, cuts, loss, slow disks, voters that come and go; then peace, in
//! which all must agree and go on.

use std::time::Duration;

use klamm_model::NodeId;
use klamm_raft::{
    AckWhen, AddVoterRequest, Bug, KraftVersion, RemoveVoterRequest, ReplicaKey, RequestBody,
    VoterEligibility,
};

use crate::sim::{Build, Faults, Random, World, directory, endpoints};

/// Random faults before peace.
const FAULTS: u64 = 40;

/// Histories of each kind.
const SEEDS: u64 = 300;

/// How long peace may take to bring progress.
const PATIENCE: Duration = Duration::from_secs(180);

/// Which faults a history has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Crashes, cuts, loss, slow disks.
    Fixed,
    /// Also voters that are added and removed.
    Changing,
    /// Also voters that come back at another port, one at a time.
    Moving,
    /// Crashes and cuts with disks slower than the patience of the quorum.
    Slow,
}

fn fixed_voters(seed: u64) {
    run(seed, Kind::Fixed, None);
}

fn changing_voters(seed: u64) {
    run(seed, Kind::Changing, None);
}

fn slow_disks(seed: u64) {
    run(seed, Kind::Slow, None);
}

fn moving_voters(seed: u64) {
    run(seed, Kind::Moving, None);
}

pub fn run(seed: u64, kind: Kind, planted: Option<Bug>) {
    let mut random = Random::new(seed ^ 0x5eed);
    let voters = random.between(if kind == Kind::Fixed { 1 } else { 3 }, 5) as i32;
    let observers = random.between(if kind == Kind::Changing { 2 } else { 0 }, 4) as i32;
    let version = match kind {
        Kind::Fixed if random.chance(30) => KraftVersion::Static,
        Kind::Fixed | Kind::Changing | Kind::Moving | Kind::Slow => KraftVersion::Dynamic,
    };
    let mut build = Build::new(voters, observers).with_version(version);
    if kind == Kind::Slow {
        build.config.election_timeout = Duration::from_millis(100);
        build.config.fetch_timeout = Duration::from_millis(200);
        build.config.request_timeout = Duration::from_millis(200);
    }
    let mut world = World::new(build, seed);
    world.planted = planted;
    world.is_traced = std::env::var_os("KLAMM_RAFT_TRACE").is_some();
    world.start_all();
    for _ in 0..FAULTS {
        trouble(&mut world, &mut random, kind);
        let pause = if kind == Kind::Slow { 400 } else { 1_500 };
        world.run_for(Duration::from_millis(random.between(1, pause)));
    }
    peace(&mut world);
}

fn trouble(world: &mut World, random: &mut Random, kind: Kind) {
    let ids = world.ids();
    let id = random.pick(&ids);
    let is_running = world.nodes[&id].quorum.is_some();
    match random.between(0, if matches!(kind, Kind::Fixed | Kind::Slow) { 8 } else { 13 }) {
        0 | 1 if is_running => world.kill(id),
        0 | 1 => world.start(id),
        2 if is_running => world.leave(id),
        2 => world.start(id),
        3 => {
            let group = if random.chance(50) { [id, id] } else { [id, random.pick(&ids)] };
            world.isolate(&group);
        }
        4 => drop(world.cut.insert((id, random.pick(&ids)))),
        5 => world.heal(),
        6 => {
            let loss = if random.chance(50) { random.between(0, 30) } else { 0 };
            let slow = match kind {
                Kind::Slow => random.between(3, 1_500),
                Kind::Fixed | Kind::Changing | Kind::Moving if random.chance(30) => 400,
                Kind::Fixed | Kind::Changing | Kind::Moving => 3,
            };
            let far = if random.chance(30) { 300 } else { 5 };
            world.faults = Faults { loss, latency_ms: (1, far), disk_ms: (0, slow), ..world.faults };
        }
        7 => {
            let running = world.running();
            running.into_iter().for_each(|id| world.kill(id));
        }
        8 => {
            if let Some(leader) = world.leader() {
                let epoch = world.nodes[&leader].leads.unwrap();
                world.input(leader, |quorum, now, effects| quorum.on_resign(now, epoch, effects));
            }
        }
        _ if kind == Kind::Moving => {
            if !is_running && all_are_where_they_are_listed(world) {
                world.relocate(id);
                world.start(id);
            }
        }
        9 | 10 => ask_to_add(world, id),
        11 => ask_to_remove(world, id),
        _ => {
            // Several at once, and perhaps nobody hears of them for a while.
            for id in [id, random.pick(&ids), random.pick(&ids)] {
                if random.chance(50) { ask_to_add(world, id) } else { ask_to_remove(world, id) }
            }
            if random.chance(50) {
                world.run_for(Duration::from_millis(random.between(1, 10)));
                world.isolate(&[world.leader().unwrap_or(id), random.pick(&ids)]);
            }
        }
    }
    // Somebody must live for the next one to be interesting.
    if world.running().len() * 2 < ids.len() {
        let dead: Vec<_> = ids.into_iter().filter(|id| world.nodes[id].quorum.is_none()).collect();
        world.start(random.pick(&dead));
    }
}

/// Whether the leader's voter set has the present address of every voter. A quorum of which a
/// majority moved at once cannot find itself again.
fn all_are_where_they_are_listed(world: &World) -> bool {
    let Some(leader) = world.leader() else { return false };
    let voters = world.quorum(leader).view().voters;
    voters.iter().all(|voter| {
        let id = voter.key.id.get();
        voter.endpoints == endpoints(id, world.nodes[&id].move_number)
    })
}

fn ask_to_add(world: &mut World, id: i32) {
    let Some(leader) = world.leader() else { return };
    let node = &world.nodes[&id];
    if world.build.eligibility(id) == VoterEligibility::BrokerOnly {
        return;
    }
    let request = AddVoterRequest {
        voter: Some(ReplicaKey::new(NodeId::at(id), directory(id, node.disk_number))),
        endpoints: endpoints(id, node.move_number),
        ack: AckWhen::Committed,
    };
    world.ask(leader, RequestBody::AddVoter(request));
}

fn ask_to_remove(world: &mut World, id: i32) {
    let Some(leader) = world.leader() else { return };
    let voters = world.quorum(leader).view().voters;
    if let Some(voter) = voters.get(NodeId::at(id))
        && voters.len() > 1
    {
        world.ask(leader, RequestBody::RemoveVoter(RemoveVoterRequest { voter: Some(voter.key) }));
    }
}

/// All faults end: within bounded time all agree on a leader and commit more.
fn peace(world: &mut World) {
    world.heal();
    world.faults = Faults::default();
    let leaving: Vec<_> = world.nodes.values().filter(|node| node.is_leaving).map(|node| node.id).collect();
    for id in leaving {
        if world.nodes[&id].quorum.is_some() {
            world.kill(id);
        }
    }
    for id in world.ids() {
        if world.nodes[&id].quorum.is_none() {
            world.start(id);
        }
    }
    world.run_until("agreement", PATIENCE, World::has_consistent_leader);
    let (target, all) = (world.checks.committed_end().plus(10), world.ids());
    world.run_until("progress of all", PATIENCE, |world| world.all_reached(target, &all));
    world.run_until("agreement again", PATIENCE, World::has_consistent_leader);
}

#[test]
fn survives_any_mix_of_crashes_cuts_and_slow_disks() {
    crate::events::with_seeds("fixed_voters", SEEDS, fixed_voters);
}

#[test]
fn survives_changes_of_voters_under_faults() {
    crate::events::with_seeds("changing_voters", SEEDS, changing_voters);
}

#[test]
fn finds_voters_that_moved_under_faults() {
    crate::events::with_seeds("moving_voters", SEEDS, moving_voters);
}

#[test]
fn survives_disks_slower_than_its_patience() {
    crate::events::with_seeds("slow_disks", SEEDS, slow_disks);
}
