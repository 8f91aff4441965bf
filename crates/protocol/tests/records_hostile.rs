//! Bytes from strangers: nothing panics, and memory stays bounded whatever a batch claims or expands to.
#![allow(clippy::unwrap_used)]

#[path = "records_oracle/generate.rs"]
#[allow(dead_code)] // the oracle's tests use the rest
mod generate;

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

use generate::{Spec, damage, excerpt, rng};
use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::ErrorCode;
use klamm_protocol::records::compression::compress;
use klamm_protocol::records::validate::{FollowerView, KeyRule, Origin, TimestampRule, validate_follower};
use klamm_protocol::records::{
    AnyBatches, Attributes, Batches, Codec, Compression, Limits, ProduceRules, crc32c, validate,
};
use rand::RngExt;
use rand::rngs::StdRng;

const MIB: usize = 1024 * 1024;
/// What a stranger's batches may make this process use beyond what it used before: a few chunks and contexts. A
/// zstd window of 128 MiB is the exception, where it is really filled.
const ALLOWED: usize = 16 * MIB;
const NOW: Timestamp = Timestamp::from_millis(generate::NOW);

/// The tests measure one process: one at a time, also while they prepare.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `VmRSS`, memory in use, or `VmHWM`, its most since the last reset; in bytes.
fn memory(field: &str) -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

fn bounded(what: &str, run: impl FnOnce()) {
    fs::write("/proc/self/clear_refs", "5").expect("the kernel resets the peak");
    let before = memory("VmRSS:");
    run();
    let used = memory("VmHWM:").saturating_sub(before);
    assert!(used <= ALLOWED, "{what} took {} MiB", used / MIB);
}

fn read_all(bytes: &[u8]) {
    let limits = Limits { max_output: 4 * MIB as u64, max_record_size: MIB as i32 };
    for batch in AnyBatches::new(bytes) {
        let Ok(batch) = batch else { break };
        let _ = batch.verify_crc();
        let Ok(mut records) = batch.records(limits) else { continue };
        while let Some(Ok(record)) = records.next() {
            assert!(record.headers.iter().count() == record.headers.len());
        }
    }
    for batch in Batches::new(bytes).with_max_length(1 << 20) {
        let Ok(batch) = batch else { break };
        let Some(records) = batch.records_in_place() else { continue };
        assert!(records.count() <= batch.header().record_count() as usize + 1);
    }
}

#[test]
fn a_hundred_thousand_damaged_batches_panic_nowhere_and_cost_no_memory() {
    let _alone = alone();
    bounded("damage", || {
        for seed in 0..10_000 {
            let mut rng = rng(seed);
            let mut spec = Spec::random(&mut rng, [2, 2, 2, 1, 0][(seed % 5) as usize]);
            spec.records.truncate(4);
            let batch = spec.build();
            for _ in 0..10 {
                let mut bytes = batch.clone();
                damage(&mut rng, &mut bytes);
                try_all(&mut rng, &bytes);
            }
        }
    });
}

fn try_all(rng: &mut StdRng, bytes: &[u8]) {
    read_all(bytes);
    let rules = ProduceRules {
        origin: [Origin::Coordinator, Origin::Client { produce_version: 9 }][rng.random_range(0..2)],
        compression: rng.random_bool(0.3).then(|| Codec::ALL[rng.random_range(0..5)].into()),
        keys: [KeyRule::Optional, KeyRule::Required][rng.random_range(0..2)],
        timestamps: [TimestampRule::LogAppendTime, ProduceRules::default().timestamps]
            [rng.random_range(0..2)],
        max_record_bytes: MIB as i32,
        ..ProduceRules::default()
    };
    if let Ok(validated) = validate(bytes, &rules, NOW) {
        let mut stored = validated.rebuilt().map_or(bytes.to_vec(), |rebuilt| rebuilt.to_vec());
        stored.truncate(validated.size());
        validated.stamp(&mut stored, Offset::at(9), LeaderEpoch::at(3));
        let view = FollowerView { log_end_offset: Offset::at(9), leader_epoch: LeaderEpoch::at(3) };
        let mut taken = 0;
        let result = validate_follower(&stored, view, |_| taken += 1);
        assert_eq!((result, taken), (Ok(None), 1), "what is stored is sound: {}", excerpt(bytes));
    }
    let view = FollowerView { log_end_offset: Offset::ZERO, leader_epoch: LeaderEpoch::at(30) };
    let _ = validate_follower(bytes, view, |_| {});
}

/// `count` records in a body that repeats `piece`, compressed piece by piece.
fn bomb(codec: Codec, head: &[u8], piece: &[u8], repeats: usize, count: i32) -> Vec<u8> {
    let body = match codec {
        Codec::Lz4 => {
            // One frame: header, blocks, end mark.
            let mut frame = framed(codec, head);
            frame.truncate(frame.len() - 4);
            let block = framed(codec, piece);
            frame.extend(block[7..block.len() - 4].repeat(repeats));
            frame.extend([0; 4]);
            frame
        }
        // Members, streams and frames may follow each other.
        Codec::None | Codec::Gzip | Codec::Snappy | Codec::Zstd => {
            [framed(codec, head), framed(codec, piece).repeat(repeats)].concat()
        }
    };
    batch_around(codec, &body, count)
}

