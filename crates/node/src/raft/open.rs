//! From files to a quorum: reads quorum-state, snapshots and the log, and builds the core.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use klamm_metadata::VersionedRecord;
use klamm_model::{NodeId, Offset, Timestamp, TopicId, TopicPartition};
use klamm_protocol::messages::MetadataRecord;
use klamm_protocol::records::Batches;
use klamm_raft::{
    ControlHistory, HostPort, KraftVersion, LocalReplica, LogFacts, Origin, Quorum, QuorumConfig, ReplicaKey,
    Start, StoredElection, VoterSet,
};
use klamm_storage::disk::{Disk, read_small};
use klamm_storage::names::{METADATA_TOPIC, PartitionDirKind, PartitionDirName};
use klamm_storage::state::{MetadataSnapshotStore, QuorumState, QuorumStateStore, QuorumStateVersion};
use klamm_storage::{Isolation, LogConfig, LogDir, OpenLog, OpenLogError};

use super::driver::{RaftDriver, RaftFailure};
use super::metadata_log::{MetadataLog, collect_controls};
use super::retention::MetadataRetention;
use super::snapshot_check::check_batches;
use crate::clock::Clock;
use crate::metadata::decode_versioned;

/// What the quorum of a node is opened with.
#[derive(Debug)]
pub struct OpenRaft {
    /// The metadata log directory, locked and identified.
    pub dir: Arc<LogDir>,
    /// Its file system.
    pub disk: Arc<dyn Disk>,
    /// Settings of the metadata log.
    pub log: Arc<LogConfig>,
    /// How much of it is kept.
    pub retention: MetadataRetention,
    /// Timeouts.
    pub quorum: QuorumConfig,
    /// This node.
    pub local: LocalReplica,
    /// `controller.quorum.voters`; empty for a dynamic quorum.
    pub static_voters: VoterSet,
    /// `controller.quorum.bootstrap.servers`.
    pub bootstrap_servers: Vec<HostPort>,
    /// Seed of election jitter.
    pub seed: u64,
    /// Clocks.
    pub clock: Arc<dyn Clock>,
}

/// A quorum before it starts, and what was found beside it.
#[derive(Debug)]
pub struct OpenedRaft {
    /// The quorum.
    pub driver: RaftDriver,
    /// Records that `format` left for a cluster without metadata: those of the snapshot 0-0, or of
    /// `bootstrap.checkpoint` in older directories.
    pub bootstrap: Vec<VersionedRecord>,
    /// Every feature level that the directory's log and snapshots set, the last of each name.
    pub features: BTreeMap<String, i16>,
}

/// Reads what the last process left and builds the driver. Blocks.
pub fn open_raft(open: OpenRaft) -> Result<OpenedRaft, RaftFailure> {
    let now = open.clock.wall();
    let log = open_log(&open.dir, open.log.clone(), now)?;
    let partition = TopicPartition::new(METADATA_TOPIC, 0);
    let path = open.dir.path().join(PartitionDirName::current(&partition).name);
    let snapshots = MetadataSnapshotStore::new(open.disk.clone(), &path);
    snapshots.remove_leftovers()?;
    let store = QuorumStateStore::new(open.disk.clone(), &path);
    let election = store.read().map_err(|error| RaftFailure::QuorumState(error.to_string()))?;
    let mut log = MetadataLog::new(log, snapshots);
    log.catch_up_with_snapshot(now)?;
    log.remove_outdated_snapshots()?;
    log.make_durable(now)?;
    let facts = log.facts()?;
    let control = control_history(&log, &facts, open.static_voters)?;
    let bootstrap = bootstrap_records(&log, open.disk.as_ref(), open.dir.path())?;
    let features = feature_levels(&log, &facts, &bootstrap)?;
    let start = Start {
        config: open.quorum,
        local: open.local,
        bootstrap_servers: open.bootstrap_servers,
        election: election.map(|state| stored_election(&state)),
        log: facts,
        control,
        seed: open.seed,
    };
    let quorum = Quorum::new(start)?;
    let driver = RaftDriver::new(quorum, (log, open.retention), store, open.clock);
    Ok(OpenedRaft { driver, bootstrap, features })
}

fn open_log(
    dir: &Arc<LogDir>,
    config: Arc<LogConfig>,
    now: Timestamp,
) -> Result<klamm_storage::Log, RaftFailure> {
    let opened = dir.open_log(OpenLog {
        partition: TopicPartition::new(METADATA_TOPIC, 0),
        kind: PartitionDirKind::Current,
        topic_id: Some(TopicId::METADATA),
        config,
        now,
        seed: 0,
        cut_damage: false,
    });
    let opened = opened.map_err(|error| match error {
        damage @ OpenLogError::Damaged { .. } => RaftFailure::Damaged(damage),
        error => RaftFailure::Open(error),
    })?;
    if opened.report.truncated_bytes > 0 {
        tracing::warn!(report = ?opened.report, "the metadata log was cut in recovery");
    }
    Ok(opened.log)
}

