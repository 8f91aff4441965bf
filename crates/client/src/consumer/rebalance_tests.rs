//! What a listener hears when the poll it is called from is dropped.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::consumer::{ConsumerConfig, Listening, RebalanceListener, done};

/// Hangs in its first call of each kind.
#[derive(Clone, Default)]
struct Slow(Arc<[AtomicUsize; 2]>);

impl Slow {
    fn call(&self, kind: usize) -> Listening<'static> {
        match self.0[kind].fetch_add(1, Ordering::Relaxed) {
            0 => Box::pin(std::future::pending()),
            _ => done(),
        }
    }

    fn calls(&self) -> [usize; 2] {
        [0, 1].map(|kind| self.0[kind].load(Ordering::Relaxed))
    }
}

impl RebalanceListener for Slow {
    fn on_assigned<'a>(&'a mut self, _: &'a mut Consumer, _: &'a [TopicPartition]) -> Listening<'a> {
        self.call(0)
    }

    fn on_revoked<'a>(&'a mut self, _: &'a mut Consumer, _: &'a [TopicPartition]) -> Listening<'a> {
        self.call(1)
    }
}

fn partitions(numbers: std::ops::Range<i32>) -> BTreeSet<TopicPartition> {
    numbers.map(|number| TopicPartition::new("t", number)).collect()
}

/// Lets the changes run until they end or hang.
async fn run(consumer: &mut Consumer) -> bool {
    timeout(Duration::from_millis(10), consumer.finish_changes()).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_call_of_the_listener_that_is_broken_off_is_made_anew_and_nothing_of_the_rebalance_is_lost() {
    let config = ConsumerConfig { group_id: Some("g".to_owned()), ..ConsumerConfig::default() };
    let mut consumer = Consumer::new(config);
    let slow = Slow::default();
    consumer.set_listener(slow.clone());
    consumer.subscribe(["t"]).unwrap();
    consumer.state.assign(partitions(0..4));

    consumer.give_up(partitions(2..4), false);
    let (all, added) = (partitions(0..3), partitions(2..3).into_iter().collect());
    consumer.changes.push_back(Change::Assigned { all, added });
    assert!(!run(&mut consumer).await, "the listener hangs, and the poll is dropped");
    assert!(!consumer.listening && consumer.listener.is_some());
    let revoked = consumer.state.get(&TopicPartition::new("t", 3)).unwrap();
    assert!(revoked.being_revoked, "not read while it is being given up");

    assert!(!run(&mut consumer).await, "the revocation is over, and the assignment hangs");
    assert_eq!(slow.calls(), [1, 2]);
    assert!(run(&mut consumer).await);
    assert_eq!(slow.calls(), [2, 2]);
    assert_eq!(consumer.assignment(), partitions(0..3));
    assert!(consumer.changes.is_empty() && !consumer.listening);
}
