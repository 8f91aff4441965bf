//! One history: a world of a seed, trouble for a while, then peace, in which all must come together
//! again; and the judgement.

use std::sync::Arc;
use std::time::Duration;

use klamm_metadata::image::{Partition, Topic};
use klamm_metadata::{MetadataDelta, MetadataImage};
use klamm_model::TopicIdPartition;

use crate::build::Build;
use crate::checkers::{Checkers, images_differ, must};
use crate::faults::{Faults, Power};
use crate::planted::Planted;
use crate::random::Random;
use crate::workloads::{Admin, CONFIG, Consumer, Member, NewTopic, Producer};
use crate::world::World;

/// Time that peace may take to bring all nodes together.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a history did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events.
    pub steps: u64,
    /// Simulated time.
    pub time: Duration,
    /// Records acknowledged.
    pub acknowledged: u64,
    /// Records read.
    pub read: u64,
    /// Group commits acknowledged.
    pub commits: u64,
    /// Changes of the metadata that were promised.
    pub promises: u64,
}

impl Summary {
    /// Adds another's.
    pub fn add(&mut self, other: &Summary) {
        self.steps += other.steps;
        self.time += other.time;
        self.acknowledged += other.acknowledged;
        self.read += other.read;
        self.commits += other.commits;
        self.promises += other.promises;
    }
}

/// Which world a history is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Scene {
    /// Drawn from the seed.
    Any,
    /// Controllers, and brokers that only watch.
    Quorum,
    /// Three replicas of every partition.
    Replication,
}

/// Runs the history of `seed`, with trouble for `time`. Panics with what was violated.
pub fn run(seed: u64, (scene, time): (Scene, Duration), planted: Option<Planted>) -> Summary {
    let mut random = Random::new(seed ^ 0x5eed_0000_0000);
    let mut build = match (scene, random.between(0, 4)) {
        (Scene::Any, 0) => Build::combined(1),
        (Scene::Any, 1 | 2) | (Scene::Replication, 0..=2) => Build::combined(3).replicated(3, 2),
        (Scene::Any, 3) => Build::dedicated(3, 2).with_spare_controllers(1).replicated(2, 1),
        (Scene::Any | Scene::Replication, _) => Build::dedicated(3, 4).replicated(3, 2),
        (Scene::Quorum, 0 | 1) => Build::dedicated(3, 1),
        (Scene::Quorum, 2 | 3) => Build::dedicated(3, 0).with_spare_controllers(2),
        (Scene::Quorum, _) => Build::dedicated(5, 0),
    };
    if scene == Scene::Quorum {
        build.idle = Duration::from_millis(random.between(10, 100));
    }
    if random.chance(30) {
        // Disks may be slower than the patience of the quorum.
        build.quorum.fetch_timeout = Duration::from_millis(400);
        build.quorum.election_timeout = Duration::from_millis(200);
        build.quorum.request_timeout = Duration::from_millis(400);
    }
    build.lag_max = Duration::from_millis(random.pick(&[1_000, 3_000, 10_000]).unwrap_or(10_000));
    let power = match (scene, random.between(0, 9)) {
        (Scene::Quorum, _) | (_, 0..=3) => Power::Fails,
        (_, 4..=7) if build.replication_factor > 1 => Power::OneFails,
        (_, _) => Power::Lasts,
    };
    let mut world = World::new(build, seed).with_planted(planted);
    world.is_exposed = power == Power::Fails;
    let mut faults = Faults::new(random.fork(), power);
    world.trace(|| format!("power {power:?}, trouble: {:?}", faults.kinds()));
    let topics = if scene != Scene::Quorum { populate(&mut world, power) } else { Vec::new() };
    world.start_all();
    world.run_for(Duration::from_secs(5));
    faults.run(&mut world, time);
    world.make_peace();
    come_together(&mut world, &topics);
    Planted::arm(None);
    summary(&world)
}

/// Topics, and clients that use them.
pub(crate) fn populate(world: &mut World, power: Power) -> Vec<String> {
    let synced = power == Power::Fails;
    let configs = if synced { vec![("flush.messages", "1".to_owned())] } else { Vec::new() };
    let replication_factor = world.build.replication_factor;
    let topic = |name: &str, partitions| NewTopic {
        name: name.to_owned(),
        partitions,
        replication_factor,
        configs: configs.clone(),
    };
    let topics = vec![topic("data", 3), topic(crate::broker::OFFSETS_TOPIC, 2)];
    let names = topics.iter().map(|topic| topic.name.clone()).collect();
    // Who orders a single replica has no other when its machine loses power before the controller knows.
    let least = if power == Power::OneFails { 2 } else { 1 };
    let fewest = least.max(world.build.min_isr as usize);
    world.add_client(Box::new(Admin::new(topics, &world.build, fewest)));
    for number in 0..3 {
        world.add_client(Box::new(Producer::new(number, "data".into(), number as i32 % 3)));
    }
    for _ in 0..2 {
        world.add_client(Box::new(Consumer::new("data".into(), 3)));
    }
    for group in ["first", "first", "first", "second"] {
        world.add_client(Box::new(Member::new(group, "data", 3)));
    }
    names
}

