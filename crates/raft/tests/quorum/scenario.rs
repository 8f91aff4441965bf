//! Scenarios as text: `scenarios/*.txt`, one step per line, run with several seeds.
//!
//! ```text
//! quorum VOTERS OBSERVERS [static] [joins]  voters are 1.., observers follow; odd observers are
//!                                           controllers, even ones brokers
//! start|kill|leave|isolate|replace NODES    replace: kill, and come back with an empty new disk
//! move NODE                                 a stopped node will listen elsewhere
//! cut A -> B                                nothing gets from A to B
//! heal
//! loss PERCENT / latency MS MS / disk MS MS / appends off|on
//! remember NODE as NAME / mark              mark: the present epoch and high watermark
//! add NODE [early] / remove NODE / upgrade / resign / describe
//! wait TIME
//! until [not] CONDITION [within TIME]       30s unless it says otherwise
//! expect [not] CONDITION
//! ```
//! NODES are numbers, `leader`, a remembered name, `followers`, `voters`, `observers`, `running`, `all`.
//! Conditions: `leader [NODE]`, `agreement`, `committed N|+N by NODES`, `NODE is ROLE`, `NODES follow NODE`,
//! `voters NUMBERS`, `same epoch`, `later epoch`, `stopped NODE`, `answer OUTCOME`, `snapshot at NODE`.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_model::{LeaderEpoch, NodeId, Offset};
use klamm_raft::{
    AckWhen, AddVoterRequest, JoinPolicy, KraftVersion, RaftError, RemoveVoterRequest, ReplicaKey,
    RequestBody, RequestId, Response, RoleName, UpgradeMode,
};

use crate::sim::{Build, World, directory, endpoints};

/// Seeds for each file.
const SEEDS: u64 = 25;

struct Run {
    world: World,
    names: BTreeMap<String, i32>,
    mark: (LeaderEpoch, Offset),
    asked: Option<RequestId>,
    upgraded: Option<String>,
}

#[test]
fn every_scenario_file_runs_as_it_says() {
    let folder = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("scenarios");
    let wanted = std::env::var("KLAMM_RAFT_SCENARIO").unwrap_or_default();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 15, "the scenarios are there");
    for file in files.iter().filter(|file| file.to_string_lossy().contains(&wanted)) {
        let text = std::fs::read_to_string(file).unwrap();
        for seed in 0..SEEDS {
            let place = format!("{} with seed {seed}", file.file_name().unwrap().to_string_lossy());
            run(&text, seed, &place);
        }
    }
}

fn run(text: &str, seed: u64, place: &str) {
    let mut run: Option<Run> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let words: Vec<_> = line.split_whitespace().collect();
        let place = format!("{place}, line {}: {line}", number + 1);
        match (&words[..], &mut run) {
            ([], _) => {}
            (["quorum", rest @ ..], None) => run = Some(Run::new(rest, seed)),
            (words, Some(run)) => run.step(words, &place),
            (_, None) => panic!("{place}: a scenario begins with its quorum"),
        }
    }
}

impl Run {
    fn new(words: &[&str], seed: u64) -> Run {
        let mut build = Build::new(words[0].parse().unwrap(), words[1].parse().unwrap());
        for option in &words[2..] {
            build = match *option {
                "static" => build.with_version(KraftVersion::Static),
                "joins" => build.with_join(JoinPolicy::Automatic),
                _ => panic!("unknown option {option}"),
            };
        }
        let mut world = World::new(build, seed);
        world.is_traced = std::env::var_os("KLAMM_RAFT_TRACE").is_some();
        Run { world, names: BTreeMap::new(), mark: Default::default(), asked: None, upgraded: None }
    }

