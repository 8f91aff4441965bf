//! What the process's open files limit is spent on: one budget for logs and connections, so that neither
//! leaves nothing to the other, with a reserve for all else.

/// Most descriptors that the logs of one directory keep open: more bring nothing.
const FILES_OF_DIRECTORY: u64 = 4096;

/// Parts of the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescriptorPlan {
    /// Files of logs that stay open, per log directory.
    pub files_per_directory: usize,
    /// Most connections at once, over all listeners.
    pub connections: usize,
}

impl DescriptorPlan {
    /// Spends `limit` descriptors on connections and, at most a quarter, the files of `directories` directories. What is kept
    /// back is for files in use beyond those that stay open (replies under way, jobs, recovery), for
    /// checkpoints, and for what the runtime needs.
    pub fn new(limit: u64, directories: usize) -> DescriptorPlan {
        let reserve = (limit / 8).clamp(64, 4096).min(limit / 2);
        let directories = directories.max(1) as u64;
        let rest = limit - reserve;
        let per_directory = (rest / 4 / directories).min(FILES_OF_DIRECTORY);
        let connections = rest - per_directory * directories;
        let count = |descriptors: u64| usize::try_from(descriptors).unwrap_or(usize::MAX).max(1);
        DescriptorPlan { files_per_directory: count(per_directory), connections: count(connections) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_connections_together_leave_a_reserve() {
        for limit in [256, 1024, 4096, 65_536, 1 << 20] {
            for directories in [1, 2, 12] {
                let plan = DescriptorPlan::new(limit, directories);
                let spent = plan.connections + plan.files_per_directory * directories;
                assert!(spent as u64 <= limit - 64, "{limit}, {directories}: {plan:?}");
                assert!(plan.connections as u64 >= limit / 4);
            }
        }
    }
}
