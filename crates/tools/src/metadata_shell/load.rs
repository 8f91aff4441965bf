//! A file of metadata batches, whole, as an image: a snapshot, or a segment of the metadata log (Kafka:
//! SnapshotFileReader).

use std::path::Path;

use bytes::Bytes;
use klamm_metadata::{CommittedBatch, ImageLoader, MetadataImage};
use klamm_model::{LeaderEpoch, Timestamp};
use klamm_protocol::Reader;
use klamm_protocol::messages::MetadataRecord;
use klamm_protocol::records::{AnyBatch, Limits};

use crate::dump_log::{BatchFile, at_file};
use crate::tool::ToolError;

/// The image after the last batch of `path`. A batch that is cut off at the end does not count; one that
/// is damaged, or that does not follow from what precedes it, is an error with its position.
pub(super) fn load(path: &Path) -> Result<MetadataImage, ToolError> {
    let file = BatchFile::open(path, u64::MAX)?;
    let mut loader = ImageLoader::new(MetadataImage::new());
    let (mut position, mut buffer) = (0, Vec::new());
    while file.read(position, &mut buffer)? {
        let batch = file.parse(position, &buffer)?;
        if !batch.is_control() {
            load_batch(&batch, &mut loader)
                .map_err(|error| at_file(path, format_args!("at position {position}: {error}")))?;
        }
        position += buffer.len() as u64;
    }
    if position == 0 {
        return Err(at_file(path, "holds no batch of the metadata log"));
    }
    Ok(loader.take_delta().map_or_else(MetadataImage::new, |delta| delta.after().clone()))
}

fn load_batch(batch: &AnyBatch<'_>, loader: &mut ImageLoader) -> Result<(), String> {
    let mut records = Vec::new();
    let mut decoded = batch.records(Limits::NONE).map_err(|error| error.to_string())?;
    let mut base_offset = None;
    while let Some(record) = decoded.next() {
        let record = record.map_err(|error| error.to_string())?;
        base_offset.get_or_insert(record.offset);
        let value = record.value.ok_or("a metadata record without a value")?;
        let mut reader = Reader::new(Bytes::copy_from_slice(value));
        let (record, _) = MetadataRecord::decode(&mut reader).map_err(|error| error.to_string())?;
        records.push(record);
    }
    let Some(base_offset) = base_offset else { return Ok(()) };
    let committed = CommittedBatch {
        base_offset,
        epoch: batch.leader_epoch().unwrap_or(LeaderEpoch::ZERO),
        timestamp: batch.max_timestamp().unwrap_or(Timestamp::from_millis(0)),
        records: &records,
    };
    loader.load(committed).map_err(|error| error.to_string())
}
