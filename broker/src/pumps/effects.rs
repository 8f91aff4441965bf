//! Carries out what partitions leave to do: wakes waiting requests, runs jobs on the disk pool.

use klamm_node::partition::combine::Left;
use klamm_node::partition::{EffectSink, PartitionEffects, PartitionHandle};

use super::disk_pool::{DiskPool, Urgency};

/// See the module.
#[derive(Debug)]
pub struct PoolSink {
    /// Runs the jobs.
    pub pool: DiskPool,
}

impl EffectSink for PoolSink {
    fn carry_out(&self, partition: &PartitionHandle, effects: PartitionEffects, left: Left) {
        for waker in effects.wake {
            waker.wake();
        }
        for job in effects.jobs {
            let partition = partition.clone();
            self.pool.run_after(job.delay(), move || partition.on_job(job.run()));
        }
        if left == Left::More {
            let partition = partition.clone();
            drop(self.pool.run(Urgency::Waited, move || partition.drain()));
        }
    }
}
