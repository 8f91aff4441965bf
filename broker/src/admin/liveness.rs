//! Whether the shards turn: each is asked for a sign, and one that gives none in time is stuck.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, oneshot};

use crate::net::shard::Shards;

/// Longest wait for a shard's sign. A shard does short things only: seconds are far beyond any of them.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer holds for this long, so that no number of probes keeps the shards busy.
const FRESH: Duration = Duration::from_millis(500);

/// Asks the shards.
#[derive(Clone)]
pub struct Liveness {
    shards: Arc<Shards>,
    round: Arc<Mutex<Round>>,
}

/// The last round of questions.
#[derive(Default)]
struct Round {
    /// When it was over, and whether all shards had given their sign.
    ended: Option<(Instant, bool)>,
    /// Signs that are owed. A stuck shard is asked once, however often it is looked at.
    owed: Vec<oneshot::Receiver<()>>,
}

impl Liveness {
    pub fn new(shards: Arc<Shards>) -> Liveness {
        Liveness { shards, round: Arc::default() }
    }

    /// Whether all of them gave a sign. One round at a time.
    pub async fn turns(&self) -> bool {
        let mut round = self.round.lock().await;
        if let Some((at, turns)) = round.ended
            && at.elapsed() < FRESH
        {
            return turns;
        }
        if round.owed.is_empty() {
            round.owed = self.shards.ping();
        }
        let owed = &mut round.owed;
        let all = async {
            while let Some(sign) = owed.last_mut() {
                // One that is dropped unanswered belongs to a shard that stops in order.
                let _ = sign.await;
                owed.pop();
            }
        };
        let turns = tokio::time::timeout(PATIENCE, all).await.is_ok();
        round.ended = Some((Instant::now(), turns));
        turns
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::net::shard::{Arrival, Serve};

    struct Idle;

    impl Serve for Idle {
        fn serve(&self, _: Arrival) -> impl Future<Output = ()> + 'static {
            std::future::ready(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stuck_shard_is_asked_once_and_its_late_sign_counts() {
        let (release, waits) = channel::<()>();
        let waits = parking_lot::Mutex::new(Some(waits));
        let shards = Shards::start(1, move |_| {
            if let Some(waits) = waits.lock().take() {
                waits.recv().ok();
            }
            Idle
        });
        let shards = Arc::new(shards.unwrap());
        let liveness = Liveness::new(shards.clone());
        for _ in 0..2 {
            assert!(!liveness.turns().await);
            liveness.round.lock().await.ended = None;
        }
        assert_eq!(liveness.round.lock().await.owed.len(), 1);
        drop(release);
        while !liveness.turns().await {
            liveness.round.lock().await.ended = None;
        }
        assert!(liveness.round.lock().await.owed.is_empty());
        shards.stop();
    }
}
