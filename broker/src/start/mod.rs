//! Starts the parts of a node in order and stops them in reverse. Owns every thread and task.

mod admission;
mod descriptors;
mod house;
mod listeners;
mod memory;
mod quorum;
mod serve;
mod stop;
pub use stop::stop_signal;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use klamm_config::NodeConfig;
use klamm_model::{BrokerEpoch, Uuid};
use klamm_node::clock::{Clock, SystemClock};
use klamm_node::fetch_session::FetchSessions;
use klamm_node::isr_proposals::Proposed;
use klamm_node::metadata::PublishedImage;
use klamm_node::partition::{BrokerActivity, Partitions};
use klamm_storage::DirectoryConfig;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::admin::{AdminParts, AdminServer, BoundAdmin, Progress, Stage};
use crate::directories::{self, Directories};
use crate::handlers::heartbeat;
use crate::node::Node;
use crate::pumps::assignments::{Assignment, AssignmentPump, AssignmentWatcher};
use crate::pumps::cleaner;
use crate::pumps::control::{ControlThread, ControllerHandle};
use crate::pumps::controller_channel::ControllerChannel;
use crate::pumps::controller_registration::{ControllerRegistration, ImageNews};
use crate::pumps::disk_pool::DiskPool;
use crate::pumps::effects::PoolSink;
use crate::pumps::groups::{GroupPump, GroupWatcher, Groups};
use crate::pumps::log_dir_moves::{LogDirMoves, LogDirMovesPump};
use crate::pumps::publisher::{OnImage, Publisher, disk_threads};
use crate::pumps::registration::{BrokerState, Registration, Wish};
use crate::pumps::replication::isr::IsrPump;
use crate::pumps::replication::{FollowerNews, FollowerWatcher, ReplicationThread, Throttles};
use crate::settings::{SettingsSource, TableRules};
use crate::{advertised, features};
use descriptors::DescriptorPlan;
use serve::Front;

/// Longest wait of a stopping broker for the controller's leave.
const LEAVE: Duration = Duration::from_secs(30);

/// What stops a start before it touches anything.
pub fn check(config: &NodeConfig) -> Result<()> {
    advertised::check(config)?;
    listeners::check_protocols(config)
}

/// Runs a node until it is asked to stop.
pub fn run(config: NodeConfig) -> Result<()> {
    let started = std::time::Instant::now();
    let limit = klamm_sys::raise_open_files_limit().ok().flatten().unwrap_or(1024);
    let descriptors = DescriptorPlan::new(limit, config.log_dirs.len() + 1);
    check(&config)?;
    let bound = listeners::bind_listeners(&config)?;
    let bound_admin = BoundAdmin::bind(&config.admin)?;
    let directories = directories::open_directories(&config, &directory_config(&config, descriptors))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let pool = DiskPool::start(disk_threads(&config)).context("disk threads cannot be started")?;
    let settings = SettingsSource::new(config.clone());
    let rules = TableRules { source: settings.clone() };
    let incarnation = new_incarnation();
    let driver = quorum::build_control(&config, &directories, (rules, incarnation), clock.clone())?;
    let outbound = quorum::outbound(&config)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (failed, failure) = watch::channel(None::<String>);
    let (groups, group_pump) = Groups::new(settings.clone());
    let (senders, queues) = queues();
    let parts = Parts::new(&directories, &pool, (clock.clone(), groups), (&senders, &config));
    let news = ImageNews::default();
    let publisher = parts.publisher(&config, &directories, (settings.clone(), news.clone()), &senders);
    let way = (clock, outbound.clone());
    let control = ControlThread::start(driver, pool.clone(), Box::new(publisher), way, move |error| {
        failed.send_replace(Some(error.to_string()));
    })?;
    let channel =
        ControllerChannel::new(config.node_id, control.handle(), outbound, runtime.handle().clone());
    let node = Arc::new(parts.into_node(&config, (control.handle(), channel), settings));
    let followers = senders.followers;
    let running = Running {
        config,
        directories,
        pool,
        control,
        node,
        news,
        followers,
        started,
        descriptors,
        incarnation,
        progress: Progress::default(),
    };
    runtime.block_on(running.until_stopped((bound, bound_admin), (group_pump, queues), failure))
}

