//! Metadata records, the cluster image with its deltas, and the controller's decisions; pure.
//!
//! - [`image`]: all metadata at one offset of the log, immutable and persistent.
//! - [`delta`]: records to images, and what changed between two.
//! - [`snapshot`]: an image as records.
//! - [`views`]: what handlers answer from an image.
//! - [`controller`]: the decisions of the active controller.

pub mod controller;
pub mod delta;
pub mod image;
pub mod snapshot;
pub mod views;

mod acl_filter;
mod api_error;
mod feature;
mod java_order;
mod local_replicas;
mod metadata_version;
#[cfg(all(test, feature = "oracle"))]
mod oracle;
mod record;
mod topic_name;

pub use acl_filter::AclFilter;
pub use api_error::ApiError;
pub use controller::Controller;
pub use delta::{CommittedBatch, ImageLoader, MetadataDelta};
pub use feature::{Feature, FeatureRange};
pub use image::MetadataImage;
/// Placement of replicas, for tools that propose what the controller would choose.
pub use klamm_placement as placement;
pub use local_replicas::{LocalReplica, LocalReplicas, local_replicas};
pub use metadata_version::MetadataVersion;
pub use record::VersionedRecord;
pub use topic_name::{CLUSTER_METADATA_TOPIC, is_internal_topic, topic_name_error};
