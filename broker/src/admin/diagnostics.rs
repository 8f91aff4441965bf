//! What helps people to understand a node from afar: its memory, descriptors, threads, connections and partitions.

use std::fs;
use std::io;
use std::path::Path;

use klamm_admin_api::v1::{GetDiagnosticsResponse, ThreadUse};

use super::server::AdminParts;

/// The facts of this moment. Reads some small files that are no files of a disk.
pub fn diagnostics(parts: &AdminParts) -> GetDiagnosticsResponse {
    let all = parts.node.partitions.all();
    let leads = |is_local: bool| {
        let led =
            all.iter().filter(|handle| handle.leadership().is_some_and(|known| known.is_local == is_local));
        count(led)
    };
    GetDiagnosticsResponse {
        uptime_seconds: parts.started.elapsed().as_secs(),
        resident_bytes: klamm_sys::resident_bytes().ok(),
        peak_resident_bytes: klamm_sys::peak_resident_bytes().ok(),
        open_files: fs::read_dir("/proc/self/fd").ok().map(|open| open.count() as u64),
        most_open_files: klamm_sys::open_files_limit(),
        threads: threads(Path::new("/proc/self/task")).unwrap_or_default(),
        connections: parts
            .shards
            .connections()
            .into_iter()
            .map(|open| u32::try_from(open).unwrap_or(u32::MAX))
            .collect(),
        partitions_led: leads(true),
        partitions_followed: leads(false),
        partitions_damaged: count(all.iter().filter(|handle| handle.is_damaged())),
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}

/// The threads by the order of their ids. One that ends meanwhile is left out.
fn threads(folder: &Path) -> io::Result<Vec<ThreadUse>> {
    let ticks = rustix::param::clock_ticks_per_second();
    let mut found: Vec<(u64, ThreadUse)> = Vec::new();
    for task in fs::read_dir(folder)? {
        let Ok(task) = task else { continue };
        let Some(id) = task.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(task.path().join("stat")) else { continue };
        found.extend(thread_use(&stat, ticks).map(|used| (id, used)));
    }
    found.sort_by_key(|(id, _)| *id);
    Ok(found.into_iter().map(|(_, used)| used).collect())
}

/// Name and time of a line of `/proc/PID/task/TID/stat`: the name is in brackets and may have any character, and the
/// 12th and 13th fields behind it are ticks in the program and in the system.
fn thread_use(stat: &str, ticks_per_second: u64) -> Option<ThreadUse> {
    let (head, rest) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut ticks = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some(ThreadUse { name: name.to_owned(), cpu_millis: (user + system) * 1_000 / ticks_per_second.max(1) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_threads_time_is_that_in_the_program_and_in_the_system() {
        let stat = "17 (a) odd (name) S 1 17 17 0 -1 4194368 10 0 0 0 250 50 0 0 20 0 5 0 99";
        let expected = ThreadUse { name: "a) odd (name".to_owned(), cpu_millis: 3_000 };
        assert_eq!(thread_use(stat, 100), Some(expected));
        assert_eq!(thread_use("17 (cut) S 1", 100), None);
    }

    #[test]
    fn the_threads_of_this_process_are_found() {
        let (_stop, waits) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("to-be-found".into());
        thread.spawn(move || waits.recv().ok()).unwrap();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        // A thread has its name a moment after its start.
        while !threads(Path::new("/proc/self/task")).unwrap().iter().any(|one| one.name == "to-be-found") {
            assert!(std::time::Instant::now() < deadline);
            std::thread::yield_now();
        }
    }
}
