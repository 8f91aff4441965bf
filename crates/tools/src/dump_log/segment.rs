//! Prints a `.log` segment or a `.checkpoint` of the metadata log.

use std::fmt::Write as _;
use std::path::Path;

use bytes::Bytes;
use klamm_model::{LeaderEpoch, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::json::ToJson;
use klamm_protocol::messages::{
    KRaftVersionRecord, LeaderChangeMessage, SnapshotFooterRecord, SnapshotHeaderRecord, VotersRecord,
};
use klamm_protocol::records::batch::add_to_sequence;
use klamm_protocol::records::control::{ControlType, EndTxnMarker};
use klamm_protocol::records::{AnyBatch, Limits, LogRecord, TimestampType};
use klamm_protocol::{Message, Reader};
use klamm_storage::names::MetadataSnapshotName;

use super::batch_file::BatchFile;
use super::decoder::Decoder;
use super::{at_file, base_offset};
use crate::tool::{Terminal, ToolError, ToolResult};

/// How far records are looked into, and what of them is printed.
pub(super) enum RecordMode {
    /// Batches only.
    Shallow,
    /// Nothing of them, but they are read.
    Nothing,
    /// All but key and value.
    MetadataOnly,
    /// Key and value only.
    ContentOnly(Decoder),
    /// All.
    Whole(Decoder),
}

/// A dump of one file.
pub(super) struct SegmentDump {
    pub(super) records: RecordMode,
    /// Bytes of the file that count.
    pub(super) max_bytes: u64,
    /// Whether the end was chosen, so that what follows is not wrong.
    pub(super) is_limited: bool,
}

impl SegmentDump {
    /// Prints the file. Gives the offsets that do not follow each other.
    pub(super) fn run(&self, path: &Path, terminal: &mut Terminal<'_>) -> Result<Vec<(i64, i64)>, ToolError> {
        print_title(path, terminal)?;
        let file = BatchFile::open(path, self.max_bytes)?;
        let mut gaps = Vec::new();
        let mut last_offset = -1;
        let (mut position, mut buffer) = (0, Vec::new());
        while file.read(position, &mut buffer)? {
            let batch = file.parse(position, &buffer)?;
            print_batch(&batch, position, terminal)?;
            if !matches!(self.records, RecordMode::Shallow) {
                let mut records = batch.records(Limits::NONE).map_err(|error| at_file(path, error))?;
                while let Some(record) = records.next() {
                    let record = record.map_err(|error| at_file(path, error))?;
                    let offset = record.offset.get();
                    if offset != last_offset + 1 {
                        gaps.push((last_offset, offset));
                    }
                    last_offset = offset;
                    self.print_record(&batch, &record, terminal)?;
                }
            }
            position += buffer.len() as u64;
        }
        let trailing = file.len - position;
        if trailing > 0 && !self.is_limited {
            let name = path.file_name().unwrap_or_default().display();
            writeln!(terminal.out, "Found {trailing} invalid bytes at the end of {name}")?;
        }
        Ok(gaps)
    }

    fn print_record(
        &self,
        batch: &AnyBatch<'_>,
        record: &LogRecord<'_>,
        terminal: &mut Terminal<'_>,
    ) -> ToolResult {
        let mut line = String::new();
        match &self.records {
            RecordMode::Shallow | RecordMode::Nothing => {}
            RecordMode::MetadataOnly => describe_record(batch, record, &mut line),
            RecordMode::ContentOnly(decoder) => {
                if !batch.is_control() {
                    describe_content(decoder, record, "| ", &mut line)?;
                }
            }
            RecordMode::Whole(decoder) => {
                describe_record(batch, record, &mut line);
                if !batch.is_control() {
                    describe_content(decoder, record, " ", &mut line)?;
                }
            }
        }
        Ok(writeln!(terminal.out, "{line}")?)
    }
}

fn print_title(path: &Path, terminal: &mut Terminal<'_>) -> ToolResult {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.ends_with(".log") {
        writeln!(terminal.out, "Log starting offset: {}", base_offset(path)?)?;
    } else if name == "bootstrap.checkpoint" {
        writeln!(terminal.out, "KRaft bootstrap snapshot")?;
    } else {
        let parsed = MetadataSnapshotName::parse(name);
        let id = parsed.ok_or_else(|| at_file(path, "is not named as a snapshot is"))?.id;
        writeln!(terminal.out, "Snapshot end offset: {}, epoch: {}", id.offset, id.epoch)?;
    }
    Ok(())
}

