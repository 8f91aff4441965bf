//! What brokers and controllers told of themselves when they registered.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::{BrokerEpoch, BrokerId, DirectoryId, NodeId, Uuid};

use crate::FeatureRange;

/// How a listener is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityProtocol {
    /// Neither encrypted nor authenticated.
    Plaintext,
    /// TLS.
    Ssl,
    /// SASL without TLS.
    SaslPlaintext,
    /// SASL within TLS.
    SaslSsl,
}

impl SecurityProtocol {
    /// From the number in records and requests.
    pub const fn from_code(code: i16) -> Option<SecurityProtocol> {
        match code {
            0 => Some(SecurityProtocol::Plaintext),
            1 => Some(SecurityProtocol::Ssl),
            2 => Some(SecurityProtocol::SaslPlaintext),
            3 => Some(SecurityProtocol::SaslSsl),
            _ => None,
        }
    }

    /// The number in records and requests.
    pub const fn code(self) -> i16 {
        match self {
            SecurityProtocol::Plaintext => 0,
            SecurityProtocol::Ssl => 1,
            SecurityProtocol::SaslPlaintext => 2,
            SecurityProtocol::SaslSsl => 3,
        }
    }
}

/// Where a listener of a node is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Name of the listener; unique within the node.
    pub listener: Arc<str>,
    /// Host as advertised.
    pub host: Arc<str>,
    /// Port as advertised.
    pub port: u16,
    /// How it is secured.
    pub protocol: SecurityProtocol,
}

/// Ranges of features by name.
pub type SupportedFeatures = BTreeMap<Arc<str>, FeatureRange>;

/// A registered broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerRegistration {
    /// Its id.
    pub id: BrokerId,
    /// Offset of the record that registered this incarnation.
    pub epoch: BrokerEpoch,
    /// Drawn by the broker at each start.
    pub incarnation: Uuid,
    /// Its listeners, in the order it named them.
    pub endpoints: Vec<Endpoint>,
    /// The features it supports.
    pub features: SupportedFeatures,
    /// Its rack.
    pub rack: Option<Arc<str>>,
    /// Whether it must not serve clients (yet, or any more).
    pub fenced: bool,
    /// Whether it is stopping and gives away its leaderships.
    pub in_controlled_shutdown: bool,
    /// A flag of ZooKeeper migrations; kept, never acted on.
    pub migrating_zk: bool,
    /// Its online log directories, in Kafka's order of uuids.
    pub directories: Vec<Uuid>,
    /// Its cordoned log directories; `None` until its first heartbeat that tells them.
    pub cordoned: Option<Vec<Uuid>>,
}

impl BrokerRegistration {
    /// The endpoint of `listener`.
    pub fn endpoint(&self, listener: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| &*endpoint.listener == listener)
    }

    /// Whether it serves: not fenced and not stopping.
    pub const fn is_active(&self) -> bool {
        !self.fenced && !self.in_controlled_shutdown
    }

    /// Whether a replica in `directory` can be served. A directory not chosen yet counts as online,
    /// and so does any but "lost" on a broker that told no directories.
    pub fn has_online(&self, directory: Uuid) -> bool {
        match directory {
            DirectoryId::UNASSIGNED | DirectoryId::MIGRATING => true,
            DirectoryId::LOST => false,
            chosen => self.directories.is_empty() || self.directories.contains(&chosen),
        }
    }

    /// Whether new replicas may be placed on it.
    pub fn has_uncordoned(&self) -> bool {
        let Some(cordoned) = &self.cordoned else { return true };
        self.directories.is_empty() || self.directories.iter().any(|d| !cordoned.contains(d))
    }

    /// The directory of a new replica on it, as far as the controller can tell.
    pub fn default_directory(&self) -> Uuid {
        match self.directories.as_slice() {
            [] => DirectoryId::MIGRATING,
            [only] => *only,
            _ => DirectoryId::UNASSIGNED,
        }
    }
}

/// A registered controller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControllerRegistration {
    /// Its id.
    pub id: NodeId,
    /// Drawn by the controller at each start.
    pub incarnation: Uuid,
    /// A flag of ZooKeeper migrations; kept, never acted on.
    pub zk_migration_ready: bool,
    /// Its listeners, in the order it named them.
    pub endpoints: Vec<Endpoint>,
    /// The features it supports.
    pub features: SupportedFeatures,
}
