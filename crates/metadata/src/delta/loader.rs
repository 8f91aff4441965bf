//! Committed batches to images, with metadata transactions.
//!
//! A metadata transaction is a run of records over several batches that counts whole or not at
//! all (KIP-868). While one is open the image stays as it was before; at its end all records count
//! at once; aborted ones never do.

use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::messages::MetadataRecord;

use super::{Changes, MetadataDelta, ReplayError, replay};
use crate::image::{MetadataImage, Provenance};

/// A batch of data records below the high watermark, or of a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct CommittedBatch<'a> {
    /// Offset of its first record.
    pub base_offset: Offset,
    /// The leader epoch it was written in.
    pub epoch: LeaderEpoch,
    /// When it was appended.
    pub timestamp: Timestamp,
    /// Its records.
    pub records: &'a [MetadataRecord],
}

impl CommittedBatch<'_> {
    fn provenance(&self, index: usize) -> Provenance {
        let index_64 = i64::try_from(index).expect("a batch has less than 2^31 records");
        Provenance {
            last_offset: self.base_offset.plus(index_64),
            epoch: self.epoch,
            timestamp: self.timestamp,
            batch_aligned: index + 1 == self.records.len(),
        }
    }
}

/// Builds the images that a node publishes.
#[derive(Clone, Debug, Default)]
pub struct ImageLoader {
    /// From the image handed out last to all that counts now.
    settled: MetadataDelta,
    /// What an open transaction made of it so far.
    open: Option<OpenTransaction>,
}

#[derive(Clone, Debug)]
struct OpenTransaction {
    image: MetadataImage,
    changes: Changes,
}

impl ImageLoader {
    /// A loader that goes on from `image`.
    pub fn new(image: MetadataImage) -> ImageLoader {
        ImageLoader { settled: MetadataDelta::new(image), open: None }
    }

    /// Applies a batch. After an error the loader must not be used any more: the node cannot know
    /// the cluster's metadata.
    pub fn load(&mut self, batch: CommittedBatch<'_>) -> Result<(), ReplayError> {
        for (index, record) in batch.records.iter().enumerate() {
            self.load_record(record)?;
            // The begin of a transaction is not part of what counts before it.
            if self.open.is_none() {
                self.settled.set_provenance(batch.provenance(index));
            }
        }
        Ok(())
    }

    fn load_record(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        match record {
            MetadataRecord::BeginTransaction(_) => {
                if self.open.is_some() {
                    return Err(ReplayError::NestedTransaction);
                }
                let image = self.settled.after.clone();
                self.open = Some(OpenTransaction { image, changes: Changes::default() });
            }
            MetadataRecord::EndTransaction(_) => {
                let open = self.open.take().ok_or(ReplayError::NoTransaction)?;
                self.settled.after = open.image;
                self.settled.changes.append(open.changes);
            }
            MetadataRecord::AbortTransaction(_) => {
                self.open.take().ok_or(ReplayError::NoTransaction)?;
            }
            other => match &mut self.open {
                Some(open) => replay(&mut open.image, &mut open.changes, other)?,
                None => self.settled.replay(other)?,
            },
        }
        Ok(())
    }

    /// The delta from the image handed out last to the newest one that counts; `None` if no record
    /// came to count in between.
    pub fn take_delta(&mut self) -> Option<MetadataDelta> {
        if self.settled.before().provenance() == self.settled.after().provenance() {
            return None;
        }
        let next = MetadataDelta::new(self.settled.after().clone());
        Some(std::mem::replace(&mut self.settled, next))
    }
}
