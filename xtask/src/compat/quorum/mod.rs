//! `cargo xtask compat quorum`: quorums of Apache Kafka's and Klamm's controllers together, with brokers of both:
//! leadership on each side, leaders killed, snapshots fetched across, voters added and removed, all asked by Apache
//! Kafka's own clients.

pub(super) mod admin;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use crate::oracle::broker::System;
use crate::oracle::cluster::{PATIENT, Role, Site, Voters};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;
use admin::Admin;

/// Kills of leaders until one of the wanted system leads.
const MOST_KILLS: usize = 12;

/// Which quorums are tried.
#[derive(clap::Args)]
pub struct Args {
    /// Only quorums with this majority
    #[arg(long, value_enum)]
    majority: Option<Majority>,
    /// Only quorums whose voters are known this way
    #[arg(long, value_enum)]
    voters: Option<Choice>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Majority {
    Kafka,
    Klamm,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Static,
    Dynamic,
}

/// Runs all chosen quorums.
pub fn run(args: &Args) -> Result<()> {
    for voters in [Voters::Dynamic, Voters::Static] {
        let choice = if voters == Voters::Static { Choice::Static } else { Choice::Dynamic };
        for majority in [Majority::Kafka, Majority::Klamm] {
            let is_wanted = args.majority.is_none_or(|wanted| wanted == majority)
                && args.voters.is_none_or(|wanted| wanted == choice);
            if is_wanted {
                let (two, one) = match majority {
                    Majority::Kafka => (System::Kafka, System::Klamm),
                    Majority::Klamm => (System::Klamm, System::Kafka),
                };
                println!("{voters:?} quorum of two {} voters and one {} voter", two.name(), one.name());
                Story::begin([two, two, one], voters)?.tell()?;
            }
        }
    }
    Ok(())
}

/// One cluster: controllers 1-3, an Apache broker 4, a Klamm broker 5, and for later an Apache controller 6 and a
/// Klamm controller 7.
struct Story {
    site: Site,
    admin: Admin,
    voters: Voters,
    topics: Vec<String>,
}

const KAFKA_BROKER: u32 = 4;
const KLAMM_BROKER: u32 = 5;

fn late_controller(system: System) -> u32 {
    if system == System::Kafka { 6 } else { 7 }
}

impl Story {
    fn begin(controllers: [System; 3], voters: Voters) -> Result<Story> {
        let mut plan: Vec<_> = controllers.into_iter().map(|system| (system, Role::Controller)).collect();
        plan.push((System::Kafka, Role::Broker));
        plan.push((System::Klamm, Role::Broker));
        if voters == Voters::Dynamic {
            plan.push((System::Kafka, Role::LateController));
            plan.push((System::Klamm, Role::LateController));
        }
        let mut site =
            Site::create(&plan, voters, &format!("{PATIENT}offsets.topic.replication.factor=1\n"))?;
        for id in 1..=KLAMM_BROKER {
            site.node(id)?.start()?;
        }
        let admin = Admin::start(&site.brokers())?;
        Ok(Story { site, admin, voters, topics: Vec::new() })
    }

    fn tell(mut self) -> Result<()> {
        let told = self.chapters();
        told.with_context(|| format!("{}\n{}", self.site.dir().display(), self.site.report()))
    }

    fn chapters(&mut self) -> Result<()> {
        self.await_brokers()?;
        for system in [System::Klamm, System::Kafka] {
            self.lead_by(system)?;
            println!("  {} leads", system.name());
            self.await_brokers()?;
            self.use_cluster(system)?;
            if self.voters == Voters::Dynamic {
                self.change_voters(system)?;
            }
            self.restart_brokers()?;
        }
        self.admin.ask("metadata-version 32 UPGRADE").err().context("33 to 32 is no upgrade")?;
        for id in 1..=KLAMM_BROKER {
            self.site.node(id)?.check()?;
        }
        Ok(())
    }

    /// Both brokers are registered, unfenced and known to each other.
    fn await_brokers(&mut self) -> Result<()> {
        let wanted = format!("{KAFKA_BROKER},{KLAMM_BROKER}");
        let ask = ("brokers", "both brokers are registered and unfenced");
        self.admin.poll(ask, |brokers| (brokers == wanted).then_some(()))
    }

