//! What goes wrong: drawn from the seed, one thing after the other, until peace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use klamm_protocol::records::Batches;
use klamm_storage::disk::{Fault, FaultKind, Operation};
use klamm_storage::names::METADATA_TOPIC;

use crate::network::{CHECKED_FROM, Conditions};
use crate::random::Random;
use crate::world::{Death, World};

/// Kinds of trouble; each history has some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// kill -9 of a process.
    Kill,
    /// Power loss of one machine.
    PowerCut,
    /// All processes die at once.
    KillAll,
    /// Power loss of all machines at once.
    Blackout,
    /// An orderly stop.
    Leave,
    /// SIGSTOP for a while.
    Pause,
    /// The leader of the quorum is cut off.
    IsolateLeader,
    /// Any node is cut off.
    Isolate,
    /// Nothing gets from one node to another.
    OneWay,
    /// Each node reaches only its neighbours.
    Ring,
    /// Messages are lost and late.
    BadNetwork,
    /// Disks are slow.
    SlowDisk,
    /// A disk fails to sync, or to write.
    DiskFailure,
    /// A disk is full for a while.
    FullDisk,
    /// A wall clock jumps.
    Skew,
    /// Voters come and go.
    Voters,
    /// Bits of what leaders send to followers flip.
    BadRecords,
    /// Power loss of one machine whose logs have bits flipped when it comes back.
    Damage,
}

impl Trouble {
    const ALL: [Trouble; 18] = [
        Trouble::Kill,
        Trouble::PowerCut,
        Trouble::KillAll,
        Trouble::Blackout,
        Trouble::Leave,
        Trouble::Pause,
        Trouble::IsolateLeader,
        Trouble::Isolate,
        Trouble::OneWay,
        Trouble::Ring,
        Trouble::BadNetwork,
        Trouble::SlowDisk,
        Trouble::DiskFailure,
        Trouble::FullDisk,
        Trouble::Skew,
        Trouble::Voters,
        Trouble::BadRecords,
        Trouble::Damage,
    ];

    /// Whether it may take what was written and not synced.
    fn loses_unsynced(self) -> bool {
        matches!(self, Trouble::PowerCut | Trouble::Blackout | Trouble::DiskFailure | Trouble::Damage)
    }
}

/// Whether machines may lose power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// They may, all at once too: topics have `flush.messages=1`.
    Fails,
    /// One may at a time, and only while all is well: the others have in their page caches what it loses.
    OneFails,
    /// Processes may die, the page cache stays.
    Lasts,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Faults {
    random: Random,
    power: Power,
    kinds: Vec<Trouble>,
    /// The machine that may have lost something which the others have: until all is well again, no other machine and
    /// no process dies.
    wounded: Option<i32>,
}

impl Faults {
    pub(crate) fn new(mut random: Random, power: Power) -> Faults {
        let allowed = |kind: &Trouble| match power {
            // Another machine may have lost its power, and with it what is damaged here.
            Power::Fails => *kind != Trouble::Damage,
            Power::OneFails => *kind != Trouble::Blackout,
            Power::Lasts => !kind.loses_unsynced(),
        };
        let mut kinds: Vec<_> =
            Trouble::ALL.into_iter().filter(allowed).filter(|_| random.chance(50)).collect();
        if kinds.is_empty() {
            kinds.push(Trouble::Kill);
        }
        Faults { random, power, kinds, wounded: None }
    }

    pub(crate) fn kinds(&self) -> &[Trouble] {
        &self.kinds
    }

    /// Makes trouble and repairs for a time of the world's.
    pub(crate) fn run(&mut self, world: &mut World, time: Duration) {
        let end = world.now().after(time);
        while world.now() < end {
            if let Some(kind) = self.random.pick(&self.kinds).filter(|kind| self.permits(world, *kind)) {
                self.act(world, kind);
            }
            world.run_for(Duration::from_millis(self.random.between(50, 2_500)));
            self.repair(world);
        }
    }

    /// Whether the trouble keeps to what replication promises to survive.
    fn permits(&mut self, world: &World, kind: Trouble) -> bool {
        if self.power != Power::OneFails {
            return true;
        }
        if self.wounded.is_some() && world.is_whole() {
            self.wounded = None;
        }
        match kind {
            Trouble::PowerCut | Trouble::DiskFailure | Trouble::Damage => {
                self.wounded.is_none() && world.is_whole()
            }
            Trouble::Kill | Trouble::KillAll | Trouble::Leave | Trouble::FullDisk => self.wounded.is_none(),
            _ => true,
        }
    }

