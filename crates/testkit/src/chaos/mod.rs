//! Faults by schedule under load: nodes are killed, stopped and paused while producers, readers and a committing
//! group go on; then the history is judged. The seed decides the schedule and is printed with the report.

mod commits;
mod cut;
pub mod disk_full;
mod producers;
mod progress;
mod reading;
mod replicas;
mod schedule;
mod workload;

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;

pub use cut::Cut;
pub use reading::{Fetched, ReadFailure, fetch_once, scan};
pub use schedule::{Fault, Schedule, Step, Whom};
pub use workload::{Workload, WorkloadSpec};

use crate::cluster::{ClusterSpec, DEADLINE, LocalCluster, LocalNode};
use crate::history::{Event, Recorder, Rules, Violation, check};

/// Words of log lines that a node may well write when it, or its controller, was away for a while.
const AFTER_ABSENCE: [&str; 2] =
    ["heartbeat error=", "the controller does not know this registration; registering again"];
/// Words of log lines that a node may write besides when it was killed, about files that were not closed.
const AFTER_KILL: [&str; 5] = [
    "log was cut in recovery",
    "the metadata log was cut in recovery",
    "index is missing or damaged and is built anew",
    "producer snapshot is not used",
    "epochs are read from the log",
];
/// Words of log lines that a node of a cluster may write while others are away.
const AMONG_NODES: [&str; 1] = ["the controller did not let this broker go in time"];
/// Length of a broker's session: a broker that was killed is taken for alive until it ends, as in Kafka; a short one
/// saves time.
pub const SESSION: Duration = Duration::from_millis(1_500);
/// Acknowledged writes that each partition must see between two faults: a fault hits nodes at work.
const BETWEEN_FAULTS: usize = 12;
/// Longest wait for them.
const PROGRESS: Duration = Duration::from_secs(120);

/// A run: a cluster, its load, and what befalls it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cluster.
    pub cluster: ClusterSpec,
    /// The load.
    pub load: WorkloadSpec,
    /// The faults.
    pub schedule: Schedule,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was done.
    pub schedule: Schedule,
    /// Writes sent.
    pub sent: usize,
    /// Writes acknowledged.
    pub acknowledged: usize,
    /// Records read, scans included.
    pub read: usize,
    /// Commits of the group that were acknowledged.
    pub commits: usize,
    /// The longest time in which a partition had no write acknowledged.
    pub longest_silence: Duration,
    /// How long after the last fault all replicas were in sync again.
    pub whole_after: Duration,
    /// Broken promises.
    pub violations: Vec<Violation>,
}

impl Report {
    /// Whether all is well: no promise is broken, and no write failed. Idempotent producers with minutes of patience
    /// get every write through faults that last seconds.
    pub fn verdict(&self) -> Result<()> {
        let Report { schedule, sent, acknowledged, violations, .. } = self;
        ensure!(violations.is_empty(), "{} violations with seed {}", violations.len(), schedule.seed);
        ensure!(
            acknowledged == sent,
            "{} of {sent} writes were not acknowledged with seed {}",
            sent - acknowledged,
            schedule.seed
        );
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { schedule, sent, acknowledged, read, commits, violations, .. } = self;
        writeln!(f, "seed {}: {} faults ({schedule})", schedule.seed, schedule.steps.len())?;
        writeln!(
            f,
            "writes: {sent} sent, {acknowledged} acknowledged; {read} records read; {commits} commits; longest \
             time without an acknowledgement in a partition {} ms; all in sync {} ms after the last fault",
            self.longest_silence.as_millis(),
            self.whole_after.as_millis()
        )?;
        write!(f, "violations: {}", violations.len())?;
        violations.iter().take(20).try_for_each(|violation| write!(f, "\n  {violation}"))
    }
}

