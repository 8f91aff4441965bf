//! Checksums: CRC-32C of v2 batches and side files, CRC-32 (IEEE) of legacy messages and gzip.
//!
//! `crc-fast` was measured against the `crc32c` crate (example `record_costs`) and is the faster at
//! every length, twice to three times from 1 KiB on.

use crc_fast::{CrcAlgorithm, Digest};

/// CRC-32C (Castagnoli) of `bytes`: batches v2, producer snapshots.
#[inline]
pub fn crc32c(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}

/// The CRC-32C of the bytes behind `crc` followed by `bytes`.
pub fn crc32c_append(crc: u32, bytes: &[u8]) -> u32 {
    // The state is the checksum before its last step, which inverts it.
    let mut digest = Digest::new_with_init_state(CrcAlgorithm::Crc32Iscsi, u64::from(!crc));
    digest.update(bytes);
    // The algorithm yields 32 bits in a 64-bit result.
    digest.finalize() as u32
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

    /// Bit by bit, as the polynomial is defined.
    fn slow(bytes: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0x82f6_3b78 } else { crc >> 1 };
            }
        }
        !crc
    }

    #[test]
    fn every_length_has_the_crc_of_its_definition_also_in_pieces() {
        let bytes: Vec<u8> = (0..2000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for length in 0..bytes.len() {
            let input = &bytes[..length];
            let expected = slow(input);
            assert_eq!(crc32c(input), expected, "{length} bytes");
            let (head, tail) = input.split_at(length / 3);
            assert_eq!(crc32c_append(crc32c(head), tail), expected, "{length} bytes in two pieces");
        }
    }
}
