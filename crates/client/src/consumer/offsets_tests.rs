//! How long commits may take where no broker answers.
#![allow(clippy::unwrap_used)]

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use super::*;
use crate::consumer::state::Subscription;
use crate::consumer::{ConsumerConfig, Listening, RebalanceListener, done};

/// `default.api.timeout.ms` of the consumers here.
const CALL: Duration = Duration::from_secs(5);
/// What the scatter of back-offs and timers may add.
const SLACK: Duration = Duration::from_secs(1);
const COMMITS: usize = 100;

/// A consumer of a group whose only broker takes connections and says nothing, and its broker.
async fn unanswered() -> (Consumer, TcpListener) {
    let broker = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = broker.local_addr().unwrap().to_string();
    let mut config = ConsumerConfig::new(&address).unwrap();
    config.group_id = Some("g".to_owned());
    config.client.default_api_timeout_ms = CALL.as_millis() as u64;
    config.auto_commit = AutoCommit::Never;
    (Consumer::new(config), broker)
}

fn place() -> Offsets {
    let offset = OffsetAndMetadata { offset: Offset::at(7), leader_epoch: None, metadata: String::new() };
    Offsets::from([(TopicPartition::new("t", 0), offset)])
}

/// Starts many commits; counts those that were told as failed.
fn commit_often(consumer: &mut Consumer) -> Arc<AtomicUsize> {
    let failed = Arc::new(AtomicUsize::new(0));
    for _ in 0..COMMITS {
        let failed = Arc::clone(&failed);
        let callback: CommitCallback = Box::new(move |_, result| {
            failed.fetch_add(usize::from(result.is_err()), Ordering::Relaxed);
        });
        consumer.commit_offsets_async(place(), Some(callback)).unwrap();
    }
    failed
}

#[tokio::test(start_paused = true)]
async fn a_commit_behind_many_unanswered_ones_ends_in_its_own_time() {
    let (mut consumer, _broker) = unanswered().await;
    let failed = commit_often(&mut consumer);
    let began = Instant::now();
    let committed = consumer.commit_offsets_sync(&place()).await;
    assert!(committed.is_err(), "{committed:?}");
    assert!(began.elapsed() <= CALL + SLACK, "{:?}", began.elapsed());
    tokio::time::sleep(SLACK).await;
    consumer.take_commits();
    assert_eq!(failed.load(Ordering::Relaxed), COMMITS, "each is told how it ended");
}

/// Counts the partitions that were given up.
struct Hears(Arc<AtomicUsize>);

impl RebalanceListener for Hears {
    fn on_assigned<'a>(&'a mut self, _: &'a mut Consumer, _: &'a [TopicPartition]) -> Listening<'a> {
        done()
    }

    fn on_revoked<'a>(&'a mut self, _: &'a mut Consumer, partitions: &'a [TopicPartition]) -> Listening<'a> {
        self.0.fetch_add(partitions.len(), Ordering::Relaxed);
        done()
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_behind_unanswered_commits_still_tells_the_listener_and_keeps_its_limit() {
    let (mut consumer, _broker) = unanswered().await;
    let revoked = Arc::new(AtomicUsize::new(0));
    consumer.set_listener(Hears(Arc::clone(&revoked)));
    consumer.subscribe(["t"]).unwrap();
    assert!(matches!(consumer.state.subscription, Subscription::Topics(_)));
    consumer.state.assign([TopicPartition::new("t", 0)]);
    consumer.group.as_mut().unwrap().member.generation = Some(1);
    commit_often(&mut consumer);
    let (began, limit) = (Instant::now(), Duration::from_secs(2));
    let closed = consumer.close(limit).await;
    assert!(matches!(closed, Err(ClientError::Timeout { .. })), "{closed:?}");
    assert!(began.elapsed() <= limit + SLACK, "{:?}", began.elapsed());
    assert_eq!(revoked.load(Ordering::Relaxed), 1);
}
