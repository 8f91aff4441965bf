//! Proposes in-sync replicas of partitions led here to the controller, and looks for members that lag (Kafka:
//! AlterPartitionManager and ReplicaManager's isr-expiration).

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use klamm_node::isr_proposals::{IsrProposals, Proposed};
use klamm_protocol::messages::AlterPartitionResponse;
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
        let mut proposals = IsrProposals::default();
        let mut flight: Option<Flight> = None;
        let mut not_before = tokio::time::Instant::now();
        loop {
            while let Ok(proposed) = self.queue.try_recv() {
                proposals.add(proposed);
            }
            if flight.is_none() && proposals.is_waiting() && tokio::time::Instant::now() >= not_before {
                flight = self.ask(&mut proposals);
                if flight.is_none() {
                    not_before = tokio::time::Instant::now() + PAUSE;
                }
            }
            let is_paused = flight.is_none() && proposals.is_waiting();
            let event = tokio::select! {
                proposed = self.queue.recv() => Event::Proposed(proposed),
                answer = answer_of(&mut flight) => Event::Answered(answer),
                _ = lag.tick() => Event::LagCheck,
                () = tokio::time::sleep_until(not_before), if is_paused => Event::Time,
            };
            match event {
                Event::Proposed(None) => return,
                Event::Proposed(Some(proposed)) => proposals.add(proposed),
                Event::Answered(answer) => {
                    flight = None;
                    if proposals.on_answer(answer.as_ref()) {
                        not_before = tokio::time::Instant::now() + PAUSE;
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

    /// Asks the controller for all that is proposed; `None` while this broker is not registered.
    fn ask(&self, proposals: &mut IsrProposals) -> Option<Flight> {
        let image = self.node.image.load();
        let broker = self.node.broker_id();
        let registered = image.cluster().broker(broker)?;
        let request = proposals.request(broker, registered.epoch);
        let controller = self.controller.clone();
        Some(Box::pin(async move {
            let answer = controller.call(&request, PATIENCE).await;
            answer.inspect_err(|error| tracing::warn!(%error, "in-sync replicas cannot be proposed")).ok()
        }))
    }
}

async fn answer_of(flight: &mut Option<Flight>) -> Option<AlterPartitionResponse> {
    match flight {
        Some(flight) => flight.await,
        None => std::future::pending().await,
    }
}
