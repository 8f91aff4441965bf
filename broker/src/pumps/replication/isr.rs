//! Proposes in-sync replicas of partitions led here to the controller, and looks for members that lag (Kafka:
//! AlterPartitionManager and ReplicaManager's isr-expiration).

use std::collections::BTreeMap;
use std::pin::Pin;
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

/// Proposals by partition, the newest of each.
type Proposals = BTreeMap<TopicIdPartition, Proposed>;
/// A request under way; `None` for no usable answer.
type Flight = Pin<Box<dyn Future<Output = Option<AlterPartitionResponse>> + Send>>;

/// What happened.
enum Event {
    Proposed(Option<Proposed>),
    Answered(Option<AlterPartitionResponse>),
    LagCheck,
    Time,
}

impl IsrPump {
    /// Runs until aborted. While the controller owes an answer, laggards are looked for and proposals gathered all the
    /// same: a high watermark may wait for either.
    pub async fn run(mut self) {
        let half = self.node.settings.layers().effective().replication.lag_time_max / 2;
        let mut lag = tokio::time::interval(half.max(Duration::from_millis(1)));
        lag.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut waiting, mut asked) = (Proposals::new(), Proposals::new());
        let mut flight: Option<Flight> = None;
        let mut not_before = tokio::time::Instant::now();
        loop {
            while let Ok(proposed) = self.queue.try_recv() {
                waiting.insert(proposed.0.id(), proposed);
            }
            if flight.is_none() && !waiting.is_empty() && tokio::time::Instant::now() >= not_before {
                asked = std::mem::take(&mut waiting);
                flight = Some(self.ask(&asked));
            }
            let is_paused = flight.is_none() && !waiting.is_empty();
            let event = tokio::select! {
                proposed = self.queue.recv() => Event::Proposed(proposed),
                answer = answer_of(&mut flight) => Event::Answered(answer),
                _ = lag.tick() => Event::LagCheck,
                () = tokio::time::sleep_until(not_before), if is_paused => Event::Time,
            };
            match event {
                Event::Proposed(None) => return,
                Event::Proposed(Some(proposed)) => drop(waiting.insert(proposed.0.id(), proposed)),
                Event::Answered(answer) => {
                    flight = None;
                    if let Some(answer) = answer {
                        take(&mut asked, &answer);
                    }
                    if !asked.is_empty() {
                        not_before = tokio::time::Instant::now() + PAUSE;
                    }
                    // What was not answered is asked again, unless something newer is to be asked.
                    for (id, proposed) in std::mem::take(&mut asked) {
                        waiting.entry(id).or_insert(proposed);
                    }
                }
                Event::LagCheck => self.look_for_laggards(),
                Event::Time => {}
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

    /// Asks the controller for all of `proposals`.
    fn ask(&self, proposals: &Proposals) -> Flight {
        let image = self.node.image.load();
        let broker = self.node.broker_id();
        let Some(registered) = image.cluster().broker(broker) else {
            return Box::pin(std::future::ready(None));
        };
        let local = (broker, registered.epoch.get());
        let request = AlterPartitionRequest {
            broker_id: broker.get(),
            broker_epoch: registered.epoch.get(),
            topics: topics(proposals, local),
            ..AlterPartitionRequest::default()
        };
        let controller = self.controller.clone();
        Box::pin(async move {
            match controller.call(&request, PATIENCE).await {
                Ok(response) if response.error_code == 0 => Some(response),
                Ok(response) => {
                    tracing::warn!(code = response.error_code, "proposals of in-sync replicas are refused");
                    None
                }
                Err(error) => {
                    tracing::warn!(%error, "in-sync replicas cannot be proposed");
                    None
                }
            }
        })
    }
}

async fn answer_of(flight: &mut Option<Flight>) -> Option<AlterPartitionResponse> {
    match flight {
        Some(flight) => flight.await,
        None => std::future::pending().await,
    }
}

fn topics(proposals: &Proposals, local: (BrokerId, i64)) -> Vec<TopicData> {
    let mut topics: Vec<TopicData> = Vec::new();
    for (id, (_, proposal)) in proposals {
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

/// Gives the answers to the partitions; what was not answered, or is to be proposed again, stays in `asked`.
fn take(asked: &mut Proposals, response: &AlterPartitionResponse) {
    for topic in &response.topics {
        let Some(topic_id) = klamm_model::TopicId::new(topic.topic_id) else { continue };
        for answered in &topic.partitions {
            let id = TopicIdPartition { topic_id, partition: answered.partition_index };
            let Some((handle, proposal)) = asked.get(&id) else { continue };
            if let Some(answer) = meaning(handle, proposal, answered) {
                handle.on_isr_answer(proposal, answer);
                asked.remove(&id);
            }
        }
    }
}
