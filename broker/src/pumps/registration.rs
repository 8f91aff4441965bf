//! The broker's life in the cluster: registers with the controller, sends heartbeats, is unfenced
//! once caught up, and asks leave before it stops (Kafka: BrokerLifecycleManager).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use klamm_config::NodeConfig;
use klamm_config::node::Listener;
use klamm_metadata::image::SupportedFeatures;
use klamm_model::{BrokerEpoch, Uuid};
use klamm_node::metadata::PublishedImage;
use klamm_protocol::messages::{
    BrokerHeartbeatRequest, BrokerRegistrationRequest, broker_registration_request,
};
use klamm_protocol::{ErrorCode, Str};
use tokio::sync::watch;

use super::controller_channel::ControllerChannel;
use crate::advertised;
use crate::directories::Directories;
use crate::settings::SettingsSource;

/// Pause before a refused registration is tried again.
const RETRY: Duration = Duration::from_millis(100);

/// Pause while the broker waits for the next step.
const SOON: Duration = Duration::from_millis(10);
/// Longest wait for the answer to one heartbeat (Kafka: half of `broker.session.timeout.ms`).
const ANSWER: Duration = Duration::from_millis(4_500);

/// What the broker wants of the controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To stay fenced while it reads the metadata and recovers its logs.
    CatchUp,
    /// To serve clients.
    Serve,
    /// To stop.
    Stop,
}

/// How far the broker has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerState {
    /// Not registered.
    Starting,
    /// Registered and fenced.
    Registered(BrokerEpoch),
    /// Has read the metadata up to its registration; still fenced.
    CaughtUp(BrokerEpoch),
    /// Serves clients.
    Running(BrokerEpoch),
    /// Asked leave to stop.
    Stopping(BrokerEpoch),
    /// The controller lets it go.
    MayStop,
    /// The last log directory has failed, which the controller was told: nothing is left to serve.
    WithoutDirectories,
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
    /// The active controller.
    pub controller: ControllerChannel,
    /// Tells how far this broker has read the metadata.
    pub image: PublishedImage,
    /// Tells which log directories take no new replicas.
    pub settings: SettingsSource,
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
            let left = deadline.saturating_duration_since(tokio::time::Instant::now());
            let Ok(response) = self.controller.call(&self.request(), left).await else {
                let message = "no active controller was found".to_owned();
                return Err(RegistrationRefused { code: ErrorCode::RequestTimedOut, message });
            };
            let code = ErrorCode::from_i16(response.error_code).unwrap_or(ErrorCode::UnknownServerError);
            if code == ErrorCode::None {
                let epoch = BrokerEpoch::new(response.broker_epoch);
                return epoch.ok_or(RegistrationRefused {
                    code: ErrorCode::UnknownServerError,
                    message: "the registration has no epoch".to_owned(),
                });
            }
            let is_duplicate = code == ErrorCode::DuplicateBrokerRegistration;
            if !is_duplicate || tokio::time::Instant::now() >= deadline {
                return Err(RegistrationRefused { code, message: code.message().to_owned() });
            }
            if !self.fence_predecessor().await {
                tokio::time::sleep(RETRY).await;
            }
        }
    }

    /// This process holds the lock of the log directories, so the incarnation that registered them is
    /// dead: it is fenced in its own name, by the request with which a broker fences itself. So its leaderships move at
    /// once; the controller still counts the request as a sign of life, and the registration waits for the session's end,
    /// as in Kafka. Only a controller in this process knows better (`Controller::beside_broker`).
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
        let fenced = self.controller.call(&request, ANSWER).await;
        fenced.is_ok_and(|response| response.error_code == 0)
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

    /// Sends heartbeats until the controller lets the broker go after it wished so. The state is told
    /// on the way.
    pub async fn beat(
        self: Arc<Self>,
        mut epoch: BrokerEpoch,
        state: watch::Sender<BrokerState>,
        mut wish: watch::Receiver<Wish>,
    ) {
        state.send_replace(BrokerState::Registered(epoch));
        loop {
            let wished = *wish.borrow_and_update();
            let request = self.heartbeat(epoch, wished);
            let without_directories = request.offline_log_dirs.len() == self.directories.data.len();
            let mut pause = self.config.broker.heartbeat_interval;
            match self.controller.call(&request, ANSWER).await {
                Ok(response) if response.error_code == 0 => {
                    if response.should_shut_down {
                        state.send_replace(BrokerState::MayStop);
                        return;
                    }
                    if without_directories {
                        state.send_replace(BrokerState::WithoutDirectories);
                        return;
                    }
                    let now = next_state(epoch, wished, (response.is_caught_up, response.is_fenced));
                    if matches!(now, BrokerState::Registered(_) | BrokerState::Stopping(_)) {
                        pause = pause.min(SOON);
                    }
                    state.send_if_modified(|before| std::mem::replace(before, now) != now);
                }
                Ok(response) if response.error_code == ErrorCode::StaleBrokerEpoch.code() => {
                    tracing::warn!("the controller does not know this registration; registering again");
                    match self.register().await {
                        Ok(again) => epoch = again,
                        Err(refused) => tracing::error!(%refused, "registration"),
                    }
                    pause = SOON;
                }
                Ok(response) => {
                    tracing::debug!(code = response.error_code, "heartbeat refused");
                    pause = RETRY;
                }
                Err(error) => {
                    tracing::warn!(%error, "heartbeat");
                    pause = RETRY;
                }
            }
            let changed = async {
                if wish.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = changed => {}
            }
        }
    }

    fn heartbeat(&self, epoch: BrokerEpoch, wish: Wish) -> BrokerHeartbeatRequest {
        let image = self.image.load();
        let offset = image.last_offset();
        let version = image.features().metadata_version();
        let may_cordon = version.is_some_and(|version| version.supports_cordoned_log_dirs());
        BrokerHeartbeatRequest {
            broker_id: self.config.node_id.get(),
            broker_epoch: epoch.get(),
            current_metadata_offset: offset.map_or(-1, |offset| offset.get()),
            want_fence: wish == Wish::CatchUp,
            want_shut_down: wish == Wish::Stop,
            cordoned_log_dirs: may_cordon.then(|| self.cordoned()),
            offline_log_dirs: self.directories.offline(),
            ..BrokerHeartbeatRequest::default()
        }
    }

    /// The directories that take no new replicas (KIP-1066).
    fn cordoned(&self) -> Vec<Uuid> {
        let layers = self.settings.layers();
        let names = &layers.effective().cordoned_log_dirs;
        let is_named = |path: &Path| names.iter().any(|name| Path::new(name) == path);
        let directories = self.directories.data.iter();
        directories.filter(|one| is_named(one.dir.path())).map(|one| one.id.get()).collect()
    }
}

fn next_state(epoch: BrokerEpoch, wish: Wish, (caught_up, fenced): (bool, bool)) -> BrokerState {
    match wish {
        Wish::Stop => BrokerState::Stopping(epoch),
        Wish::CatchUp if caught_up => BrokerState::CaughtUp(epoch),
        Wish::CatchUp => BrokerState::Registered(epoch),
        Wish::Serve if fenced => BrokerState::Registered(epoch),
        Wish::Serve => BrokerState::Running(epoch),
    }
}

fn listener(listener: &Listener) -> broker_registration_request::Listener {
    broker_registration_request::Listener {
        name: Str::from(listener.name.clone()),
        host: Str::from(advertised::host(listener)),
        port: listener.port,
        security_protocol: listener.protocol.id(),
        ..Default::default()
    }
}
