//! Describes a slice of a log in text, line by line as `tests/records-oracle/RecordsOracle.java` does.

use std::fmt::Write as _;

use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::{AnyBatch, AnyBatches, Limits, TimestampType};

/// One line per batch and per record; an error where Kafka's reader fails too.
pub fn describe(bytes: &[u8]) -> Result<String, String> {
    let mut out = String::new();
    for batch in AnyBatches::new(bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            // Kafka's reader of memory ends at a cut batch.
            Err(error) if error.is_incomplete() => break,
            Err(error) => return Err(error.to_string()),
        };
        batch.verify_crc().map_err(|error| error.to_string())?;
        describe_batch(&batch, &mut out);
        let mut records = batch.records(Limits::NONE).map_err(|error| error.to_string())?;
        while let Some(record) = records.next() {
            let record = record.map_err(|error| error.to_string())?;
            let time = record.timestamp.map_or(-1, Timestamp::as_millis);
            let (key, value) = (hex(record.key), hex(record.value));
            write!(out, "record offset={} time={time} key={key} value={value} headers=[", record.offset)
                .expect("text grows");
            for header in record.headers.iter() {
                // Java shows keys as text: what is no UTF-8 is replaced.
                let key = String::from_utf8_lossy(header.key);
                write!(out, "{}={},", hex(Some(key.as_bytes())), hex(header.value)).expect("text grows");
            }
            out.push_str("]\n");
        }
    }
    Ok(out)
}

fn describe_batch(batch: &AnyBatch<'_>, out: &mut String) {
    let time = match batch.timestamp_type() {
        Some(TimestampType::CreateTime) => "create",
        Some(TimestampType::LogAppendTime) => "append",
        None => "none",
    };
    let dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let header = match batch {
        AnyBatch::V2(batch) => Some(*batch.header()),
        AnyBatch::Legacy(_) => None,
    };
    writeln!(
        out,
        "batch magic={} base={} last={} epoch={} codec={} time={time} max={} producer={}/{} \
         sequence={}..{} count={} transactional={} control={} horizon={}",
        batch.magic(),
        dash(batch.base_offset().map(|offset: Offset| offset.to_string())),
        batch.last_offset(),
        batch.leader_epoch().map_or(-1, LeaderEpoch::get),
        batch.codec(),
        batch.max_timestamp().map_or(-1, Timestamp::as_millis),
        batch.producer_id().map_or(-1, ProducerId::get),
        header.and_then(|header| header.producer_epoch()).map_or(-1, ProducerEpoch::get),
        header.and_then(|header| header.base_sequence()).unwrap_or(-1),
        header.and_then(|header| header.last_sequence()).unwrap_or(-1),
        dash(header.map(|header| header.record_count().to_string())),
        header.is_some_and(|header| header.is_transactional()),
        batch.is_control(),
        header.and_then(|header| header.delete_horizon()).map_or(-1, Timestamp::as_millis),
    )
    .expect("text grows");
}

fn hex(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else { return "null".to_owned() };
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("text grows");
        text
    })
}
