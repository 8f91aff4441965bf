//! Reply bytes that wait in memory for their sockets, over the whole process. While there are too many, a peer that
//! does not read gets little patience: many of them together must not fill the memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Patience with a peer that reads none of a waiting reply, while the backlog is over its limit.
const SHORT_OF_MEMORY: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Shared {
    held: AtomicUsize,
    limit: usize,
}

/// The counter; clones share it.
#[derive(Clone, Debug)]
pub struct Backlog {
    shared: Arc<Shared>,
}

impl Backlog {
    /// A backlog that should stay below `limit` bytes.
    pub fn new(limit: usize) -> Backlog {
        Backlog { shared: Arc::new(Shared { held: AtomicUsize::new(0), limit }) }
    }

    /// Counts bytes in.
    pub fn add(&self, bytes: usize) {
        self.shared.held.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Counts bytes out.
    pub fn remove(&self, bytes: usize) {
        self.shared.held.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// How long a peer may read nothing where `usual` is the limit in good times.
    pub fn patience(&self, usual: Duration) -> Duration {
        let held = self.shared.held.load(Ordering::Relaxed);
        if held > self.shared.limit { usual.min(SHORT_OF_MEMORY) } else { usual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_short_only_while_too_much_is_held() {
        let backlog = Backlog::new(100);
        let usual = Duration::from_secs(60);
        backlog.add(101);
        assert_eq!(backlog.patience(usual), SHORT_OF_MEMORY);
        backlog.remove(1);
        assert_eq!(backlog.patience(usual), usual);
    }
}
