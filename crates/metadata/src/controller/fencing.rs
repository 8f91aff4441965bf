//! Fences brokers that were not heard of for longer than their session, or whose process is proven dead.

use super::view::View;
use super::{Append, Death, MoreToDo, Outcome, SoftChange};

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

    /// Fences a dead broker before its session is over, so that its leaderships move at once and its next incarnation
    /// need not wait. Of one that was heard of since, or registered anew, nothing is proven.
    pub(crate) fn fence_dead_broker(&self, death: Death) -> Outcome<MoreToDo> {
        let Death { broker, epoch, silent_since } = death;
        let registration = self.cluster().broker(broker);
        let is_it = registration.is_some_and(|broker| broker.epoch == epoch && !broker.fenced);
        if !is_it || self.sessions.is_heard_after(broker, silent_since) {
            return Outcome::reply(MoreToDo::No);
        }
        let mut records = Vec::new();
        self.fence(broker, &mut records);
        let mut outcome = Outcome::of(records, Append::Splittable, MoreToDo::No);
        outcome.soft.push(SoftChange::Forget(broker));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use klamm_model::{BrokerEpoch, BrokerId};

    use crate::controller::fixture::Cluster;
    use crate::controller::{Command, Death};

    fn cluster() -> Cluster {
        let mut cluster = Cluster::at(33);
        for id in 1..=3 {
            cluster.start_broker(id);
        }
        cluster
    }

    fn death(cluster: &Cluster, id: i32) -> Death {
        let broker = BrokerId::at(id);
        let epoch = cluster.image().cluster.broker(broker).expect("a broker of the cluster").epoch;
        Death { broker, epoch, silent_since: cluster.now }
    }

    fn is_fenced(cluster: &Cluster, id: i32) -> bool {
        cluster.image().cluster.broker(BrokerId::at(id)).is_some_and(|broker| broker.fenced)
    }

    #[test]
    fn a_dead_broker_is_fenced_before_its_session_is_over() {
        let mut cluster = cluster();
        let death = death(&cluster, 2);
        cluster.run(&Command::FenceDeadBroker(death));
        assert!(is_fenced(&cluster, 2) && !is_fenced(&cluster, 1));
    }

    #[test]
    fn a_broker_that_was_heard_of_since_or_registered_anew_lives() {
        let mut cluster = cluster();
        let seen = death(&cluster, 2);
        cluster.advance(10);
        cluster.heartbeat(2);
        cluster.run(&Command::FenceDeadBroker(seen));
        assert!(!is_fenced(&cluster, 2));
        let later = death(&cluster, 2);
        let former = BrokerEpoch::at(later.epoch.get() - 1);
        cluster.run(&Command::FenceDeadBroker(Death { epoch: former, ..later }));
        assert!(!is_fenced(&cluster, 2));
    }
}
