#![allow(clippy::unwrap_used)]
use klamm_model::{Offset, Timestamp};

use crate::records::{AnyBatch, AnyBatches, Codec, Limits, legacy::LegacyBuilder};

#[test]
fn what_is_built_is_read_back_at_both_magics_and_every_codec() {
    for magic in [0, 1] {
        for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4] {
            let mut builder = LegacyBuilder::new(magic, codec);
            for offset in [100, 101, 105] {
                let time = Timestamp::from_millis(7 * offset);
                builder.append(offset, Some(time), Some(b"k"), Some(&offset.to_be_bytes())).unwrap();
            }
            let bytes = builder.finish();
            let mut seen = Vec::new();
            for batch in AnyBatches::new(&bytes) {
                let batch = batch.unwrap();
                assert_eq!((batch.magic(), batch.codec()), (magic, codec));
                batch.verify_crc().unwrap();
                let mut records = batch.records(Limits::NONE).unwrap();
                while let Some(record) = records.next() {
                    let record = record.unwrap();
                    assert!(record.message.unwrap().is_valid());
                    let time = (magic == 1).then(|| Timestamp::from_millis(7 * record.offset.get()));
                    assert_eq!(record.timestamp, time);
                    assert_eq!(record.value, Some(&record.offset.get().to_be_bytes()[..]));
                    seen.push(record.offset.get());
                }
            }
            assert_eq!(seen, [100, 101, 105]);
            let last = AnyBatches::new(&bytes).last().unwrap().unwrap();
            assert_eq!(last.last_offset(), Offset::at(105));
            assert!(matches!(last, AnyBatch::Legacy(_)));
        }
    }
}
