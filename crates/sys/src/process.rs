//! Facts and limits of this process and its machine.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::CpuSet;

/// Descriptors this process may hold: the soft limit; `None` if unlimited.
pub fn open_files_limit() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

/// Raises the soft limit of descriptors to the hard one; the limit in force afterwards.
pub fn raise_open_files_limit() -> io::Result<Option<u64>> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    }
    Ok(open_files_limit())
}

/// Runs the calling thread on `core` only.
pub fn pin_to_core(core: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    Ok(rustix::thread::sched_setaffinity(None, &set)?)
}

/// Largest resident size of this process so far, in bytes.
pub fn peak_resident_bytes() -> io::Result<u64> {
    status_field("VmHWM:")
}

/// Resident size of this process, in bytes.
pub fn resident_bytes() -> io::Result<u64> {
    status_field("VmRSS:")
}

fn status_field(name: &str) -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// Identity of this boot of the machine: equal before and after a killed process, different after
/// a power cut.
pub fn boot_id() -> io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_process_knows_itself() {
        assert!(resident_bytes().unwrap() <= peak_resident_bytes().unwrap());
        assert!(raise_open_files_limit().unwrap().is_none_or(|limit| limit > 0));
        assert!(!boot_id().unwrap().is_empty());
    }
}
