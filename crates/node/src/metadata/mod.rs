//! The cluster's metadata on this node: committed records become images, images are published.

mod batch_codec;
mod loader;
mod published;

pub use batch_codec::{MetadataBatchError, decode_batch, decode_versioned, encode_batch};
pub use loader::{LoadError, load_snapshot};
pub use published::PublishedImage;
