//! What brokers that come and go mean for the partitions they host.

use klamm_model::{BrokerId, TopicIdPartition, Uuid};
use klamm_protocol::messages::BrokerRegistrationChangeRecord;

use super::partition_change::{ChangeContext, Election, PartitionChange};
use super::view::View;
use crate::VersionedRecord;
use crate::image::{Membership, Partition};

/// A broker as the partitions it hosts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrokerEvent {
    /// It serves no longer: leaves ISRs, and leads nothing.
    Leaves(BrokerId),
    /// It serves from now on: may lead what has no leader.
    Arrives(BrokerId),
    /// It restarted without having stopped cleanly: may have lost records, so that it leaves ISRs
    /// and ELRs alike.
    LostRecords(BrokerId),
}

impl View<'_> {
    /// Partitions of which `broker` is a member as `test` says.
    pub(crate) fn partitions_of(
        &self,
        broker: BrokerId,
        test: fn(Membership) -> bool,
    ) -> Vec<TopicIdPartition> {
        let hosted = self.image().topics.hosted_by(broker).into_iter().flat_map(|hosted| hosted.iter());
        hosted.filter(|(_, member)| test(*member)).map(|(id, _)| id).collect()
    }

    /// Partitions whose replica on `broker` is in `directory`.
    pub(crate) fn partitions_in(&self, broker: BrokerId, directory: Uuid) -> Vec<TopicIdPartition> {
        let all = self.partitions_of(broker, Membership::is_replica);
        let inside = |id: &TopicIdPartition| {
            let partition = self.image().topics.partition(*id);
            partition.and_then(|partition| partition.directory(broker)) == Some(directory)
        };
        all.into_iter().filter(inside).collect()
    }

    /// Adds the changes of `partitions` that `event` asks for.
    pub(crate) fn follow_broker(
        &self,
        event: BrokerEvent,
        partitions: &[TopicIdPartition],
        records: &mut Vec<VersionedRecord>,
    ) {
        for id in partitions {
            let (topic, partition) = self.state.partition(*id).expect("the index lists what exists");
            let (gone, unclean) = match event {
                BrokerEvent::Leaves(broker) => (Some(broker), None),
                BrokerEvent::Arrives(_) => (None, None),
                BrokerEvent::LostRecords(broker) => (Some(broker), Some(broker)),
            };
            let serves =
                |id: BrokerId| Some(id) != gone && (event == BrokerEvent::Arrives(id) || self.is_active(id));
            let can_lead = |id: BrokerId| serves(id) && self.is_online(partition, id);
            let default_directory = |id: BrokerId| self.default_directory(id);
            let context = self.change_context(topic.name(), &can_lead, &default_directory);
            let mut change = PartitionChange::new(*id, partition, context);
            if self.allows_unclean_election(topic.name()) {
                change.election = Election::Unclean;
            }
            change.unclean = unclean.into_iter().collect();
            change.isr.retain(|id| Some(*id) != gone);
            records.extend(change.build());
        }
    }

    /// What a change of a partition of `topic` depends on.
    pub(crate) fn change_context<'a>(
        &self,
        topic: &str,
        can_lead: &'a dyn Fn(BrokerId) -> bool,
        default_directory: &'a dyn Fn(BrokerId) -> Uuid,
    ) -> ChangeContext<'a> {
        let options = self.state.record_options();
        ChangeContext { can_lead, default_directory, options, min_isr: self.effective_min_isr(topic) }
    }

    /// Whether the directory of the replica on `broker` is online; `false` if it has no replica.
    pub(crate) fn is_online(&self, partition: &Partition, broker: BrokerId) -> bool {
        let registration = self.cluster().broker(broker);
        let directory = partition.directory(broker);
        registration
            .zip(directory)
            .is_some_and(|(registration, directory)| registration.has_online(directory))
    }

    /// Whether the replica on `broker` could lead now.
    pub(crate) fn can_lead(&self, partition: &Partition, broker: BrokerId) -> bool {
        self.is_active(broker) && self.is_online(partition, broker)
    }

    /// `min.insync.replicas` of a topic, but never more than it has replicas.
    fn effective_min_isr(&self, topic: &str) -> usize {
        let config = self.topic_config(topic, super::configs::MIN_INSYNC_REPLICAS);
        let wanted = config.and_then(|config| config.value?.trim().parse().ok()).unwrap_or(1);
        let first = self.image().topics.by_name(topic).and_then(|topic| topic.partition(0));
        wanted.min(first.map_or(1, |partition| partition.replicas().len()))
    }

    /// Whether leaders of a topic may be elected that lack records.
    pub(crate) fn allows_unclean_election(&self, topic: &str) -> bool {
        let config = self.topic_config(topic, "unclean.leader.election.enable");
        config.and_then(|config| config.value).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The records by which a registered broker is fenced.
    pub(crate) fn fence(&self, broker: BrokerId, records: &mut Vec<VersionedRecord>) {
        let in_sync = self.partitions_of(broker, Membership::is_in_isr);
        self.follow_broker(BrokerEvent::Leaves(broker), &in_sync, records);
        records.push(self.registration_change(broker, 0, |record| record.fenced = 1));
    }

    /// A change of a broker's registration.
    pub(crate) fn registration_change(
        &self,
        broker: BrokerId,
        version: i16,
        change: impl FnOnce(&mut BrokerRegistrationChangeRecord),
    ) -> VersionedRecord {
        let registration = self.cluster().broker(broker).expect("the caller has found the broker");
        let mut record = BrokerRegistrationChangeRecord {
            broker_id: broker.get(),
            broker_epoch: registration.epoch.get(),
            ..BrokerRegistrationChangeRecord::default()
        };
        change(&mut record);
        VersionedRecord::new(record, version)
    }
}