/// To the pumps.
struct Senders {
    assigned: mpsc::UnboundedSender<Assignment>,
    proposed: mpsc::UnboundedSender<Proposed>,
    followers: mpsc::UnboundedSender<FollowerNews>,
    moves: LogDirMoves,
}

/// What the pumps take.
struct Queues {
    /// Where replicas are that the metadata sees elsewhere.
    assignments: mpsc::UnboundedReceiver<Assignment>,
    proposals: mpsc::UnboundedReceiver<Proposed>,
    followers: mpsc::UnboundedReceiver<FollowerNews>,
    /// Moves between directories, and the way of their pump to the controller.
    moves: (mpsc::UnboundedReceiver<()>, mpsc::UnboundedSender<Assignment>),
}

fn queues() -> (Senders, Queues) {
    // Each holds at most one entry for each partition of an image and change of it: what images bring.
    let (assigned, assignments) = mpsc::unbounded_channel();
    let (proposed, proposals) = mpsc::unbounded_channel();
    let (news, followers) = mpsc::unbounded_channel();
    let (moves, woken) = LogDirMoves::new();
    let queues = Queues { assignments, proposals, followers, moves: (woken, assigned.clone()) };
    (Senders { assigned, proposed, followers: news, moves }, queues)
}

fn directory_config(config: &NodeConfig, descriptors: DescriptorPlan) -> DirectoryConfig {
    DirectoryConfig {
        producer_id_expiration: config.log.producer_id_expiration,
        transaction_verification: config.log.transaction_verification,
        max_open_files: descriptors.files_per_directory,
        ..DirectoryConfig::default()
    }
}

/// What the publisher and the handlers share.
struct Parts {
    image: PublishedImage,
    partitions: Partitions,
    brokers: BrokerActivity,
    sink: Arc<PoolSink>,
    pool: DiskPool,
    clock: Arc<dyn Clock>,
    serving: Arc<AtomicBool>,
    cluster_id: Arc<str>,
    directories: Directories,
    groups: Groups,
    throttles: Throttles,
    moves: LogDirMoves,
}

impl Parts {
    fn new(
        directories: &Directories,
        pool: &DiskPool,
        (clock, groups): (Arc<dyn Clock>, Groups),
        (senders, config): (&Senders, &NodeConfig),
    ) -> Parts {
        Parts {
            image: PublishedImage::default(),
            partitions: Partitions::default(),
            brokers: BrokerActivity::default(),
            sink: Arc::new(PoolSink {
                pool: pool.clone(),
                proposals: senders.proposed.clone(),
                assignments: senders.assigned.clone(),
            }),
            pool: pool.clone(),
            clock,
            serving: Arc::new(AtomicBool::new(false)),
            cluster_id: directories.cluster_id.clone(),
            directories: directories.clone(),
            groups,
            throttles: Throttles::new(config),
            moves: senders.moves.clone(),
        }
    }

    fn publisher(
        &self,
        config: &NodeConfig,
        directories: &Directories,
        (settings, news): (SettingsSource, ImageNews),
        senders: &Senders,
    ) -> Publisher {
        let groups = || GroupWatcher {
            groups: self.groups.clone(),
            broker: config.node_id.into(),
            partitions: self.partitions.clone(),
            pool: self.pool.clone(),
            clock: self.clock.clone(),
        };
        let mut listeners: Vec<Box<dyn OnImage>> = Vec::new();
        if config.roles.is_broker() {
            let queue = senders.followers.clone();
            listeners.push(Box::new(FollowerWatcher { broker: config.node_id.into(), queue }));
            listeners.push(Box::new(groups()));
        }
        if config.roles.is_broker() {
            listeners.push(Box::new(AssignmentWatcher {
                broker: config.node_id.into(),
                partitions: self.partitions.clone(),
                directories: directories.clone(),
                moves: self.moves.clone(),
                queue: senders.assigned.clone(),
            }));
        }
        if config.roles.is_controller() {
            listeners.push(Box::new(news));
        }
        Publisher {
            broker: config.node_id.into(),
            image: self.image.clone(),
            partitions: self.partitions.clone(),
            brokers: self.brokers.clone(),
            directories: directories.clone(),
            settings,
            throttles: self.throttles.clone(),
            sink: self.sink.clone(),
            pool: self.pool.clone(),
            clock: self.clock.clone(),
            listeners,
            serving: self.serving.clone(),
            departing: HashMap::new(),
        }
    }