    fn act(&mut self, world: &mut World, kind: Trouble) {
        let ids = world.ids();
        let Some(id) = self.random.pick(&ids) else { return };
        if self.power == Power::OneFails && kind.loses_unsynced() {
            self.wounded = Some(id);
            world.nodes.values().for_each(|node| node.disk.set_capacity(None));
        }
        world.trace(|| format!("trouble: {kind:?} {id}"));
        match kind {
            Trouble::Kill => world.end(id, Death::Killed),
            Trouble::PowerCut => world.end(id, Death::PowerCut),
            Trouble::KillAll => ids.into_iter().for_each(|id| world.end(id, Death::Killed)),
            Trouble::Blackout => ids.into_iter().for_each(|id| world.end(id, Death::PowerCut)),
            Trouble::Leave => world.leave(id),
            Trouble::Pause => world.pause(id),
            Trouble::IsolateLeader => world.isolate(world.leader().unwrap_or(id)),
            Trouble::Isolate => world.isolate(id),
            Trouble::OneWay => {
                let other = self.random.pick(&ids).unwrap_or(id);
                world.network.cut(id, other);
            }
            Trouble::Ring => world.ring(),
            Trouble::BadNetwork => {
                let loss = self.random.between(0, 20);
                let latency_us = (200, self.random.between(1_000, 400_000));
                world.conditions = Conditions { loss, latency_us, ..world.conditions };
            }
            Trouble::SlowDisk => {
                let most = self.random.between(5_000, 1_500_000);
                world.conditions = Conditions { disk_us: (50, most), ..world.conditions };
            }
            Trouble::DiskFailure => self.fail_disk(world, id),
            Trouble::FullDisk => world.fill_disk(id),
            Trouble::Skew => {
                let most = 5 * 60 * 1_000;
                let millis = self.random.between(0, 2 * most) as i64 - most as i64;
                world.nodes[&id].clock.skew(millis);
            }
            Trouble::Voters => self.change_voters(world, id),
            Trouble::BadRecords => {
                let flips = self.random.between(1, 50);
                world.conditions = Conditions { flips, ..world.conditions };
            }
            Trouble::Damage => {
                world.end(id, Death::PowerCut);
                self.damage(world, id);
            }
        }
    }

    fn fail_disk(&mut self, world: &mut World, id: i32) {
        let on = self.random.pick(&[Operation::Sync, Operation::Sync, Operation::Write, Operation::Rename]);
        let fault = Fault { after: self.random.between(0, 20), on, kind: FaultKind::Io };
        if let Some(node) = world.nodes.get_mut(&id) {
            node.disk.inject(fault);
            node.needs_power_cut = true;
        }
    }

    /// Flips bits in the last segments of partitions, of what the checksums of their batches cover. Their ends are torn
    /// too: what was flushed to its end before is taken as it is, and its damage found by whoever reads it.
    fn damage(&mut self, world: &World, id: i32) {
        let disk = &world.nodes[&id].disk;
        let mut last: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
        for path in disk.files() {
            let Some(dir) = path.parent().map(Path::to_path_buf) else { continue };
            let is_log = path.extension().is_some_and(|extension| extension == "log");
            let is_metadata = dir.to_string_lossy().contains(METADATA_TOPIC);
            if is_log && !is_metadata && disk.content(&path).is_some_and(|content| !content.is_empty()) {
                last.insert(dir, path);
            }
        }
        for path in last.into_values().filter(|_| self.random.chance(60)).collect::<Vec<_>>() {
            disk.corrupt(&path, |content| {
                let sizes = Batches::new(content).map_while(Result::ok).map(|batch| batch.bytes().len());
                let sizes: Vec<_> = sizes.collect();
                let count = self.random.between(0, sizes.len() as u64) as usize;
                if let Some(size) = sizes.get(count) {
                    let start: usize = sizes[..count].iter().sum();
                    let at = start + self.random.between(CHECKED_FROM, *size as u64 - 1) as usize;
                    content[at] ^= 1 << self.random.between(0, 7);
                }
                content.extend_from_slice(b"torn");
            });
        }
    }

