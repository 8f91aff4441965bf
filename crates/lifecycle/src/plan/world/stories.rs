//! Random stories: edits, crashes and lost volumes in any order, under any prefix of any plan. Every
//! story ends as its last spec wants it, and no plan does harm; each planted mistake does.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use klamm_model::NodeId;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::{FAR_BEHIND, NEWEST, Stage, Wish, World};
use crate::NodeRole;
use crate::plan::plan_by;
use crate::rules::{Rule, Rules};

/// Passes after which a story without further events must have ended.
const PATIENCE: usize = 600;

#[derive(Clone, Copy, Debug)]
enum Event {
    Scale(u32),
    Controllers(u32),
    Configure,
    Resize(i16),
    Grow,
    MinIsr(usize),
    Throttle(Option<u64>),
    MetadataVersion(Option<i16>),
    Kill(u8),
    PowerCut,
    LoseVolume(u8),
    /// The host dies after so many steps of its next plan.
    DieAfter(usize),
    Pass(u8),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1..6_u32).prop_map(Event::Scale),
        2 => prop::sample::select(vec![1, 3, 5]).prop_map(Event::Controllers),
        3 => Just(Event::Configure),
        1 => (1..4_i16).prop_map(Event::Resize),
        1 => Just(Event::Grow),
        1 => (1..3_usize).prop_map(Event::MinIsr),
        1 => prop::option::of(1_000..1_002_u64).prop_map(Event::Throttle),
        1 => prop::option::of(30..34_i16).prop_map(Event::MetadataVersion),
        2 => any::<u8>().prop_map(Event::Kill),
        1 => Just(Event::PowerCut),
        2 => any::<u8>().prop_map(Event::LoseVolume),
        2 => (0..3_usize).prop_map(Event::DieAfter),
        8 => (1..30_u8).prop_map(Event::Pass),
    ]
}

#[derive(Clone, Debug)]
struct Story {
    wish: Wish,
    seed: u64,
    events: Vec<Event>,
    /// Whether volumes may go that hold the only copy of something.
    cruel: bool,
}

fn story(cruel: bool) -> impl Strategy<Value = Story> {
    let kind = (any::<bool>(), any::<bool>(), prop::option::of(30..34_i16));
    let wish = (1..6_u32, prop::sample::select(vec![1, 3, 5]), 1..4_i16, kind);
    (wish, any::<u64>(), prop::collection::vec(event(), 4..24)).prop_map(
        move |((brokers, controllers, factor, kind), seed, events)| {
            let (combined, delete_volumes, metadata_version) = kind;
            let throttle = (seed % 3 == 0).then_some(1_000);
            let controllers = if combined { largest_odd(controllers, brokers) } else { controllers };
            let topics = BTreeMap::from([("t".to_owned(), (4, factor.min(i16::try_from(brokers).unwrap())))]);
            let wish = Wish {
                brokers,
                controllers,
                combined,
                config: 0,
                topics,
                delete_volumes,
                throttle,
                metadata_version,
            };
            Story { wish, seed, events, cruel }
        },
    )
}

fn largest_odd(controllers: u32, brokers: u32) -> u32 {
    [5, 3, 1].into_iter().find(|count| *count <= controllers && *count <= brokers).unwrap()
}

impl World {
    fn pass(&mut self, rules: Rules, most: usize) -> bool {
        let plan = plan_by(rules, &self.spec(), &self.observe());
        let settled = plan.is_settled();
        self.carry_out(&plan, most);
        self.tick();
        settled
    }

    fn pick(&self, number: u8) -> Option<NodeId> {
        let ids: Vec<NodeId> = self.nodes.keys().copied().collect();
        (!ids.is_empty()).then(|| ids[usize::from(number) % ids.len()])
    }

    fn kill(&mut self, id: NodeId) {
        let node = self.nodes.get_mut(&id).unwrap();
        if node.stage != Stage::Absent {
            node.stage = Stage::Failed(2);
            node.lag = FAR_BEHIND;
        }
    }