    fn step(&mut self, words: &[&str], place: &str) {
        match words {
            ["start", nodes @ ..] => self.each(nodes, World::start),
            ["kill", nodes @ ..] => self.each(nodes, World::kill),
            ["leave", nodes @ ..] => self.each(nodes, World::leave),
            ["replace", nodes @ ..] => self.each(nodes, World::replace_disk),
            ["move", nodes @ ..] => self.each(nodes, World::relocate),
            ["isolate", nodes @ ..] => {
                let nodes = self.nodes(nodes);
                self.world.isolate(&nodes);
            }
            ["cut", from, "->", to] => {
                let link = (self.node(from), self.node(to));
                self.world.cut.insert(link);
            }
            ["heal"] => self.world.heal(),
            ["loss", percent] => self.world.faults.loss = percent.parse().unwrap(),
            ["latency", low, high] => self.world.faults.latency_ms = range(low, high),
            ["disk", low, high] => self.world.faults.disk_ms = range(low, high),
            ["appends", "off"] => self.world.appends = false,
            ["appends", "on"] => self.world.appends = true,
            ["remember", node, "as", name] => {
                let node = self.node(node);
                self.names.insert((*name).to_owned(), node);
            }
            ["mark"] => self.mark = (self.epoch(), self.world.checks.committed_end()),
            ["wait", time] => self.world.run_for(duration(time)),
            ["until", "not", condition @ ..] => self.until(condition, false, place),
            ["until", condition @ ..] => self.until(condition, true, place),
            ["expect", "not", condition @ ..] => self.expect(condition, false, place),
            ["expect", condition @ ..] => self.expect(condition, true, place),
            _ => self.administer(words, place),
        }
    }

    fn administer(&mut self, words: &[&str], place: &str) {
        let leader = self.world.leader();
        let leader = leader.unwrap_or_else(|| panic!("{place}: nobody leads\n{}", self.world.summary()));
        let body = match words {
            ["add", node, rest @ ..] => {
                let node = &self.world.nodes[&self.node(node)];
                RequestBody::AddVoter(AddVoterRequest {
                    voter: Some(ReplicaKey::new(NodeId::at(node.id), directory(node.id, node.disk_number))),
                    endpoints: endpoints(node.id, node.move_number),
                    ack: if rest == ["early"] { AckWhen::Appended } else { AckWhen::Committed },
                })
            }
            ["remove", node] => {
                let voters = self.world.quorum(leader).view().voters;
                let node = NodeId::at(self.node(node));
                let listed = voters.get(node).map(|voter| voter.key).filter(|key| key.directory.is_some());
                let voter = listed.or(Some(ReplicaKey::new(node, directory(node.get(), 0))));
                RequestBody::RemoveVoter(RemoveVoterRequest { voter })
            }
            ["describe"] => RequestBody::DescribeQuorum,
            ["resign"] => {
                let epoch = self.epoch();
                return self
                    .world
                    .input(leader, |quorum, now, effects| quorum.on_resign(now, epoch, effects));
            }
            ["upgrade"] => {
                let (epoch, to) = (self.epoch(), (KraftVersion::Dynamic, UpgradeMode::Apply));
                let mut outcome = None;
                self.world.input(leader, |quorum, now, effects| {
                    outcome = Some(quorum.on_upgrade(now, epoch, to, effects));
                });
                self.upgraded = Some(format!("{:?}", outcome.unwrap()));
                return;
            }
            _ => panic!("{place}: not understood"),
        };
        self.asked = Some(self.world.ask(leader, body));
    }

    fn each(&mut self, nodes: &[&str], act: fn(&mut World, i32)) {
        for node in self.nodes(nodes) {
            act(&mut self.world, node);
        }
    }

    fn node(&self, word: &str) -> i32 {
        match word {
            "leader" => {
                self.world.leader().unwrap_or_else(|| panic!("nobody leads\n{}", self.world.summary()))
            }
            name => name.parse().unwrap_or_else(|_| self.names[name]),
        }
    }

    fn nodes(&self, words: &[&str]) -> Vec<i32> {
        let world = &self.world;
        let set = |word: &&str| match *word {
            "all" => world.ids(),
            "running" => world.running(),
            "voters" => world.build.voters.clone(),
            "observers" => world.build.observers.clone(),
            "followers" => {
                let leader = self.node("leader");
                world.build.voters.iter().copied().filter(|id| *id != leader).collect()
            }
            node => vec![self.node(node)],
        };
        words.iter().flat_map(set).collect()
    }

    fn epoch(&self) -> LeaderEpoch {
        self.world.leader().and_then(|leader| self.world.nodes[&leader].leads).unwrap_or_default()
    }

