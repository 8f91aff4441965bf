//! Which part of the log is durable, with flushes that finish later than they were asked for.

use std::collections::VecDeque;

use klamm_model::Offset;

use crate::effect::FlushToken;

/// Flushes under way and what they reached.
#[derive(Debug)]
pub(crate) struct Flushes {
    /// Each with the log end it covers, oldest first.
    under_way: VecDeque<(FlushToken, Offset)>,
    last_token: FlushToken,
    durable_end: Offset,
}

impl Flushes {
    /// A log that is durable up to `log_end`.
    pub(crate) fn new(log_end: Offset) -> Flushes {
        Flushes { under_way: VecDeque::new(), last_token: FlushToken::default(), durable_end: log_end }
    }

    /// End of the durable part.
    pub(crate) fn durable_end(&self) -> Offset {
        self.durable_end
    }

    pub(crate) fn is_any_under_way(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// Whether some flush under way covers `log_end`, or it is durable already.
    pub(crate) fn covers(&self, log_end: Offset) -> bool {
        self.durable_end >= log_end || self.under_way.back().is_some_and(|(_, end)| *end >= log_end)
    }

    pub(crate) fn begin(&mut self, log_end: Offset) -> FlushToken {
        self.last_token.0 += 1;
        self.under_way.push_back((self.last_token, log_end));
        self.last_token
    }

    pub(crate) fn finish(&mut self, upto: FlushToken) {
        while let Some((token, end)) = self.under_way.front().copied()
            && token <= upto
        {
            self.durable_end = self.durable_end.max(end);
            self.under_way.pop_front();
        }
    }

    /// The log was cut. A flush that began before the cut says nothing of what is written at the
    /// same offsets after it.
    pub(crate) fn truncate_to(&mut self, log_end: Offset) {
        self.durable_end = self.durable_end.min(log_end);
        for (_, end) in &mut self.under_way {
            *end = (*end).min(log_end);
        }
    }

    /// A durable snapshot replaced the log.
    pub(crate) fn restart_at(&mut self, log_end: Offset) {
        self.under_way.iter_mut().for_each(|(_, end)| *end = log_end);
        self.durable_end = log_end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flush_begun_before_a_cut_does_not_cover_what_is_rewritten() {
        let mut flushes = Flushes::new(Offset::at(5));
        let token = flushes.begin(Offset::at(9));
        flushes.truncate_to(Offset::at(7));
        flushes.finish(token);
        assert_eq!(flushes.durable_end(), Offset::at(7));
        flushes.truncate_to(Offset::at(3));
        assert_eq!(flushes.durable_end(), Offset::at(3));
    }

    #[test]
    fn confirming_a_flush_confirms_those_before_it() {
        let mut flushes = Flushes::new(Offset::ZERO);
        flushes.begin(Offset::at(1));
        let second = flushes.begin(Offset::at(2));
        flushes.begin(Offset::at(3));
        flushes.finish(second);
        assert_eq!(flushes.durable_end(), Offset::at(2));
        assert!(flushes.is_any_under_way() && flushes.covers(Offset::at(3)));
    }
}
