//! How much memory this process may count on: that of the machine, or less where a control group says so.

use std::fs;
use std::path::{Path, PathBuf};

/// Share of the memory that requests may take while they arrive, and replies while they wait.
const SHARE: u64 = 4;
/// Least share that is useful: a few requests of the largest size Kafka takes by default.
const LEAST: u64 = 256 * 1024 * 1024;

/// Bytes for requests that arrive, where `queued.max.request.bytes` says nothing; as many for replies that wait.
pub fn default_budget() -> u64 {
    budget_of(usable_memory())
}

fn budget_of(memory: u64) -> u64 {
    (memory / SHARE).max(LEAST.min(memory / 2))
}

fn usable_memory() -> u64 {
    let physical = rustix::system::sysinfo();
    let machine = (physical.totalram as u64).saturating_mul(u64::from(physical.mem_unit));
    control_group_limit(Path::new("/sys/fs/cgroup"), &own_group()).map_or(machine, |limit| limit.min(machine))
}

/// The path of this process's group in the unified hierarchy; the root in a container, which sees its own as one.
fn own_group() -> PathBuf {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let unified = groups.lines().find_map(|line| line.strip_prefix("0::/"));
    PathBuf::from(unified.unwrap_or_default())
}

/// The smallest limit of a group and those above it, in either version of control groups.
fn control_group_limit(root: &Path, group: &Path) -> Option<u64> {
    let unified = group.ancestors().map(|group| root.join(group).join("memory.max"));
    let first = std::iter::once(root.join("memory/memory.limit_in_bytes"));
    // "max" is no number, and no limit.
    first.chain(unified).filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok()).min()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_smallest_limit_on_the_way_to_the_root_holds() {
        let root = tempfile::TempDir::new().unwrap();
        let group = root.path().join("a/b");
        fs::create_dir_all(&group).unwrap();
        assert_eq!(control_group_limit(root.path(), Path::new("a/b")), None);
        fs::write(group.join("memory.max"), "max\n").unwrap();
        fs::write(root.path().join("a/memory.max"), "1073741824\n").unwrap();
        assert_eq!(control_group_limit(root.path(), Path::new("a/b")), Some(1 << 30));
    }

    #[test]
    fn a_small_container_gives_at_most_half_its_memory() {
        assert_eq!(budget_of(256 << 20), 128 << 20);
        assert_eq!(budget_of(64 << 30), 16 << 30);
    }
}
