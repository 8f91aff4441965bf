//! Which node a connection comes from: the process that holds its other end, as `/proc` tells.

use std::fs;
use std::net::{SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process of a node, written by whoever starts and ends it; clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct ProcessCell(Arc<AtomicU32>);

impl ProcessCell {
    pub(super) fn set(&self, pid: Option<u32>) {
        self.0.store(pid.unwrap_or(0), Ordering::Release);
    }

    fn get(&self) -> Option<u32> {
        Some(self.0.load(Ordering::Acquire)).filter(|pid| *pid != 0)
    }
}

/// The nodes that may call.
#[derive(Clone, Debug)]
pub(super) struct Callers(Vec<(i32, ProcessCell)>);

impl Callers {
    pub(super) fn new(nodes: Vec<(i32, ProcessCell)>) -> Callers {
        Callers(nodes)
    }

    /// The node whose socket `caller` is connected to `door`; `None` for a stranger and for one that has gone again.
    pub(super) fn identify(&self, caller: SocketAddr, door: SocketAddr) -> Option<i32> {
        let (SocketAddr::V4(caller), SocketAddr::V4(door)) = (caller, door) else { return None };
        let inode = inode(&fs::read_to_string("/proc/net/tcp").ok()?, caller, door)?;
        let holds = |(_, cell): &&(i32, ProcessCell)| cell.get().is_some_and(|pid| holds(pid, inode));
        self.0.iter().find(holds).map(|(id, _)| *id)
    }
}

/// The inode of the socket at `local` that is connected to `remote`, in the words of `/proc/net/tcp`.
fn inode(table: &str, local: SocketAddrV4, remote: SocketAddrV4) -> Option<u64> {
    let word = |at: SocketAddrV4| format!("{:08X}:{:04X}", u32::from_ne_bytes(at.ip().octets()), at.port());
    let (local, remote) = (word(local), word(remote));
    let row = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut rows = row.filter(|words| words.get(1) == Some(&&*local) && words.get(2) == Some(&&*remote));
    rows.next()?.get(9)?.parse().ok().filter(|inode| *inode != 0)
}

/// Whether process `pid` has the socket open.
fn holds(pid: u32, inode: u64) -> bool {
    let wanted = format!("socket:[{inode}]");
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    let links = entries.flatten().filter_map(|entry| fs::read_link(entry.path()).ok());
    links.into_iter().any(|link| link.as_os_str() == wanted.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_connection_is_known_by_the_process_that_holds_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let door = listener.local_addr().unwrap();
        let stream = TcpStream::connect(door).unwrap();
        let (_taken, caller) = listener.accept().unwrap();
        let (own, other) = (ProcessCell::default(), ProcessCell::default());
        let callers = Callers::new(vec![(1, other.clone()), (2, own.clone())]);
        assert_eq!(callers.identify(caller, door), None);
        other.set(Some(1));
        own.set(Some(std::process::id()));
        assert_eq!(callers.identify(caller, door), Some(2));
        own.set(None);
        assert_eq!(callers.identify(caller, door), None);
        drop(stream);
    }
}
