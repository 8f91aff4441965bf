//! What a broker tells of the directories of its replicas, as `broker/src/pumps/assignments.rs` does: that one whose log is
//! damaged is lost, and where it is once another leader has it in sync again.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_metadata::controller::Reply;
use klamm_metadata::image::Partition;
use klamm_metadata::{LocalReplica, MetadataImage};
use klamm_model::{BrokerId, DirectoryId, Instant, TopicIdPartition, Uuid};
use klamm_protocol::messages::AssignReplicasToDirsRequest;
use klamm_protocol::messages::assign_replicas_to_dirs_request::{DirectoryData, PartitionData, TopicData};

use crate::rpc::{Answer, CallId};

/// Pause before what was refused or not answered is told again.
const PAUSE: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug)]
pub(crate) struct Assignments {
    broker: BrokerId,
    /// The broker's only directory.
    directory: Uuid,
    waiting: BTreeMap<TopicIdPartition, Uuid>,
    call: Option<(CallId, BTreeMap<TopicIdPartition, Uuid>)>,
    next: Instant,
}

impl Assignments {
    pub(crate) fn new(broker: BrokerId, directory: DirectoryId) -> Assignments {
        let directory = directory.get();
        Assignments { broker, directory, waiting: BTreeMap::new(), call: None, next: Instant::ZERO }
    }

    /// The log of a replica is damaged.
    pub(crate) fn lost(&mut self, id: TopicIdPartition) {
        self.waiting.insert(id, DirectoryId::LOST);
    }

    /// The metadata says something new of a replica here.
    pub(crate) fn look(&mut self, replica: &LocalReplica, is_damaged: bool) {
        let is_lost = replica.partition.directory(self.broker) == Some(DirectoryId::LOST);
        if is_lost && !is_damaged && is_whole_again(&replica.partition, self.broker) {
            self.waiting.insert(replica.id, self.directory);
        }
    }

    /// What to tell the controller now.
    pub(crate) fn due(&mut self, now: Instant, image: &MetadataImage) -> Option<AssignReplicasToDirsRequest> {
        self.waiting.retain(|id, directory| {
            let partition = image.topics().partition(*id);
            let known = partition.and_then(|partition| partition.directory(self.broker));
            known.is_some_and(|known| known != *directory)
        });
        if self.call.is_some() || self.waiting.is_empty() || now < self.next {
            return None;
        }
        let registered = image.cluster().broker(self.broker)?;
        let directory = |(id, directory): (&TopicIdPartition, &Uuid)| DirectoryData {
            id: *directory,
            topics: vec![TopicData {
                topic_id: id.topic_id.get(),
                partitions: vec![PartitionData { partition_index: id.partition, ..PartitionData::default() }],
                ..TopicData::default()
            }],
            ..DirectoryData::default()
        };
        Some(AssignReplicasToDirsRequest {
            broker_id: self.broker.get(),
            broker_epoch: registered.epoch.get(),
            directories: self.waiting.iter().map(directory).collect(),
            ..AssignReplicasToDirsRequest::default()
        })
    }

    /// It is on its way.
    pub(crate) fn asked(&mut self, call: CallId) {
        self.call = Some((call, self.waiting.clone()));
    }

    /// Takes the answer to a call of its own; whether it was one.
    pub(crate) fn on_answer(&mut self, call: CallId, answer: &Answer, now: Instant) -> bool {
        let Some((_, told)) = self.call.take_if(|(known, _)| *known == call) else { return false };
        match answer {
            Answer::Control(Ok(Reply::AssignReplicasToDirs(response)), _) if response.error_code == 0 => {
                self.waiting.retain(|id, directory| told.get(id) != Some(directory));
            }
            _ => self.next = now.after(PAUSE),
        }
        true
    }

    /// When [`Self::due`] has something to say.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        (self.call.is_none() && !self.waiting.is_empty()).then_some(self.next)
    }
}

/// Whether a replica that the controller takes for lost may be elected again.
fn is_whole_again(partition: &Partition, broker: BrokerId) -> bool {
    let has_other_leader = partition.leader().is_some_and(|leader| leader != broker);
    partition.replicas().len() == 1 || has_other_leader && partition.isr().contains(&broker)
}
