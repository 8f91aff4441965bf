//! The deadlines of a request that has begun to arrive. The time it waits for memory is not its peer's.
//!
//! 1. Over the whole request a peer sends at least [`Limits::min_rate`], after a grace.
//! 2. It is never silent for [`Limits::frame_stall`]: without this rule, a peer that dies behind a fast beginning would
//!    keep the memory of what it sent for as long as the whole could have taken. While the memory of all requests is
//!    used up, it is never silent for the grace.

use std::time::Duration;

use tokio::time::Instant;

use super::limits::Limits;

/// What is known of the request that has begun, if one has.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameClock(Option<Begun>);

#[derive(Clone, Copy, Debug)]
struct Begun {
    /// When it was first seen, later by all pauses.
    at: Instant,
    arrived: usize,
    /// When bytes came last, or a pause ended.
    grown: Instant,
    /// Since when it waits for memory.
    paused: Option<Instant>,
}

/// Whether memory for requests is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// For more requests.
    Left,
    /// All of it is held, and others wait.
    UsedUp,
}

impl FrameClock {
    /// The peer sends, and `arrived` bytes are here.
    pub fn receives(&mut self, now: Instant, arrived: usize) {
        let begun = self.0.get_or_insert(Begun { at: now, arrived, grown: now, paused: None });
        if let Some(paused) = begun.paused.take() {
            begun.at += now - paused;
            begun.grown = now;
        }
        if arrived != begun.arrived {
            (begun.arrived, begun.grown) = (arrived, now);
        }
    }

    /// It waits for memory, with `arrived` bytes here.
    pub fn waits_for_memory(&mut self, now: Instant, arrived: usize) {
        let begun = self.0.get_or_insert(Begun { at: now, arrived, grown: now, paused: None });
        begun.paused.get_or_insert(now);
    }

    /// It is whole, or its connection does not read for now.
    pub fn reset(&mut self) {
        self.0 = None;
    }

    /// Whether it waits for memory.
    pub fn is_paused(&self) -> bool {
        self.0.is_some_and(|begun| begun.paused.is_some())
    }

    /// When its peer is too slow; `None` where nothing has begun or the peer is not waited for.
    pub fn due(&self, limits: &Limits, memory: Memory) -> Option<Instant> {
        let begun = self.0.filter(|begun| begun.paused.is_none())?;
        let whole = limits.frame_grace + Duration::from_secs(begun.arrived as u64 / limits.min_rate.max(1));
        let silence = match memory {
            Memory::Left => limits.frame_stall,
            Memory::UsedUp => limits.frame_stall.min(limits.frame_grace),
        };
        Some((begun.at + whole).min(begun.grown + silence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            frame_grace: Duration::from_secs(10),
            frame_stall: Duration::from_secs(30),
            min_rate: 1_000,
            ..Limits::default()
        }
    }

    fn due_after(clock: &FrameClock, start: Instant, memory: Memory) -> Option<u64> {
        clock.due(&limits(), memory).map(|due| (due - start).as_secs())
    }

    #[test]
    fn a_request_has_a_grace_and_the_time_that_its_bytes_take_at_the_least_rate() {
        let (mut clock, start) = (FrameClock::default(), Instant::now());
        assert_eq!(due_after(&clock, start, Memory::Left), None);
        clock.receives(start, 0);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(10));
        clock.receives(start + Duration::from_secs(9), 5_000);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(15));
    }

    #[test]
    fn a_peer_that_falls_silent_does_not_use_up_the_time_that_its_fast_beginning_earned() {
        let (mut clock, start) = (FrameClock::default(), Instant::now());
        clock.receives(start, 100_000_000);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(30));
        clock.receives(start + Duration::from_secs(29), 100_000_000);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(30), "nothing came");
        clock.receives(start + Duration::from_secs(29), 100_000_001);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(59));
    }

    #[test]
    fn a_silent_peer_gets_the_grace_alone_while_the_memory_is_used_up() {
        let (mut clock, start) = (FrameClock::default(), Instant::now());
        clock.receives(start, 100_000_000);
        assert_eq!(due_after(&clock, start, Memory::UsedUp), Some(10));
    }

    #[test]
    fn the_time_that_a_request_waits_for_memory_is_not_its_peers() {
        let (mut clock, start) = (FrameClock::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        clock.receives(start, 1_000);
        clock.waits_for_memory(at(2), 1_000);
        clock.waits_for_memory(at(500), 1_000);
        assert!(clock.is_paused());
        assert_eq!(due_after(&clock, start, Memory::UsedUp), None);
        clock.receives(at(1_000), 1_000);
        assert_eq!(due_after(&clock, start, Memory::Left), Some(998 + 11));
        clock.reset();
        assert_eq!(due_after(&clock, start, Memory::Left), None);
    }
}
