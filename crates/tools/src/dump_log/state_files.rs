//! Prints producer snapshots (`.snapshot`) and the index of aborted transactions (`.txnindex`).

use std::path::Path;

use bytes::Bytes;
use klamm_protocol::messages::{AbortedTxn, ProducerSnapshot};
use klamm_protocol::records::crc32c;
use klamm_protocol::{Message, Reader};

use super::at_file;
use crate::tool::{Terminal, ToolError, ToolResult};

/// Bytes of an entry of version 0, the only one.
const ABORTED_SIZE: usize = 34;
/// Version and checksum precede what the checksum covers.
const CRC_FROM: usize = 6;

/// Prints the producers of a snapshot; a damaged file is told, and no failure.
pub(super) fn dump_producers(path: &Path, terminal: &mut Terminal<'_>) -> ToolResult {
    let content = std::fs::read(path).map_err(|error| at_file(path, error))?;
    let snapshot = match decode_producers(&content) {
        Ok(snapshot) => snapshot,
        Err(reason) => return Ok(writeln!(terminal.err, "{reason}")?),
    };
    for entry in &snapshot.producer_entries {
        let first = match entry.current_txn_first_offset {
            offset if offset >= 0 => format!("OptionalLong[{offset}]"),
            _ => "OptionalLong.empty".to_owned(),
        };
        write!(
            terminal.out,
            "producerId: {} producerEpoch: {} coordinatorEpoch: {} currentTxnFirstOffset: {first} lastTimestamp: {}",
            entry.producer_id, entry.epoch, entry.coordinator_epoch, entry.timestamp
        )?;
        if entry.last_offset >= 0 {
            write!(
                terminal.out,
                " firstSequence: {} lastSequence: {} lastOffset: {} offsetDelta: {} timestamp: {}",
                first_sequence(entry.last_sequence, entry.offset_delta),
                entry.last_sequence,
                entry.last_offset,
                entry.offset_delta,
                entry.timestamp
            )?;
        }
        writeln!(terminal.out)?;
    }
    Ok(())
}

/// Sequences go round from the largest number to 0.
fn first_sequence(last: i32, delta: i32) -> i32 {
    if last < delta { i32::MAX - (delta - last) + 1 } else { last - delta }
}

fn decode_producers(content: &[u8]) -> Result<ProducerSnapshot, String> {
    let invalid = |reason: &dyn std::fmt::Display| format!("Snapshot failed schema validation: {reason}");
    let mut reader = Reader::new(Bytes::copy_from_slice(content));
    let version = reader.i16().map_err(|error| invalid(&error))?;
    if version != 1 {
        return Err(invalid(&format_args!("Snapshot contained an unknown file version {version}")));
    }
    let snapshot = ProducerSnapshot::decode(&mut reader, version).map_err(|error| invalid(&error))?;
    let computed = crc32c(&content[CRC_FROM..]);
    if snapshot.crc != computed {
        return Err(format!(
            "Snapshot is corrupt (CRC is no longer valid). Stored crc: {}. Computed crc: {computed}",
            snapshot.crc
        ));
    }
    Ok(snapshot)
}

/// Prints the aborted transactions of a segment.
pub(super) fn dump_aborted(path: &Path, terminal: &mut Terminal<'_>) -> ToolResult {
    let content = std::fs::read(path).map_err(|error| at_file(path, error))?;
    let (entries, rest) = content.as_chunks::<ABORTED_SIZE>();
    for entry in entries {
        let mut reader = Reader::new(Bytes::copy_from_slice(entry));
        let version = reader.i16().map_err(|error| at_file(path, error))?;
        let aborted = AbortedTxn::decode(&mut reader, version).map_err(|error| at_file(path, error))?;
        writeln!(
            terminal.out,
            "version: {version} producerId: {} firstOffset: {} lastOffset: {} lastStableOffset: {}",
            aborted.producer_id, aborted.first_offset, aborted.last_offset, aborted.last_stable_offset
        )?;
    }
    if rest.is_empty() {
        return Ok(());
    }
    Err(ToolError::Failed(format!("{}: {} bytes at its end are no entry", path.display(), rest.len())))
}
