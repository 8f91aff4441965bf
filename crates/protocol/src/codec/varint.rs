//! Kafka's varints over plain slices: base 128, least significant group first, signed ones zigzag.
//!
//! The record codec uses these directly; [`Reader`](super::Reader) and [`Writer`](super::Writer) build on them.

/// Reads an unsigned varint of 32 bits: the value and the bytes it took. `None` if the slice ends inside it;
/// `Some((_, 0))` if it has more than 32 bits.
///
/// As in Kafka, the fifth byte may carry bits beyond the 32nd as long as it ends the number: they fall away.
#[inline]
pub(super) fn decode_unsigned(bytes: &[u8]) -> Option<(u32, usize)> {
    match bytes.first() {
        Some(&first) if first < 0x80 => Some((u32::from(first), 1)),
        Some(_) => decode_unsigned_long_form(bytes),
        None => None,
    }
}

fn decode_unsigned_long_form(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0u32;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Some((value, index + 1));
        }
    }
    if bytes.len() >= 5 { Some((0, 0)) } else { None }
}

/// Reads an unsigned varint of 64 bits, with the conventions of [`decode_unsigned`].
fn decode_unsigned_64(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (index, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Some((value, index + 1));
        }
    }
    if bytes.len() >= 10 { Some((0, 0)) } else { None }
}

/// Reads a signed 32-bit varint (zigzag): the value and the bytes it took, or `None` if the slice ends
/// inside it or it is overlong.
#[inline]
pub fn decode_varint(bytes: &[u8]) -> Option<(i32, usize)> {
    let (raw, taken) = decode_unsigned(bytes)?;
    (taken > 0).then_some(((raw >> 1) as i32 ^ -((raw & 1) as i32), taken))
}

/// Reads a signed 64-bit varint (zigzag): the value and the bytes it took, or `None` if the slice ends
/// inside it or it is overlong.
#[inline]
pub fn decode_varlong(bytes: &[u8]) -> Option<(i64, usize)> {
    let (raw, taken) = match bytes.first() {
        Some(&first) if first < 0x80 => (u64::from(first), 1),
        _ => decode_unsigned_64(bytes)?,
    };
    (taken > 0).then_some(((raw >> 1) as i64 ^ -((raw & 1) as i64), taken))
}

/// Writes an unsigned varint into `out` and returns its length.
#[inline]
pub(super) fn encode_unsigned(mut value: u32, out: &mut [u8; 5]) -> usize {
    let mut len = 0;
    while value >= 0x80 {
        out[len] = value as u8 | 0x80;
        value >>= 7;
        len += 1;
    }
    out[len] = value as u8;
    len + 1
}

/// Writes a signed 32-bit varint (zigzag) into `out` and returns its length.
#[inline]
pub fn encode_varint(value: i32, out: &mut [u8; 5]) -> usize {
    encode_unsigned(((value << 1) ^ (value >> 31)) as u32, out)
}

/// Writes a signed 64-bit varint (zigzag) into `out` and returns its length.
#[inline]
pub fn encode_varlong(value: i64, out: &mut [u8; 10]) -> usize {
    let mut raw = ((value << 1) ^ (value >> 63)) as u64;
    let mut len = 0;
    while raw >= 0x80 {
        out[len] = raw as u8 | 0x80;
        raw >>= 7;
        len += 1;
    }
    out[len] = raw as u8;
    len + 1
}

/// Bytes an unsigned varint takes.
#[inline]
pub(super) const fn unsigned_len(value: u32) -> usize {
    (38 - value.leading_zeros() as usize) / 7 + (value == 0) as usize
}

/// Bytes a signed 32-bit varint takes.
#[inline]
pub const fn varint_len(value: i32) -> usize {
    unsigned_len(((value << 1) ^ (value >> 31)) as u32)
}

/// Bytes a signed 64-bit varint takes.
#[inline]
pub const fn varlong_len(value: i64) -> usize {
    let raw = ((value << 1) ^ (value >> 63)) as u64;
    (70 - raw.leading_zeros() as usize) / 7 + (raw == 0) as usize
}
