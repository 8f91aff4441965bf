//! One node: its disk and clocks always, its process while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use klamm_coordinator::group::{GroupReply, GroupRequest};
use klamm_metadata::Controller;
use klamm_metadata::controller::{Bootstrap, ControllerSettings, DeleteTopicsAllowed, TokenSettings};
use klamm_model::{BrokerId, Instant, LeaderEpoch, NodeId, Offset, TopicIdPartition, Uuid};
use klamm_node::clock::Clock;
use klamm_node::control::{ControlAnswer, ControlDriver, ControlParts};
use klamm_node::partition::AppendAnswer;
use klamm_node::promise::Awaited;
use klamm_node::raft::{MetadataRetention, OpenRaft, open_raft};
use klamm_raft::{KraftVersion, LocalReplica, RequestId, VoterSet};
use klamm_storage::disk::{Disk, MemDisk};
use klamm_storage::{DirectoryConfig, LogConfig, LogDir, OpenDirectory, Shutdown};

use crate::broker::{Broker, BrokerParts};
use crate::build::{self, Build};
use crate::clock::NodeClock;
use crate::event::{Event, RaftOrigin};
use crate::random::Random;
use crate::rpc::{CallId, Caller};
use crate::rules::SimRules;
use crate::world::Hearing;

/// A node.
#[derive(Debug)]
pub(crate) struct SimNode {
    pub(crate) id: i32,
    pub(crate) disk: MemDisk,
    /// Which of its disks this is.
    pub(crate) disk_number: u16,
    pub(crate) clock: Arc<NodeClock>,
    /// Grows with each start.
    pub(crate) incarnation: u32,
    pub(crate) process: Option<Box<Process>>,
    pub(crate) is_paused: bool,
    /// Its machine has lost its power, and no process has started since.
    pub(crate) is_off: bool,
    /// What waits for the paused process.
    pub(crate) held: Vec<Event>,
    /// Its metadata log is on the medium up to here.
    pub(crate) synced: Offset,
    /// A failed fsync lost what the page cache still shows: only a power cut brings the truth to light.
    pub(crate) needs_power_cut: bool,
}

/// A running process.
pub(crate) struct Process {
    pub(crate) control: ControlDriver<SimRules>,
    pub(crate) dir: Arc<LogDir>,
    /// Requests of the quorum's APIs that are not answered yet.
    pub(crate) asked: BTreeMap<RequestId, RaftOrigin>,
    /// Calls that are not answered yet.
    pub(crate) pending: Vec<Pending>,
    /// Of whom it has heard as a controller.
    pub(crate) hearing: Hearing,
    pub(crate) broker: Option<Broker>,
    pub(crate) armed: Option<Instant>,
    /// Time-outs in a row that changed no deadline.
    pub(crate) idle_timeouts: u32,
    /// What the checkers have seen of it.
    pub(crate) seen: Seen,
    pub(crate) is_stopping: bool,
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("quorum", &self.control.quorum()).finish_non_exhaustive()
    }
}

/// What the checkers have seen of a process.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The epoch it leads.
    pub(crate) leads: Option<LeaderEpoch>,
    /// Committed metadata below is compared.
    pub(crate) compared: Offset,
    /// The log below is compared by its epochs.
    pub(crate) written: Offset,
    pub(crate) high_watermark: Offset,
    pub(crate) log_start: Option<Offset>,
}

impl Seen {
    /// Of a process that has just opened its log.
    fn of(control: &ControlDriver<SimRules>) -> Seen {
        let log = control.raft().log().log();
        let (high_watermark, log_start) = (log.high_watermark(), log.log_start_offset());
        Seen { leads: None, compared: log_start, written: log_start, high_watermark, log_start: None }
    }
}

/// A call whose answer is still to come.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) from: Caller,
    pub(crate) id: CallId,
    pub(crate) what: PendingCall,
}

/// See [`Pending`].
#[derive(Debug)]
pub(crate) enum PendingCall {
    Control(Awaited<ControlAnswer>),
    Produce(Awaited<AppendAnswer>, TopicIdPartition, LeaderEpoch),
    Group(Awaited<GroupReply>, Box<GroupRequest>),
}

/// How a process came up.
pub(crate) struct Started {
    pub(crate) process: Box<Process>,
    /// Whether its last process ended in order.
    pub(crate) was_clean: bool,
}

