//! From one image to the next, record by record.
//!
//! A delta keeps both images (persistent, so the second costs what differs) and the keys that were
//! touched. Publishers ask the delta what changed for them and read the later image.

mod changes;
mod cluster;
mod error;
mod loader;
mod replay;
mod security;
mod topics;

pub use changes::Changes;
pub use error::ReplayError;
pub use loader::{CommittedBatch, ImageLoader};
pub(crate) use replay::replay;
pub(crate) use topics::{NO_LEADER, NO_LEADER_CHANGE, merge};

use klamm_protocol::messages::MetadataRecord;

use crate::image::{MetadataImage, Provenance};

/// Two images and what was touched between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetadataDelta {
    before: MetadataImage,
    after: MetadataImage,
    changes: Changes,
}

impl MetadataDelta {
    /// A delta from `before` to itself, to apply records to.
    pub fn new(before: MetadataImage) -> MetadataDelta {
        MetadataDelta { after: before.clone(), before, changes: Changes::default() }
    }

    /// The delta between two images of which the second was not made from the first, such as one
    /// loaded from a snapshot. Compares them whole.
    pub fn between(before: MetadataImage, after: MetadataImage) -> MetadataDelta {
        let changes = Changes::between(&before, &after);
        MetadataDelta { before, after, changes }
    }

    /// A delta whose changes were collected while `after` was made from `before`.
    pub(crate) fn collected(before: MetadataImage, after: MetadataImage, changes: Changes) -> MetadataDelta {
        MetadataDelta { before, after, changes }
    }

    /// Applies one record. Records that open and close metadata transactions change nothing here:
    /// an [`ImageLoader`] gives them their meaning.
    pub fn replay(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        replay(&mut self.after, &mut self.changes, record)
    }

    /// Says up to where in the log the later image reaches.
    pub fn set_provenance(&mut self, provenance: Provenance) {
        self.after.provenance = Some(provenance);
    }

    /// The image before.
    pub const fn before(&self) -> &MetadataImage {
        &self.before
    }

    /// The image after.
    pub const fn after(&self) -> &MetadataImage {
        &self.after
    }

    /// The image after, by value.
    pub fn into_after(self) -> MetadataImage {
        self.after
    }

    /// The keys that were touched.
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }
}