    /// Whether others have all that is on the node, now and after what is under way.
    fn is_spare(&self, id: NodeId) -> bool {
        let others_have = |isr: &[NodeId]| isr.iter().any(|other| *other != id && self.broker_serves(*other));
        let partitions = self.topics.values().flat_map(|topic| &topic.partitions);
        let data = partitions.filter(|one| one.replicas.contains(&id)).all(|one| others_have(&one.isr));
        let directory = self.nodes[&id].directory;
        let rest: Vec<_> = self.voters.iter().copied().filter(|voter| voter.0 != id).collect();
        let votes = rest.len() < self.voters.len();
        let current = rest.iter().filter(|voter| self.is_current_voter(voter)).count();
        let whole = self.nodes.values().all(|node| node.directory.is_some());
        let spare_vote = !votes || (current > self.voters.len() / 2 && current > rest.len() / 2);
        data && spare_vote && directory.is_some() && whole && self.has_run
    }

    fn happen(&mut self, event: Event, (rules, cruel): (Rules, bool)) {
        match event {
            Event::Scale(brokers) => {
                self.wish.brokers = brokers;
                if self.wish.combined {
                    self.wish.controllers = largest_odd(self.wish.controllers, brokers);
                }
            }
            Event::Controllers(count) => {
                let most = if self.wish.combined { self.wish.brokers } else { 5 };
                self.wish.controllers = largest_odd(count, most);
            }
            Event::Configure => self.wish.config += 1,
            Event::Resize(factor) => self.wish.topics.get_mut("t").unwrap().1 = factor,
            Event::Grow => self.wish.topics.get_mut("t").unwrap().0 += 1,
            Event::MinIsr(min_isr) => self.topics.values_mut().for_each(|topic| topic.min_isr = min_isr),
            Event::Throttle(throttle) => self.wish.throttle = throttle,
            Event::MetadataVersion(level) => self.wish.metadata_version = level,
            Event::Kill(number) => {
                if let Some(id) = self.pick(number) {
                    self.kill(id);
                }
            }
            Event::PowerCut => {
                let ids: Vec<NodeId> = self.nodes.keys().copied().collect();
                ids.into_iter().for_each(|id| self.kill(id));
            }
            Event::LoseVolume(number) => {
                if let Some(id) = self.pick(number)
                    && (cruel || self.is_spare(id))
                {
                    self.fate |= !self.is_spare(id);
                    self.kill(id);
                    self.nodes.get_mut(&id).unwrap().directory = None;
                }
            }
            Event::DieAfter(most) => {
                self.pass(rules, most);
            }
            Event::Pass(count) => (0..count).for_each(|_| {
                self.pass(rules, usize::MAX);
            }),
        }
    }
}

/// The world after a story, and whether it came to rest.
fn run(story: &Story, rules: Rules) -> (World, bool) {
    let mut world = World::new(story.wish.clone(), story.seed);
    for event in &story.events {
        world.happen(*event, (rules, story.cruel));
    }
    let mut quiet = 0;
    for _ in 0..PATIENCE {
        quiet = if world.pass(rules, usize::MAX) { quiet + 1 } else { 0 };
        if quiet > 3 {
            return (world, true);
        }
    }
    (world, false)
}

/// Whether the wish cannot be fulfilled by its own fault.
fn is_impossible(world: &World) -> bool {
    let (partitions, factor) = world.wish.topics["t"];
    let too_wide = u32::try_from(factor).unwrap() > world.wish.brokers;
    let shrinks = world
        .topics
        .get("t")
        .is_some_and(|topic| topic.partitions.len() > usize::try_from(partitions).unwrap());
    let lowers = world.wish.metadata_version.is_some_and(|level| level < world.finalized);
    too_wide || shrinks || lowers
}

