//! Records without key stay with one partition until it got a batch, then move on (KIP-794). Moving for
//! each record would leave all batches small.

use std::collections::HashMap;
use std::sync::Arc;

use rand::RngExt as _;

use super::candidates;
use crate::cluster::TopicView;

/// Whether the batch that was appended to can take more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::producer) enum LastBatch {
    /// It can: moving on would leave it small.
    Open,
    /// It cannot.
    Full,
}

#[derive(Debug)]
struct Current {
    partition: i32,
    bytes: usize,
}

/// The present partition of each topic.
#[derive(Debug)]
pub(in crate::producer) struct Sticky {
    batch_size: usize,
    topics: HashMap<Arc<str>, Current>,
}

impl Sticky {
    pub(in crate::producer) fn new(batch_size: usize) -> Sticky {
        // A batch size of 0 moves on with each record.
        Sticky { batch_size: batch_size.max(1), topics: HashMap::new() }
    }

    /// The partition for the next record, or `None` for a topic without partitions.
    pub(in crate::producer) fn partition(&mut self, topic: &TopicView) -> Option<i32> {
        let current = self.topics.get(&topic.name).map(|current| current.partition);
        if let Some(partition) = current.filter(|partition| topic.partition(*partition).is_some()) {
            return Some(partition);
        }
        let partition = draw(topic)?;
        self.topics.insert(Arc::clone(&topic.name), Current { partition, bytes: 0 });
        Some(partition)
    }

    /// Counts what was appended; moves on after a batch's worth, once the last batch is full, and after two
    /// in any case.
    pub(in crate::producer) fn on_appended(&mut self, topic: &TopicView, bytes: usize, last: LastBatch) {
        let Some(current) = self.topics.get_mut(&topic.name) else { return };
        current.bytes += bytes;
        let enough = current.bytes >= self.batch_size && last == LastBatch::Full;
        if !enough && current.bytes < self.batch_size.saturating_mul(2) {
            return;
        }
        if let Some(partition) = draw(topic) {
            *current = Current { partition, bytes: 0 };
        }
    }
}

fn draw(topic: &TopicView) -> Option<i32> {
    let candidates = candidates(topic);
    if candidates.is_empty() {
        return None;
    }
    Some(candidates[rand::rng().random_range(0..candidates.len())])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::tests::topic;
    use super::*;

    #[test]
    fn a_partition_keeps_the_records_until_it_got_a_batch() {
        let topic = topic(&vec![Some(1); 1000]);
        let mut sticky = Sticky::new(100);
        let first = sticky.partition(&topic).unwrap();
        sticky.on_appended(&topic, 99, LastBatch::Full);
        assert_eq!(sticky.partition(&topic), Some(first), "not enough yet");
        sticky.on_appended(&topic, 99, LastBatch::Open);
        assert_eq!(sticky.partition(&topic), Some(first), "enough, but the batch takes more");
        sticky.on_appended(&topic, 2, LastBatch::Open);
        let second = sticky.partition(&topic).unwrap();
        sticky.on_appended(&topic, 100, LastBatch::Full);
        let third = sticky.partition(&topic).unwrap();
        assert!(first != second || second != third, "one repetition in a thousand is luck, two are not");
    }

    #[test]
    fn a_partition_that_is_gone_is_left() {
        let mut sticky = Sticky::new(100);
        let many = topic(&vec![None; 64]);
        sticky.partition(&many).unwrap();
        assert_eq!(sticky.partition(&topic(&[None])), Some(0));
        assert_eq!(sticky.partition(&topic(&[])), None);
    }
}