    fn until(&mut self, words: &[&str], wanted: bool, place: &str) {
        let (words, limit) = match words {
            [condition @ .., "within", time] => (condition, duration(time)),
            condition => (condition, Duration::from_secs(30)),
        };
        let end = self.world.now.after(limit);
        // Counted from the start of the wait, however long it takes.
        let words: Vec<_> = words.iter().map(|word| self.absolute(word)).collect();
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        while self.holds(&words, place) != wanted {
            assert!(self.world.now < end, "{place}: not in time\n{}", self.world.summary());
            self.world.run_one();
        }
    }

    fn absolute(&self, word: &str) -> String {
        match word.strip_prefix('+') {
            Some(more) => {
                (self.world.checks.committed_end().get() + more.parse::<i64>().unwrap()).to_string()
            }
            None => word.to_owned(),
        }
    }

    fn expect(&mut self, words: &[&str], wanted: bool, place: &str) {
        assert_eq!(
            self.holds(words, place),
            wanted,
            "{place}\n{}\n{:?}",
            self.world.summary(),
            self.answer()
        );
    }

    fn holds(&self, words: &[&str], place: &str) -> bool {
        let world = &self.world;
        match words {
            ["leader"] => world.leader().is_some(),
            ["leader", node] => world.leader() == Some(self.node(node)),
            ["agreement"] => world.has_consistent_leader(),
            ["committed", end, "by", nodes @ ..] => {
                world.all_reached(Offset::at(end.parse().unwrap()), &self.nodes(nodes))
            }
            [node, "is", role] => {
                let quorum = world.nodes[&self.node(node)].quorum.as_ref();
                quorum.is_some_and(|quorum| quorum.view().role == role_of(role))
            }
            [nodes @ .., "follow", node] => world.all_follow(self.node(node), &self.nodes(nodes)),
            ["voters", ids @ ..] => world.leader().is_some_and(|leader| {
                let voters = world.quorum(leader).view().voters;
                voters.ids().map(|id| id.to_string()).eq(ids.iter().map(|id| self.node(id).to_string()))
            }),
            ["same", "epoch"] => self.epoch() == self.mark.0,
            ["later", "epoch"] => self.epoch() > self.mark.0,
            ["stopped", node] => world.nodes[&self.node(node)].quorum.is_none(),
            ["answer"] => self.asked.is_some_and(|asked| world.answers.contains_key(&asked)),
            ["answer", outcome] => self.answer().is_some_and(|answer| answer == *outcome),
            ["upgraded"] => self.upgraded.as_deref() == Some("Ok(())"),
            ["snapshot", "at", node] => world.nodes[&self.node(node)].disk.log_start > Offset::ZERO,
            _ => panic!("{place}: no such condition"),
        }
    }

    fn answer(&self) -> Option<&'static str> {
        let error = match self.world.answers.get(&self.asked?)? {
            Response::AddVoter(response) | Response::RemoveVoter(response) => response.error,
            Response::DescribeQuorum(response) => response.error,
            Response::Failed(_, error) => Some(*error),
            other => panic!("not an answer to an administrator: {other:?}"),
        };
        Some(match error {
            None => "ok",
            Some(RaftError::RequestTimedOut) => "timed-out",
            Some(RaftError::DuplicateVoter) => "duplicate-voter",
            Some(RaftError::VoterNotFound) => "voter-not-found",
            Some(RaftError::UnsupportedVersion) => "unsupported-version",
            Some(RaftError::NotLeaderOrFollower) => "not-leader",
            Some(RaftError::InvalidRequest) => "invalid-request",
            Some(_) => "another-error",
        })
    }
}

fn role_of(word: &str) -> RoleName {
    let named = RoleName::ALL.into_iter().find(|role| format!("{role:?}").to_lowercase() == word);
    named.unwrap_or_else(|| panic!("no role {word}"))
}

fn range(low: &str, high: &str) -> (u64, u64) {
    (low.parse().unwrap(), high.parse().unwrap())
}

fn duration(text: &str) -> Duration {
    match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(millis), _) => Duration::from_millis(millis.parse().unwrap()),
        (None, Some(seconds)) => Duration::from_secs(seconds.parse().unwrap()),
        (None, None) => panic!("{text}: a time ends with ms or s"),
    }
}
