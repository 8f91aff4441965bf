//! The network between the nodes of a cluster: each node advertises doors to the others, and behind a door each caller
//! has a path of its own, which can be cut in either direction while clients still reach both ends.
//!
//! What is cut is kept, not lost, and arrives once the cut is healed, as with TCP; a caller that dials through a cut
//! gets a connection that is silent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::oneshot;

use super::callers::{Callers, ProcessCell};
use crate::proxy::{self, Conditions, Flow, Path};

/// Looks for a caller's process before it is taken for a stranger: it may have been started this moment.
const LOOKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);

/// What nodes say to each other through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Door {
    /// Fetching replicas and what else brokers ask each other.
    Brokers,
    /// The quorum, and what brokers ask the active controller.
    Controllers,
}

/// Both.
pub const DOORS: [Door; 2] = [Door::Brokers, Door::Controllers];

/// Bytes that do not arrive: what `from` sends to `to` by way of a door, whoever of them has dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Severed {
    /// Which of the conversations.
    pub door: Door,
    /// The sender.
    pub from: i32,
    /// Who does not hear it.
    pub to: i32,
}

/// One node's doors: where it really listens, behind which it is known.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    pub(super) id: i32,
    pub(super) process: ProcessCell,
    pub(super) listeners: [(Door, SocketAddr); 2],
}

/// A conversation's way: the caller, the called, and through which door.
type Way = (i32, i32, Door);

/// Doors of all nodes, served by a thread of their own, so that a test that waits holds up nobody.
#[derive(Debug)]
pub struct Links {
    paths: Arc<BTreeMap<Way, Path>>,
    doors: BTreeMap<(i32, Door), SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Links {
    /// Opens doors on free ports.
    pub(super) fn open(nodes: &[Behind]) -> Result<Links> {
        let mut paths = BTreeMap::new();
        for from in nodes {
            for to in nodes {
                for door in DOORS {
                    paths.insert((from.id, to.id, door), Path::default());
                }
            }
        }
        let paths = Arc::new(paths);
        let callers = Callers::new(nodes.iter().map(|node| (node.id, node.process.clone())).collect());
        let mut doors = BTreeMap::new();
        let mut halls = Vec::new();
        for node in nodes {
            for (door, target) in node.listeners {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a door between nodes")?;
                listener.set_nonblocking(true)?;
                doors.insert((node.id, door), listener.local_addr()?);
                let (paths, callers) = (Arc::clone(&paths), callers.clone());
                halls.push((listener, Hall { node: node.id, door, target, paths, callers }));
            }
        }
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("klamm-links".to_owned()).spawn(move || {
            runtime.block_on(async {
                for (listener, hall) in halls {
                    tokio::spawn(hall.serve(listener));
                }
                // An error says that the links are gone, too.
                stopped.await.ok();
            });
        })?;
        Ok(Links { paths, doors, stop: Some(stop), thread: Some(thread) })
    }

    /// What a node advertises.
    pub(super) fn address(&self, node: i32, door: Door) -> Result<SocketAddr> {
        self.doors.get(&(node, door)).copied().with_context(|| format!("no {door:?} door of node {node}"))
    }

    /// Cuts exactly these; an empty set heals all.
    pub fn sever(&self, severed: &BTreeSet<Severed>) {
        for ((caller, called, door), path) in &*self.paths {
            let flow = |from: i32, to: i32| {
                let is_cut = severed.contains(&Severed { door: *door, from, to });
                if is_cut { Flow::Stalled } else { Flow::Open }
            };
            path.set(Conditions {
                forth: flow(*caller, *called),
                back: flow(*called, *caller),
                ..Conditions::default()
            });
        }
    }
}

impl Drop for Links {
    fn drop(&mut self) {
        // The thread may have ended already; then there is nobody to tell.
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Behind one door.
#[derive(Clone, Debug)]
struct Hall {
    node: i32,
    door: Door,
    target: SocketAddr,
    paths: Arc<BTreeMap<Way, Path>>,
    callers: Callers,
}

impl Hall {
    async fn serve(self, listener: TcpListener) {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        let Ok(address) = listener.local_addr() else { return };
        loop {
            match listener.accept().await {
                Ok((stream, caller)) => {
                    let hall = self.clone();
                    tokio::spawn(async move {
                        if let Some(path) = hall.path(caller, address).await {
                            proxy::carry(stream, hall.target, 0, &path).await;
                        }
                    });
                }
                // Out of descriptors, for a while.
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn path(&self, caller: SocketAddr, address: SocketAddr) -> Option<Path> {
        for _ in 0..LOOKS {
            if let Some(from) = self.callers.identify(caller, address) {
                return self.paths.get(&(from, self.node, self.door)).cloned();
            }
            tokio::time::sleep(PAUSE).await;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{ErrorKind, Read as _, Write as _};
    use std::net::TcpStream;

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(60);

    /// Two nodes in this one process: it calls as node 1, which is looked at first.
    #[test]
    fn a_cut_direction_is_silent_and_what_was_sent_arrives_when_it_is_healed() {
        let target = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let at = target.local_addr().unwrap();
        let process = ProcessCell::default();
        process.set(Some(std::process::id()));
        let listeners = [(Door::Brokers, at), (Door::Controllers, at)];
        let behind = |id| Behind { id, process: process.clone(), listeners };
        let links = Links::open(&[behind(1), behind(2)]).unwrap();
        let mut caller = TcpStream::connect(links.address(2, Door::Brokers).unwrap()).unwrap();
        let (mut called, _) = target.accept().unwrap();
        caller.set_read_timeout(Some(LONG)).unwrap();
        let hear = |stream: &mut TcpStream, patience| {
            stream.set_read_timeout(Some(patience)).unwrap();
            let mut word = [0; 4];
            stream.read_exact(&mut word).map(|()| word)
        };
        let is_silence = |kind: ErrorKind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut);
        links.sever(&BTreeSet::from([Severed { door: Door::Brokers, from: 2, to: 1 }]));
        caller.write_all(b"hear").unwrap();
        assert_eq!(&hear(&mut called, LONG).unwrap(), b"hear");
        called.write_all(b"back").unwrap();
        assert!(is_silence(hear(&mut caller, SHORT).unwrap_err().kind()));
        links.sever(&BTreeSet::from([Severed { door: Door::Controllers, from: 2, to: 1 }]));
        assert_eq!(&hear(&mut caller, LONG).unwrap(), b"back");
        links.sever(&BTreeSet::from([Severed { door: Door::Brokers, from: 1, to: 2 }]));
        caller.write_all(b"late").unwrap();
        assert!(is_silence(hear(&mut called, SHORT).unwrap_err().kind()));
        links.sever(&BTreeSet::new());
        assert_eq!(&hear(&mut called, LONG).unwrap(), b"late");
    }
}
