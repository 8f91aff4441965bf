//! The broker's life in the cluster: registers with the controller, sends heartbeats, is unfenced
//! once caught up, and asks leave before it stops (Kafka: BrokerLifecycleManager).

use std::sync::Arc;
use std::time::Duration;

use klamm_config::NodeConfig;
use klamm_config::node::Listener;
use klamm_metadata::ApiError;
use klamm_metadata::controller::{Command, PreviousEpoch, RegisterBroker, Reply};
use klamm_metadata::image::SupportedFeatures;
use klamm_model::{BrokerEpoch, Uuid};
use klamm_node::metadata::PublishedImage;
use klamm_protocol::messages::{
    BrokerHeartbeatRequest, BrokerRegistrationRequest, broker_registration_request,
};
use klamm_protocol::{ErrorCode, Str};
use tokio::sync::watch;

use super::control::ControllerHandle;
use crate::start::directories::Directories;

/// Pause before a refused registration is tried again.
const RETRY: Duration = Duration::from_millis(100);

/// How far the broker has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// Not registered.
    Starting,
    /// Registered, catching up.
    Registered(BrokerEpoch),
    /// Serves clients.
    Running(BrokerEpoch),
    /// Asked leave to stop.
    Stopping(BrokerEpoch),
    /// The controller lets it go.
    MayStop,
}

/// What a registration says.
pub struct Registration {
    /// `node.id`, roles, listeners, intervals.
    pub config: NodeConfig,
    /// Log directories and the proof of a clean stop.
    pub directories: Directories,
    /// Levels this node supports.
    pub features: SupportedFeatures,
    /// Identity of this process.
    pub incarnation: Uuid,
    /// The controller.
    pub controller: ControllerHandle,
    /// Tells how far this broker has read the metadata.
    pub image: PublishedImage,
}

/// The registration could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the controller refuses this broker: {code:?} {message}")]
pub struct RegistrationRefused {
    /// Its error.
    pub code: ErrorCode,
    /// Its text.
    pub message: String,
}

