//! The sender's own pace, and what it makes of requests that fail.
#![allow(clippy::unwrap_used)]

use klamm_model::{Timestamp, TopicPartition};
use klamm_protocol::{ApiKey, DecodeError};

use super::*;
use crate::cluster::TopicView;
use crate::producer::ProducerRecord;
use crate::producer::dispatch::number;
use crate::producer::partitioner::Choice;

/// A sender with one waiting record for a partition that nobody leads; no broker is known.
fn leaderless() -> Sender {
    let config = Arc::new(ProducerConfig { linger_ms: 0, ..ProducerConfig::default() });
    let shared = Arc::new(Shared::new(&config, Choice::of(&config)));
    let name: Arc<str> = Arc::from("t");
    shared.use_topic(&name);
    let topic =
        TopicView { name, id: None, error: ErrorCode::None, is_internal: false, partitions: Vec::new() };
    let record = ProducerRecord::new("t", "value").with_partition(0);
    let memory = Arc::clone(&shared.memory).try_acquire_many_owned(10).unwrap();
    shared.accumulator.lock().append(&topic, &record, Timestamp::from_millis(1), None, memory).unwrap();
    let cluster = Cluster::new(config.client.clone());
    let mut sender = Sender::new(shared, cluster, config);
    if let Some(sequences) = &mut sender.sequences {
        sequences.on_identity(Identity { id: ProducerId::at(1), epoch: ProducerEpoch::at(0) });
    }
    sender
}

#[tokio::test(start_paused = true)]
async fn a_partition_without_a_leader_is_asked_for_at_the_pace_of_the_backoff() {
    let mut sender = leaderless();
    let mut turns = 0;
    let ended = tokio::time::timeout(Duration::from_secs(10), async {
        // The bound ends a loop that never waits, which no timer would.
        while turns < 10_000 && sender.turn().await.is_continue() {
            turns += 1;
        }
    });
    assert!(ended.await.is_err(), "{turns} turns");
    // 10 s at 80 ms at least, a question and its failure each.
    assert!((10..=250).contains(&turns), "{turns} turns in ten seconds");
}

#[tokio::test]
async fn a_batch_counts_as_refused_only_if_it_never_left() {
    let unread = ClientError::Decode {
        api: ApiKey::Produce,
        cause: DecodeError::Truncated { at: 0, wanted: 4, left: 1 },
    };
    let unsent = ClientError::UnsupportedVersion { api: ApiKey::Produce };
    for (error, attempts, expected) in
        [(&unread, 1, Fate::Unknown), (&unsent, 1, Fate::Refused), (&unsent, 2, Fate::Unknown)]
    {
        let mut sender = leaderless();
        let at = TopicPartition::new("t", 0);
        let mut batch = sender.shared.accumulator.lock().take_first(&at).unwrap();
        number(sender.sequences.as_mut(), &batch);
        batch.attempts = attempts;
        let id = batch.id;
        sender.in_flight.insert(id, batch);
        assert_eq!(sender.fate_of(id, error), expected, "{error}, {attempts}");
    }
}