/// All control records: those of the newest snapshot, then those of the log behind it.
fn control_history(
    log: &MetadataLog,
    facts: &LogFacts,
    static_voters: VoterSet,
) -> Result<ControlHistory, RaftFailure> {
    let mut history = ControlHistory::new(static_voters);
    let mut from = facts.log_start;
    if let Some(snapshot) = facts.snapshots.last() {
        let id = snapshot.id;
        let content = log.read_snapshot(id)?.unwrap_or_default();
        let mut controls = Vec::new();
        collect_controls(&content, Offset::ZERO, &mut controls)?;
        for (_, record) in &controls {
            history.add(Origin::of_snapshot(id.offset), record);
        }
        from = from.max(id.offset);
    }
    for (offset, record) in log.controls_between(from, facts.log_end)? {
        history.add(Origin::At(offset), &record);
    }
    Ok(history)
}

fn stored_election(state: &QuorumState) -> StoredElection {
    let (voters, version) = match &state.version {
        QuorumStateVersion::V0 { voters } => (voters.iter().copied().collect(), KraftVersion::Static),
        QuorumStateVersion::V1 => (std::collections::BTreeSet::new(), KraftVersion::Dynamic),
    };
    StoredElection {
        epoch: state.leader_epoch,
        leader: state.leader_id,
        voted: state.voted.map(|(id, directory)| ReplicaKey { id, directory }),
        voters,
        version,
    }
}

/// The stored form of what the core wants kept.
pub(super) fn quorum_state(election: &StoredElection) -> QuorumState {
    let voters: Vec<NodeId> = election.voters.iter().copied().collect();
    QuorumState {
        leader_epoch: election.epoch,
        leader_id: election.leader,
        voted: election.voted.map(|key| (key.id, key.directory)),
        version: match election.version {
            KraftVersion::Static => QuorumStateVersion::V0 { voters },
            KraftVersion::Dynamic => QuorumStateVersion::V1,
        },
    }
}

/// Largest `bootstrap.checkpoint` that is read.
const MAX_BOOTSTRAP: usize = 16 << 20;

fn bootstrap_records(
    log: &MetadataLog,
    disk: &dyn Disk,
    root: &Path,
) -> Result<Vec<VersionedRecord>, RaftFailure> {
    let content = match log.read_snapshot(LogFacts::BOOTSTRAP_SNAPSHOT)? {
        Some(content) => content,
        None => match read_small(disk, &root.join("bootstrap.checkpoint"), MAX_BOOTSTRAP) {
            Ok(content) => {
                check_batches(&content).map_err(|damage| RaftFailure::Bootstrap(damage.to_string()))?;
                content.into()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RaftFailure::Bootstrap(error.to_string())),
        },
    };
    let mut records = Vec::new();
    each_record(&content, |record, version| records.push(VersionedRecord { record, version }))?;
    Ok(records)
}

/// What the finalized features of the directory would be: found before anything is written to it.
fn feature_levels(
    log: &MetadataLog,
    facts: &LogFacts,
    bootstrap: &[VersionedRecord],
) -> Result<BTreeMap<String, i16>, RaftFailure> {
    let mut levels = BTreeMap::new();
    let mut note = |record: &MetadataRecord| {
        if let MetadataRecord::FeatureLevel(record) = record {
            levels.insert(record.name.to_string(), record.feature_level);
        }
    };
    bootstrap.iter().for_each(|record| note(&record.record));
    if let Some(snapshot) = facts.snapshots.last() {
        let content = log.read_snapshot(snapshot.id)?.unwrap_or_default();
        each_record(&content, |record, _| note(&record))?;
    }
    let mut next = facts.log_start;
    while next < facts.log_end {
        let bytes = log.read(next, Isolation::LogEnd)?;
        let end = each_record(&bytes, |record, _| note(&record))?;
        match end {
            Some(end) if end > next => next = end,
            _ => break,
        }
    }
    Ok(levels)
}

/// Calls `take` with each metadata record; the offset after the last whole batch.
fn each_record(
    content: &[u8],
    mut take: impl FnMut(MetadataRecord, i16),
) -> Result<Option<Offset>, RaftFailure> {
    let mut end = None;
    for batch in Batches::new(content) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) if error.is_incomplete() => break,
            Err(error) => return Err(RaftFailure::Bootstrap(error.to_string())),
        };
        end = Some(batch.header().next_offset());
        if batch.header().is_control() {
            continue;
        }
        let records = decode_versioned(&batch).map_err(|error| RaftFailure::Bootstrap(error.to_string()))?;
        records.into_iter().for_each(|(record, version)| take(record, version));
    }
    Ok(end)
}
