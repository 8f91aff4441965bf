//! Metadata records in the batches of the log.

use bytes::Bytes;
use klamm_metadata::VersionedRecord;
use klamm_model::Timestamp;
use klamm_protocol::messages::MetadataRecord;
use klamm_protocol::records::compression::Limits;
use klamm_protocol::records::errors::RecordError;
use klamm_protocol::records::{Batch, BatchBuilder, BuildError};
use klamm_protocol::{DecodeError, EncodeError, Reader, Writer};

/// A batch that is not made of metadata records, or records that make no batch.
#[derive(Debug, thiserror::Error)]
pub enum MetadataBatchError {
    /// The batch's records cannot be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// A value is no metadata record this version knows.
    #[error("record {index}: {source}")]
    Decode {
        /// Position in the batch.
        index: usize,
        /// What is wrong.
        source: DecodeError,
    },
    /// A record cannot be written at its version.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The records do not fit a batch.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// One batch of records; offset and epoch are stamped at append.
pub fn encode_batch(records: &[VersionedRecord], now: Timestamp) -> Result<Bytes, MetadataBatchError> {
    let mut builder = BatchBuilder::new();
    for record in records {
        let mut writer = Writer::default();
        record.record.encode(&mut writer, record.version)?;
        builder.append(now, None, Some(&writer.finish().bytes), &[])?;
    }
    Ok(builder.finish())
}

/// The records of a data batch.
pub fn decode_batch(batch: &Batch<'_>) -> Result<Vec<MetadataRecord>, MetadataBatchError> {
    Ok(decode_versioned(batch)?.into_iter().map(|(record, _)| record).collect())
}

/// The records of a data batch with the versions they are written in.
pub fn decode_versioned(batch: &Batch<'_>) -> Result<Vec<(MetadataRecord, i16)>, MetadataBatchError> {
    let mut records = Vec::with_capacity(batch.header().record_count().min(1024) as usize);
    let mut reader = batch.records(Limits::NONE)?;
    while let Some(record) = reader.next() {
        let value = Bytes::copy_from_slice(record?.value.unwrap_or_default());
        let decoded = MetadataRecord::decode(&mut Reader::new(value));
        records.push(decoded.map_err(|source| MetadataBatchError::Decode { index: records.len(), source })?);
    }
    Ok(records)
}
