//! The times between acknowledgements, before a fault and from it on.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::failover::FailoverReport;

/// Clones share what they note.
#[derive(Clone, Debug)]
pub(super) struct Gaps(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    last: Instant,
    /// The longest of the span before, once there is one, and of this.
    before: Option<Duration>,
    longest: Duration,
    acknowledged: u64,
    failed: u64,
}

impl Default for Gaps {
    fn default() -> Gaps {
        Gaps(Arc::new(Mutex::new(State {
            last: Instant::now(),
            before: None,
            longest: Duration::ZERO,
            acknowledged: 0,
            failed: 0,
        })))
    }
}

impl Gaps {
    /// An outcome has come.
    pub(super) fn note(&self, is_acknowledged: bool) {
        let mut state = self.0.lock().expect("no holder panics");
        if !is_acknowledged {
            state.failed += 1;
            return;
        }
        let now = Instant::now();
        state.longest = state.longest.max(now - state.last);
        state.last = now;
        state.acknowledged += 1;
    }

    /// The span before the fault is over. A gap that is open counts from its begin.
    pub(super) fn begin_next(&self) {
        let mut state = self.0.lock().expect("no holder panics");
        state.before = Some(std::mem::take(&mut state.longest));
    }

    /// What was seen; a gap that is still open counts.
    pub(super) fn report(&self, victim: i32) -> FailoverReport {
        let state = self.0.lock().expect("no holder panics");
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        FailoverReport {
            victim,
            acknowledged: state.acknowledged,
            failed: state.failed,
            calm_ms: milliseconds(state.before.unwrap_or_default()),
            longest_ms: milliseconds(state.longest.max(state.last.elapsed())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_gap_is_told_apart_by_the_fault_and_failures_end_none() {
        let gaps = Gaps::default();
        gaps.note(true);
        gaps.begin_next();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(20) {
            gaps.note(false);
        }
        gaps.note(true);
        let report = gaps.report(3);
        assert!(report.longest_ms >= 20.0, "{report:?}");
        assert!(report.failed > 0);
        assert_eq!((report.acknowledged, report.victim), (2, 3));
    }
}
