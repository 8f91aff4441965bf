//! A cluster that Klamm created goes to Apache Kafka, node by node in the same directories, and comes back the same way,
//! while producers and consumers of both systems go on. Nothing is lost, doubled or moved, and in the end all replicas
//! have the same bytes.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::verifiable::Running;
use crate::compat::quorum::admin::{Admin, PATIENCE};
use crate::oracle::broker::System;
use crate::oracle::cluster::{PATIENT, Role, Site, Voters};

const NODES: std::ops::RangeInclusive<u32> = 1..=3;
const SETTINGS: &str =
    "offsets.topic.replication.factor=3\noffsets.topic.num.partitions=4\nmin.insync.replicas=2\n";
const TOPIC: &str = "handed";
const PARTITIONS: u32 = 4;
/// Records that each tool must tell of after each step.
const ONWARD: usize = 100;

/// Runs the story.
pub(super) fn run() -> Result<()> {
    let mut site =
        Site::create(&[(System::Klamm, Role::Both); 3], Voters::Dynamic, &format!("{PATIENT}{SETTINGS}"))?;
    let told = tell(&mut site);
    told.with_context(|| format!("{}\n{}", site.dir().display(), site.report()))
}

fn tell(site: &mut Site) -> Result<()> {
    for id in NODES {
        site.node(id)?.start()?;
    }
    let (dir, brokers) = (site.dir().to_owned(), site.brokers());
    let mut admin = Admin::start(&brokers)?;
    admin.poll(("brokers", "all brokers are there"), |brokers| (brokers == "1,2,3").then_some(()))?;
    admin.ask(&format!("spread {TOPIC} {PARTITIONS} 3 2"))?;
    let to = (brokers.as_str(), TOPIC);
    let mut producers = [(System::Kafka, 1), (System::Klamm, 2)]
        .into_iter()
        .map(|(system, prefix)| Running::producer(&dir, system, to, prefix))
        .collect::<Result<Vec<_>>>()?;
    let mut consumers = [(System::Kafka, "theirs"), (System::Klamm, "ours")]
        .into_iter()
        .map(|(system, group)| Running::consumer(&dir, system, to, group))
        .collect::<Result<Vec<_>>>()?;
    go_on(&mut admin, producers.iter_mut().chain(&mut consumers))?;
    for system in [System::Kafka, System::Klamm] {
        for id in NODES {
            let begun = Instant::now();
            let node = site.node(id)?;
            node.stop()?;
            node.system = system;
            node.start()?;
            let went = go_on(&mut admin, producers.iter_mut().chain(&mut consumers));
            went.with_context(|| format!("node {id} is handed to {}", system.name()))?;
            println!("  node {id} is {}'s ({:.0} s)", system.name(), begun.elapsed().as_secs_f32());
        }
    }
    let mut promised = BTreeMap::new();
    for producer in &mut producers {
        producer.stop()?;
        promised.extend(producer.promised()?);
    }
    for consumer in &mut consumers {
        consumer.await_all(&promised)?;
        consumer.stop()?;
        consumer.check(&promised)?;
    }
    for partition in 0..PARTITIONS {
        await_equal(site, &format!("{TOPIC}-{partition}"))?;
    }
    println!(
        "  {} acknowledged records, each given to both consumers from where it was told to be",
        promised.len()
    );
    for id in NODES {
        site.node(id)?.check()?;
    }
    Ok(())
}

/// All voters and replicas are as far as the others, and all tools go on.
fn go_on<'a>(admin: &mut Admin, tools: impl Iterator<Item = &'a mut Running>) -> Result<()> {
    admin.quorum("all voters are caught up", |quorum| {
        quorum.voters.len() == NODES.count()
            && quorum.voters.iter().all(|voter| voter.end >= quorum.high_watermark)
    })?;
    admin.poll(("brokers", "all brokers are there"), |brokers| (brokers == "1,2,3").then_some(()))?;
    admin.poll(("apart", "all replicas are in sync"), |apart| apart.is_empty().then_some(()))?;
    for tool in tools {
        tool.await_more(ONWARD)?;
    }
    Ok(())
}

fn await_equal(site: &mut Site, partition: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut logs = Vec::new();
        for id in NODES {
            logs.push(site.node(id)?.segments(partition)?);
        }
        if logs.iter().all(|log| !log.is_empty() && log == &logs[0]) {
            return Ok(());
        }
        let sizes: Vec<usize> = logs.iter().map(Vec::len).collect();
        ensure!(begun.elapsed() < PATIENCE, "{partition} differs: {sizes:?} bytes on the nodes");
        std::thread::sleep(Duration::from_millis(100));
    }
}
