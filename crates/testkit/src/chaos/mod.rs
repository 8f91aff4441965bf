//! Faults by schedule under load: nodes are killed, stopped and paused while producers, readers and a committing
//! group go on; then the history is judged. The seed decides the schedule and is printed with the report.

mod commits;
pub mod disk_full;
mod producers;
mod reading;
mod schedule;
mod workload;

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::Signal;

pub use reading::{Fetched, ReadFailure, fetch_once, scan};
pub use schedule::{Fault, Schedule, Step};
pub use workload::{Workload, WorkloadSpec};

use crate::cluster::{ClusterSpec, LocalCluster};
use crate::history::{Event, Rules, Violation, check};

/// Words of log lines that a node may well write when it, or its controller, was away for a while.
const AFTER_ABSENCE: [&str; 2] =
    ["registration: heartbeat error=", "the controller does not know this registration; registering again"];
/// Words of log lines that a node may write besides when it was killed, about files that were not closed.
const AFTER_KILL: [&str; 5] = [
    "partition::handle: log was cut in recovery",
    "raft::open: the metadata log was cut in recovery",
    "index is missing or damaged and is built anew",
    "producer snapshot is not used",
    "epochs are read from the log",
];
/// Acknowledged writes that must be seen between two faults: a fault hits a node at work.
const BETWEEN_FAULTS: usize = 50;
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
    /// How long the longest wait for progress after a fault was.
    pub longest_outage: Duration,
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
        let Report { schedule, sent, acknowledged, read, commits, longest_outage, violations } = self;
        writeln!(f, "seed {}: {} faults ({schedule})", schedule.seed, schedule.steps.len())?;
        writeln!(
            f,
            "writes: {sent} sent, {acknowledged} acknowledged; {read} records read; {commits} commits; longest \
             outage {} ms",
            longest_outage.as_millis()
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
    let workload = Workload::start(&cluster, plan.load.clone()).await?;
    let mut longest_outage = Duration::ZERO;
    for step in &plan.schedule.steps {
        progress(&workload).await.with_context(|| format!("before {:?}", step.fault))?;
        tokio::time::sleep(step.after).await;
        let begun = Instant::now();
        strike(&mut cluster, step.fault).await?;
        progress(&workload).await.with_context(|| format!("after {:?}", step.fault))?;
        println!("{:?}: got over in {} ms", step.fault, begun.elapsed().as_millis());
        longest_outage = longest_outage.max(begun.elapsed());
    }
    let recorder = workload.finish(&cluster).await?;
    for node in cluster.nodes() {
        node.stop()?;
        node.check_log(&expected_lines(&plan.schedule))?;
    }
    let (sent, acknowledged, read, commits) = (
        recorder.count(|event| matches!(event, Event::Sent { .. })),
        recorder.count(|event| matches!(event, Event::Acknowledged { .. })),
        recorder.count(|event| matches!(event, Event::Read { .. })),
        recorder.count(|event| matches!(event, Event::Committed { .. })),
    );
    let violations = check(&recorder.take(), Rules::Idempotent);
    let schedule = plan.schedule.clone();
    Ok(Report { schedule, sent, acknowledged, read, commits, longest_outage, violations })
}

/// What nodes that live through `schedule` may log.
fn expected_lines(schedule: &Schedule) -> Vec<&'static str> {
    let kills = schedule.steps.iter().any(|step| match step.fault {
        Fault::Kill { .. } | Fault::KillAll => true,
        Fault::Restart { .. } | Fault::Pause { .. } => false,
    });
    let after_kill = AFTER_KILL.iter().filter(|_| kills);
    AFTER_ABSENCE.iter().chain(after_kill).copied().collect()
}

/// Waits until more writes have been acknowledged.
async fn progress(workload: &Workload) -> Result<()> {
    let (before, begun) = (workload.acknowledged(), Instant::now());
    while workload.acknowledged() < before + BETWEEN_FAULTS {
        if begun.elapsed() > PROGRESS {
            bail!(
                "no progress in {PROGRESS:?}: {before} writes were acknowledged, now {}",
                workload.acknowledged()
            );
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Carries out one fault. Waiting for a node leaves the workload's tasks running: they live on the same thread.
async fn strike(cluster: &mut LocalCluster, fault: Fault) -> Result<()> {
    match fault {
        Fault::Kill { node } => {
            cluster.node(node)?.kill()?;
            cluster.node(node)?.spawn()
        }
        Fault::KillAll => {
            for node in cluster.nodes() {
                node.kill()?;
            }
            cluster.nodes().iter_mut().try_for_each(|node| node.spawn())
        }
        Fault::Restart { node } => {
            cluster.node(node)?.stop()?;
            cluster.node(node)?.spawn()
        }
        Fault::Pause { node, millis } => {
            cluster.node(node)?.signal(Signal::STOP)?;
            tokio::time::sleep(Duration::from_millis(millis)).await;
            cluster.node(node)?.signal(Signal::CONT)
        }
    }
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
            longest_outage: Duration::ZERO,
            violations: Vec::new(),
        };
        assert!(report.verdict().is_ok());
        report.acknowledged = 9;
        assert!(report.verdict().is_err());
    }

    #[test]
    fn what_only_a_kill_explains_is_not_expected_after_pauses() {
        let cut = "log was cut in recovery";
        let names_cut = |schedule: &Schedule| expected_lines(schedule).iter().any(|line| line.contains(cut));
        assert!(names_cut(&Schedule::kills(1, 1, 1)) && names_cut(&Schedule::kills_of_all(1, 1)));
        assert!(!names_cut(&Schedule::pauses(1, 9, 1, Duration::from_secs(1))));
    }
}