impl Registration {
    /// Registers; tries again while there is no active controller, and while the controller takes
    /// an earlier incarnation of this broker for alive (`initial.broker.registration.timeout.ms`).
    pub async fn register(&self) -> Result<BrokerEpoch, RegistrationRefused> {
        let patience = self.config.broker.initial_registration_timeout;
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let command = Command::RegisterBroker(RegisterBroker {
                request: self.request(),
                previous_epoch: PreviousEpoch::Told,
                kraft_version: i16::try_from(self.controller.quorum().kraft_version.level()).unwrap_or(0),
            });
            let refused = match self.controller.ask(command).await {
                Ok(Reply::BrokerRegistration(response)) if response.error_code == 0 => {
                    let epoch = BrokerEpoch::new(response.broker_epoch);
                    return Ok(epoch.expect("an accepted registration has an epoch"));
                }
                Ok(Reply::BrokerRegistration(response)) => {
                    let code = ErrorCode::from_i16(response.error_code);
                    ApiError::plain(code.unwrap_or(ErrorCode::UnknownServerError))
                }
                Ok(other) => unreachable!("a registration is answered as such, not {other:?}"),
                Err(error) => error,
            };
            let may_pass =
                matches!(refused.code, ErrorCode::NotController | ErrorCode::DuplicateBrokerRegistration);
            if !may_pass || tokio::time::Instant::now() >= deadline {
                let message = refused.message.unwrap_or_default();
                return Err(RegistrationRefused { code: refused.code, message });
            }
            let is_duplicate = refused.code == ErrorCode::DuplicateBrokerRegistration;
            if !(is_duplicate && self.fence_predecessor().await) {
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    /// This process holds the lock of the log directories, so the incarnation that registered them is
    /// dead: it is fenced in its own name, by the request with which a broker fences itself.
    async fn fence_predecessor(&self) -> bool {
        let image = self.image.load();
        let Some(registered) = image.cluster().broker(self.config.node_id.into()) else { return false };
        let own: Vec<Uuid> = self.directories.data.iter().map(|directory| directory.id.get()).collect();
        if registered.fenced || !registered.directories.iter().any(|id| own.contains(id)) {
            return false;
        }
        let request = BrokerHeartbeatRequest {
            broker_id: self.config.node_id.get(),
            broker_epoch: registered.epoch.get(),
            current_metadata_offset: image.last_offset().map_or(-1, |offset| offset.get()),
            want_fence: true,
            want_shut_down: false,
            ..BrokerHeartbeatRequest::default()
        };
        self.controller.ask(Command::BrokerHeartbeat(request)).await.is_ok()
    }

    fn request(&self) -> BrokerRegistrationRequest {
        let config = &self.config;
        BrokerRegistrationRequest {
            broker_id: config.node_id.get(),
            cluster_id: Str::from(self.directories.cluster_id.to_string()),
            incarnation_id: self.incarnation,
            listeners: config.listeners.advertised_to_clients.iter().map(listener).collect(),
            features: self
                .features
                .iter()
                .map(|(name, range)| broker_registration_request::Feature {
                    name: Str::from(name.to_string()),
                    min_supported_version: range.min,
                    max_supported_version: range.max,
                    ..Default::default()
                })
                .collect(),
            rack: config.broker.rack.clone().map(Str::from),
            is_migrating_zk_broker: false,
            log_dirs: self.directories.data.iter().map(|directory| directory.id.get()).collect(),
            previous_broker_epoch: self.directories.previous_epoch().map_or(-1, BrokerEpoch::get),
            ..BrokerRegistrationRequest::default()
        }
    }

    /// Sends heartbeats until the controller lets the broker go after `stop` was set. The state is
    /// told on the way.
    pub async fn beat(
        self: Arc<Self>,
        mut epoch: BrokerEpoch,
        state: watch::Sender<BrokerState>,
        mut stop: watch::Receiver<bool>,
    ) {
        state.send_replace(BrokerState::Registered(epoch));
        loop {
            let stopping = *stop.borrow_and_update();
            let image = self.image.load();
            let offset = image.last_offset();
            let request = BrokerHeartbeatRequest {
                broker_id: self.config.node_id.get(),
                broker_epoch: epoch.get(),
                current_metadata_offset: offset.map_or(-1, |offset| offset.get()),
                want_fence: false,
                want_shut_down: stopping,
                ..BrokerHeartbeatRequest::default()
            };
            let mut pause = self.config.broker.heartbeat_interval;
            match self.controller.ask(Command::BrokerHeartbeat(request)).await {
                Ok(Reply::BrokerHeartbeat(response)) => {
                    if response.should_shut_down {
                        state.send_replace(BrokerState::MayStop);
                        return;
                    }
                    let now = if stopping {
                        BrokerState::Stopping(epoch)
                    } else if response.is_fenced {
                        pause = pause.min(RETRY / 10);
                        BrokerState::Registered(epoch)
                    } else {
                        BrokerState::Running(epoch)
                    };
                    state.send_if_modified(|before| std::mem::replace(before, now) != now);
                }
                Ok(other) => unreachable!("a heartbeat is answered as such, not {other:?}"),
                Err(error) if error.code == ErrorCode::StaleBrokerEpoch => {
                    tracing::warn!("the controller does not know this registration; registering again");
                    match self.register().await {
                        Ok(again) => epoch = again,
                        Err(refused) => tracing::error!(%refused, "registration"),
                    }
                }
                Err(error) => {
                    tracing::debug!(?error, "heartbeat refused");
                    pause = RETRY;
                }
            }
            if stopping {
                pause = pause.min(RETRY / 10);
            }
            let stop_asked = async {
                while !*stop.borrow() {
                    if stop.changed().await.is_err() {
                        std::future::pending::<()>().await;
                    }
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop_asked, if !stopping => {}
            }
        }
    }
}

fn listener(listener: &Listener) -> broker_registration_request::Listener {
    broker_registration_request::Listener {
        name: Str::from(listener.name.clone()),
        host: Str::from(listener.host.clone().unwrap_or_default()),
        port: listener.port,
        security_protocol: listener.protocol.id(),
        ..Default::default()
    }
}
