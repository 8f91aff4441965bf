//! One system's turn with a cluster: three combined nodes of it, the loads that need several, its samples.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::conditions;
use super::node::System;
use super::rows::Group;
use super::session::{Plan, Samples, words};
use super::testkit::number;
use crate::oracle::cluster::{Jvm, Role, Site, Voters};
use crate::oracle::{broker, readiness};

const MIB: f64 = 1024.0 * 1024.0;
const START_LIMIT: Duration = Duration::from_secs(300);
/// Bytes of the load that replicas copy.
const REPLICATED_BYTES: u64 = 1 << 30;
/// Ticks of `/proc/PID/stat` in a second.
const TICKS: f64 = 100.0;
/// The nodes of the idle row hold so many topics of ten partitions.
const IDLE_TOPICS: usize = 100;
/// Settings of both systems beside Kafka's defaults.
const SETTINGS: &str = "offsets.topic.replication.factor=3\nlog.retention.check.interval.ms=5000\n";

/// Measures `system` in its turn.
pub fn measure(plan: &Plan, system: System, samples: &mut Samples) -> Result<()> {
    if plan.wants(Group::Replicated) {
        Trio::start(system)?.replicated(plan, samples)?;
    }
    if plan.wants(Group::IdleCluster) {
        Trio::start(system)?.idle(plan, samples)?;
    }
    if plan.wants(Group::ManyTopics) {
        Trio::start(system)?.many_topics(plan, samples)?;
    }
    for (group, victim, row) in [
        (Group::LeaderKill, "leader", "leader-kill"),
        (Group::ControllerKill, "controller", "controller-kill"),
    ] {
        if plan.wants(group) {
            Trio::start(system)?.failover(plan, samples, (victim, row))?;
        }
    }
    if plan.wants(Group::Rolling) {
        Trio::start(system)?.rolling(plan, samples)?;
        Trio::start(system)?.rolling_under_java(samples)?;
    }
    if plan.wants(Group::CatchUp) {
        Trio::start(system)?.catch_up(plan, samples)?;
    }
    Ok(())
}

/// Three nodes of one system.
pub struct Trio {
    /// Theirs.
    pub system: System,
    /// Where they are.
    pub site: Site,
}

impl Trio {
    fn start(system: System) -> Result<Trio> {
        let of_nodes = match system {
            System::Kafka => broker::System::Kafka,
            System::Klamm | System::Bare => broker::System::Klamm,
        };
        let mut site = Site::create(&[(of_nodes, Role::Both); 3], Voters::Dynamic, SETTINGS)?;
        for node in &mut site.nodes {
            node.start_with(Jvm::OfTheScripts)?;
        }
        let begun = Instant::now();
        for node in &site.nodes {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, node.port));
            while !readiness::all_serve(address, 3) {
                ensure!(begun.elapsed() < START_LIMIT, "no cluster after {START_LIMIT:?}\n{}", site.report());
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(Trio { system, site })
    }

    fn processes(&self) -> Result<Vec<u32>> {
        let all = self.site.nodes.iter().map(|node| node.process_id().context("a node that runs"));
        all.collect()
    }

    /// Processor time of all nodes, in seconds.
    fn cpu_seconds(&self) -> Result<f64> {
        let times = self.processes()?.into_iter().map(ticks).collect::<Result<Vec<u64>>>()?;
        Ok(times.iter().sum::<u64>() as f64 / TICKS)
    }

    /// A partition on all nodes: CPU for each gigabyte, then the latency at a steady rate.
    fn replicated(&self, plan: &Plan, samples: &mut Samples) -> Result<()> {
        let topic = format!("--broker 127.0.0.1:{} --topic replicated", self.site.nodes[0].port);
        let settings = "--config retention.bytes=2147483648 --config file.delete.delay.ms=1000";
        plan.call(&words(&format!("topic {topic} --on 1,2,3 {settings}")))?;
        let load = format!("produce {topic} --batch-bytes 16384 --warm-up 0");
        plan.call(&words(&format!("{load} --seconds {}", plan.seconds(5.0))))?;
        conditions::settle();
        let before = self.cpu_seconds()?;
        let span = format!("--seconds {} --most-bytes {REPLICATED_BYTES}", plan.seconds(10.0));
        let report = plan.call(&words(&format!("{load} {span}")))?;
        let gigabytes = number(&report, "/bytes")? / 1e9;
        samples.put(self.system, "replicated-cpu", (self.cpu_seconds()? - before) / gigabytes);
        samples.put(self.system, "replicated-rate", gigabytes * 1000.0 / number(&report, "/seconds")?);
        conditions::settle();
        // Batches of 16 records of 1 KiB: 2,000 records a second.
        let pace = format!("--in-flight 1000 --rate 125 --seconds {}", plan.seconds(20.0));
        let report = plan.call(&words(&format!("{load} {pace}")))?;
        samples.put(self.system, "replicated-p99", number(&report, "/latency/p99")? / 1000.0);
        Ok(())
    }

    fn idle(&self, plan: &Plan, samples: &mut Samples) -> Result<()> {
        plan.call(&self.many(IDLE_TOPICS))?;
        thread::sleep(Duration::from_secs(10));
        let (mut most_cpu, mut most_memory) = (0.0_f64, 0.0_f64);
        for process in self.processes()? {
            let rest = plan.call(&words(&format!("rest --pid {process} --seconds {}", plan.seconds(6.0))))?;
            most_cpu = most_cpu.max(number(&rest, "/cpu_share")? * 100.0);
            most_memory = most_memory.max(number(&rest, "/memory/anonymous")? / MIB);
        }
        samples.put(self.system, "cluster-idle-cpu", most_cpu);
        samples.put(self.system, "cluster-idle-memory", most_memory);
        Ok(())
    }

    fn many_topics(&self, plan: &Plan, samples: &mut Samples) -> Result<()> {
        let report = plan.call(&self.many(1000))?;
        samples.put(self.system, "many-topics", number(&report, "/seconds")?);
        Ok(())
    }

    fn many(&self, topics: usize) -> Vec<String> {
        words(&format!("many-topics --bootstrap {} --topics {topics} --partitions 10", self.site.brokers()))
    }

    fn failover(
        &self,
        plan: &Plan,
        samples: &mut Samples,
        (victim, row): (&str, &'static str),
    ) -> Result<()> {
        let mut arguments = words(&format!("failover --bootstrap {} --victim {victim}", self.site.brokers()));
        for (node, process) in self.site.nodes.iter().zip(self.processes()?) {
            arguments.extend(["--node".to_owned(), format!("{}={process}", node.id)]);
        }
        let report = plan.call(&arguments)?;
        samples.put(self.system, row, number(&report, "/longest_ms")?);
        Ok(())
    }
}

fn ticks(process: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = stat.rsplit_once(')').context("its name")?.1.split_whitespace().collect();
    let field = |at: usize| Ok::<u64, anyhow::Error>(fields.get(at).context("a field")?.parse()?);
    Ok(field(11)? + field(12)?)
}
