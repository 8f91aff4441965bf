//! The key hash of Kafka's Java clients: 32-bit MurmurHash2 with its own seed. Other hashes would send a
//! key to another partition than the records it belongs to.

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;

/// The hash of `bytes`.
pub fn murmur2(bytes: &[u8]) -> i32 {
    let (words, tail) = bytes.as_chunks::<4>();
    let mut hash = SEED ^ bytes.len() as u32;
    for word in words {
        let mut mixed = u32::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        mixed ^= mixed >> 24;
        hash = hash.wrapping_mul(MULTIPLIER) ^ mixed.wrapping_mul(MULTIPLIER);
    }
    if !tail.is_empty() {
        let rest = tail.iter().rev().fold(0, |rest: u32, byte| rest << 8 | u32::from(*byte));
        hash = (hash ^ rest).wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ hash >> 13).wrapping_mul(MULTIPLIER);
    (hash ^ hash >> 15).cast_signed()
}

/// The partition of a key among `partitions`, at least 1.
pub fn partition_for_key(key: &[u8], partitions: i32) -> i32 {
    (murmur2(key) & i32::MAX) % partitions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_equal_javas() {
        // Printed by org.apache.kafka.common.utils.Utils.murmur2 of Kafka 4.4.0.
        let expected: [(&[u8], i32); 13] = [
            (&[], 275646681),
            (&[97], -1563381124),
            (&[97, 98], 316155434),
            (&[97, 98, 99], 479470107),
            (&[97, 98, 99, 100], -1323649548),
            (&[97, 98, 99, 100, 101], 461995741),
            (&[50, 49], -973932308),
            (&[102, 111, 111, 98, 97, 114], -790332482),
            (
                &[
                    97, 45, 108, 105, 116, 116, 108, 101, 45, 98, 105, 116, 45, 108, 111, 110, 103, 45, 115,
                    116, 114, 105, 110, 103,
                ],
                -985981536,
            ),
            (
                &[
                    108, 107, 106, 104, 50, 51, 52, 108, 104, 57, 102, 105, 117, 104, 57, 48, 121, 50, 51,
                    111, 105, 117, 104, 115, 97, 102, 117, 106, 104, 97, 100, 111, 102, 50, 50, 57, 112, 104,
                    114, 57, 104, 49, 57, 104, 56, 57, 104, 56,
                ],
                -58897971,
            ),
            (&[103, 114, 195, 182, 195, 159, 101], 588164084),
            (&[0, 195, 191, 194, 128], 1630974706),
            (&[255, 254, 128, 0, 1, 154, 7], 1245667023),
        ];
        for (bytes, hash) in expected {
            assert_eq!(murmur2(bytes), hash, "{bytes:?}");
        }
    }
}
