//! Whether the shards turn: each is asked for a sign, and one that gives none in time is stuck.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::net::shard::Shards;

/// Longest wait for a shard's sign. A shard does short things only: seconds are far beyond any of them.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer holds for this long, so that no number of probes keeps the shards busy.
const FRESH: Duration = Duration::from_millis(500);

/// Asks the shards.
#[derive(Clone)]
pub struct Liveness {
    shards: Arc<Shards>,
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

impl Liveness {
    pub fn new(shards: Arc<Shards>) -> Liveness {
        Liveness { shards, last: Arc::default() }
    }

    /// Whether all of them gave a sign. One round at a time.
    pub async fn turns(&self) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, turns)) = *last
            && at.elapsed() < FRESH
        {
            return turns;
        }
        let signs = self.shards.ping();
        let all = async {
            for sign in signs {
                // One that is dropped unanswered belongs to a shard that stops in order.
                let _ = sign.await;
            }
        };
        let turns = tokio::time::timeout(PATIENCE, all).await.is_ok();
        *last = Some((Instant::now(), turns));
        turns
    }
}