fn print_batch(batch: &AnyBatch<'_>, position: u64, terminal: &mut Terminal<'_>) -> ToolResult {
    let out = &mut terminal.out;
    let crc = match batch {
        AnyBatch::V2(v2) => {
            let header = v2.header();
            let horizon = match header.delete_horizon() {
                Some(horizon) => format!("OptionalLong[{}]", horizon.as_millis()),
                None => "OptionalLong.empty".to_owned(),
            };
            write!(
                out,
                "baseOffset: {} lastOffset: {} count: {} baseSequence: {} lastSequence: {} producerId: {} \
                 producerEpoch: {} partitionLeaderEpoch: {} isTransactional: {} isControl: {} deleteHorizonMs: \
                 {horizon}",
                header.base_offset(),
                header.last_offset(),
                header.record_count(),
                header.base_sequence().unwrap_or(-1),
                header.last_sequence().unwrap_or(-1),
                header.producer_id().map_or(-1, ProducerId::get),
                header.producer_epoch().map_or(-1, ProducerEpoch::get),
                header.leader_epoch().map_or(-1, LeaderEpoch::get),
                header.is_transactional(),
                header.is_control(),
            )?;
            header.crc()
        }
        AnyBatch::Legacy(legacy) => {
            write!(out, "offset: {}", legacy.last_offset())?;
            legacy.message().crc()
        }
    };
    writeln!(
        out,
        " position: {position} {}: {} size: {} magic: {} compresscodec: {} crc: {crc} isvalid: {}",
        timestamp_type(batch),
        batch.max_timestamp().map_or(-1, Timestamp::as_millis),
        batch.bytes().len(),
        batch.magic(),
        batch.codec().name(),
        batch.verify_crc().is_ok()
    )?;
    Ok(())
}

fn timestamp_type(batch: &AnyBatch<'_>) -> &'static str {
    match batch.timestamp_type() {
        Some(TimestampType::CreateTime) => "CreateTime",
        Some(TimestampType::LogAppendTime) => "LogAppendTime",
        None => "NoTimestampType",
    }
}

fn describe_record(batch: &AnyBatch<'_>, record: &LogRecord<'_>, line: &mut String) {
    const ANY: &str = "strings take all";
    let size = |bytes: Option<&[u8]>| bytes.map_or(-1, |bytes| bytes.len() as i64);
    let timestamp = record.timestamp.map_or(-1, Timestamp::as_millis);
    let (key_size, value_size) = (size(record.key), size(record.value));
    write!(
        line,
        "| offset: {} {}: {timestamp} keySize: {key_size} valueSize: {value_size}",
        record.offset,
        timestamp_type(batch)
    )
    .expect(ANY);
    match batch {
        AnyBatch::V2(v2) => {
            let header = v2.header();
            let delta = record.offset.get() - header.base_offset().get();
            let delta = i32::try_from(delta).unwrap_or(i32::MAX);
            let sequence = header.base_sequence().map_or(-1, |base| add_to_sequence(base, delta));
            let headers = record.headers.iter();
            let keys: Vec<_> = headers.map(|header| String::from_utf8_lossy(header.key)).collect();
            write!(line, " sequence: {sequence} headerKeys: [{}]", keys.join(",")).expect(ANY);
        }
        AnyBatch::Legacy(_) => {
            if let Some(message) = &record.message {
                write!(line, " isValid: {} crc: {}", message.is_valid(), message.crc()).expect(ANY);
            }
        }
    }
    if batch.is_control() {
        describe_control(record, line);
    }
}

fn describe_control(record: &LogRecord<'_>, line: &mut String) {
    let described = match ControlType::parse_key(record.key) {
        Ok(Some(kind)) => control_text(kind, record.value),
        Ok(None) => {
            let code = record.key.and_then(|key| key.get(2..4)).and_then(|code| code.first_chunk());
            format!("controlType: UNKNOWN({})", code.map_or(-1, |code| i16::from_be_bytes(*code)))
        }
        Err(error) => format!("controlType: {error}"),
    };
    line.push(' ');
    line.push_str(&described);
}

fn control_text(kind: ControlType, value: Option<&[u8]>) -> String {
    match kind {
        ControlType::Abort | ControlType::Commit => match EndTxnMarker::parse(value) {
            Ok(marker) => {
                format!("endTxnMarker: {} coordinatorEpoch: {}", kind.name(), marker.coordinator_epoch)
            }
            Err(error) => format!("endTxnMarker: {error}"),
        },
        ControlType::LeaderChange => format!("LeaderChange: {}", message_text::<LeaderChangeMessage>(value)),
        ControlType::SnapshotHeader => {
            format!("SnapshotHeader {}", message_text::<SnapshotHeaderRecord>(value))
        }
        ControlType::SnapshotFooter => {
            format!("SnapshotFooter {}", message_text::<SnapshotFooterRecord>(value))
        }
        ControlType::KraftVersion => format!("KRaftVersion {}", message_text::<KRaftVersionRecord>(value)),
        ControlType::KraftVoters => format!("KRaftVoters {}", message_text::<VotersRecord>(value)),
    }
}

/// A message that begins with its version, as JSON.
fn message_text<M: Message + ToJson>(value: Option<&[u8]>) -> String {
    let value = value.unwrap_or_default();
    let Some(version) = value.first_chunk() else { return "without value".into() };
    let version = i16::from_be_bytes(*version);
    match M::decode(&mut Reader::new(Bytes::copy_from_slice(value)), version) {
        Ok(message) => message.to_json(version),
        Err(error) => error.to_string(),
    }
}

fn describe_content(
    decoder: &Decoder,
    record: &LogRecord<'_>,
    prefix: &str,
    line: &mut String,
) -> ToolResult {
    let decoded = decoder.decode(record)?;
    let mut prefix = prefix;
    if let Some(key) = decoded.key {
        line.push_str(prefix);
        line.push_str("key: ");
        line.push_str(&key);
        prefix = " ";
    }
    if let Some(value) = decoded.value {
        line.push_str(prefix);
        line.push_str("payload: ");
        line.push_str(&value);
    }
    Ok(())
}
