//! Process-wide budget of request bytes being received, so that claims of many peers together
//! cannot exhaust memory (Kafka's `queued.max.request.bytes`, which is off there by default).

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Accounting unit: permits are counted in KiB so that they fit the semaphore's 32 bits.
const UNIT: usize = 1024;

/// Bytes of large frames that may be held at once in the whole process. Small frames are bounded by the
/// connection limit instead.
///
/// Frames claim step by step as they arrive, so that frames that are all half here could wait for each
/// other for ever. One of them at a time therefore needs no bytes of the budget: where it is used up,
/// the process holds the budget and one frame.
#[derive(Clone, Debug)]
pub struct Budget {
    permits: Arc<Semaphore>,
    beyond: Arc<Semaphore>,
    total: usize,
}

/// Bytes taken from a [`Budget`]; dropping gives them back.
#[derive(Debug)]
pub struct Permit {
    bytes: Option<OwnedSemaphorePermit>,
    beyond: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Whether it is that of the one frame that may go beyond the budget.
    pub fn is_beyond(&self) -> bool {
        self.beyond.is_some()
    }

    /// Takes another permit in.
    pub fn join(&mut self, other: Permit) {
        match (&mut self.bytes, other.bytes) {
            (Some(held), Some(more)) => held.merge(more),
            (held @ None, more) => *held = more,
            (Some(_), None) => {}
        }
        self.beyond = self.beyond.take().or(other.beyond);
    }
}

impl Budget {
    /// A budget of `bytes`, at least one unit.
    pub fn new(bytes: usize) -> Budget {
        let total = (bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Budget { permits: Arc::new(Semaphore::new(total)), beyond: Arc::new(Semaphore::new(1)), total }
    }

    /// Whether all of it is held, and one frame goes on beyond it.
    pub fn is_used_up(&self) -> bool {
        self.beyond.available_permits() == 0
    }

    /// Takes `bytes` if they are free now.
    pub fn try_acquire(&self, bytes: usize) -> Option<Permit> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok()?;
        let permit = self.permits.clone().try_acquire_many_owned(units).ok()?;
        Some(Permit { bytes: Some(permit), beyond: None })
    }

    /// Waits until `bytes` are free and takes them, or until this frame may go beyond the budget. A claim
    /// above the whole budget is one for all of it. Waiters are served in order, so a large claim is not
    /// starved by small ones.
    pub async fn acquire(self, bytes: usize) -> Permit {
        let units = bytes.div_ceil(UNIT).clamp(1, self.total);
        let units = u32::try_from(units).expect("clamped to the semaphore's range");
        let never = "the budget's semaphores are never closed";
        tokio::select! {
            biased;
            permit = self.permits.acquire_many_owned(units) => {
                Permit { bytes: Some(permit.expect(never)), beyond: None }
            }
            permit = self.beyond.acquire_owned() => {
                Permit { bytes: None, beyond: Some(permit.expect(never)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_claim_waits_until_bytes_are_given_back() {
        let budget = Budget::new(10 * UNIT);
        let first = budget.clone().acquire(8 * UNIT).await;
        let _beyond = budget.clone().acquire(4 * UNIT).await;
        let mut second = std::pin::pin!(budget.clone().acquire(4 * UNIT));
        assert!(futures_poll_once(second.as_mut()).is_none());
        drop(first);
        assert!(futures_poll_once(second.as_mut()).is_some_and(|permit| !permit.is_beyond()));
    }

    #[tokio::test]
    async fn one_frame_at_a_time_goes_on_where_the_budget_is_used_up() {
        let budget = Budget::new(4 * UNIT);
        let mut half = budget.clone().acquire(2 * UNIT).await;
        let other = budget.clone().acquire(2 * UNIT).await;
        let rest = budget.clone().acquire(2 * UNIT).await;
        assert!(rest.is_beyond() && budget.is_used_up());
        half.join(rest);
        let mut waits = std::pin::pin!(budget.clone().acquire(4 * UNIT));
        assert!(futures_poll_once(waits.as_mut()).is_none());
        drop(half);
        assert!(futures_poll_once(waits.as_mut()).is_some_and(|permit| permit.is_beyond()));
        drop(other);
        assert!(budget.try_acquire(4 * UNIT).is_some(), "a joined permit gives all of it back");
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
