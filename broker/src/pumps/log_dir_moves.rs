//! Moves logs between this broker's directories (AlterReplicaLogDirs, KIP-113, KIP-858; Kafka: ReplicaAlterLogDirsManager),
//! one after the other, in steps on the disk pool under the throttle `replica.alter.log.dirs.io.max.bytes.per.second`.
//!
//! 1. A copy with the suffix `-future` follows the log.
//! 2. Once it has all, the controller is told where the replica will be: a failure of the old directory from then on does
//!    not count for it, one of the new one does.
//! 3. Once the image says so too, the copy takes the log's place.
//!
//! A restart in between goes on where it was.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{DirectoryId, TopicIdPartition, Uuid};
use klamm_node::partition::{Finished, Move, MoveStep, PartitionHandle};
use klamm_storage::names::PartitionDirName;
use klamm_storage::{CopyError, LogDir, OpenLogError};
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::assignments::Assignment;
use super::disk_pool::Urgency;
use crate::directories::Directory;
use crate::node::Node;

/// Bytes of one step; other background work comes in between.
const STEP: u32 = 1 << 20;
/// Pause while the throttle, the controller or other writers hold a move up.
const PAUSE: Duration = Duration::from_millis(50);

/// How far a move is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Where it goes.
    pub to: Arc<LogDir>,
    /// Id of that directory.
    pub directory: DirectoryId,
    /// Bytes of the copy.
    pub size: u64,
    /// Offsets the copy is behind.
    pub lag: i64,
    /// Whether the controller is told the new directory already.
    pub is_told: bool,
}

/// The copy under way; whoever steps it holds the lock meanwhile.
#[derive(Debug, Default)]
enum UnderWay {
    #[default]
    Nothing,
    Copy(Box<Move>),
    /// The node stops.
    Closed,
}

impl UnderWay {
    fn take_copy(&mut self) -> Option<Box<Move>> {
        match std::mem::take(self) {
            UnderWay::Copy(copy) => Some(copy),
            UnderWay::Nothing => None,
            UnderWay::Closed => {
                *self = UnderWay::Closed;
                None
            }
        }
    }
}

/// The moves asked for and not finished; clones share them.
#[derive(Clone, Debug)]
pub struct LogDirMoves {
    wanted: Arc<Mutex<BTreeMap<TopicIdPartition, Progress>>>,
    under_way: Arc<Mutex<UnderWay>>,
    wake: mpsc::UnboundedSender<()>,
}

/// What a step of a move came to.
enum Stepped {
    Copied(u64),
    CaughtUp,
    /// The node stops.
    Stopped,
}

/// What came of the last step.
enum Ended {
    Moved(Arc<LogDir>, PartitionDirName),
    NotYet,
    Gone,
}

impl LogDirMoves {
    /// None yet; the receiver is for the pump.
    pub fn new() -> (LogDirMoves, mpsc::UnboundedReceiver<()>) {
        let (wake, woken) = mpsc::unbounded_channel();
        (LogDirMoves { wanted: Arc::default(), under_way: Arc::default(), wake }, woken)
    }

    /// The node stops: closes the copy under way, which is gone on with after the next start. Blocks.
    pub fn close(&self) -> Result<(), CopyError> {
        match std::mem::replace(&mut *self.under_way.lock(), UnderWay::Closed) {
            UnderWay::Copy(copy) => copy.close(),
            UnderWay::Nothing | UnderWay::Closed => Ok(()),
        }
    }

    fn begin(&self, handle: &PartitionHandle, to: &Arc<LogDir>) -> Result<(), OpenLogError> {
        let mut under_way = self.under_way.lock();
        if matches!(*under_way, UnderWay::Nothing) {
            *under_way = UnderWay::Copy(Box::new(Move::begin(handle, to)?));
        }
        Ok(())
    }

    fn step(&self) -> Result<Stepped, CopyError> {
        let mut under_way = self.under_way.lock();
        let UnderWay::Copy(copy) = &mut *under_way else { return Ok(Stepped::Stopped) };
        let step = copy.step(STEP)?;
        let (size, lag) = copy.progress();
        self.note(copy.handle().id(), |progress| (progress.size, progress.lag) = (size, lag));
        Ok(match step {
            MoveStep::Copied(bytes) => Stepped::Copied(bytes),
            MoveStep::CaughtUp => Stepped::CaughtUp,
        })
    }

    fn finish(&self) -> Result<Ended, CopyError> {
        let mut under_way = self.under_way.lock();
        let Some(copy) = under_way.take_copy() else { return Ok(Ended::Gone) };
        Ok(match copy.finish(Uuid::from_u128(rand::random()))? {
            Finished::Moved(dir, name) => Ended::Moved(dir, name),
            Finished::NotYet(again) => {
                *under_way = UnderWay::Copy(again);
                Ended::NotYet
            }
            Finished::Gone => Ended::Gone,
        })
    }

    /// After an error: makes room for the next.
    fn close_failed(&self) -> Result<(), CopyError> {
        self.under_way.lock().take_copy().map_or(Ok(()), |copy| copy.close())
    }

    fn give_up(&self) -> Result<(), CopyError> {
        let mut under_way = self.under_way.lock();
        let Some(copy) = under_way.take_copy() else { return Ok(()) };
        copy.give_up(Uuid::from_u128(rand::random()))
    }

