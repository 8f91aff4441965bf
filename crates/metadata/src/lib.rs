//! Metadata records, the cluster image with its deltas, and the controller's decisions; pure.

pub mod image;

mod feature;
mod metadata_version;

pub use feature::{Feature, FeatureRange};
pub use image::MetadataImage;
pub use metadata_version::MetadataVersion;
