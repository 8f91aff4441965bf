//! The world: nodes, network, clients and time. One thing happens after the other; what a seed brings
//! is the same in every run.

mod calls;
mod control;
mod power;
mod proof;
mod replicas;

pub use power::Death;
pub(crate) use proof::{Hearing, Step};

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use klamm_model::Instant;

use crate::build::Build;
use crate::checkers::Checkers;
use crate::clock::WorldClock;
use crate::event::{Agenda, Event};
use crate::network::{Conditions, Network};
use crate::node::{Process, SimNode};
use crate::planted::Planted;
use crate::random::Random;
use crate::rpc::{Call, CallId, Caller};
use crate::workloads::{Client, Context};

/// See the module.
#[derive(Debug)]
pub struct World {
    pub(crate) build: Build,
    pub(crate) now: Instant,
    pub(crate) random: Random,
    pub(crate) conditions: Conditions,
    pub(crate) network: Network,
    pub(crate) nodes: BTreeMap<i32, SimNode>,
    pub(crate) checkers: Checkers,
    /// How long flushes of a node's metadata log take, where slowed down.
    pub(crate) slow_logs: BTreeMap<i32, Duration>,
    /// Whether a power cut may take what was committed and not acknowledged.
    pub(crate) is_exposed: bool,
    pub(crate) planted: Option<Planted>,
    clients: Vec<Option<Box<dyn Client>>>,
    clock: WorldClock,
    agenda: Agenda,
    /// Calls that are neither answered nor given up.
    open_calls: BTreeSet<CallId>,
    next_id: u64,
    /// Events so far.
    steps: u64,
    is_traced: bool,
}

impl World {
    /// All nodes formatted, none started.
    pub fn new(build: Build, seed: u64) -> World {
        let now = Instant::from_millis(1_000);
        let clock = WorldClock::new(now);
        let ids = build.nodes.keys();
        let nodes = ids.map(|id| (*id, SimNode::new(*id, &build, clock.of_node()))).collect();
        World {
            now,
            random: Random::new(seed),
            conditions: Conditions::PEACE,
            network: Network::default(),
            nodes,
            checkers: Checkers::default(),
            slow_logs: BTreeMap::new(),
            is_exposed: false,
            planted: None,
            clients: Vec::new(),
            clock,
            agenda: Agenda::default(),
            open_calls: BTreeSet::new(),
            next_id: 0,
            steps: 0,
            is_traced: std::env::var_os("KLAMM_SIM_TRACE").is_some(),
            build,
        }
    }

    /// Events so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Time of the world.
    pub fn now(&self) -> Instant {
        self.now
    }

    pub(crate) fn trace(&self, what: impl FnOnce() -> String) {
        if self.is_traced {
            eprintln!("{:>9} {}", self.now.as_nanos() / 1_000, what());
        }
    }

    pub(crate) fn at(&mut self, time: Instant, event: Event) {
        self.agenda.add(time, event);
    }