fn come_together(world: &mut World, topics: &[String]) {
    let is_led = eventually(world, |world| world.leader().is_some());
    must!(is_led, "liveness", "nobody leads the quorum in peace\n{}", world.summary());
    let serves = |world: &World| all_serve(world, topics);
    let all_serve = eventually(world, serves);
    must!(all_serve, "liveness", "not all brokers serve in peace: {}\n{}", unserved(world), world.summary());
    world.each_client(|client| client.finish());
    let is_done = |world: &World| world.clients().all(|client| client.is_done());
    let all_done = eventually(world, is_done);
    must!(
        all_done,
        "liveness",
        "clients wait for ever in peace: {:#?}\n{}",
        world.clients().find(|client| !client.is_done()),
        world.summary()
    );
    let agree = eventually(world, World::replicas_agree);
    must!(
        agree,
        "liveness",
        "replicas stay apart in peace: {}\n{}",
        world.replicas_summary(""),
        world.summary()
    );
    let agree = eventually(world, all_agree);
    must!(agree, "liveness", "the nodes' images stay apart in peace\n{}", world.summary());
    for image in images(world) {
        world.checkers.promises.judge(image, CONFIG);
    }
}

/// Runs until the condition holds, looking from time to time; whether it did within [`PATIENCE`].
fn eventually(world: &mut World, condition: impl Fn(&World) -> bool) -> bool {
    let end = world.now().after(PATIENCE);
    while !condition(world) {
        if world.now() >= end {
            return false;
        }
        world.run_for(Duration::from_millis(50));
    }
    true
}

fn images(world: &World) -> impl Iterator<Item = &MetadataImage> {
    world.running().into_iter().filter_map(|id| world.process(id)).map(|process| process.control.image())
}

fn all_agree(world: &World) -> bool {
    let mut images = images(world);
    let Some(first) = images.next() else { return false };
    images.all(|image| images_differ(first, image).is_none())
}

/// Every broker is registered and unfenced, every partition has its leader and all its replicas in
/// sync.
fn all_serve(world: &World, topics: &[String]) -> bool {
    let Some(leader) = world.leader().and_then(|id| world.process(id)) else { return false };
    let image = leader.control.image();
    let brokers = world.build.brokers();
    let active = image.cluster().brokers().filter(|broker| broker.is_active()).count();
    let is_whole = |topic: &Arc<Topic>| topic.partitions().all(|(_, partition)| is_whole(partition));
    active == brokers.len()
        && topics.iter().all(|topic| image.topics().by_name(topic).is_some())
        && image.topics().iter().all(is_whole)
}

fn is_whole(partition: &Partition) -> bool {
    partition.leader().is_some()
        && partition.isr().len() == partition.replicas().len()
        && !partition.is_reassigning()
}

/// The partitions that keep [`all_serve`] from holding.
fn unserved(world: &World) -> String {
    let Some(leader) = world.leader().and_then(|id| world.process(id)) else { return "no leader".to_owned() };
    let mut lines = String::new();
    for topic in leader.control.image().topics().iter() {
        for (index, partition) in topic.partitions().filter(|(_, partition)| !is_whole(partition)) {
            lines += &format!("\n{}-{index}: {partition:?}", topic.name());
            lines += &world.replicas_summary(&format!("{}-{index}", topic.name()));
        }
    }
    lines
}

fn summary(world: &World) -> Summary {
    let Checkers { data, groups, promises, .. } = &world.checkers;
    let (acknowledged, read) = data.counts();
    Summary {
        steps: world.steps(),
        time: Duration::from_nanos(world.now().as_nanos()),
        acknowledged,
        read,
        commits: groups.count(),
        promises: promises.count(),
    }
}

impl World {
    /// The checkers learn what was registered.
    pub(crate) fn note_registrations(&mut self, delta: &MetadataDelta) {
        let after = delta.after().topics();
        for (topic_id, partitions) in &delta.changes().topics {
            for partition in partitions {
                let id = TopicIdPartition { topic_id: *topic_id, partition: *partition };
                let Some(registration) = after.partition(id) else { continue };
                let hosts = registration.replicas().iter().map(|id| id.get()).collect();
                self.checkers.data.hosted(id, hosts);
                self.checkers.replicas.registered(id, registration);
            }
        }
    }
}