/// Runs a plan to its end. The error is a harness failure, or a node that logged what it should not or did not come
/// back; broken promises stand in the report.
pub async fn run(plan: &Plan) -> Result<Report> {
    let mut cluster = LocalCluster::format(&plan.cluster)?;
    cluster.start()?;
    let ran = withstand(&mut cluster, plan).await;
    let ran = ran.with_context(|| logs(&mut cluster));
    let (recorder, longest_silence, whole_after) = ran?;
    stop_all(&mut cluster, &expected_lines(plan)).await?;
    let (sent, acknowledged, read, commits) = (
        recorder.count(|event| matches!(event, Event::Sent { .. })),
        recorder.count(|event| matches!(event, Event::Acknowledged { .. })),
        recorder.count(|event| matches!(event, Event::Read { .. })),
        recorder.count(|event| matches!(event, Event::Committed { .. })),
    );
    let violations = check(&recorder.take(), Rules::Idempotent);
    let schedule = plan.schedule.clone();
    Ok(Report { schedule, sent, acknowledged, read, commits, longest_silence, whole_after, violations })
}

/// The load with all faults, to its end and to replicas that are whole again.
async fn withstand(cluster: &mut LocalCluster, plan: &Plan) -> Result<(Recorder, Duration, Duration)> {
    let workload = Workload::start(cluster, plan.load.clone()).await?;
    let mut longest = Duration::ZERO;
    for step in &plan.schedule.steps {
        progress(&workload).await.with_context(|| format!("before {:?}", step.fault))?;
        tokio::time::sleep(step.after).await;
        workload.take_longest_silence();
        let struck = strike(cluster, &plan.load.topic, step.fault).await;
        let node = struck.with_context(|| format!("{:?}", step.fault))?;
        progress(&workload).await.with_context(|| format!("after {:?} of {node:?}", step.fault))?;
        let silence = workload.take_longest_silence();
        let node = node.map_or_else(String::new, |node| format!(" (node {node})"));
        println!("{:?}{node}: {} ms without an acknowledgement", step.fault, silence.as_millis());
        longest = longest.max(silence);
    }
    let whole_after = replicas::await_in_sync_again(cluster, &plan.load.topic).await?;
    let recorder = workload.finish(cluster).await?;
    replicas::await_whole(cluster, &plan.load.topic).await?;
    Ok((recorder, longest, whole_after))
}

/// The end of each node's log.
fn logs(cluster: &mut LocalCluster) -> String {
    const SHOWN: usize = 40;
    let tail = |node: &LocalNode| {
        let log = node.log();
        let lines: Vec<&str> = log.lines().collect();
        format!("--- node {}\n{}\n", node.id(), lines[lines.len().saturating_sub(SHOWN)..].join("\n"))
    };
    cluster.nodes().iter().map(tail).collect()
}

/// What nodes that live through a plan may log.
fn expected_lines(plan: &Plan) -> Vec<&'static str> {
    let kills = plan.schedule.steps.iter().any(|step| match step.fault {
        Fault::Kill { .. } | Fault::KillAll => true,
        Fault::Restart { .. } | Fault::Pause { .. } | Fault::Cut { .. } => false,
    });
    let after_kill = AFTER_KILL.iter().filter(|_| kills);
    let among_nodes = AMONG_NODES.iter().filter(|_| plan.cluster.nodes > 1);
    AFTER_ABSENCE.iter().chain(after_kill).chain(among_nodes).copied().collect()
}

