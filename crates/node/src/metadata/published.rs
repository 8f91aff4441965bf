//! The newest image, for everyone on this node.

use std::sync::Arc;

use arc_swap::ArcSwap;
use klamm_metadata::MetadataImage;

/// A cheap clone; readers take one snapshot per request.
#[derive(Clone, Debug, Default)]
pub struct PublishedImage(Arc<ArcSwap<MetadataImage>>);

impl PublishedImage {
    /// The newest image.
    pub fn load(&self) -> Arc<MetadataImage> {
        self.0.load_full()
    }

    /// Replaces it; only the loader's pump does.
    pub fn store(&self, image: MetadataImage) {
        self.0.store(Arc::new(image));
    }
}
