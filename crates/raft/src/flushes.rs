//! Which part of the log is durable, with a flush that finishes later than it was asked for. One at
//! a time: what is appended meanwhile shares the next one.

use klamm_model::Offset;

use crate::effect::FlushToken;

/// The flush under way and what the ones before reached.
#[derive(Debug)]
pub(crate) struct Flushes {
    /// With the log end it covers.
    under_way: Option<(FlushToken, Offset)>,
    last_token: FlushToken,
    durable_end: Offset,
}

impl Flushes {
    /// A log that is durable up to `log_end`.
    pub(crate) fn new(log_end: Offset) -> Flushes {
        Flushes { under_way: None, last_token: FlushToken::default(), durable_end: log_end }
    }

    /// End of the durable part.
    pub(crate) fn durable_end(&self) -> Offset {
        self.durable_end
    }

    pub(crate) fn is_under_way(&self) -> bool {
        self.under_way.is_some()
    }

    /// Begins a flush of a log that ends at `log_end`, unless it is durable or one is under way.
    pub(crate) fn begin(&mut self, log_end: Offset) -> Option<FlushToken> {
        if self.under_way.is_some() || self.durable_end >= log_end {
            return None;
        }
        self.last_token.0 += 1;
        self.under_way = Some((self.last_token, log_end));
        Some(self.last_token)
    }

    pub(crate) fn finish(&mut self, token: FlushToken) {
        if let Some((_, end)) = self.under_way.take_if(|(begun, _)| *begun == token) {
            self.durable_end = self.durable_end.max(end);
        }
    }

    /// The log was cut. A flush that began before the cut says nothing of what is written at the
    /// same offsets after it.
    pub(crate) fn truncate_to(&mut self, log_end: Offset) {
        self.durable_end = self.durable_end.min(log_end);
        if let Some((_, end)) = &mut self.under_way {
            *end = (*end).min(log_end);
        }
    }

    /// A durable snapshot replaced the log.
    pub(crate) fn restart_at(&mut self, log_end: Offset) {
        self.durable_end = log_end;
        if let Some((_, end)) = &mut self.under_way {
            *end = log_end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flush_begun_before_a_cut_does_not_cover_what_is_rewritten() {
        let mut flushes = Flushes::new(Offset::at(5));
        let token = flushes.begin(Offset::at(9)).expect("it is not durable");
        flushes.truncate_to(Offset::at(7));
        flushes.finish(token);
        assert_eq!(flushes.durable_end(), Offset::at(7));
        flushes.truncate_to(Offset::at(3));
        assert_eq!(flushes.durable_end(), Offset::at(3));
    }

    #[test]
    fn one_flush_at_a_time_and_none_without_need() {
        let mut flushes = Flushes::new(Offset::ZERO);
        assert_eq!(flushes.begin(Offset::ZERO), None);
        let first = flushes.begin(Offset::at(1)).expect("it is not durable");
        assert_eq!(flushes.begin(Offset::at(2)), None);
        flushes.finish(first);
        assert_eq!(flushes.durable_end(), Offset::at(1));
        assert!(!flushes.is_under_way());
        assert!(flushes.begin(Offset::at(2)).is_some());
    }
}
