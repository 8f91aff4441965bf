//! The broker's life in the cluster, as `broker/src/pumps/registration.rs` leads it: registers, sends
//! heartbeats, is unfenced once it has caught up, registers again when it is not known any more, tells that its log
//! directory has failed, asks leave before it stops.

use std::time::Duration;

use klamm_metadata::MetadataImage;
use klamm_metadata::controller::{Command, PreviousEpoch, RegisterBroker, Reply};
use klamm_model::{BrokerEpoch, BrokerId, DirectoryId, Instant, Uuid};
use klamm_node::control::ControlAnswer;
use klamm_protocol::messages::broker_registration_request::{Feature, Listener};
use klamm_protocol::messages::{BrokerHeartbeatRequest, BrokerRegistrationRequest};
use klamm_protocol::{ErrorCode, Str};

use crate::build;
use crate::rpc::CallId;

/// Pause after a refusal, and while there is no controller.
const RETRY: Duration = Duration::from_millis(100);
/// Pause while the broker waits for the next step.
const SOON: Duration = Duration::from_millis(20);
/// Longest wait for leave to stop.
const LEAVE: Duration = Duration::from_secs(5);

/// Why a process is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It may stop in order.
    MayStop,
    /// It has no log directory any more, and the controller knows.
    WithoutDirectory,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    broker: BrokerId,
    directory: DirectoryId,
    incarnation: Uuid,
    previous_epoch: Option<BrokerEpoch>,
    interval: Duration,
    epoch: Option<BrokerEpoch>,
    is_caught_up: bool,
    next: Instant,
    /// The call under way.
    call: Option<CallId>,
    /// The log directory has failed.
    is_offline: bool,
    /// The call under way says so.
    tells_offline: bool,
    /// It wants to stop, and does so by then.
    leave_by: Option<Instant>,
    end: Option<End>,
}

impl Lifecycle {
    pub(crate) fn new(
        broker: BrokerId,
        (directory, incarnation): (DirectoryId, Uuid),
        previous_epoch: Option<BrokerEpoch>,
        interval: Duration,
    ) -> Lifecycle {
        Lifecycle {
            broker,
            directory,
            incarnation,
            previous_epoch,
            interval,
            epoch: None,
            is_caught_up: false,
            next: Instant::ZERO,
            call: None,
            is_offline: false,
            tells_offline: false,
            leave_by: None,
            end: None,
        }
    }

    /// The broker wants to stop: it asks the controller for leave first.
    pub(crate) fn leave(&mut self, now: Instant) {
        self.leave_by.get_or_insert(now.after(LEAVE));
        self.next = now;
    }

    /// Whether it wants to stop.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leave_by.is_some()
    }

    /// The log directory has failed.
    pub(crate) fn directory_failed(&mut self, now: Instant) {
        if !self.is_offline {
            self.is_offline = true;
            self.next = now;
        }
    }

    /// Whether and why the process is to end.
    pub(crate) fn end(&self, now: Instant) -> Option<End> {
        self.end.or_else(|| self.leave_by.is_some_and(|by| by <= now).then_some(End::MayStop))
    }

    /// The epoch of its registration.
    pub(crate) fn epoch(&self) -> Option<BrokerEpoch> {
        self.epoch
    }

    /// Whether it has read the metadata up to its registration.
    pub(crate) fn is_caught_up(&self) -> bool {
        self.is_caught_up
    }

    /// When [`Self::due`] has something to say.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.call.is_none().then_some(self.next).into_iter().chain(self.leave_by).min()
    }

    /// What to ask the controller now.
    pub(crate) fn due(&self, now: Instant, image: &MetadataImage) -> Option<Command> {
        if self.call.is_some() || now < self.next {
            return None;
        }
        let Some(epoch) = self.epoch else { return Some(self.register(image)) };
        Some(self.heartbeat(epoch, image, !self.is_caught_up))
    }

    /// The question is on its way; `None` if nobody can be asked.
    pub(crate) fn asked(&mut self, call: Option<CallId>, now: Instant) {
        self.call = call;
        self.tells_offline = self.is_offline && self.epoch.is_some();
        if call.is_none() {
            self.next = now.after(RETRY);
        }
    }

    /// Takes the answer to a call of its own; whether it was one.
    pub(crate) fn on_answer(&mut self, call: CallId, answer: Option<&ControlAnswer>, now: Instant) -> bool {
        if self.call != Some(call) {
            return false;
        }
        self.call = None;
        self.next = now.after(RETRY);
        match answer {
            Some(Ok(Reply::BrokerRegistration(response))) => {
                if response.error_code == 0 {
                    self.epoch = BrokerEpoch::new(response.broker_epoch);
                    self.is_caught_up = false;
                    self.next = now;
                }
            }
            Some(Ok(Reply::BrokerHeartbeat(response))) => match response.error_code {
                // The farewell of an earlier incarnation: what the controller says of that is not of this one.
                _ if self.epoch.is_none() => {}
                0 if self.tells_offline => self.end = Some(End::WithoutDirectory),
                0 if response.should_shut_down => self.end = Some(End::MayStop),
                0 if self.leave_by.is_some() => self.next = now.after(SOON),
                0 => {
                    let pause = if response.is_fenced || !self.is_caught_up { SOON } else { self.interval };
                    self.is_caught_up |= response.is_caught_up;
                    self.next = now.after(pause);
                }
                code if code == ErrorCode::StaleBrokerEpoch.code() => self.epoch = None,
                _ => {}
            },
            Some(Err(error)) if error.code == ErrorCode::StaleBrokerEpoch => self.epoch = None,
            Some(Ok(_) | Err(_)) | None => {}
        }
        true
    }

    /// The registration; where an earlier incarnation counts as alive, first its end in its own name.
    fn register(&self, image: &MetadataImage) -> Command {
        if let Some(registered) = image.cluster().broker(self.broker)
            && registered.incarnation != self.incarnation
            && !registered.fenced
            && registered.directories.contains(&self.directory.get())
        {
            return self.heartbeat(registered.epoch, image, true);
        }
        let listener = Listener {
            name: Str::from("PLAINTEXT"),
            host: Str::from(format!("node{}", self.broker)),
            port: 9092,
            ..Listener::default()
        };
        let feature = |(name, range): (&std::sync::Arc<str>, &klamm_metadata::FeatureRange)| Feature {
            name: Str::from(name.to_string()),
            min_supported_version: range.min,
            max_supported_version: range.max,
            ..Feature::default()
        };
        Command::RegisterBroker(RegisterBroker {
            request: BrokerRegistrationRequest {
                broker_id: self.broker.get(),
                cluster_id: Str::from(build::CLUSTER),
                incarnation_id: self.incarnation,
                listeners: vec![listener],
                features: build::features().iter().map(feature).collect(),
                log_dirs: vec![self.directory.get()],
                previous_broker_epoch: self.previous_epoch.map_or(-1, BrokerEpoch::get),
                ..BrokerRegistrationRequest::default()
            },
            previous_epoch: PreviousEpoch::Told,
            kraft_version: 1,
        })
    }

    fn heartbeat(&self, epoch: BrokerEpoch, image: &MetadataImage, want_fence: bool) -> Command {
        Command::BrokerHeartbeat(BrokerHeartbeatRequest {
            broker_id: self.broker.get(),
            broker_epoch: epoch.get(),
            current_metadata_offset: image.last_offset().map_or(-1, |offset| offset.get()),
            want_fence,
            want_shut_down: self.leave_by.is_some(),
            offline_log_dirs: self.is_offline.then(|| self.directory.get()).into_iter().collect(),
            ..BrokerHeartbeatRequest::default()
        })
    }
}