fn check_end(world: &World) {
    let spec = world.spec();
    let mut voters: Vec<NodeId> = world.voters.iter().map(|voter| voter.0).collect();
    voters.sort_unstable();
    assert_eq!(voters, spec.controllers().map(|node| node.id).collect::<Vec<_>>(), "voters");
    for voter in &world.voters {
        assert!(world.is_current_voter(voter), "{voter:?}");
    }
    let brokers: Vec<NodeId> = world.brokers.keys().copied().collect();
    assert_eq!(brokers, spec.brokers().map(|node| node.id).collect::<Vec<_>>(), "brokers");
    for (id, broker) in &world.brokers {
        assert!(!broker.fenced && !broker.cordoned, "broker {id}");
    }
    for (id, node) in &world.nodes {
        assert_eq!(spec.node(*id).is_some(), node.stage == Stage::Up, "node {id}");
        if let Some(wanted) = spec.node(*id) {
            assert_eq!((node.role, node.config), (Some(wanted.role), world.wish.config), "node {id}");
        }
        let kept = node.directory.is_some() && spec.node(*id).is_none();
        assert!(!kept || !world.wish.delete_volumes, "volume of {id}");
    }
    let registered: Vec<NodeId> = world.controllers.iter().copied().collect();
    // Below level 33 nobody can be unregistered.
    assert!(world.finalized < NEWEST || registered == voters, "registered controllers: {registered:?}");
    assert_eq!(world.finalized, world.wish.metadata_version.unwrap_or(NEWEST), "metadata.version");
    let throttled = |config: &BTreeMap<String, String>| config.keys().any(|key| key.contains("throttled"));
    assert!(!throttled(&world.broker_config), "{:?}", world.broker_config);
    let (partitions, factor) = world.wish.topics["t"];
    let topic = &world.topics["t"];
    assert!(!throttled(&topic.config), "{:?}", topic.config);
    assert_eq!(topic.partitions.len(), usize::try_from(partitions).unwrap());
    for partition in &topic.partitions {
        assert_eq!(partition.replicas.len(), usize::try_from(factor).unwrap());
        assert_eq!(partition.isr.len(), partition.replicas.len());
        assert!(partition.replicas.iter().all(|id| spec.wants_broker(*id)));
    }
    assert!(world.nodes.values().all(|node| node.role != Some(NodeRole::Combined) || world.wish.combined));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_story_ends_as_its_last_spec_wants_it_and_none_does_harm(story in story(false)) {
        let (world, settled) = run(&story, Rules::default());
        prop_assert_eq!(&world.harm, &Vec::<String>::new());
        if settled {
            check_end(&world);
        } else {
            let plan = plan_by(Rules::default(), &world.spec(), &world.observe());
            prop_assert!(is_impossible(&world) && !plan.blocked.is_empty(), "{}\n{:?}", plan, world);
        }
    }

    #[test]
    fn what_fate_took_is_never_replaced_by_an_empty_copy(story in story(true)) {
        let (world, settled) = run(&story, Rules::default());
        prop_assert_eq!(&world.harm, &Vec::<String>::new());
        if !settled {
            let plan = plan_by(Rules::default(), &world.spec(), &world.observe());
            let told = !plan.blocked.is_empty() || !plan.waits.is_empty();
            prop_assert!((is_impossible(&world) || world.fate) && told, "{}\n{:?}", plan, world);
        }
    }
}

#[test]
fn each_planted_mistake_is_found() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let stories: Vec<Story> =
        (0..1_500).map(|number| story(number % 2 == 0).new_tree(&mut runner).unwrap().current()).collect();
    let missed: Vec<Rule> = Rule::ALL
        .into_iter()
        .filter(|rule| !stories.iter().any(|story| !run(story, Rules::without(*rule)).0.harm.is_empty()))
        .collect();
    assert_eq!(missed, [], "mistakes that did no harm in {} stories", stories.len());
}
