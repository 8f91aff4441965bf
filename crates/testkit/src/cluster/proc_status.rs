//! What `/proc` tells of a process.

use std::fs;

use anyhow::{Context as _, Result};

/// Resident memory of process `pid` in bytes.
pub(super) fn resident_bytes(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).with_context(|| path.clone())?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS line")?;
    let kib: u64 = line.split_whitespace().nth(1).context("no number in the VmRSS line")?.parse()?;
    Ok(kib * 1024)
}

/// Open descriptors of process `pid`.
pub(super) fn open_descriptors(pid: u32) -> Result<usize> {
    Ok(fs::read_dir(format!("/proc/{pid}/fd"))?.count())
}
