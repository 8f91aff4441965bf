//! A request that names a partition more than once: the last batch counts, and the partition is answered once, as in
//! Kafka (`KafkaApis.handleProduceRequest` collects the batches in a map).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use klamm_model::Uuid;
use klamm_protocol::Str;
use klamm_protocol::messages::produce_request::TopicProduceData;

/// Up to so many entries are compared one by one.
const FEW: usize = 8;

/// Leaves each topic and each partition of it once; the order is that of their first mention.
pub fn merge(topics: Vec<TopicProduceData>) -> Vec<TopicProduceData> {
    let repeated =
        has_repeats(&topics, |one, other| one.name == other.name && one.topic_id == other.topic_id, name)
            || topics.iter().any(|topic| {
                has_repeats(&topic.partition_data, |one, other| one.index == other.index, |data| data.index)
            });
    if repeated { merged(topics) } else { topics }
}

fn name(topic: &TopicProduceData) -> (Str, Uuid) {
    (topic.name.clone(), topic.topic_id)
}

fn has_repeats<T, K: Eq + Hash>(entries: &[T], same: impl Fn(&T, &T) -> bool, key: impl Fn(&T) -> K) -> bool {
    if entries.len() <= FEW {
        return (1..entries.len()).any(|at| entries[..at].iter().any(|before| same(before, &entries[at])));
    }
    let mut seen = HashSet::with_capacity(entries.len());
    !entries.iter().all(|entry| seen.insert(key(entry)))
}

fn merged(topics: Vec<TopicProduceData>) -> Vec<TopicProduceData> {
    let mut merged: Vec<TopicProduceData> = Vec::new();
    let mut topic_places = HashMap::new();
    let mut partition_places = HashMap::new();
    for mut topic in topics {
        let partitions = std::mem::take(&mut topic.partition_data);
        let at = *topic_places.entry(name(&topic)).or_insert_with(|| {
            merged.push(topic);
            merged.len() - 1
        });
        for data in partitions {
            let target = &mut merged[at].partition_data;
            match partition_places.entry((at, data.index)) {
                Entry::Occupied(place) => target[*place.get()] = data,
                Entry::Vacant(place) => {
                    place.insert(target.len());
                    target.push(data);
                }
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use klamm_protocol::Records;
    use klamm_protocol::messages::produce_request::PartitionProduceData;

    use super::*;

    fn topic(name: &str, partitions: &[(i32, &'static str)]) -> TopicProduceData {
        let data = |&(index, text): &(i32, &'static str)| PartitionProduceData {
            index,
            records: Some(Records::from(Bytes::from_static(text.as_bytes()))),
            ..PartitionProduceData::default()
        };
        TopicProduceData {
            name: Str::from(name),
            partition_data: partitions.iter().map(data).collect(),
            ..TopicProduceData::default()
        }
    }

    #[test]
    fn a_request_without_repeats_stays_as_it_is() {
        let topics = vec![topic("a", &[(1, "x"), (0, "y")]), topic("b", &[(1, "z")])];
        assert_eq!(merge(topics.clone()), topics);
    }

    #[test]
    fn the_last_batch_for_a_partition_counts() {
        let topics = vec![topic("a", &[(0, "x"), (1, "y"), (0, "z")])];
        assert_eq!(merge(topics), vec![topic("a", &[(0, "z"), (1, "y")])]);
    }

    #[test]
    fn a_topic_named_twice_is_answered_once() {
        let topics =
            vec![topic("a", &[(0, "x")]), topic("b", &[(0, "y")]), topic("a", &[(1, "v"), (0, "z")])];
        assert_eq!(merge(topics), vec![topic("a", &[(0, "z"), (1, "v")]), topic("b", &[(0, "y")])]);
    }

    #[test]
    fn repeats_among_many_partitions_are_found() {
        let many: Vec<(i32, &'static str)> = (0..100).chain([50]).map(|index| (index, "x")).collect();
        assert_eq!(merge(vec![topic("a", &many)])[0].partition_data.len(), 100);
    }
}
