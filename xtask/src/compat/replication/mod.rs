//! `cargo xtask compat replication`: one partition on an Apache Kafka broker and a Klamm broker, under a controller of
//! each system: each follows the other, joins the in-sync replicas, leads after an orderly stop and after a kill, and
//! cuts off what only it had. After each chapter the replicas' segments have the same bytes. Groups whose offsets lie
//! on both go on where they were, and a whole cluster goes from Klamm to Apache Kafka and back under load.

mod groups;
mod handover;
mod verifiable;

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::quorum::admin::{Admin, PATIENCE};
use crate::oracle::broker::System;
use crate::oracle::cluster::{PATIENT, Role, Site, Voters};

/// Which clusters are tried.
#[derive(clap::Args)]
pub struct Args {
    /// Only these; all unless given
    #[arg(value_enum)]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// A broker of each system under a controller of Apache Kafka
    UnderKafka,
    /// A broker of each system under a controller of Klamm
    UnderKlamm,
    /// A cluster of Klamm that becomes one of Apache Kafka, node by node, and comes back
    Handover,
}

const KAFKA: u32 = 2;
const KLAMM: u32 = 3;
/// Records of one chapter.
const COUNT: u32 = 300;

/// Runs all chosen clusters.
pub fn run(args: &Args) -> Result<()> {
    let all = Part::value_variants();
    let chosen = if args.parts.is_empty() { all } else { &args.parts };
    for part in chosen {
        let begun = Instant::now();
        println!("{part:?}");
        match part {
            Part::UnderKafka => Story::begin(System::Kafka)?.tell()?,
            Part::UnderKlamm => Story::begin(System::Klamm)?.tell()?,
            Part::Handover => handover::run()?,
        }
        println!("{part:?}: as it should be ({:.0} s)", begun.elapsed().as_secs_f32());
    }
    Ok(())
}

/// Controller 1, an Apache broker 2, a Klamm broker 3.
struct Story {
    site: Site,
    admin: Admin,
}

impl Story {
    fn begin(controller: System) -> Result<Story> {
        let plan =
            [(controller, Role::Controller), (System::Kafka, Role::Broker), (System::Klamm, Role::Broker)];
        let mut site = Site::create(&plan, Voters::Dynamic, &format!("{PATIENT}{}", groups::SETTINGS))?;
        for id in 1..=KLAMM {
            site.node(id)?.start()?;
        }
        let admin = Admin::start(&site.brokers())?;
        Ok(Story { site, admin })
    }

    fn tell(mut self) -> Result<()> {
        let told = self.chapters();
        told.with_context(|| format!("{}\n{}", self.site.dir().display(), self.site.report()))
    }

    fn chapters(&mut self) -> Result<()> {
        let both = format!("{KAFKA},{KLAMM}");
        self.admin.poll(("brokers", "both brokers are there"), |brokers| (brokers == both).then_some(()))?;
        for (leader, follower) in [(KAFKA, KLAMM), (KLAMM, KAFKA)] {
            let topic = format!("led-by-{leader}");
            self.admin.ask(&format!("create {topic} {leader},{follower}"))?;
            let mut records = self.follow(&topic, leader)?;
            records += self.hand_over(&topic, (leader, follower))?;
            records += self.fail_over(&topic, (leader, follower))?;
            records += self.part(&topic, (leader, follower))?;
            let read: u32 = self.admin.ask(&format!("consume {topic}"))?.parse()?;
            ensure!(read >= records, "{read} of {records} records of {topic}");
            println!(
                "  node {follower} follows node {leader}, leads, and comes back; {read} records on both"
            );
        }
        self.host_groups()?;
        for id in 1..=KLAMM {
            self.site.node(id)?.check()?;
        }
        Ok(())
    }

    /// Records of several requests, all on both replicas.
    fn follow(&mut self, topic: &str, leader: u32) -> Result<u32> {
        self.await_leader(topic, leader)?;
        self.await_both(topic)?;
        self.produce(topic)?;
        self.await_equal(topic)?;
        Ok(COUNT)
    }

    /// The leader stops in order, comes back, and is preferred again.
    fn hand_over(&mut self, topic: &str, (leader, follower): (u32, u32)) -> Result<u32> {
        self.site.node(leader)?.stop()?;
        self.await_leader(topic, follower)?;
        self.produce(topic)?;
        self.site.node(leader)?.start()?;
        self.await_both(topic)?;
        self.admin.poll((&format!("prefer {topic}"), "the preferred leader is elected"), |_| Some(()))?;
        self.await_leader(topic, leader)?;
        self.produce(topic)?;
        self.await_equal(topic)?;
        Ok(2 * COUNT)
    }

    /// The leader is killed.
    fn fail_over(&mut self, topic: &str, (leader, follower): (u32, u32)) -> Result<u32> {
        self.site.node(leader)?.kill()?;
        self.await_leader(topic, follower)?;
        self.produce(topic)?;
        self.site.node(leader)?.start()?;
        self.await_both(topic)?;
        self.admin.poll((&format!("prefer {topic}"), "the preferred leader is elected"), |_| Some(()))?;
        self.await_leader(topic, leader)?;
        self.await_equal(topic)?;
        Ok(COUNT)
    }

    /// The leader takes records that the follower never sees, and is killed: they are cut off when it comes back.
    fn part(&mut self, topic: &str, (leader, follower): (u32, u32)) -> Result<u32> {
        let port = self.site.node(leader)?.port;
        self.site.node(follower)?.pause()?;
        // By way of the leader only: a client that asks the paused broker first waits longer than its session lasts.
        let unsafe_ = self.admin.ask(&format!("produce-unsafe {topic} 20 127.0.0.1:{port}"));
        let tail = self.site.node(leader)?.segments(&format!("{topic}-0"))?;
        self.site.node(leader)?.kill()?;
        self.site.node(follower)?.resume()?;
        unsafe_?;
        self.await_leader(topic, follower)?;
        self.produce(topic)?;
        self.site.node(leader)?.start()?;
        self.await_both(topic)?;
        self.await_equal(topic)?;
        let kept = self.site.node(leader)?.segments(&format!("{topic}-0"))?;
        ensure!(!kept.starts_with(&tail), "the tail of node {leader} was not cut off");
        Ok(COUNT)
    }

    fn produce(&mut self, topic: &str) -> Result<()> {
        let what = (&*format!("produce {topic} {COUNT}"), "records are acknowledged by all");
        self.admin.poll(what, |_| Some(()))
    }

    fn await_leader(&mut self, topic: &str, leader: u32) -> Result<()> {
        let what = (&*format!("partition {topic}"), &*format!("node {leader} leads"));
        let is_it = |answer: &str| answer.split(' ').next() == Some(&*leader.to_string());
        self.admin.poll(what, |answer| is_it(answer).then_some(()))
    }

    fn await_both(&mut self, topic: &str) -> Result<()> {
        let both = format!("{KAFKA},{KLAMM}");
        let what = (&*format!("partition {topic}"), "both are in sync");
        self.admin.poll(what, |answer| answer.ends_with(&both).then_some(()))
    }

    fn await_equal(&mut self, topic: &str) -> Result<()> {
        let (started, partition) = (Instant::now(), format!("{topic}-0"));
        loop {
            let kafka = self.site.node(KAFKA)?.segments(&partition)?;
            let klamm = self.site.node(KLAMM)?.segments(&partition)?;
            if !kafka.is_empty() && kafka == klamm {
                return Ok(());
            }
            ensure!(
                started.elapsed() < PATIENCE,
                "{topic}: {} bytes at Apache Kafka, {} at Klamm",
                kafka.len(),
                klamm.len()
            );
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}
