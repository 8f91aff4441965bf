//! Buffers and codec contexts, kept per thread between batches: setting one up costs more than
//! most batches.

use std::cell::RefCell;

use flate2::{Compress, Decompress};
use lz4_flex::block::CompressTable;
use zstd::zstd_safe::{CCtx, DCtx};

/// A buffer larger than this is not kept: one giant batch must not stay in every thread's memory.
const MAX_KEPT_BUFFER: usize = 256 * 1024;
/// A zstd context larger than this (a wide window, a high level) is not kept.
const MAX_KEPT_ZSTD: usize = 4 * 1024 * 1024;

/// What this thread's last (de)compression left behind.
#[derive(Default)]
struct Contexts {
    chunk: Vec<u8>,
    inflate: Option<Decompress>,
    deflate: Option<(i32, Compress)>,
    zstd_in: Option<DCtx<'static>>,
    zstd_out: Option<CCtx<'static>>,
    snappy: Option<snap::raw::Encoder>,
    lz4: Option<CompressTable>,
}

thread_local! {
    static CONTEXTS: RefCell<Contexts> = RefCell::default();
}

fn with<T>(change: impl FnOnce(&mut Contexts) -> T) -> Option<T> {
    // Fails while the thread is torn down: then nothing is kept.
    CONTEXTS.try_with(|contexts| change(&mut contexts.borrow_mut())).ok()
}

/// A buffer of any length and content.
pub(super) fn take_chunk() -> Vec<u8> {
    with(|contexts| std::mem::take(&mut contexts.chunk)).unwrap_or_default()
}

pub(super) fn keep_chunk(chunk: Vec<u8>) {
    if chunk.capacity() <= MAX_KEPT_BUFFER {
        with(|contexts| contexts.chunk = chunk);
    }
}

/// An inflater for raw deflate data.
pub(super) fn take_inflate() -> Decompress {
    match with(|contexts| contexts.inflate.take()).flatten() {
        Some(mut inflate) => {
            inflate.reset(false);
            inflate
        }
        None => Decompress::new(false),
    }
}

pub(super) fn keep_inflate(inflate: Decompress) {
    with(|contexts| contexts.inflate = Some(inflate));
}

/// A deflater for raw deflate data at Kafka's `level`.
pub(super) fn take_deflate(level: i32) -> Compress {
    match with(|contexts| contexts.deflate.take()).flatten() {
        Some((kept, mut deflate)) if kept == level => {
            deflate.reset();
            deflate
        }
        _ => {
            let level = u32::try_from(level).map(flate2::Compression::new).unwrap_or_default();
            Compress::new(level, false)
        }
    }
}

pub(super) fn keep_deflate(level: i32, deflate: Compress) {
    with(|contexts| contexts.deflate = Some((level, deflate)));
}

pub(super) fn take_zstd_in() -> DCtx<'static> {
    with(|contexts| contexts.zstd_in.take()).flatten().unwrap_or_else(DCtx::create)
}

pub(super) fn keep_zstd_in(context: DCtx<'static>) {
    if context.sizeof() <= MAX_KEPT_ZSTD {
        with(|contexts| contexts.zstd_in = Some(context));
    }
}

pub(super) fn take_zstd_out() -> CCtx<'static> {
    with(|contexts| contexts.zstd_out.take()).flatten().unwrap_or_else(CCtx::create)
}

pub(super) fn keep_zstd_out(context: CCtx<'static>) {
    if context.sizeof() <= MAX_KEPT_ZSTD {
        with(|contexts| contexts.zstd_out = Some(context));
    }
}

pub(super) fn take_snappy() -> snap::raw::Encoder {
    with(|contexts| contexts.snappy.take()).flatten().unwrap_or_else(snap::raw::Encoder::new)
}

pub(super) fn keep_snappy(encoder: snap::raw::Encoder) {
    with(|contexts| contexts.snappy = Some(encoder));
}

pub(super) fn take_lz4() -> CompressTable {
    with(|contexts| contexts.lz4.take()).flatten().unwrap_or_else(CompressTable::large)
}

pub(super) fn keep_lz4(table: CompressTable) {
    with(|contexts| contexts.lz4 = Some(table));
}