    /// Moves a partition to `to`; to where it is, ends its move.
    pub fn want(&self, handle: &PartitionHandle, to: &Directory) {
        let mut wanted = self.wanted.lock();
        if handle.dir().path() == to.dir.path() {
            wanted.remove(&handle.id());
        } else if wanted.get(&handle.id()).is_none_or(|known| known.directory != to.id) {
            let progress = Progress { to: to.dir.clone(), directory: to.id, size: 0, lag: 0, is_told: false };
            wanted.insert(handle.id(), progress);
        }
        drop(wanted);
        // A stopped pump means that the node stops.
        let _ = self.wake.send(());
    }

    /// How far a partition's move is; `None` where it does not move.
    pub fn progress(&self, id: TopicIdPartition) -> Option<Progress> {
        self.wanted.lock().get(&id).cloned()
    }

    /// Whether a move to `directory` is still wanted.
    fn is_wanted(&self, id: TopicIdPartition, directory: DirectoryId) -> bool {
        self.wanted.lock().get(&id).is_some_and(|known| known.directory == directory)
    }

    fn note(&self, id: TopicIdPartition, note: impl FnOnce(&mut Progress)) {
        if let Some(progress) = self.wanted.lock().get_mut(&id) {
            note(progress);
        }
    }

    fn first(&self) -> Option<(TopicIdPartition, Progress)> {
        self.wanted.lock().first_key_value().map(|(id, progress)| (*id, progress.clone()))
    }

    fn end(&self, id: TopicIdPartition, directory: DirectoryId) {
        let mut wanted = self.wanted.lock();
        if wanted.get(&id).is_some_and(|known| known.directory == directory) {
            wanted.remove(&id);
        }
    }
}

/// See the module.
pub struct LogDirMovesPump {
    /// The node.
    pub node: Arc<Node>,
    /// To the controller.
    pub assignments: mpsc::UnboundedSender<Assignment>,
    /// Wakes it.
    pub woken: mpsc::UnboundedReceiver<()>,
}

impl LogDirMovesPump {
    /// Moves until aborted; the copy under way is verified and gone on with after the next start.
    pub async fn run(mut self) {
        loop {
            while let Some((id, progress)) = self.node.moves.first() {
                let moved = self.one(id, &progress).await;
                if let Err(error) = &moved {
                    tracing::error!(partition = ?id, to = %progress.to.path().display(), %error, "the move ends");
                    // What is there of the copy is gone on with after the next start.
                    drop(self.node.moves.close_failed());
                }
                self.node.moves.end(id, progress.directory);
            }
            if self.woken.recv().await.is_none() {
                return;
            }
        }
    }

    async fn one(&self, id: TopicIdPartition, progress: &Progress) -> anyhow::Result<()> {
        let Some(handle) = self.node.partitions.get(&id) else { return Ok(()) };
        self.node.open(&handle).await?;
        let (moves, to) = (self.node.moves.clone(), progress.to.clone());
        self.node.pool.run(Urgency::Background, move || moves.begin(&handle, &to)).await??;
        loop {
            let moves = self.node.moves.clone();
            if !moves.is_wanted(id, progress.directory) {
                return Ok(self.node.pool.run(Urgency::Background, move || moves.give_up()).await??);
            }
            if self.node.throttles.directories.is_exceeded(self.node.clock.instant()) {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            match self.node.pool.run(Urgency::Background, move || moves.step()).await?? {
                Stepped::Copied(bytes) => {
                    self.node.throttles.directories.record(self.node.clock.instant(), bytes);
                    continue;
                }
                Stepped::CaughtUp => {}
                Stepped::Stopped => return Ok(()),
            }
            if !self.is_known_to_controller(id, progress.directory) {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            let moves = self.node.moves.clone();
            match self.node.pool.run(Urgency::Background, move || moves.finish()).await?? {
                Ended::Moved(dir, name) => {
                    self.remove_later(id, dir, name);
                    return Ok(());
                }
                Ended::Gone => return Ok(()),
                Ended::NotYet => {}
            }
        }
    }

    /// Whether the metadata have the replica in the new directory; if not, the controller is told, once. Clusters
    /// without directory assignments need not know.
    fn is_known_to_controller(&self, id: TopicIdPartition, directory: DirectoryId) -> bool {
        let image = self.node.image.load();
        let version = image.features().metadata_version();
        if !version.is_some_and(|version| version.supports_directory_assignment()) {
            return true;
        }
        // One that is deleted has nowhere to be.
        let Some(partition) = image.topics().partition(id) else { return true };
        if partition.directory(self.node.broker_id()) == Some(directory.get()) {
            return true;
        }
        let is_told = self.node.moves.progress(id).is_some_and(|progress| progress.is_told);
        if !is_told {
            self.node.moves.note(id, |progress| progress.is_told = true);
            let _ = self.assignments.send((id, directory.get()));
        }
        false
    }

    fn remove_later(&self, id: TopicIdPartition, dir: Arc<LogDir>, name: PartitionDirName) {
        let handle = self.node.partitions.get(&id);
        let delay = handle.map_or(Duration::ZERO, |handle| handle.settings().log.file_delete_delay);
        self.node.pool.run_after(delay, move || {
            if let Err(error) = dir.remove_deleted(&name) {
                tracing::error!(dir = %name.name, %error, "could not be removed");
            }
        });
    }
}
