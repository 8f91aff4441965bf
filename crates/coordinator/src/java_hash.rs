//! Java's string hash and the order in which a `java.util.HashMap` walks its keys.
//!
//! The hash decides which partition holds a group. The order decides, in Apache Kafka, ties: who leads
//! after the leader left, which of two equally wanted protocols wins, how members are listed. Breaking
//! ties alike makes our records equal to Kafka's for the same input, byte for byte.

/// `String.hashCode`: over UTF-16 code units, wrapping.
pub fn string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0, |hash: i32, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// The partition of `__consumer_offsets` (of `partitions`, at least 1) that holds `group_id`.
pub fn partition_for(group_id: &str, partitions: i32) -> i32 {
    // `checked_abs` fails for i32::MIN only, which Kafka maps to 0.
    string_hash(group_id).checked_abs().unwrap_or(0) % partitions
}

/// Puts `items`, given in the order of insertion, into the order in which a `HashMap` walks them that
/// has held at most `largest` entries at once (its table never shrinks).
///
/// Exact as long as no bucket has become a tree, which takes eight keys in one bucket of 64 or more.
pub(crate) fn sort_as_hash_map<T>(items: &mut [T], largest: usize, key: impl Fn(&T) -> &str) {
    let mut buckets: usize = 16;
    while largest > buckets / 4 * 3 {
        buckets *= 2;
    }
    let bucket = |text: &str| {
        let hash = string_hash(text).cast_unsigned();
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    };
    items.sort_by_cached_key(|item| bucket(key(item)));
}

#[cfg(test)]
mod tests {
    use super::*;

    // All expected values were printed by Java 17.

    #[test]
    fn hash_counts_utf16_units_like_java() {
        assert_eq!(string_hash(""), 0);
        assert_eq!(string_hash("console-consumer-12345"), 158_455_506);
        assert_eq!(string_hash("größe"), 98_762_257);
        assert_eq!(string_hash("a😀"), 1_866_116);
    }

    #[test]
    fn groups_map_to_kafkas_partitions_and_the_smallest_hash_to_zero() {
        assert_eq!(partition_for("console-consumer-12345", 50), 6);
        assert_eq!(partition_for("größe", 50), 7);
        assert_eq!(partition_for("a😀", 50), 16);
        assert_eq!(string_hash("polygenelubricants"), i32::MIN);
        assert_eq!(partition_for("polygenelubricants", 50), 0);
    }

    #[track_caller]
    fn assert_order(inserted: &str, walked: &str) {
        let mut keys: Vec<&str> = inserted.split(' ').collect();
        let count = keys.len();
        sort_as_hash_map(&mut keys, count, |key| key);
        assert_eq!(keys.join(" "), walked);
    }

    #[test]
    fn keys_are_walked_in_the_order_of_a_java_hash_map() {
        assert_order(
            "range roundrobin sticky cooperative-sticky",
            "sticky range roundrobin cooperative-sticky",
        );
        // The twelfth key still fits the first table, the thirteenth doubles it.
        assert_order(
            "m-2770b39 m-592ad309 m-7d984a5d m-e5b3f441 m-be1a4792 m-b54b1905 m-91b3ca5d m-5a171600 \
             m-f3e147a1 m-1ee88ee9 m-40ae7fdf m-d993e7bf",
            "m-2770b39 m-d993e7bf m-5a171600 m-40ae7fdf m-7d984a5d m-e5b3f441 m-f3e147a1 m-b54b1905 \
             m-be1a4792 m-1ee88ee9 m-592ad309 m-91b3ca5d",
        );
        assert_order(
            "m-b252edfc m-154de302 m-afcac4e5 m-edc26f16 m-1bfba4ce m-a440e265 m-1db344e9 m-c8e60507 \
             m-bdf81cb7 m-96c697fc m-b2583069 m-7914dd2e m-973295f1",
            "m-7914dd2e m-b2583069 m-96c697fc m-afcac4e5 m-a440e265 m-1bfba4ce m-973295f1 m-1db344e9 \
             m-b252edfc m-bdf81cb7 m-c8e60507 m-154de302 m-edc26f16",
        );
    }
}
