//! Checksums: CRC-32C of v2 batches and side files, CRC-32 (IEEE) of legacy messages and gzip.
//!
//! Two implementations of CRC-32C, chosen by length: `crc32c` has no set-up and wins on short
//! inputs, `crc-fast` folds wide vectors and wins from [`WIDE_FROM`] bytes on.

/// Input length in bytes from which `crc-fast` is the faster one (measured by the example
/// `record_costs`).
const WIDE_FROM: usize = 256;

/// CRC-32C (Castagnoli) of `bytes`: batches v2, producer snapshots.
pub fn crc32c(bytes: &[u8]) -> u32 {
    if bytes.len() < WIDE_FROM { crc32c::crc32c(bytes) } else { crc_fast::crc32_iscsi(bytes) }
}

/// The CRC-32C of the bytes behind `crc` followed by `bytes`.
pub fn crc32c_append(crc: u32, bytes: &[u8]) -> u32 {
    if bytes.len() < WIDE_FROM {
        return crc32c::crc32c_append(crc, bytes);
    }
    crc32c::crc32c_combine(crc, crc_fast::crc32_iscsi(bytes), bytes.len())
}

/// CRC-32 (IEEE 802.3) of `bytes`: message formats 0 and 1, gzip.
pub fn crc32(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iso_hdlc(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32c(b""), 0);
    }

    #[test]
    fn every_length_gives_the_same_crc_by_either_way_and_in_pieces() {
        let bytes: Vec<u8> = (0..2000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for length in 0..bytes.len() {
            let input = &bytes[..length];
            let expected = crc32c::crc32c(input);
            assert_eq!(crc32c(input), expected, "{length} bytes");
            assert_eq!(u64::from(crc_fast::crc32_iscsi(input)), u64::from(expected), "{length} bytes");
            let (head, tail) = input.split_at(length / 3);
            assert_eq!(crc32c_append(crc32c(head), tail), expected, "{length} bytes in two pieces");
        }
    }
}
