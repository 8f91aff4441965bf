//! Record batches made before a load begins. What differs between two requests, a producer's
//! sequence, is stamped into a copy.

use bytes::Bytes;
use klamm_model::Timestamp;
use klamm_protocol::records::{BatchBuilder, BuildError, Codec, crc32c};
use rand::{RngExt as _, SeedableRng as _};

use super::topic::Producer;

/// Bytes of a batch's header.
const HEADER: usize = 61;
const CRC_AT: usize = 17;
const CRC_FROM: usize = 21;
const PRODUCER_ID_AT: usize = 43;
/// Bytes a record takes beside its value, at least: size, attributes, two deltas, two lengths, headers.
const RECORD_OVERHEAD: usize = 9;
/// Different batches that take turns.
const VARIETY: u64 = 8;

/// What batches look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Bytes of a whole batch before compression, header included; met to within a few bytes.
    pub batch_bytes: usize,
    /// Bytes of a record, about; a batch has at least one.
    pub record_bytes: usize,
    /// Codec.
    pub codec: Codec,
}

/// A batch without a producer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The whole batch, sound as it is.
    pub bytes: Bytes,
    /// Records in it.
    pub records: u32,
}

impl Shape {
    /// Batches of this shape, half of every value random, the other half zero; the same in every run.
    pub fn templates(&self) -> Result<Vec<Template>, BuildError> {
        (0..VARIETY).map(|seed| self.template(seed)).collect()
    }

    fn template(&self, seed: u64) -> Result<Template, BuildError> {
        let mut random = rand::rngs::StdRng::seed_from_u64(seed);
        let room = self.batch_bytes.saturating_sub(HEADER).max(RECORD_OVERHEAD);
        let records = (room / self.record_bytes.max(1)).max(1);
        let mut builder = BatchBuilder::new().compression(self.codec);
        let now = now();
        for record in 0..records {
            // The lengths of larger records take more bytes, so what was really used is looked at.
            let used = builder.uncompressed_size() - HEADER;
            let left = room.saturating_sub(used) / (records - record);
            let long = if left > 150 { 3 } else { 0 };
            let mut value = vec![0; left.saturating_sub(RECORD_OVERHEAD + long)];
            let half = value.len() / 2;
            random.fill(&mut value[..half]);
            builder.append(now, None, Some(&value), &[])?;
        }
        Ok(Template { bytes: builder.finish(), records: u32::try_from(records).unwrap_or(u32::MAX) })
    }
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Makes `batch` the producer's, beginning at `sequence`.
///
/// # Panics
/// If `batch` is shorter than a header.
pub fn stamp_producer(batch: &mut [u8], producer: Producer, sequence: i32) {
    let fields = &mut batch[PRODUCER_ID_AT..];
    fields[..8].copy_from_slice(&producer.id.to_be_bytes());
    fields[8..10].copy_from_slice(&producer.epoch.to_be_bytes());
    fields[10..14].copy_from_slice(&sequence.to_be_bytes());
    let crc = crc32c(&batch[CRC_FROM..]);
    batch[CRC_AT..CRC_FROM].copy_from_slice(&crc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use klamm_protocol::records::{Batch, verify_crc};

    use super::*;

    #[test]
    fn batches_have_the_size_that_was_asked_for() {
        for batch_bytes in [1024, 16 * 1024, 128 * 1024] {
            let shape = Shape { batch_bytes, record_bytes: 1024, codec: Codec::None };
            for template in shape.templates().unwrap() {
                let off = template.bytes.len().abs_diff(batch_bytes);
                assert!(off < 64, "{batch_bytes}: {}", template.bytes.len());
                assert_eq!(template.records as usize, ((batch_bytes - HEADER) / 1024).max(1));
            }
        }
    }

    #[test]
    fn a_stamped_batch_is_sound_and_the_producers() {
        let shape = Shape { batch_bytes: 4096, record_bytes: 100, codec: Codec::Lz4 };
        let mut batch = shape.templates().unwrap()[0].bytes.to_vec();
        stamp_producer(&mut batch, Producer { id: 77, epoch: 3 }, 12);
        verify_crc(&batch).unwrap();
        let header = *Batch::parse(&batch).unwrap().header();
        assert_eq!(header.producer_id().unwrap().get(), 77);
        assert_eq!(header.producer_epoch().unwrap().get(), 3);
        assert_eq!(header.base_sequence(), Some(12));
    }
}
