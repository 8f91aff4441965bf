//! Records of a coordinator as batches.

use bytes::{Bytes, BytesMut};
use klamm_coordinator::group::GroupRecord;
use klamm_coordinator::machine::Append;
use klamm_model::Timestamp;
use klamm_protocol::ErrorCode;
use klamm_protocol::records::BatchBuilder;

/// Bytes of a batch after which records that need not stay together begin another.
const BATCH_TARGET: usize = 256 * 1024;

/// One or more batches, or the error that the coordinator takes an append of these records to fail
/// with.
pub(super) fn encode_records(
    records: &[GroupRecord],
    append: Append,
    now: Timestamp,
) -> Result<BytesMut, ErrorCode> {
    let encoded: Vec<(Bytes, Option<Bytes>)> = records
        .iter()
        .map(|record| record.encode().map_err(|_| ErrorCode::UnknownServerError))
        .collect::<Result<_, _>>()?;
    let fresh = || match append {
        Append::OneBatch | Append::ManyBatches => BatchBuilder::new(),
        Append::Transactional(id, epoch) => BatchBuilder::new().transactional(id, epoch, None),
    };
    let mut out = BytesMut::new();
    let mut builder = fresh();
    for (key, value) in &encoded {
        let is_full = append == Append::ManyBatches && builder.uncompressed_size() >= BATCH_TARGET;
        if is_full && !builder.is_empty() {
            out.extend_from_slice(&std::mem::replace(&mut builder, fresh()).finish());
        }
        let appended = builder.append(now, Some(key), value.as_deref(), &[]);
        appended.map_err(|_| ErrorCode::RecordListTooLarge)?;
    }
    out.extend_from_slice(&builder.finish());
    Ok(out)
}
