//! The metadata of a cluster at one offset of its log: immutable, persistent, cheap to clone.
//!
//! All maps are ordered and share their unchanged parts, so an image that differs from another by
//! one partition costs one partition. Strings are owned: an image never keeps a frame of the log
//! alive.

mod acls;
mod cluster;
mod configs;
mod features;
mod hosted;
mod partition;
mod quotas;
mod registration;
mod scram;
mod tokens;
mod topic;
mod topics;

use klamm_model::{LeaderEpoch, Offset, ProducerId, Timestamp};

pub use acls::{AclEntry, AclOperation, AclsImage, PatternType, PermissionType, ResourceType};
pub use cluster::ClusterImage;
pub use configs::{ConfigMap, ConfigResource, ConfigResourceType, ConfigsImage};
pub use features::FeaturesImage;
pub use hosted::{HostedPartitions, Membership};
pub use partition::{LeaderRecoveryState, Partition, PartitionParts};
pub use quotas::{QuotaEntity, QuotaLimits, QuotasImage};
pub use registration::{
    BrokerRegistration, ControllerRegistration, Endpoint, SecurityProtocol, SupportedFeatures,
};
pub use scram::{ScramCredential, ScramImage, ScramMechanism};
pub use tokens::{DelegationToken, TokensImage};
pub(crate) use topic::MAX_PARTITION_INDEX;
pub use topic::Topic;
pub use topics::TopicsImage;

/// Up to where in the metadata log an image reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// The last record it contains.
    pub last_offset: Offset,
    /// That record's leader epoch.
    pub epoch: LeaderEpoch,
    /// When that record was appended.
    pub timestamp: Timestamp,
    /// Whether that record ends its batch; only then may a snapshot be made.
    pub batch_aligned: bool,
}

/// All metadata of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataImage {
    pub(crate) provenance: Option<Provenance>,
    pub(crate) features: FeaturesImage,
    pub(crate) cluster: ClusterImage,
    pub(crate) topics: TopicsImage,
    pub(crate) configs: ConfigsImage,
    pub(crate) quotas: QuotasImage,
    pub(crate) next_producer_id: Option<ProducerId>,
    pub(crate) acls: AclsImage,
    pub(crate) scram: ScramImage,
    pub(crate) tokens: TokensImage,
}

impl MetadataImage {
    /// The image of an empty log.
    pub fn new() -> MetadataImage {
        MetadataImage::default()
    }

    /// Up to where it reaches; `None` for the empty image.
    pub const fn provenance(&self) -> Option<Provenance> {
        self.provenance
    }

    /// The last offset it contains; `None` for the empty image.
    pub fn last_offset(&self) -> Option<Offset> {
        self.provenance.map(|provenance| provenance.last_offset)
    }

    /// Finalized features.
    pub const fn features(&self) -> &FeaturesImage {
        &self.features
    }

    /// Brokers and controllers.
    pub const fn cluster(&self) -> &ClusterImage {
        &self.cluster
    }

    /// Topics and partitions.
    pub const fn topics(&self) -> &TopicsImage {
        &self.topics
    }

    /// Dynamic configs.
    pub const fn configs(&self) -> &ConfigsImage {
        &self.configs
    }

    /// Client quotas.
    pub const fn quotas(&self) -> &QuotasImage {
        &self.quotas
    }

    /// The first producer id no broker was given yet; `None` before the first block was given.
    pub const fn next_producer_id(&self) -> Option<ProducerId> {
        self.next_producer_id
    }

    /// Access control entries.
    pub const fn acls(&self) -> &AclsImage {
        &self.acls
    }

    /// SCRAM credentials.
    pub const fn scram(&self) -> &ScramImage {
        &self.scram
    }

    /// Delegation tokens.
    pub const fn tokens(&self) -> &TokensImage {
        &self.tokens
    }
}
