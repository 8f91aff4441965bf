//! Process-wide budget of request bytes being received, so that claims of many peers together
//! cannot exhaust memory (Kafka's `queued.max.request.bytes`, which is off there by default).

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Accounting unit: permits are counted in KiB so that they fit the semaphore's 32 bits.
const UNIT: usize = 1024;

/// Bytes of large frames that may be under assembly at once in the whole process. Small frames are
/// bounded by the connection limit instead.
#[derive(Clone, Debug)]
pub struct Budget {
    permits: Arc<Semaphore>,
    total: usize,
}

/// Bytes taken from a [`Budget`]; dropping gives them back.
#[derive(Debug)]
pub struct Permit {
    _permit: OwnedSemaphorePermit,
}

impl Budget {
    /// A budget of `bytes`, at least one unit.
    pub fn new(bytes: usize) -> Budget {
        let total = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Budget { permits: Arc::new(Semaphore::new(total)), total }
    }

    /// Takes `bytes` if they are free now.
    pub fn try_acquire(&self, bytes: usize) -> Option<Permit> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok()?;
        let permit = self.permits.clone().try_acquire_many_owned(units).ok()?;
        Some(Permit { _permit: permit })
    }

    /// Waits until `bytes` are free and takes them; a claim above the whole budget takes all of it.
    /// Waiters are served in order, so a large claim is not starved by small ones.
    pub async fn acquire(self, bytes: usize) -> Permit {
        let units = bytes.div_ceil(UNIT).clamp(1, self.total);
        let units = u32::try_from(units).expect("clamped to the semaphore's range");
        let permit = self.permits.acquire_many_owned(units).await;
        Permit { _permit: permit.expect("the budget's semaphore is never closed") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_claim_waits_until_bytes_are_given_back() {
        let budget = Budget::new(10 * UNIT);
        let first = budget.clone().acquire(8 * UNIT).await;
        let mut second = std::pin::pin!(budget.clone().acquire(4 * UNIT));
        assert!(futures_poll_once(second.as_mut()).is_none());
        drop(first);
        assert!(futures_poll_once(second.as_mut()).is_some());
    }

    #[tokio::test]
    async fn a_claim_above_the_whole_budget_takes_all_of_it() {
        let budget = Budget::new(4 * UNIT);
        let _all = budget.clone().acquire(usize::MAX).await;
        assert_eq!(budget.permits.available_permits(), 0);
    }

    fn futures_poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        }
    }
}
