//! Frames of strangers: no input panics, and memory stays within a small multiple of the frame.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use klamm_protocol::json::ToJson;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{Message, Reader, Writer};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one byte of a frame may cost. An empty string is one byte on the wire and 32 in memory; arrays of
/// them, nested, come to the most that was seen (43).
const BYTES_PER_BYTE: usize = 64;

/// One of the two tests at a time: the allocator counts for the whole process.
static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[derive(Default)]
struct Tally {
    frames: usize,
    accepted: usize,
}

impl Tally {
    fn decode<M: Message>(&mut self, frame: Vec<u8>, version: i16) {
        let bound = frame.len().max(64) * BYTES_PER_BYTE;
        let mut reader = Reader::new(Bytes::from(frame));
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let result = M::decode(&mut reader, version);
        let held = MEMORY.peak_usage() - before;
        assert!(held <= bound, "{} {version}: {held} bytes held for {reader:?}", M::NAME);
        self.frames += 1;
        self.accepted += usize::from(result.is_ok());
    }
}

struct Mutated(Tally);

impl Visitor for Mutated {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        for version in M::VERSIONS {
            for seed in 0..1_350 {
                let mut source = Source::new(seed, 2);
                let mut writer = Writer::new();
                M::random(&mut source, version).encode(&mut writer, version).unwrap();
                let mut frame = writer.into_bytes().to_vec();
                source.mutate(&mut frame);
                self.0.decode::<M>(frame, version);
            }
        }
    }
}

/// Frames of one byte over and over: counts that claim much, with as many of the smallest elements behind
/// them as the frame holds.
struct Uniform(Tally);

impl Visitor for Uniform {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        for version in M::VERSIONS {
            for byte in [0, 1, 2, 3, 4, 5, 8, 9, 16, 32, 63, 64, 127, 128, 255] {
                for length in [63, 1 << 10, 1 << 14] {
                    self.0.decode::<M>(vec![byte; length], version);
                }
            }
        }
    }
}

#[test]
fn a_million_mutated_frames_neither_panic_nor_fill_the_memory() {
    let _turn = TURN.lock().unwrap();
    let mut test = Mutated(Tally::default());
    each_message(&mut test);
    let Mutated(Tally { frames, accepted }) = test;
    assert!(frames >= 1_000_000, "{frames} frames");
    assert!(
        accepted * 20 > frames && accepted * 2 < frames,
        "{accepted} of {frames} accepted: damage too small"
    );
}

#[test]
fn counts_that_claim_much_cost_no_memory() {
    let _turn = TURN.lock().unwrap();
    let mut test = Uniform(Tally::default());
    each_message(&mut test);
    assert!(test.0.frames > 30_000, "{} frames", test.0.frames);
}
