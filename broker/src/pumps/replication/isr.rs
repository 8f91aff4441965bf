//! Proposes in-sync replicas of partitions led here to the controller, and looks for members that lag (Kafka:
//! AlterPartitionManager and ReplicaManager's isr-expiration).

use std::sync::Arc;
use std::time::Duration;

use klamm_node::isr_proposals::{IsrProposals, Proposed};
use tokio::sync::mpsc;

use crate::node::Node;
use crate::pumps::controller_channel::{ControllerChannel, PATIENCE};

/// Pause before what the controller did not take is proposed again.
const PAUSE: Duration = Duration::from_millis(50);

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
        let mut waiting = IsrProposals::default();
        loop {
            while let Ok(proposed) = self.queue.try_recv() {
                waiting.add(proposed);
            }
            if waiting.is_waiting() {
                if !self.propose(&mut waiting).await {
                    tokio::time::sleep(PAUSE).await;
                }
                continue;
            }
            tokio::select! {
                proposed = self.queue.recv() => match proposed {
                    Some(proposed) => waiting.add(proposed),
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
    async fn propose(&self, waiting: &mut IsrProposals) -> bool {
        let image = self.node.image.load();
        let broker = self.node.broker_id();
        let Some(registered) = image.cluster().broker(broker) else { return false };
        let request = waiting.request(broker, registered.epoch);
        let response = self.controller.call(&request, PATIENCE).await;
        if let Err(error) = &response {
            tracing::warn!(%error, "in-sync replicas cannot be proposed");
        }
        !waiting.on_answer(response.as_ref().ok())
    }
}
