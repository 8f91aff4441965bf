//! Fences brokers that were not heard of for longer than their session.

use super::view::View;
use super::{Append, MoreToDo, Outcome, SoftChange};

impl View<'_> {
    /// Fences the broker silent the longest. One at a time: what the next one leaves behind depends
    /// on what this one left.
    pub(crate) fn fence_stale_broker(&self) -> Outcome<MoreToDo> {
        let expired = self.sessions.expired(self.at.now);
        let Some((broker, epoch)) = expired.first().copied() else {
            return Outcome::reply(MoreToDo::No);
        };
        let mut records = Vec::new();
        let registration = self.cluster().broker(broker);
        if registration.is_some_and(|broker| broker.epoch == epoch && !broker.fenced) {
            self.fence(broker, &mut records);
        }
        let more = if expired.len() > 1 { MoreToDo::Yes } else { MoreToDo::No };
        let mut outcome = Outcome::of(records, Append::Splittable, more);
        outcome.soft.push(SoftChange::Forget(broker));
        outcome
    }
}
