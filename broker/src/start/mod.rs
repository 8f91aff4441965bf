//! Starts the parts of a node in order and stops them in reverse. Owns every thread and task.

pub mod directories;
pub mod features;
mod listeners;
mod quorum;
mod serve;
mod stop;
pub use stop::stop_signal;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use klamm_config::NodeConfig;
use klamm_model::Uuid;
use klamm_node::clock::{Clock, SystemClock};
use klamm_node::fetch_session::FetchSessions;
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::Partitions;
use klamm_storage::DirectoryConfig;
use tokio::sync::watch;

use crate::node::Node;
use crate::pumps::control::ControlThread;
use crate::pumps::disk_pool::DiskPool;
use crate::pumps::effects::PoolSink;
use crate::pumps::groups::{GroupPump, GroupWatcher, Groups};
use crate::pumps::publisher::Publisher;
use crate::pumps::registration::{BrokerState, Registration};
use crate::settings::{SettingsSource, TableRules};
use directories::Directories;
use serve::Front;

/// Descriptors kept for files and everything else but connections.
const RESERVED_DESCRIPTORS: u64 = 4096;

/// Runs a node until it is asked to stop.
pub fn run(config: NodeConfig) -> Result<()> {
    let started = std::time::Instant::now();
    if !(config.roles.is_broker() && config.roles.is_controller()) {
        bail!("process.roles: this version runs nodes that are broker and controller; set broker,controller");
    }
    let descriptors = klamm_sys::raise_open_files_limit().ok().flatten().unwrap_or(1024);
    let bound = listeners::bind_listeners(&config)?;
    let directories = directories::open_directories(&config, &directory_config(&config, descriptors))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let pool = DiskPool::start(2).context("disk threads cannot be started")?;
    let settings = SettingsSource::new(config.clone());
    let rules = TableRules { source: settings.clone() };
    let driver = quorum::build_control(&config, &directories, rules, clock.clone())?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (failed, failure) = watch::channel(None::<String>);
    let (groups, group_pump) = Groups::new(settings.clone());
    let parts = Parts::new(&directories, &pool, (clock.clone(), groups));
    let publisher = parts.publisher(&config, &directories, settings.clone());
    let control = ControlThread::start(driver, pool.clone(), Box::new(publisher), clock, move |error| {
        failed.send_replace(Some(error.to_string()));
    })?;
    let node = Arc::new(parts.into_node(&config, control.handle(), settings));
    let running = Running { config, directories, pool, control, node, group_pump, started, descriptors };
    runtime.block_on(running.until_stopped(bound, failure))
}

fn directory_config(config: &NodeConfig, descriptors: u64) -> DirectoryConfig {
    DirectoryConfig {
        producer_id_expiration: config.log.producer_id_expiration,
        transaction_verification: config.log.transaction_verification,
        max_open_files: usize::try_from(descriptors / 2).unwrap_or(1024).min(4096),
        ..DirectoryConfig::default()
    }
}

/// What the publisher and the handlers share.
struct Parts {
    image: PublishedImage,
    partitions: Partitions,
    sink: Arc<PoolSink>,
    pool: DiskPool,
    clock: Arc<dyn Clock>,
    serving: Arc<AtomicBool>,
    cluster_id: Arc<str>,
    directories: Directories,
    groups: Groups,
}

impl Parts {
    fn new(directories: &Directories, pool: &DiskPool, (clock, groups): (Arc<dyn Clock>, Groups)) -> Parts {
        Parts {
            image: PublishedImage::default(),
            partitions: Partitions::default(),
            sink: Arc::new(PoolSink { pool: pool.clone() }),
            pool: pool.clone(),
            clock,
            serving: Arc::new(AtomicBool::new(false)),
            cluster_id: directories.cluster_id.clone(),
            directories: directories.clone(),
            groups,
        }
    }

