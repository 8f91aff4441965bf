//! Proposes in-sync replicas of partitions led here to the controller, and looks for members that lag (Kafka:
//! AlterPartitionManager and ReplicaManager's isr-expiration).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{BrokerId, TopicIdPartition};
use klamm_node::isr_proposals::meaning;
use klamm_node::partition::PartitionHandle;
use klamm_protocol::messages::alter_partition_request::{BrokerState, PartitionData, TopicData};
use klamm_protocol::messages::{AlterPartitionRequest, AlterPartitionResponse};
use klamm_replication::IsrProposal;
use tokio::sync::mpsc;

use crate::node::Node;
use crate::pumps::controller_channel::{ControllerChannel, PATIENCE};

/// Pause before what the controller did not take is proposed again.
const PAUSE: Duration = Duration::from_millis(50);

/// A proposal and whose it is.
pub type Proposed = (PartitionHandle, IsrProposal);

/// See the module. The queue holds at most one proposal for each partition led here.
pub struct IsrPump {
    /// The node.
    pub node: Arc<Node>,
    /// The controller.
    pub controller: ControllerChannel,
    /// From partitions.
    pub queue: mpsc::UnboundedReceiver<Proposed>,
}

impl IsrPump {
    /// Runs until aborted.
    pub async fn run(mut self) {
        let half = self.node.settings.layers().effective().replication.lag_time_max / 2;
        let mut lag = tokio::time::interval(half.max(Duration::from_millis(1)));
        lag.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut waiting: BTreeMap<TopicIdPartition, Proposed> = BTreeMap::new();
        loop {
            while let Ok(proposed) = self.queue.try_recv() {
                waiting.insert(proposed.0.id(), proposed);
            }
            if !waiting.is_empty() {
                if !self.propose(&mut waiting).await {
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
            tokio::select! {
                proposed = self.queue.recv() => match proposed {
                    Some(proposed) => drop(waiting.insert(proposed.0.id(), proposed)),
                    None => return,
                },
                _ = lag.tick() => self.look_for_laggards(),
            }
        }
    }

    fn look_for_laggards(&self) {
        for handle in self.node.partitions.all() {
            if handle.leadership().is_some_and(|known| known.is_local && known.replicas.len() > 1) {
                handle.on_lag_check();
            }
        }
    }

    /// Proposes all; what was answered leaves `waiting`. Whether all was.
    async fn propose(&self, waiting: &mut BTreeMap<TopicIdPartition, Proposed>) -> bool {
        let image = self.node.image.load();
        let broker = self.node.broker_id();
        let Some(registered) = image.cluster().broker(broker) else { return false };
        let local = (broker, registered.epoch.get());
        let request = AlterPartitionRequest {
            broker_id: broker.get(),
            broker_epoch: registered.epoch.get(),
            topics: topics(waiting, local),
            ..AlterPartitionRequest::default()
        };
        let response = match self.controller.call(&request, PATIENCE).await {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(%error, "in-sync replicas cannot be proposed");
                return false;
            }
        };
        if response.error_code != 0 {
            tracing::warn!(code = response.error_code, "proposals of in-sync replicas are refused");
            return false;
        }
        take(waiting, &response)
    }
}

fn topics(waiting: &BTreeMap<TopicIdPartition, Proposed>, local: (BrokerId, i64)) -> Vec<TopicData> {
    let mut topics: Vec<TopicData> = Vec::new();
    for (id, (_, proposal)) in waiting {
        let topic_id = id.topic_id.get();
        if topics.last().is_none_or(|topic| topic.topic_id != topic_id) {
            topics.push(TopicData { topic_id, ..TopicData::default() });
        }
        let member = |member: &klamm_replication::IsrMember| BrokerState {
            broker_id: member.id.get(),
            broker_epoch: if member.id == local.0 {
                local.1
            } else {
                member.epoch.map_or(-1, |epoch| epoch.get())
            },
            ..BrokerState::default()
        };
        let partition = PartitionData {
            partition_index: id.partition,
            leader_epoch: proposal.epoch.get(),
            new_isr_with_epochs: proposal.members.iter().map(member).collect(),
            leader_recovery_state: 0,
            partition_epoch: proposal.partition_epoch.get(),
            ..PartitionData::default()
        };
        topics.last_mut().expect("pushed above").partitions.push(partition);
    }
    topics
}

/// Gives the answers to the partitions; whether none is left.
fn take(waiting: &mut BTreeMap<TopicIdPartition, Proposed>, response: &AlterPartitionResponse) -> bool {
    for topic in &response.topics {
        let Some(topic_id) = klamm_model::TopicId::new(topic.topic_id) else { continue };
        for answered in &topic.partitions {
            let id = TopicIdPartition { topic_id, partition: answered.partition_index };
            let Some((handle, proposal)) = waiting.get(&id) else { continue };
            if let Some(answer) = meaning(handle, proposal, answered) {
                handle.on_isr_answer(proposal, answer);
                waiting.remove(&id);
            }
        }
    }
    waiting.is_empty()
}
