//! Zigzag varints of records, as Kafka's `ByteUtils` reads them.
//!
//! An int has at most 5 bytes and a long at most 10: one more is refused. Bits beyond the width in
//! the last byte are dropped and padded forms (`80 00`) are read, as Kafka does.

use bytes::BufMut;

/// Why a varint could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VarintError {
    /// The bytes end inside the varint.
    #[error("the bytes end inside a varint")]
    Truncated,
    /// The last byte its width allows still asks for another.
    #[error("a varint is longer than its type allows")]
    Overlong,
}

/// Reads a zigzag int from the front of `bytes` and moves past it.
#[inline]
pub(crate) fn read_i32(bytes: &mut &[u8]) -> Result<i32, VarintError> {
    match **bytes {
        [first, ref rest @ ..] if first < 0x80 => {
            *bytes = rest;
            Ok(unzigzag32(u32::from(first)))
        }
        // Lengths of 64 to 8191 bytes.
        [first, second, ref rest @ ..] if second < 0x80 => {
            *bytes = rest;
            Ok(unzigzag32(u32::from(first & 0x7f) | u32::from(second) << 7))
        }
        _ => read_long_i32(bytes),
    }
}

#[cold]
fn read_long_i32(bytes: &mut &[u8]) -> Result<i32, VarintError> {
    let mut value = 0u32;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return Ok(unzigzag32(value));
        }
    }
    Err(if bytes.len() < 5 { VarintError::Truncated } else { VarintError::Overlong })
}

/// Reads a zigzag long from the front of `bytes` and moves past it.
#[inline]
pub(crate) fn read_i64(bytes: &mut &[u8]) -> Result<i64, VarintError> {
    match **bytes {
        [first, ref rest @ ..] if first < 0x80 => {
            *bytes = rest;
            Ok(unzigzag64(u64::from(first)))
        }
        _ => read_long_i64(bytes),
    }
}

fn read_long_i64(bytes: &mut &[u8]) -> Result<i64, VarintError> {
    let mut value = 0u64;
    for (index, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return Ok(unzigzag64(value));
        }
    }
    Err(if bytes.len() < 10 { VarintError::Truncated } else { VarintError::Overlong })
}

/// Appends `value` as a zigzag int.
#[inline]
pub(crate) fn write_i32(out: &mut impl BufMut, value: i32) {
    write_unsigned(out, u64::from(zigzag32(value)));
}

/// Appends `value` as a zigzag long.
#[inline]
pub(crate) fn write_i64(out: &mut impl BufMut, value: i64) {
    write_unsigned(out, zigzag64(value));
}

#[inline]
fn write_unsigned(out: &mut impl BufMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8(value as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

/// Bytes of `value` as a zigzag int.
pub(crate) fn size_i32(value: i32) -> usize {
    size_unsigned(u64::from(zigzag32(value)))
}

/// Bytes of `value` as a zigzag long.
pub(crate) fn size_i64(value: i64) -> usize {
    size_unsigned(zigzag64(value))
}

fn size_unsigned(value: u64) -> usize {
    let bits = 64 - (value | 1).leading_zeros() as usize;
    bits.div_ceil(7)
}

fn zigzag32(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

fn zigzag64(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

#[inline]
fn unzigzag32(value: u32) -> i32 {
    (value >> 1) as i32 ^ -((value & 1) as i32)
}

#[inline]
fn unzigzag64(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_width_round_trips_with_its_size() {
        let edges = (0..63).flat_map(|bit| [1i64 << bit, (1 << bit) - 1, -(1 << bit), -(1 << bit) - 1]);
        for value in edges.chain([i64::MIN, i64::MAX]) {
            let mut out = Vec::new();
            write_i64(&mut out, value);
            assert_eq!(out.len(), size_i64(value));
            assert_eq!(read_i64(&mut &out[..]), Ok(value));
            let Ok(value) = i32::try_from(value) else { continue };
            let mut out = Vec::new();
            write_i32(&mut out, value);
            assert_eq!(out.len(), size_i32(value));
            assert_eq!(read_i32(&mut &out[..]), Ok(value));
        }
    }

    #[test]
    fn a_sixth_byte_of_an_int_is_refused() {
        assert_eq!(read_i32(&mut &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00][..]), Err(VarintError::Overlong));
        assert_eq!(read_i32(&mut &[0x80, 0x80, 0x80, 0x80][..]), Err(VarintError::Truncated));
        assert_eq!(read_i32(&mut &[][..]), Err(VarintError::Truncated));
    }

    #[test]
    fn an_eleventh_byte_of_a_long_is_refused() {
        assert_eq!(read_i64(&mut &[0x80; 11][..]), Err(VarintError::Overlong));
        assert_eq!(read_i64(&mut &[0x80; 9][..]), Err(VarintError::Truncated));
    }

    #[test]
    fn padded_forms_and_spare_bits_of_the_last_byte_are_read_as_kafka_reads_them() {
        assert_eq!(read_i32(&mut &[0x82, 0x00][..]), Ok(1));
        assert_eq!(read_i32(&mut &[0xff, 0xff, 0xff, 0xff, 0x7f][..]), Ok(i32::MIN));
        let mut rest = &[0x02, 0x04][..];
        assert_eq!(read_i32(&mut rest).unwrap(), 1);
        assert_eq!(rest, [0x04]);
    }
}
