//! An entry of `.txnindex`: an aborted transaction.

use klamm_logstate::AbortedTransaction;
use klamm_model::{Offset, ProducerId};

/// Bytes of an entry.
pub(crate) const TRANSACTION_ENTRY: usize = 34;
const VERSION: i16 = 0;

pub(crate) fn encode_aborted(entry: &AbortedTransaction) -> [u8; TRANSACTION_ENTRY] {
    let mut bytes = [0; TRANSACTION_ENTRY];
    bytes[..2].copy_from_slice(&VERSION.to_be_bytes());
    bytes[2..10].copy_from_slice(&entry.producer_id.get().to_be_bytes());
    bytes[10..18].copy_from_slice(&entry.first_offset.get().to_be_bytes());
    bytes[18..26].copy_from_slice(&entry.last_offset.get().to_be_bytes());
    bytes[26..].copy_from_slice(&entry.last_stable_offset.get().to_be_bytes());
    bytes
}

/// All entries of a file, or what is wrong with it: last offsets must grow and lie in the segment
/// that begins at `base`. A partial entry at the end is damage, too: the file is written by entry.
pub(crate) fn decode_aborted(content: &[u8], base: Offset) -> Result<Vec<AbortedTransaction>, &'static str> {
    let (entries, rest) = content.as_chunks::<TRANSACTION_ENTRY>();
    if !rest.is_empty() {
        return Err("it ends within an entry");
    }
    let mut aborted: Vec<AbortedTransaction> = Vec::with_capacity(entries.len());
    for entry in entries {
        let entry = decode_entry(entry).ok_or("an entry of an unknown version or with negative numbers")?;
        let after = aborted.last().is_none_or(|last| last.last_offset < entry.last_offset);
        if !after || entry.last_offset < base || entry.first_offset > entry.last_offset {
            return Err("offsets out of order");
        }
        aborted.push(entry);
    }
    Ok(aborted)
}

fn decode_entry(bytes: &[u8; TRANSACTION_ENTRY]) -> Option<AbortedTransaction> {
    let long = |at: usize| i64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    if i16::from_be_bytes([bytes[0], bytes[1]]) != VERSION {
        return None;
    }
    Some(AbortedTransaction {
        producer_id: ProducerId::new(long(2))?,
        first_offset: Offset::new(long(10))?,
        last_offset: Offset::new(long(18))?,
        last_stable_offset: Offset::new(long(26))?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn entry(first: i64, last: i64) -> AbortedTransaction {
        AbortedTransaction {
            producer_id: ProducerId::at(5),
            first_offset: Offset::at(first),
            last_offset: Offset::at(last),
            last_stable_offset: Offset::at(last + 1),
        }
    }

    #[test]
    fn entries_round_trip_and_damage_is_named() {
        let content = [encode_aborted(&entry(1, 9)), encode_aborted(&entry(4, 12))].concat();
        assert_eq!(decode_aborted(&content, Offset::ZERO).unwrap(), [entry(1, 9), entry(4, 12)]);
        decode_aborted(&content[..50], Offset::ZERO).unwrap_err();
        decode_aborted(&content, Offset::at(10)).unwrap_err();
        let swapped = [encode_aborted(&entry(4, 12)), encode_aborted(&entry(1, 9))].concat();
        decode_aborted(&swapped, Offset::ZERO).unwrap_err();
        let mut versioned = content;
        versioned[1] = 1;
        decode_aborted(&versioned, Offset::ZERO).unwrap_err();
    }
}