/// Waits until each partition has had more writes acknowledged.
async fn progress(workload: &Workload) -> Result<()> {
    let (before, begun) = (workload.acknowledged_by_partition(), Instant::now());
    loop {
        let now = workload.acknowledged_by_partition();
        if before.iter().zip(&now).all(|(before, now)| *now >= before + BETWEEN_FAULTS) {
            return Ok(());
        }
        if begun.elapsed() > PROGRESS {
            bail!("no progress in {PROGRESS:?}: {before:?} writes were acknowledged, now {now:?}");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Carries out one fault; whom it befell. Waiting leaves the workload's tasks running: they live on the same thread.
async fn strike(cluster: &mut LocalCluster, topic: &str, fault: Fault) -> Result<Option<i32>> {
    match fault {
        Fault::Kill { whom, millis } => {
            let id = find(cluster, topic, whom).await?;
            cluster.node(id)?.kill()?;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            cluster.node(id)?.spawn()?;
            Ok(Some(id))
        }
        Fault::KillAll => {
            for node in cluster.nodes() {
                node.kill()?;
            }
            cluster.nodes().iter_mut().try_for_each(LocalNode::spawn)?;
            Ok(None)
        }
        Fault::Restart { whom } => {
            let id = find(cluster, topic, whom).await?;
            stop(cluster.node(id)?).await?;
            cluster.node(id)?.spawn()?;
            Ok(Some(id))
        }
        Fault::Pause { whom, millis } => {
            let id = find(cluster, topic, whom).await?;
            cluster.node(id)?.signal(Signal::STOP)?;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            cluster.node(id)?.signal(Signal::CONT)?;
            Ok(Some(id))
        }
        Fault::Cut { cut, millis } => {
            let id = match cut.whom() {
                Some(whom) => Some(find(cluster, topic, whom).await?),
                None => None,
            };
            let nodes = i32::try_from(cluster.nodes().len())?;
            cluster.links()?.sever(&cut.severed(id.unwrap_or(1), nodes));
            tokio::time::sleep(Duration::from_millis(millis)).await;
            cluster.links()?.sever(&BTreeSet::new());
            Ok(id)
        }
    }
}

/// The node that is meant, now.
async fn find(cluster: &LocalCluster, topic: &str, whom: Whom) -> Result<i32> {
    let begun = Instant::now();
    loop {
        let found = match whom {
            Whom::Node(id) => return Ok(id),
            Whom::Leader(partition) => {
                cluster.topic(topic).await.map(|topic| topic.partition(partition)?.leader)
            }
            Whom::Controller => cluster.controller().await,
        };
        if let Ok(Some(id)) = found {
            return Ok(id);
        }
        ensure!(begun.elapsed() < PROGRESS, "{whom:?} is not found: {found:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Ends all nodes: in order as many as the quorum can spare, so that none waits long for leave that nobody can give.
/// None may have logged what is not expected.
async fn stop_all(cluster: &mut LocalCluster, expected: &[&str]) -> Result<()> {
    let spare = (cluster.size() - 1) / 2;
    for (place, node) in cluster.nodes().iter_mut().enumerate() {
        if place < spare.max(1) {
            stop(node).await?;
        } else {
            node.kill()?;
        }
        node.check_log(expected)?;
    }
    Ok(())
}

/// SIGTERM, and waits for an end without error while the load goes on.
async fn stop(node: &mut LocalNode) -> Result<()> {
    node.signal(Signal::TERM)?;
    let begun = Instant::now();
    while node.is_running()? && begun.elapsed() < DEADLINE {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = node.await_end()?;
    ensure!(status.success(), "node {} stopped with {status}\n{}", node.id(), node.log());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_which_one_write_failed_is_no_success() {
        let mut report = Report {
            schedule: Schedule::kills(1, 2, 1),
            sent: 10,
            acknowledged: 10,
            read: 10,
            commits: 1,
            longest_silence: Duration::ZERO,
            whole_after: Duration::ZERO,
            violations: Vec::new(),
        };
        assert!(report.verdict().is_ok());
        report.acknowledged = 9;
        assert!(report.verdict().is_err());
    }

    #[test]
    fn what_only_a_kill_explains_is_not_expected_after_pauses() {
        let names_cut = |schedule: Schedule| {
            let plan =
                Plan { cluster: ClusterSpec::single("klamm"), load: WorkloadSpec::default(), schedule };
            expected_lines(&plan).iter().any(|line| line.contains("log was cut in recovery"))
        };
        assert!(names_cut(Schedule::kills(1, 1, 1)) && names_cut(Schedule::kills_of_all(1, 1)));
        assert!(!names_cut(Schedule::pauses(1, 9, 1, Duration::from_secs(1))));
    }
}