impl SimNode {
    pub(crate) fn new(id: i32, build: &Build, clock: Arc<NodeClock>) -> SimNode {
        SimNode {
            id,
            disk: build.formatted(id),
            disk_number: 0,
            clock,
            incarnation: 0,
            process: None,
            is_paused: false,
            is_off: false,
            held: Vec::new(),
            synced: Offset::ZERO,
            needs_power_cut: false,
        }
    }

    /// Opens what the last process left. The process stands still until its first event.
    pub(crate) fn open(&self, build: &Build, random: &mut Random) -> anyhow::Result<Started> {
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let clock: Arc<dyn Clock> = self.clock.clone();
        let config = DirectoryConfig { low_water_bytes: 64 << 10, ..DirectoryConfig::default() };
        let dir =
            LogDir::open(OpenDirectory { path: PathBuf::from(build::DATA), disk: disk.clone(), config })
                .context("the log directory")?;
        let roles = build.roles(self.id);
        let opened = open_raft(OpenRaft {
            dir: dir.clone(),
            disk,
            log: Arc::new(LogConfig { segment_bytes: 16 << 10, ..LogConfig::default() }),
            retention: MetadataRetention { bytes: Some(24 << 10), age: None },
            quorum: build.quorum.clone(),
            local: LocalReplica {
                id: NodeId::at(self.id),
                directory: build::directory(self.id, self.disk_number),
                cluster_id: build::CLUSTER.into(),
                endpoints: if roles.is_controller() {
                    build::endpoints(self.id)
                } else {
                    klamm_raft::Endpoints::none()
                },
                listener: build::listener(),
                kraft_versions: KraftVersion::SUPPORTED,
                eligibility: build.eligibility(self.id),
            },
            static_voters: VoterSet::empty(),
            bootstrap_servers: build.bootstrap_servers(),
            seed: random.draw(),
            clock: clock.clone(),
        })
        .context("the quorum")?;
        let rules = SimRules { min_isr: build.min_isr };
        let mut entropy = random.fork();
        let control = ControlDriver::new(ControlParts {
            raft: opened.driver,
            controller: Controller::new(self.settings(build), rules),
            bootstrap: Bootstrap::new(opened.bootstrap),
            times: build.times(),
            entropy: Box::new(move || {
                let bits = u128::from(entropy.draw()) << 64 | u128::from(entropy.draw());
                bits.to_be_bytes()
            }),
            clock: clock.clone(),
        })
        .context("the metadata")?;
        let (was_clean, previous_epoch) = match dir.last_shutdown() {
            Shutdown::Clean { broker_epoch } => (true, broker_epoch),
            Shutdown::Unclean => (false, None),
        };
        let broker = roles.is_broker().then(|| {
            Broker::new(BrokerParts {
                id: BrokerId::at(self.id),
                directory: build::directory(self.id, self.disk_number),
                dir: dir.clone(),
                rules,
                clock,
                incarnation: incarnation_id(random),
                previous_epoch,
                heartbeat_interval: build.heartbeat_interval,
                lag_max: build.lag_max,
                first_session: i32::try_from(random.between(1, 1 << 30)).unwrap_or(1),
            })
        });
        let seen = Seen::of(&control);
        let process = Box::new(Process {
            control,
            dir,
            asked: BTreeMap::new(),
            pending: Vec::new(),
            hearing: Hearing::default(),
            broker,
            armed: None,
            idle_timeouts: 0,
            seen,
            is_stopping: false,
        });
        Ok(Started { process, was_clean })
    }

    fn settings(&self, build: &Build) -> ControllerSettings {
        ControllerSettings {
            node_id: NodeId::at(self.id),
            cluster_id: build::CLUSTER.to_owned(),
            default_partitions: 1,
            default_replication_factor: build.replication_factor,
            delete_topics: DeleteTopicsAllowed::Yes,
            quorum: BTreeSet::from([NodeId::at(self.id)]),
            features: build::features(),
            session_timeout: build.session_timeout,
            tokens: TokenSettings { secret: None, max_lifetime_ms: 1_000, renew_lifetime_ms: 100 },
        }
    }
}

fn incarnation_id(random: &mut Random) -> Uuid {
    let bits = u128::from(random.draw()) << 64 | u128::from(random.draw());
    Uuid::random_from(bits.to_be_bytes()).unwrap_or(Uuid::from_u128(1 << 100))
}
