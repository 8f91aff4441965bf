//! Carries out what partitions leave to do: wakes waiting requests, runs jobs on the disk pool, passes on proposals of
//! in-sync replicas and the news of damaged ones.

use klamm_model::DirectoryId;
use klamm_node::isr_proposals::Proposed;
use klamm_node::partition::combine::Left;
use klamm_node::partition::{EffectSink, PartitionEffects, PartitionHandle};
use klamm_storage::JobKind;

use tokio::sync::mpsc;

use super::assignments::Assignment;
use super::disk_pool::{DiskPool, Urgency};

/// See the module.
#[derive(Debug)]
pub struct PoolSink {
    /// Runs the jobs.
    pub pool: DiskPool,
    /// Takes the proposals.
    pub proposals: mpsc::UnboundedSender<Proposed>,
    /// Takes replicas that cannot lead.
    pub assignments: mpsc::UnboundedSender<Assignment>,
}

impl EffectSink for PoolSink {
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left) {
        for waker in effects.wake {
            waker.wake();
        }
        for job in effects.jobs {
            let partition = partition.clone();
            match job.kind() {
                // Producers may wait for it: not behind housekeeping.
                JobKind::Flush => drop(self.pool.run(Urgency::Waited, move || partition.on_job(job.run()))),
                JobKind::Checkpoint | JobKind::WriteBack | JobKind::Delete => {
                    self.pool.run_after(job.delay(), move || partition.on_job(job.run()));
                }
            }
        }
        for proposal in effects.proposals {
            // A node that stops proposes nothing.
            let _ = self.proposals.send((partition.clone(), proposal));
        }
        if effects.damaged {
            let _ = self.assignments.send((partition.id(), DirectoryId::LOST));
        }
        if left == Left::More {
            let partition = partition.clone();
            drop(self.pool.run(Urgency::Waited, move || partition.drain()));
        }
    }
}
