//! Who a replica is and where it listens: id plus directory id, endpoints by listener name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use klamm_model::{DirectoryId, NodeId};

/// A replica of the metadata log: a node and the directory its log lives in. A replaced disk gives
/// the same node another key. The directory is unknown (`None`) in static quorums and in requests
/// of old versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaKey {
    /// `node.id`.
    pub id: NodeId,
    /// `directory.id` of the metadata log directory.
    pub directory: Option<DirectoryId>,
}

impl ReplicaKey {
    /// The replica `id` with its log in `directory`.
    pub const fn new(id: NodeId, directory: DirectoryId) -> ReplicaKey {
        ReplicaKey { id, directory: Some(directory) }
    }

    /// The replica `id`, its directory unknown.
    pub const fn without_directory(id: NodeId) -> ReplicaKey {
        ReplicaKey { id, directory: None }
    }

    /// Whether `other` may be the replica that `self` names. A side that knows no directory names
    /// every directory of that node.
    pub fn names(&self, other: &ReplicaKey) -> bool {
        self.id == other.id && (self.directory.is_none() || self.directory == other.directory)
    }
}

impl fmt::Display for ReplicaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.directory {
            Some(directory) => write!(f, "{}@{directory}", self.id),
            None => write!(f, "{}", self.id),
        }
    }
}

/// Name of a controller listener, such as `CONTROLLER`. Kafka compares them in upper case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListenerName(Arc<str>);

impl ListenerName {
    /// The listener `name`, upper-cased as Kafka does.
    pub fn new(name: &str) -> ListenerName {
        ListenerName(name.to_uppercase().into())
    }

    /// The name in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListenerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A host name and port, never a resolved address: names are looked up at each dial, because a
/// replica may come back elsewhere under the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    /// Host name or address literal, as advertised.
    pub host: Arc<str>,
    /// TCP port.
    pub port: u16,
}

impl HostPort {
    /// The endpoint `host`:`port`.
    pub fn new(host: impl Into<Arc<str>>, port: u16) -> HostPort {
        HostPort { host: host.into(), port }
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Where one replica listens, by listener name. Shared: cloning is cheap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints(Arc<BTreeMap<ListenerName, HostPort>>);

impl Endpoints {
    /// No endpoint is known.
    pub fn none() -> Endpoints {
        Endpoints::default()
    }

    /// One endpoint, at `listener`.
    pub fn single(listener: ListenerName, at: HostPort) -> Endpoints {
        [(listener, at)].into_iter().collect()
    }

    /// The endpoint of `listener`.
    pub fn get(&self, listener: &ListenerName) -> Option<&HostPort> {
        self.0.get(listener)
    }

    /// Whether no endpoint is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of listeners.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Listeners with their endpoints, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&ListenerName, &HostPort)> {
        self.0.iter()
    }
}

impl FromIterator<(ListenerName, HostPort)> for Endpoints {
    fn from_iter<I: IntoIterator<Item = (ListenerName, HostPort)>>(endpoints: I) -> Endpoints {
        Endpoints(Arc::new(endpoints.into_iter().collect()))
    }
}

/// Levels of a feature that a replica supports, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// Lowest level.
    pub min: u16,
    /// Highest level.
    pub max: u16,
}

impl VersionRange {
    /// The levels `min` to `max`, or `None` if that is no range of levels.
    pub fn new(min: i16, max: i16) -> Option<VersionRange> {
        let range = VersionRange { min: u16::try_from(min).ok()?, max: u16::try_from(max).ok()? };
        (range.min <= range.max).then_some(range)
    }

    /// Whether `level` is one of them.
    pub const fn contains(self, level: u16) -> bool {
        self.min <= level && level <= self.max
    }
}