    pub(crate) fn after(&mut self, delay: Duration, event: Event) {
        let time = self.now.after(delay);
        self.agenda.add(time, event);
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// All nodes by id.
    pub fn ids(&self) -> Vec<i32> {
        self.nodes.keys().copied().collect()
    }

    /// Nodes whose process runs.
    pub fn running(&self) -> Vec<i32> {
        self.nodes.values().filter(|node| node.process.is_some()).map(|node| node.id).collect()
    }

    pub(crate) fn process(&self, id: i32) -> Option<&Process> {
        self.nodes.get(&id)?.process.as_deref()
    }

    pub(crate) fn process_mut(&mut self, id: i32) -> Option<&mut Process> {
        self.nodes.get_mut(&id)?.process.as_deref_mut()
    }

    /// Adds a client; its first timer goes off at once.
    pub(crate) fn add_client(&mut self, client: Box<dyn Client>) -> usize {
        let client_id = self.clients.len();
        self.clients.push(Some(client));
        self.after(Duration::ZERO, Event::Client { client: client_id });
        client_id
    }

    pub(crate) fn clients(&self) -> impl Iterator<Item = &dyn Client> {
        self.clients.iter().flatten().map(|client| &**client)
    }

    pub(crate) fn each_client(&mut self, mut act: impl FnMut(&mut dyn Client)) {
        for client in self.clients.iter_mut().flatten() {
            act(client.as_mut());
        }
    }

    /// Lets a client act, then sends what it wants sent.
    pub(crate) fn with_client(&mut self, index: usize, act: impl FnOnce(&mut dyn Client, &mut Context<'_>)) {
        let Some(mut client) = self.clients.get_mut(index).and_then(Option::take) else { return };
        let (brokers, controllers) = (self.build.brokers(), self.build.controllers());
        let mut context = Context {
            now: self.now,
            random: &mut self.random,
            brokers: &brokers,
            controllers: &controllers,
            checkers: &mut self.checkers,
            next_id: &mut self.next_id,
            calls: Vec::new(),
            timer: None,
        };
        act(client.as_mut(), &mut context);
        let (calls, timer) = (context.calls, context.timer);
        self.clients[index] = Some(client);
        for (to, id, call, patience) in calls {
            self.send_call(Caller::Client(index), to, id, call, patience);
        }
        if let Some(at) = timer {
            self.at(at, Event::Client { client: index });
        }
    }

    /// Sends a call of a process; its name.
    pub(crate) fn call_from_process(&mut self, from: i32, to: i32, call: Call) -> CallId {
        let id = self.new_id();
        let incarnation = self.nodes[&from].incarnation;
        let caller = Caller::Process { node: from, incarnation };
        self.send_call(caller, to, id, call, Duration::from_millis(2_000));
        id
    }

    fn send_call(&mut self, from: Caller, to: i32, id: CallId, call: Call, patience: Duration) {
        self.open_calls.insert(id);
        self.after(patience, Event::Expired { caller: from, id });
        if self.random.chance(self.conditions.loss) {
            return;
        }
        let delay = self.conditions.latency(&mut self.random);
        let arrival = self.network.arrival((from, to, true), self.now, delay);
        self.at(arrival, Event::Call { from, to, id, call });
    }

    // ---- time goes on

    /// Runs for a time of the world's.
    pub fn run_for(&mut self, time: Duration) {
        let end = self.now.after(time);
        while self.agenda.next_time().is_some_and(|next| next <= end) {
            self.run_one();
        }
        self.set_time(end);
    }

    /// Runs until `condition` holds; whether it did within `limit` of the world's time.
    pub fn run_until(&mut self, limit: Duration, mut condition: impl FnMut(&World) -> bool) -> bool {
        let end = self.now.after(limit);
        loop {
            if condition(self) {
                return true;
            }
            if self.agenda.next_time().is_none_or(|next| next > end) {
                self.set_time(end);
                return condition(self);
            }
            self.run_one();
        }
    }

    fn set_time(&mut self, now: Instant) {
        self.now = now;
        self.clock.set(now);
    }

    fn run_one(&mut self) {
        let Some((time, event)) = self.agenda.next() else { return };
        self.set_time(self.now.max(time));
        self.steps += 1;
        if let Some(node) = event.runs_on().and_then(|id| self.nodes.get_mut(&id))
            && node.is_paused
        {
            node.held.push(event);
            return;
        }
        self.happen(event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Timer { node, incarnation } => {
                if self.is_current(node, incarnation) {
                    self.timer(node);
                }
            }
            Event::Disk { node, incarnation, work } => {
                if self.is_current(node, incarnation) {
                    self.disk_work(node, work);
                }
            }
            Event::Raft { from, to, request } => self.raft_request(from, &to, request),
            Event::RaftAnswer { by, to, response } => self.raft_answer(by, to, response),
            Event::Call { from, to, id, call } => self.call_arrives(from, to, id, call),
            Event::Answer { by, to, id, answer } => self.answer_arrives(by, to, id, answer),
            Event::Expired { caller, id } => self.expired(caller, id),
            Event::Proof { node, incarnation, step } => {
                if self.is_current(node, incarnation) {
                    self.prove(node, step);
                }
            }
            Event::Client { client } => self.with_client(client, |client, context| client.on_timer(context)),
        }
    }

    fn is_current(&self, id: i32, incarnation: u32) -> bool {
        self.nodes.get(&id).is_some_and(|node| node.process.is_some() && node.incarnation == incarnation)
    }

    /// One line per node, for failures.
    pub fn summary(&self) -> String {
        let line = |node: &SimNode| {
            let quorum = node.process.as_ref().map(|process| process.control.quorum());
            let role = quorum.map(|quorum| {
                let voters: Vec<_> = quorum.voters.ids().map(|id| id.get()).collect();
                (quorum.role, quorum.epoch.get(), quorum.leader.map(|id| id.get()), voters)
            });
            let log = node.process.as_ref().map(|process| {
                let log = process.control.raft().log().log();
                let (start, end) = (log.log_start_offset(), log.log_end_offset());
                format!("{start}..{end} hw {}", log.high_watermark())
            });
            let pause = if node.is_paused { " paused" } else { "" };
            format!("node {}{pause}: {role:?} log {log:?}\n", node.id)
        };
        let nodes: String = self.nodes.values().map(line).collect();
        format!("at {} ms\n{nodes}cut: {:?}\n", self.now.as_millis(), self.network.cuts())
    }
}
