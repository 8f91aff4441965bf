//! Effects on their way out. Whatever follows a change of epoch, leader or vote waits until that
//! change is durable: one rule for all messages, instead of one per message.

use std::collections::VecDeque;

use crate::effect::{Effect, Effects, PersistToken};
use crate::stored_election::StoredElection;

/// Collects the effects of one input, then lets them out in order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    collected: Vec<Effect>,
    /// Where among `collected` the election state changed first.
    changed_at: Option<usize>,
    /// The contents last asked to be written, or found at start.
    stored: Option<StoredElection>,
    last_token: PersistToken,
    persisted: PersistToken,
    held: VecDeque<(PersistToken, Effect)>,
}

impl Outbox {
    pub(crate) fn new(stored: Option<StoredElection>) -> Outbox {
        Outbox { stored, ..Outbox::default() }
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.collected.push(effect);
    }

    /// Epoch, leader or vote have just changed: effects pushed from here on depend on it.
    pub(crate) fn mark_changed(&mut self) {
        self.changed_at.get_or_insert(self.collected.len());
    }

    pub(crate) fn is_changed(&self) -> bool {
        self.changed_at.is_some()
    }

    /// Lets out what depends on nothing, holds the rest. Several changes within one input are
    /// written once, as the last: a later state keeps every promise of an earlier one.
    pub(crate) fn settle(&mut self, current: Option<StoredElection>, effects: &mut Effects) {
        let changed_at = self.changed_at.take();
        let mut changed = current.filter(|current| self.stored.as_ref() != Some(current));
        for (index, effect) in std::mem::take(&mut self.collected).into_iter().enumerate() {
            if changed_at.is_some_and(|at| index >= at) {
                self.persist(changed.take(), effects);
            }
            self.let_out(effect, effects);
        }
        self.persist(changed, effects);
    }

    fn persist(&mut self, state: Option<StoredElection>, effects: &mut Effects) {
        let Some(state) = state else { return };
        self.last_token.0 += 1;
        self.stored = Some(state.clone());
        effects.push(Effect::PersistQuorumState { token: self.last_token, state });
    }

    fn let_out(&mut self, effect: Effect, effects: &mut Effects) {
        if self.persisted < self.last_token {
            self.held.push_back((self.last_token, effect));
        } else {
            effects.push(effect);
        }
    }

    /// The state is durable up to this write.
    pub(crate) fn on_persisted(&mut self, upto: PersistToken, effects: &mut Effects) {
        assert!(upto <= self.last_token, "write {upto} of quorum-state was never asked for");
        self.persisted = self.persisted.max(upto);
        self.release(effects);
    }

    /// A planted fault: nothing waits for durability.
    pub(crate) fn hold_nothing(&mut self, effects: &mut Effects) {
        self.persisted = self.last_token;
        self.release(effects);
    }

    fn release(&mut self, effects: &mut Effects) {
        while self.held.front().is_some_and(|(token, _)| *token <= self.persisted) {
            effects.extend(self.held.pop_front().map(|(_, effect)| effect));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use klamm_model::{LeaderEpoch, Offset};

    use super::*;
    use crate::voter_set::KraftVersion;

    fn state(epoch: i32) -> StoredElection {
        StoredElection {
            epoch: LeaderEpoch::at(epoch),
            leader: None,
            voted: None,
            voters: BTreeSet::new(),
            version: KraftVersion::Dynamic,
        }
    }

    fn effect(offset: i64) -> Effect {
        Effect::AdvanceHighWatermark { offset: Offset::at(offset) }
    }

    #[test]
    fn what_follows_a_change_waits_until_the_change_is_durable() {
        let mut outbox = Outbox::new(None);
        let mut effects = Vec::new();
        outbox.push(effect(1));
        outbox.mark_changed();
        outbox.push(effect(2));
        outbox.settle(Some(state(1)), &mut effects);
        let token = PersistToken(1);
        assert_eq!(effects, [effect(1), Effect::PersistQuorumState { token, state: state(1) }]);

        effects.clear();
        outbox.push(effect(3));
        outbox.settle(None, &mut effects);
        assert_eq!(effects, []);
        outbox.on_persisted(token, &mut effects);
        assert_eq!(effects, [effect(2), effect(3)]);
    }

    #[test]
    fn changes_within_one_input_are_written_once_and_an_unchanged_state_not_at_all() {
        let mut outbox = Outbox::new(Some(state(1)));
        let mut effects = Vec::new();
        outbox.mark_changed();
        outbox.push(effect(1));
        outbox.settle(Some(state(1)), &mut effects);
        assert_eq!(effects, [effect(1)]);

        effects.clear();
        outbox.mark_changed();
        outbox.push(effect(2));
        outbox.mark_changed();
        outbox.settle(Some(state(3)), &mut effects);
        assert_eq!(effects, [Effect::PersistQuorumState { token: PersistToken(1), state: state(3) }]);
    }

    #[test]
    fn each_effect_waits_only_for_the_changes_before_it() {
        let mut outbox = Outbox::new(None);
        let mut effects = Vec::new();
        for epoch in 1..=2 {
            outbox.mark_changed();
            outbox.push(effect(i64::from(epoch)));
            outbox.settle(Some(state(epoch)), &mut effects);
        }
        effects.clear();
        outbox.on_persisted(PersistToken(1), &mut effects);
        assert_eq!(effects, [effect(1)]);
        outbox.on_persisted(PersistToken(2), &mut effects);
        assert_eq!(effects, [effect(1), effect(2)]);
    }
}