    /// Kills leaders until one of `system` leads with all three voters caught up.
    fn lead_by(&mut self, system: System) -> Result<()> {
        for _ in 0..MOST_KILLS {
            let quorum = self.admin.quorum("all voters are caught up", |quorum| {
                quorum.voters.len() == 3
                    && quorum.voters.iter().all(|voter| voter.end >= quorum.high_watermark)
            })?;
            if self.site.node(quorum.leader)?.system == system {
                return Ok(());
            }
            let before = quorum.leader;
            self.site.node(before)?.kill()?;
            self.admin.quorum("another leader", |quorum| quorum.leader != before)?;
            self.site.node(before)?.start()?;
        }
        anyhow::bail!("no {} controller came to lead in {MOST_KILLS} elections", system.name())
    }

    /// Topics on each broker, configs, records: decided by the present leader.
    fn use_cluster(&mut self, system: System) -> Result<()> {
        for broker in [KAFKA_BROKER, KLAMM_BROKER] {
            let topic = format!("t{}-{broker}-{}", self.topics.len(), system.name().replace(' ', "-"));
            self.admin.ask(&format!("create {topic} {broker}"))?;
            self.admin.ask(&format!("retention {topic} 86400000"))?;
            self.admin.poll((&format!("produce {topic} 5"), "records are produced"), |_| Some(()))?;
            let read = self.admin.ask(&format!("consume {topic}"))?;
            ensure!(read.parse::<u32>()? >= 5, "{read} records of {topic}");
            self.topics.push(topic);
        }
        let topics = self.topics.clone();
        self.admin.poll(("topics", "all topics are known"), |known| {
            topics.iter().all(|topic| known.split(',').any(|known| known == topic)).then_some(())
        })
    }

    /// Adds a controller of the other system, which begins with this leader's snapshot, and removes it again.
    fn change_voters(&mut self, leader: System) -> Result<()> {
        let other = if leader == System::Kafka { System::Klamm } else { System::Kafka };
        let id = late_controller(other);
        self.await_snapshot()?;
        self.site.node(id)?.start()?;
        self.admin.quorum("the new controller is caught up", |quorum| {
            quorum.observers.iter().any(|one| one.id == id && one.end + 5 >= quorum.high_watermark)
        })?;
        ensure!(self.site.node(id)?.snapshots() > 0, "node {id} did not begin with a snapshot");
        let directory = self.site.node(id)?.directory()?;
        self.metadata_quorum(id, &["add-controller"])?;
        self.admin.quorum("four voters", |quorum| quorum.voters.len() == 4)?;
        let (id_told, named) = (id.to_string(), ["--controller-id", "--controller-directory-id"]);
        self.metadata_quorum(id, &["remove-controller", named[0], &id_told, named[1], &directory])?;
        self.admin.quorum("three voters", |quorum| quorum.voters.len() == 3)?;
        self.site.node(id)?.stop()?;
        println!("  a {} controller came by snapshot, voted and left", other.name());
        Ok(())
    }

    /// Kafka's own tool, with the properties of node `id`.
    fn metadata_quorum(&mut self, id: u32, words: &[&str]) -> Result<()> {
        let mut tool =
            Program::of_jars(JarSet::Tools)?.command("org.apache.kafka.tools.MetadataQuorumCommand");
        tool.args(["--bootstrap-server", &self.site.brokers(), "--command-config"]);
        tool.arg(self.site.node(id)?.properties()).args(words);
        let output = tool.output().context("run kafka-metadata-quorum")?;
        let said = [output.stdout, output.stderr].concat();
        ensure!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&said));
        Ok(())
    }

    fn await_snapshot(&mut self) -> Result<()> {
        let leader = self.admin.quorum("a leader", |_| true)?.leader;
        let started = std::time::Instant::now();
        while self.site.node(leader)?.snapshots() == 0 {
            ensure!(started.elapsed() < admin::PATIENCE, "node {leader} writes no snapshot");
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        Ok(())
    }

    /// Each broker asks the leader for leave, stops, and registers again.
    fn restart_brokers(&mut self) -> Result<()> {
        for broker in [KAFKA_BROKER, KLAMM_BROKER] {
            self.site.node(broker)?.stop()?;
            self.site.node(broker)?.start()?;
            self.await_brokers()?;
        }
        println!("  both brokers stopped in order and came back");
        Ok(())
    }
}