    fn publisher(
        &self,
        config: &NodeConfig,
        directories: &Directories,
        settings: SettingsSource,
    ) -> Publisher {
        Publisher {
            broker: config.node_id.into(),
            image: self.image.clone(),
            partitions: self.partitions.clone(),
            directories: directories.clone(),
            settings,
            sink: self.sink.clone(),
            pool: self.pool.clone(),
            clock: self.clock.clone(),
            listeners: vec![Box::new(GroupWatcher {
                groups: self.groups.clone(),
                broker: config.node_id.into(),
                partitions: self.partitions.clone(),
                pool: self.pool.clone(),
                clock: self.clock.clone(),
            })],
            serving: self.serving.clone(),
        }
    }

    fn into_node(
        self,
        config: &NodeConfig,
        controller: crate::pumps::control::ControllerHandle,
        settings: SettingsSource,
    ) -> Node {
        let first_session: u16 = rand::random();
        Node {
            id: config.node_id,
            cluster_id: self.cluster_id,
            image: self.image,
            partitions: self.partitions,
            controller,
            settings,
            directories: self.directories,
            groups: self.groups,
            producer_ids: Default::default(),
            fetch_sessions: FetchSessions::new(
                config.fetch.session_cache_slots as usize,
                i32::from(first_session) << 8,
            ),
            fetch_max_bytes: config.fetch.max_bytes,
            pool: self.pool,
            clock: self.clock,
            serving: self.serving,
        }
    }
}

/// A started control plane with everything around it.
struct Running {
    config: NodeConfig,
    directories: Directories,
    pool: DiskPool,
    control: ControlThread,
    node: Arc<Node>,
    group_pump: GroupPump,
    started: std::time::Instant,
    descriptors: u64,
}

impl Running {
    async fn until_stopped(
        self,
        bound: Vec<listeners::Bound>,
        mut failure: watch::Receiver<Option<String>>,
    ) -> Result<()> {
        let registration = Arc::new(Registration {
            config: self.config.clone(),
            directories: self.directories.clone(),
            features: features::supported(),
            incarnation: new_incarnation(),
            controller: self.node.controller.clone(),
            image: self.node.image.clone(),
        });
        let epoch = tokio::select! {
            registered = registration.register() => registered?,
            _ = failure.changed() => bail!("the control plane failed: {}", failure.borrow().clone().unwrap_or_default()),
        };
        let (state, mut states) = watch::channel(BrokerState::Starting);
        let (stop, stopping) = watch::channel(false);
        let beats = tokio::spawn(registration.beat(epoch, state, stopping));
        stop::recover(&self.node, &self.directories).await;
        states.wait_for(|state| matches!(state, BrokerState::Running(_))).await?;
        self.node.serving.store(true, Ordering::Release);
        let front = Front::start(
            &self.config,
            bound,
            self.node.clone(),
            Running::connection_limit(self.descriptors),
        )?;
        let groups = tokio::spawn(self.group_pump.run(self.node.clock.clone()));
        let housekeeping = tokio::spawn(stop::keep_house(self.node.clone(), self.directories.clone()));
        tracing::info!(millis = self.started.elapsed().as_millis(), "the node serves");
        let outcome = tokio::select! {
            signal = stop_signal() => signal,
            _ = failure.changed() => Err(anyhow::anyhow!(failure.borrow().clone().unwrap_or_default())),
        };
        if outcome.is_ok() {
            tracing::info!("stopping");
            stop.send_replace(true);
            let leave = states.wait_for(|state| *state == BrokerState::MayStop);
            if tokio::time::timeout(Duration::from_secs(30), leave).await.is_err() {
                tracing::warn!("the controller did not let this broker go in time");
            }
        }
        beats.abort();
        groups.abort();
        housekeeping.abort();
        front.stop();
        let now = self.node.clock.wall();
        stop::close(&self.node, &self.directories, self.control, Some(epoch), now)?;
        self.pool.stop();
        outcome.context("the control plane failed")
    }

    fn connection_limit(descriptors: u64) -> usize {
        usize::try_from(descriptors.saturating_sub(RESERVED_DESCRIPTORS).max(256)).unwrap_or(usize::MAX)
    }
}

fn new_incarnation() -> Uuid {
    loop {
        if let Some(uuid) = Uuid::random_from(rand::random()) {
            return uuid;
        }
    }
}
