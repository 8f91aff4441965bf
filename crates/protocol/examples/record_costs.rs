//! What record batches cost: `cargo run --release -p klamm-protocol --example record_costs [part]`, with the parts
//! `crc`, `validate` and `codecs`. For callgrind there is `validate-once`: a thousand validations of one batch.

use std::hint::black_box;
use std::time::{Duration, Instant};

use klamm_model::{LeaderEpoch, Offset, Timestamp};
use klamm_protocol::records::{
    Batch, BatchBuilder, Codec, Limits, ProduceRules, crc32c, crc32c_append, validate,
};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn main() {
    let part = std::env::args().nth(1).unwrap_or_default();
    match part.as_str() {
        "crc" => crc(),
        "validate" => validation(),
        "codecs" => codecs(),
        "validate-once" => {
            let batch = batch(Codec::None, 10, 100);
            for _ in 0..1000 {
                black_box(validate(black_box(&batch), &ProduceRules::default(), NOW)).expect("a good batch");
            }
        }
        _ => {
            crc();
            validation();
            codecs();
        }
    }
}

/// Best of several runs, in nanoseconds per call.
fn measure<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..20 {
        let mut calls = 0u32;
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(10) {
            for _ in 0..64 {
                black_box(call());
            }
            calls += 64;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    best
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(next).collect()
}

fn crc() {
    println!("crc-32c, ns        crc32c crate   crc-fast    ours   ours, appended");
    for length in [16, 64, 100, 128, 192, 256, 384, 512, 1024, 4096, 16_384, 131_072, 1_048_576] {
        let bytes = noise(length);
        let short = measure(|| crc32c::crc32c(black_box(&bytes)));
        let wide = measure(|| crc_fast::crc32_iscsi(black_box(&bytes)));
        let ours = measure(|| crc32c(black_box(&bytes)));
        let appended = measure(|| crc32c_append(7, black_box(&bytes)));
        println!("{length:>9} bytes {short:>15.1} {wide:>10.1} {ours:>7.1} {appended:>10.1}");
    }
}

fn batch(codec: Codec, count: usize, size: usize) -> Vec<u8> {
    let mut builder = BatchBuilder::new().compression(codec);
    let value = noise(size / 2).into_iter().chain(std::iter::repeat(b'x')).take(size).collect::<Vec<_>>();
    for _ in 0..count {
        builder.append(NOW, None, Some(&value), &[]).expect("a small batch");
    }
    builder.finish().to_vec()
}

fn validation() {
    println!("\nvalidate, ns       whole   of it crc   per record without crc");
    let rules = ProduceRules { max_message_bytes: i32::MAX, ..ProduceRules::default() };
    for (count, size) in [(1, 100), (10, 100), (1, 1000), (10, 1000), (160, 100), (16, 1000), (1000, 1000)] {
        let mut batch = batch(Codec::None, count, size);
        let whole = measure(|| {
            let validated = validate(black_box(&batch), &rules, NOW).expect("a good batch");
            validated.stamped_header(Offset::at(1), LeaderEpoch::at(1))
        });
        let crc = measure(|| crc32c(black_box(&batch[21..])));
        let each = (whole - crc) / count as f64;
        println!("{count:>5} x {size:>4} B {whole:>9.0} {crc:>9.0} {each:>9.1}");
        black_box(&mut batch);
    }
}

fn codecs() {
    println!("\ncodecs, 64 x 1000 B, µs   build   validate   read   MB/s validated");
    let rules = ProduceRules { max_message_bytes: i32::MAX, ..ProduceRules::default() };
    for codec in Codec::ALL {
        let bytes = batch(codec, 64, 1000);
        let build = measure(|| batch(codec, 64, 1000));
        let check = measure(|| validate(&bytes, &rules, NOW));
        let read = measure(|| {
            let mut records = Batch::parse(&bytes).expect("a batch").records(Limits::NONE).expect("a body");
            while let Some(record) = records.next() {
                black_box(record.expect("a record").value);
            }
        });
        let rate = 64_000.0 / check * 1000.0;
        println!(
            "{:>8} {:>6} bytes {:>8.1} {:>8.1} {:>8.1} {rate:>8.0}",
            codec.name(),
            bytes.len(),
            build / 1000.0,
            check / 1000.0,
            read / 1000.0
        );
    }
}
