//! A controller makes itself known: where it listens and which features it supports, once per
//! process, from metadata.version 15 on (Kafka: ControllerRegistrationManager, KIP-919).

use std::sync::Arc;
use std::time::Duration;

use klamm_config::NodeConfig;
use klamm_metadata::MetadataDelta;
use klamm_metadata::image::SupportedFeatures;
use klamm_model::Uuid;
use klamm_node::metadata::PublishedImage;
use klamm_protocol::Str;
use klamm_protocol::messages::{ControllerRegistrationRequest, controller_registration_request as wire};
use tokio::sync::Notify;

use super::controller_channel::ControllerChannel;
use super::publisher::OnImage;
use crate::advertised;

/// Longest time one attempt looks for the active controller.
const ATTEMPT: Duration = Duration::from_secs(10);
/// Pause after a refusal; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Says that there is a new image.
#[derive(Clone, Default)]
pub struct ImageNews(Arc<Notify>);

impl OnImage for ImageNews {
    fn on_image(&mut self, _: &MetadataDelta) {
        self.0.notify_one();
    }
}

/// What a controller's registration says.
pub struct ControllerRegistration {
    /// `node.id` and listeners.
    pub config: NodeConfig,
    /// Levels this node supports.
    pub features: SupportedFeatures,
    /// Identity of this process.
    pub incarnation: Uuid,
    /// The active controller.
    pub controller: ControllerChannel,
    /// Tells whether the registration is there.
    pub image: PublishedImage,
    /// Wakes the pump.
    pub news: ImageNews,
}

impl ControllerRegistration {
    /// Registers whenever the metadata lacks this process, until dropped.
    pub async fn run(self) {
        let mut pause = FIRST_PAUSE;
        loop {
            if !self.is_due() {
                self.news.0.notified().await;
                continue;
            }
            match self.controller.call(&self.request(), ATTEMPT).await {
                Ok(response) if response.error_code == 0 => {
                    pause = FIRST_PAUSE;
                    self.news.0.notified().await;
                }
                refused => {
                    tracing::warn!(?refused, "the registration of this controller failed; trying again");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn is_due(&self) -> bool {
        let image = self.image.load();
        let version = image.features().metadata_version();
        let registered = image.cluster().controller(self.config.node_id);
        version.is_some_and(|version| version.supports_controller_registration())
            && registered.is_none_or(|registered| registered.incarnation != self.incarnation)
    }

    fn request(&self) -> ControllerRegistrationRequest {
        let listeners = &self.config.listeners.advertised_as_controller;
        ControllerRegistrationRequest {
            controller_id: self.config.node_id.get(),
            incarnation_id: self.incarnation,
            zk_migration_ready: false,
            listeners: listeners
                .iter()
                .map(|listener| wire::Listener {
                    name: Str::from(listener.name.clone()),
                    host: Str::from(advertised::host(listener)),
                    port: listener.port,
                    security_protocol: listener.protocol.id(),
                    ..wire::Listener::default()
                })
                .collect(),
            features: self
                .features
                .iter()
                .map(|(name, range)| wire::Feature {
                    name: Str::from(name.to_string()),
                    min_supported_version: range.min,
                    max_supported_version: range.max,
                    ..wire::Feature::default()
                })
                .collect(),
            ..ControllerRegistrationRequest::default()
        }
    }
}