    fn change_voters(&mut self, world: &mut World, id: i32) {
        let controllers = world.build.controllers();
        let Some(id) = self.random.pick(&controllers).filter(|_| world.build.roles(id).is_controller())
        else {
            return;
        };
        if self.random.chance(60) { world.add_voter(id) } else { world.remove_voter(id) }
    }

    /// Time heals some of it.
    fn repair(&mut self, world: &mut World) {
        for id in world.ids() {
            if world.process(id).is_none() && self.random.chance(50) {
                world.bring_back(id);
            }
            // A disk that was to fail and has not: nobody waits for it.
            if self.wounded == Some(id) && world.nodes[&id].needs_power_cut && self.random.chance(30) {
                world.end(id, Death::PowerCut);
            }
            if world.nodes[&id].is_paused && self.random.chance(40) {
                world.resume(id);
            }
            if self.random.chance(30) {
                world.nodes[&id].disk.set_capacity(None);
            }
        }
        if self.random.chance(30) {
            world.network.heal();
        }
        if self.random.chance(30) {
            world.conditions = Conditions::PEACE;
        }
    }
}

impl World {
    /// Ends all trouble: everything is mended and runs.
    pub fn make_peace(&mut self) {
        self.network.heal();
        self.conditions = Conditions::PEACE;
        for id in self.ids() {
            self.nodes[&id].disk.set_capacity(None);
            self.nodes[&id].disk.heal();
            self.resume(id);
            // A process whose directory is offline is restarted by whoever keeps it.
            let is_ill = self.nodes[&id].needs_power_cut
                || self.process(id).is_some_and(|process| {
                    let is_leaving =
                        process.broker.as_ref().is_some_and(|broker| broker.lifecycle.is_leaving());
                    process.is_stopping
                        || is_leaving
                        || process.dir.state() == klamm_storage::DirectoryState::Offline
                });
            if is_ill {
                self.end(id, Death::Killed);
            }
            if self.process(id).is_none() {
                self.bring_back(id);
            }
        }
    }

    /// Whether all brokers run and are registered as they are, and all replicas are in sync.
    pub(crate) fn is_whole(&self) -> bool {
        let Some(image) = self.leader().and_then(|id| self.process(id)).map(|leader| leader.control.image())
        else {
            return false;
        };
        let is_up = |id: &i32| {
            let broker = self.process(*id).and_then(|process| process.broker.as_ref());
            let epoch = broker.and_then(|broker| broker.lifecycle.epoch());
            let registered = klamm_model::BrokerId::new(*id).and_then(|id| image.cluster().broker(id));
            registered.is_some_and(|known| known.is_active() && Some(known.epoch) == epoch)
        };
        let is_in_sync = |partition: &klamm_metadata::image::Partition| {
            partition.leader().is_some()
                && partition.isr().len() == partition.replicas().len()
                && !partition.is_reassigning()
        };
        self.build.brokers().iter().all(is_up)
            && image.topics().iter().all(|topic| topic.partitions().all(|(_, one)| is_in_sync(one)))
            && self.nodes.values().all(|node| !node.needs_power_cut)
    }

    /// Starts a stopped process, on a machine whose disk tells the truth again.
    pub(crate) fn bring_back(&mut self, id: i32) {
        if self.nodes[&id].needs_power_cut {
            self.end(id, Death::PowerCut);
        }
        self.start(id);
    }

    /// Cuts a node off, from clients too.
    pub(crate) fn isolate(&mut self, id: i32) {
        for other in self.ids().into_iter().chain([0]) {
            if other != id {
                self.network.cut(id, other);
                self.network.cut(other, id);
            }
        }
    }

    /// Each node reaches only those next to it.
    pub(crate) fn ring(&mut self) {
        let ids = self.ids();
        let count = ids.len();
        for (place, id) in ids.iter().enumerate() {
            for (other_place, other) in ids.iter().enumerate() {
                let distance = place.abs_diff(other_place);
                if distance > 1 && distance != count - 1 {
                    self.network.cut(*id, *other);
                } else {
                    self.network.mend(*id, *other);
                }
            }
        }
    }

    fn fill_disk(&mut self, id: i32) {
        let used: u64 = {
            let disk = &self.nodes[&id].disk;
            disk.files()
                .iter()
                .filter_map(|path| disk.content(path))
                .map(|content| content.len() as u64)
                .sum()
        };
        let room = self.random.between(0, 80 << 10);
        self.nodes[&id].disk.set_capacity(Some(used + room));
    }
}
