//! The four `*-offset-checkpoint` files of a log directory: `topic partition offset` per line.

use std::collections::BTreeMap;

use klamm_model::{Offset, TopicPartition};

/// Content of the file; by topic and partition (Kafka's order is that of a hash map).
pub fn encode_offsets(offsets: &BTreeMap<TopicPartition, Offset>) -> Vec<u8> {
    let entries: Vec<_> = offsets.iter().collect();
    super::text::encode(&entries, |(partition, offset)| {
        format!("{} {} {offset}", partition.topic, partition.partition)
    })
}

/// Reads the content; says what is wrong with it. A negative offset (an old broker's "unknown")
/// is left out.
pub fn decode_offsets(content: &[u8]) -> Result<BTreeMap<TopicPartition, Offset>, String> {
    let entries = super::text::decode(content, |fields| {
        let &[topic, partition, offset] = fields else { return None };
        let partition = partition.parse::<i32>().ok().filter(|&number| number >= 0)?;
        Some((TopicPartition::new(topic, partition), offset.parse::<i64>().ok()?))
    })?;
    let known = |(partition, offset)| Offset::new(offset).map(|offset| (partition, offset));
    Ok(entries.into_iter().filter_map(known).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_form_is_kafkas() {
        let offsets = BTreeMap::from([
            (TopicPartition::new("b", 0), Offset::at(7)),
            (TopicPartition::new("a", 10), Offset::at(0)),
            (TopicPartition::new("a", 2), Offset::at(99)),
        ]);
        let content = encode_offsets(&offsets);
        assert_eq!(content, b"0\n3\na 2 99\na 10 0\nb 0 7\n");
        assert_eq!(decode_offsets(&content).unwrap(), offsets);
        assert_eq!(encode_offsets(&BTreeMap::new()), b"0\n0\n");
    }

    #[test]
    fn damage_is_named() {
        assert!(decode_offsets(b"").unwrap().is_empty());
        assert!(decode_offsets(b"0\n0\n").unwrap().is_empty());
        for (bad, word) in [
            (&b"1\n0\n"[..], "version"),
            (b"0\nx\n", "count"),
            (b"0\n2\na 0 1\n", "announced"),
            (b"0\n1\na 0\n", "bad line"),
            (b"0\n1\na -1 5\n", "bad line"),
            (b"0\n1\n\xff 0 1\n", "UTF-8"),
        ] {
            assert!(decode_offsets(bad).unwrap_err().contains(word));
        }
    }
}
