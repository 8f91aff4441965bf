//! The segment that replaces a group: written as `.cleaned` files, durable before it is handed over.

use std::io::{self, IoSlice};
use std::sync::Arc;

use klamm_logstate::AbortedTransaction;
use klamm_model::{Offset, Timestamp};

use crate::config::LogConfig;
use crate::disk::{DescriptorCache, LazyFile, PartitionPath};
use crate::health::Health;
use crate::index::{OFFSET_ENTRY, TIME_ENTRY, encode_aborted};
use crate::names::FileStage;
use crate::segment::{
    BatchFacts, Entry, FileIndex, IndexBuilder, MemoryIndex, Segment, SegmentFiles, SegmentIndex,
};

/// Output of compaction while it grows. Dropped unfinished, its files go.
#[derive(Debug)]
pub(super) struct Output {
    base: Offset,
    files: SegmentFiles,
    index: MemoryIndex,
    builder: IndexBuilder,
    aborted: Vec<AbortedTransaction>,
    is_finished: bool,
}

/// A finished segment and those it replaces, for [`crate::Log`] to swap in. Dropped without that, its
/// files go.
#[derive(Debug)]
pub(crate) struct Compacted {
    pub(crate) old: Vec<Arc<Segment>>,
    pub(crate) new: Arc<Segment>,
    pub(crate) is_installed: bool,
}

impl Output {
    pub(super) fn new(
        cache: &Arc<DescriptorCache>,
        path: &Arc<PartitionPath>,
        base: Offset,
    ) -> io::Result<Output> {
        let files = SegmentFiles::new(cache, path, base, FileStage::Cleaned);
        files.log.replace()?;
        Ok(Output {
            base,
            files,
            index: MemoryIndex::default(),
            builder: IndexBuilder::new(),
            aborted: Vec::new(),
            is_finished: false,
        })
    }

    /// Appends whole batches.
    pub(super) fn append(&mut self, batches: &[u8], config: &LogConfig) -> io::Result<()> {
        if batches.is_empty() {
            return Ok(());
        }
        self.files.log.get()?.write_at(&[IoSlice::new(batches)], self.builder.len)?;
        let mut position = 0;
        while position < batches.len() {
            let entry = Entry::parse(&batches[position..], self.builder.len);
            let entry = entry.expect("compaction writes whole batches");
            self.builder.note_batch(&mut self.index, &BatchFacts::from(&entry), config);
            position += entry.size as usize;
        }
        Ok(())
    }

    /// Aborted transactions whose markers were written.
    pub(super) fn note_aborted(&mut self, aborted: Vec<AbortedTransaction>) {
        self.aborted.extend(aborted);
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> u64 {
        self.builder.len
    }

    /// Writes the indexes and makes all files durable. `modified`: when the last of the old segments
    /// was changed.
    pub(super) fn finish(
        mut self,
        old: Vec<Arc<Segment>>,
        health: &Arc<Health>,
        modified: Timestamp,
    ) -> io::Result<Compacted> {
        self.builder.push_time(&mut self.index, usize::MAX);
        let base = self.base;
        let offsets: Vec<u8> = self.index.offsets.iter().flat_map(|entry| entry.encode(base)).collect();
        let times: Vec<u8> = self.index.times.iter().flat_map(|entry| entry.encode(base)).collect();
        let aborted: Vec<u8> = self.aborted.iter().flat_map(encode_aborted).collect();
        write_durably(&self.files.offset_index, &offsets)?;
        write_durably(&self.files.time_index, &times)?;
        if aborted.is_empty() {
            self.files.transaction_index.remove()?;
        } else {
            write_durably(&self.files.transaction_index, &aborted)?;
        }
        let log = self.files.log.get()?;
        log.sync()?;
        log.set_modified(modified)?;
        let entries =
            |bytes: usize, size: usize| u32::try_from(bytes / size).expect("an index is smaller than 2 GiB");
        let index = FileIndex::new(
            entries(offsets.len(), OFFSET_ENTRY),
            entries(times.len(), TIME_ENTRY),
            Some(std::mem::take(&mut self.aborted).into()),
        );
        self.is_finished = true;
        let new =
            Segment::new(base, self.files.clone(), health, self.builder.len, SegmentIndex::Files(index));
        Ok(Compacted { old, new, is_installed: false })
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.is_finished {
            discard(&self.files);
        }
    }
}

impl Drop for Compacted {
    fn drop(&mut self) {
        if !self.is_installed {
            discard(self.new.files());
        }
    }
}

/// What cannot be removed now goes at the next start.
fn discard(files: &SegmentFiles) {
    if let Err(error) = files.remove() {
        tracing::debug!(file = %files.log.path().display(), %error, "unfinished compaction is left behind");
    }
}

fn write_durably(file: &Arc<LazyFile>, content: &[u8]) -> io::Result<()> {
    let file = file.replace()?;
    file.write_at(&[IoSlice::new(content)], 0)?;
    file.sync()
}