fn framed(codec: Codec, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    compress(Compression::new(codec), bytes, &mut out);
    out
}

fn batch_around(codec: Codec, body: &[u8], count: i32) -> Vec<u8> {
    let mut batch = vec![0; 61];
    batch[8..12].copy_from_slice(&(body.len() as i32 + 49).to_be_bytes());
    batch[12..16].copy_from_slice(&(-1i32).to_be_bytes());
    batch[16] = 2;
    batch[21..23].copy_from_slice(&Attributes::default().with_codec(codec).bits().to_be_bytes());
    batch[23..27].copy_from_slice(&(count - 1).to_be_bytes());
    batch[27..35].copy_from_slice(&generate::NOW.to_be_bytes());
    batch[35..43].copy_from_slice(&generate::NOW.to_be_bytes());
    batch[43..57].fill(0xff);
    batch[57..61].copy_from_slice(&count.to_be_bytes());
    batch.extend_from_slice(body);
    let crc = crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    batch
}

fn varint(value: i32) -> Vec<u8> {
    let mut rest = (value as u32) << 1;
    let mut out = Vec::new();
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out
}

const CODECS: [Codec; 4] = [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

#[test]
fn one_record_of_160_mib_is_validated_without_its_memory() {
    let _alone = alone();
    let repeats = 160;
    let value = (repeats * MIB - 1) as i32;
    // attributes, timestamp delta, offset delta, null key, value, no headers: the last piece byte is the count.
    let fields = [&[0, 0, 0, 1][..], &varint(value)].concat();
    let head = [varint(fields.len() as i32 + value + 1), fields].concat();
    let piece = vec![0; MIB];
    for codec in CODECS {
        let batch = bomb(codec, &head, &piece, repeats, 1);
        let rules = ProduceRules { max_message_bytes: i32::MAX, ..ProduceRules::default() };
        bounded(codec.name(), || {
            let validated = validate(&batch, &rules, NOW).unwrap();
            assert_eq!(validated.size(), batch.len());
            let ratio = repeats * MIB / batch.len();
            assert!(ratio > 15, "{codec} 1:{ratio}");
            let limited = ProduceRules { max_record_bytes: MIB as i32, ..rules };
            let error = validate(&batch, &limited, NOW).unwrap_err();
            assert_eq!(error.error_code(), ErrorCode::InvalidRecord);
        });
    }
}

#[test]
fn a_hundred_thousand_faults_are_told_up_to_a_bound() {
    let _alone = alone();
    let record = [12, 0, 0, 0, 1, 1, 0];
    let piece = record.repeat(10_000);
    for codec in CODECS {
        let batch = bomb(codec, &[], &piece, 10, 100_000);
        let rules =
            ProduceRules { keys: KeyRule::Required, max_message_bytes: i32::MAX, ..ProduceRules::default() };
        bounded(codec.name(), || {
            let error = validate(&batch, &rules, NOW).unwrap_err();
            assert_eq!((error.error_code(), error.faults().len()), (ErrorCode::InvalidRecord, 10_000));
        });
    }
}

#[test]
fn a_reader_stops_at_its_limit_of_output() {
    let _alone = alone();
    let record = [12, 0, 0, 0, 1, 1, 0];
    for codec in CODECS {
        let batch = bomb(codec, &[], &record.repeat(100_000), 100, 10_000_000);
        bounded(codec.name(), || {
            let batch = Batches::new(&batch).next().unwrap().unwrap();
            let limits = Limits { max_output: MIB as u64, ..Limits::NONE };
            let mut records = batch.records(limits).unwrap();
            let mut count = 0;
            let error = loop {
                match records.next().unwrap() {
                    Ok(_) => count += 1,
                    Err(error) => break error,
                }
            };
            assert!(error.to_string().contains("expands to more than"), "{error}");
            assert!(count <= MIB / record.len(), "{count} records");
        });
    }
}

#[test]
fn claimed_counts_and_sizes_reserve_nothing() {
    let _alone = alone();
    let huge = [0xfe, 0xff, 0xff, 0xff, 0x0f]; // i32::MAX
    let bodies: [Vec<u8>; 3] = [
        [&huge[..], &[0; 10]].concat(),
        [&[40, 0, 0, 0, 1][..], &huge, &[0; 30]].concat(),
        [&[40, 0, 0, 0, 1, 1][..], &huge, &[0; 30]].concat(),
    ];
    bounded("claims", || {
        for body in &bodies {
            for codec in Codec::ALL {
                let batch = batch_around(codec, &framed(codec, body), i32::MAX);
                let rules = ProduceRules { origin: Origin::Coordinator, ..ProduceRules::default() };
                assert_eq!(validate(&batch, &rules, NOW).unwrap_err().error_code(), ErrorCode::InvalidRecord);
                read_all(&batch);
            }
        }
    });
}