    fn into_node(
        self,
        config: &NodeConfig,
        (controller, forward): (ControllerHandle, ControllerChannel),
        settings: SettingsSource,
    ) -> Node {
        let first_session: u16 = rand::random();
        Node {
            id: config.node_id,
            cluster_id: self.cluster_id,
            image: self.image,
            partitions: self.partitions,
            controller,
            forward,
            settings,
            directories: self.directories,
            groups: self.groups,
            producer_ids: Default::default(),
            throttles: self.throttles,
            moves: self.moves,
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
    news: ImageNews,
    followers: mpsc::UnboundedSender<FollowerNews>,
    started: std::time::Instant,
    descriptors: DescriptorPlan,
    /// Of the broker.
    incarnation: Uuid,
    progress: Progress,
}

/// The broker's life in the cluster, from its registration on.
struct Life {
    epoch: BrokerEpoch,
    states: watch::Receiver<BrokerState>,
    wish: watch::Sender<Wish>,
    /// Follows from the end of recovery on.
    replication: Option<ReplicationThread>,
}

impl Running {
    async fn until_stopped(
        self,
        (bound, bound_admin): (Vec<listeners::Bound>, BoundAdmin),
        (group_pump, queues): (GroupPump, Queues),
        mut failure: watch::Receiver<Option<String>>,
    ) -> Result<()> {
        let mut front = Front::start(&self.config, bound, self.node.clone(), self.descriptors.connections)?;
        let admin = AdminServer::start(bound_admin, self.admin_parts(&front))?;
        let mut tasks = JoinSet::new();
        let mut life = None;
        let outcome = tokio::select! {
            biased;
            _ = failure.changed() => {
                let why = failure.borrow().clone().unwrap_or_default();
                Err(anyhow::anyhow!(why).context("the control plane failed"))
            }
            Err(error) = self.serve((&mut front, group_pump, queues), &mut tasks, &mut life) => Err(error),
            signal = stop_signal() => signal,
        };
        self.progress.enter(Stage::Stopping);
        if outcome.is_ok() {
            tracing::info!("stopping");
            if let Some(life) = &mut life {
                leave(life).await;
            }
        }
        tasks.abort_all();
        if let Some(admin) = admin {
            admin.stop();
        }
        front.stop();
        let now = self.node.clock.wall();
        let epoch = life.map(|life| {
            if let Some(replication) = life.replication {
                replication.stop();
            }
            life.epoch
        });
        stop::close(&self.node, &self.directories, self.control, epoch, now)?;
        self.pool.stop();
        outcome
    }

    /// Starts what the node's roles need, then waits for ever; an error ends the node.
    async fn serve(
        &self,
        (front, group_pump, queues): (&mut Front, GroupPump, Queues),
        tasks: &mut JoinSet<()>,
        life: &mut Option<Life>,
    ) -> Result<std::convert::Infallible> {
        let early = &self.config.listeners.early_start;
        front.accept(|listener| early.iter().any(|name| name.eq_ignore_ascii_case(&listener.name)))?;
        if self.config.roles.is_controller() {
            tasks.spawn(self.controller_registration().run());
            tasks.spawn(heartbeat::look_at_predecessors(self.node.clone()));
        }
        if self.config.roles.is_broker() {
            let Queues { assignments, proposals, followers, moves: (woken, assigned) } = queues;
            // Recovery may find replicas that must not lead: before this broker can be elected.
            tasks.spawn(self.assignment_pump(assignments).run());
            self.join(tasks, life, followers).await?;
            tasks.spawn(self.isr_pump(proposals).run());
            tasks.spawn(group_pump.run(self.node.clock.clone()));
            tasks.spawn(house::keep_house(self.node.clone(), self.directories.clone()));
            tasks.spawn(cleaner::clean(self.node.clone()));
            let node = self.node.clone();
            tasks.spawn(LogDirMovesPump { node, assignments: assigned, woken }.run());
        }
        self.node.serving.store(true, Ordering::Release);
        front.accept(|_| true)?;
        self.progress.enter(Stage::Serving);
        tracing::info!(millis = self.started.elapsed().as_millis(), "the node serves");
        if let Some(life) = life {
            life.states.wait_for(|state| *state == BrokerState::WithoutDirectories).await?;
            bail!("all log directories have failed");
        }
        std::future::pending().await
    }

    /// Registers the broker, lets it catch up and recover, and waits until it may serve.
    async fn join(
        &self,
        tasks: &mut JoinSet<()>,
        life: &mut Option<Life>,
        followers: mpsc::UnboundedReceiver<FollowerNews>,
    ) -> Result<()> {
        let registration = Arc::new(Registration {
            config: self.config.clone(),
            directories: self.directories.clone(),
            features: features::supported(),
            incarnation: self.incarnation,
            controller: self.node.forward.another(),
            image: self.node.image.clone(),
            settings: self.node.settings.clone(),
        });
        let epoch = registration.register().await?;
        let (state, states) = watch::channel(BrokerState::Starting);
        let (wish, wishes) = watch::channel(Wish::CatchUp);
        tasks.spawn(registration.beat(epoch, state, wishes));
        let life = life.insert(Life { epoch, states, wish, replication: None });
        life.states.wait_for(|state| matches!(state, BrokerState::CaughtUp(_))).await?;
        house::sweep(&self.node, &self.directories);
        self.progress.enter(Stage::Recovering);
        stop::recover(&self.node, &self.directories, self.config.log.recovery_threads_per_dir).await;
        let replication = ReplicationThread::start(self.node.clone(), self.followers.clone(), followers);
        life.replication = Some(replication.context("the replication thread cannot be started")?);
        life.wish.send_replace(Wish::Serve);
        life.states.wait_for(|state| matches!(state, BrokerState::Running(_))).await?;
        Ok(())
    }

    fn admin_parts(&self, front: &Front) -> AdminParts {
        AdminParts {
            node: self.node.clone(),
            shards: front.shards(),
            progress: self.progress.clone(),
            incarnation: self.incarnation,
            started: self.started,
        }
    }

    fn assignment_pump(&self, queue: mpsc::UnboundedReceiver<Assignment>) -> AssignmentPump {
        AssignmentPump {
            broker: self.config.node_id.into(),
            image: self.node.image.clone(),
            controller: self.node.forward.another(),
            queue,
        }
    }

    fn isr_pump(&self, queue: mpsc::UnboundedReceiver<Proposed>) -> IsrPump {
        IsrPump { node: self.node.clone(), controller: self.node.forward.another(), queue }
    }

    fn controller_registration(&self) -> ControllerRegistration {
        ControllerRegistration {
            config: self.config.clone(),
            features: features::supported(),
            incarnation: new_incarnation(),
            controller: self.node.forward.another(),
            image: self.node.image.clone(),
            news: self.news.clone(),
        }
    }
}

/// Waits until the controller lets the broker go, which it does once others lead its partitions.
async fn leave(life: &mut Life) {
    life.wish.send_replace(Wish::Stop);
    let leave = life.states.wait_for(|state| *state == BrokerState::MayStop);
    if tokio::time::timeout(LEAVE, leave).await.is_err() {
        tracing::warn!("the controller did not let this broker go in time");
    }
}

fn new_incarnation() -> Uuid {
    loop {
        if let Some(uuid) = Uuid::random_from(rand::random()) {
            return uuid;
        }
    }
}
