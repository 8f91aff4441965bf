//! The state of one fetcher and every change of it.
//!
//! ```text
//! follow -> Preparing --position--> Ready --answer--> Ready ...
//!               ^  ^                  |  \--logs part, out of range--> Preparing (work on the pool)
//!               |  \--after a rest-- Resting <--error--/
//!             a new leader epoch       Fenced <--FENCED_LEADER_EPOCH--/
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{BrokerEpoch, BrokerId, Instant, LeaderEpoch, OffsetAndEpoch, TopicIdPartition};
use klamm_protocol::messages::FetchRequest;
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic, ReplicaState};

use super::rest::Failures;
use super::session::{Asked, FollowerSession};
use crate::partition::{FetchPosition, FollowRefusal, PartitionHandle};
use crate::replication_quota::ReplicationQuota;

/// How long a partition waits that the throttle holds up, before it is looked at again.
const HELD: Duration = Duration::from_millis(100);

/// Settings of fetchers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetcherSettings {
    /// This broker.
    pub broker: BrokerId,
    /// `replica.fetch.wait.max.ms`.
    pub wait_max_ms: i32,
    /// `replica.fetch.min.bytes`.
    pub min_bytes: i32,
    /// `replica.fetch.response.max.bytes`.
    pub response_max_bytes: i32,
    /// `replica.fetch.max.bytes`, of one partition.
    pub partition_max_bytes: i32,
    /// `replica.fetch.backoff.ms`: the longest rest after a failure.
    pub backoff: Duration,
}

/// Something that blocks or asks the leader another question; its result goes to [`FetcherDriver::on_work`].
#[derive(Clone, Debug)]
pub struct Work {
    /// The partition.
    pub handle: PartitionHandle,
    /// The epoch it is followed in.
    pub epoch: LeaderEpoch,
    /// What to do.
    pub kind: WorkKind,
}

/// See [`Work`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkKind {
    /// Open the log, then `PartitionHandle::begin_following`.
    Prepare,
    /// `PartitionHandle::cut_to_agree`.
    Cut(OffsetAndEpoch),
    /// Ask the leader for the first and last offset (ListOffsets), then `PartitionHandle::reconcile_range`.
    FindRange,
}

/// A work that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum WorkFailure {
    /// The partition's own refusal.
    #[error(transparent)]
    Refused(#[from] FollowRefusal),
    /// The log cannot be opened, or the leader did not answer.
    #[error("{0}")]
    Other(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Work is under way.
    Preparing,
    /// In the session.
    Ready(FetchPosition),
    /// After a failure, until then.
    Resting(Instant),
    /// The leader has a newer epoch: its image is on the way here too.
    Fenced,
}

#[derive(Debug)]
pub(super) struct Followed {
    pub(super) handle: PartitionHandle,
    pub(super) epoch: LeaderEpoch,
    pub(super) phase: Phase,
    pub(super) failures: Failures,
    /// Whether the leader has committed what is missing here, as far as known (Kafka: a lag above 0, or none known).
    pub(super) lags: bool,
}

/// See the module. One request is under way at a time.
#[derive(Debug)]
pub struct FetcherDriver {
    pub(super) settings: FetcherSettings,
    pub(super) partitions: BTreeMap<TopicIdPartition, Followed>,
    pub(super) session: FollowerSession,
    resting: BTreeSet<(Instant, TopicIdPartition)>,
    pub(super) work: Vec<Work>,
    pub(super) failures: Failures,
    /// No request before.
    not_before: Instant,
    pub(super) throttle: Option<Arc<ReplicationQuota>>,
}

impl FetcherDriver {
    /// A fetcher of nothing.
    pub fn new(settings: FetcherSettings) -> FetcherDriver {
        FetcherDriver {
            settings,
            partitions: BTreeMap::new(),
            session: FollowerSession::default(),
            resting: BTreeSet::new(),
            work: Vec::new(),
            failures: Failures::default(),
            not_before: Instant::ZERO,
            throttle: None,
        }
    }

    /// Under a throttle that is shared with other fetchers.
    pub fn throttled(self, throttle: Arc<ReplicationQuota>) -> FetcherDriver {
        FetcherDriver { throttle: Some(throttle), ..self }
    }

    /// The partition is followed in `epoch`; nothing changes if it is already (KAFKA-13790). Any other epoch begins with
    /// a comparison of the logs (KAFKA-7164).
    pub fn follow(&mut self, handle: PartitionHandle, epoch: LeaderEpoch) {
        let id = handle.id();
        if self.partitions.get(&id).is_some_and(|known| known.epoch >= epoch) {
            return;
        }
        self.unfollow(id);
        self.work.push(Work { handle: handle.clone(), epoch, kind: WorkKind::Prepare });
        let (phase, failures) = (Phase::Preparing, Failures::default());
        self.partitions.insert(id, Followed { handle, epoch, phase, failures, lags: true });
    }

    /// The partition is not followed from this leader any more.
    pub fn unfollow(&mut self, id: TopicIdPartition) {
        if let Some(Followed { phase: Phase::Resting(until), .. }) = self.partitions.remove(&id) {
            self.resting.remove(&(until, id));
        }
        self.session.forget(id);
    }

    /// Whether nothing is followed.
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    /// What is to be done besides.
    pub fn take_work(&mut self) -> Vec<Work> {
        std::mem::take(&mut self.work)
    }

    /// When [`Self::on_time`] is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.resting.first().map(|(until, _)| *until)
    }

    /// Those whose rest is over begin anew.
    pub fn on_time(&mut self, now: Instant) {
        while let Some((until, id)) = self.resting.first().copied() {
            if until > now {
                break;
            }
            self.resting.remove(&(until, id));
            if let Some(followed) = self.partitions.get_mut(&id) {
                followed.phase = Phase::Preparing;
                let (handle, epoch) = (followed.handle.clone(), followed.epoch);
                self.work.push(Work { handle, epoch, kind: WorkKind::Prepare });
            }
        }
    }

    /// When the next request may be sent; `None` if there is nothing to ask for.
    pub fn request_due(&self) -> Option<Instant> {
        (!self.session.is_empty()).then_some(self.not_before)
    }

    /// The next request, in the name of the registration `epoch`. The sender puts the replica where its version has it.
    pub fn next_request(&mut self, epoch: BrokerEpoch) -> FetchRequest {
        let settings = self.settings;
        let Asked { id, epoch: session_epoch, wanted, forgotten } = self.session.next_request();
        let mut request = FetchRequest {
            replica_id: -1,
            replica_state: ReplicaState {
                replica_id: settings.broker.get(),
                replica_epoch: epoch.get(),
                ..ReplicaState::default()
            },
            max_wait_ms: settings.wait_max_ms,
            min_bytes: settings.min_bytes,
            max_bytes: settings.response_max_bytes,
            session_id: id,
            session_epoch,
            ..FetchRequest::default()
        };
        for (id, position) in wanted {
            let topic_id = id.topic_id.get();
            if request.topics.last().is_none_or(|topic| topic.topic_id != topic_id) {
                request.topics.push(FetchTopic { topic_id, ..FetchTopic::default() });
            }
            let partition = FetchPartition {
                partition: id.partition,
                current_leader_epoch: position.epoch.get(),
                fetch_offset: position.offset.get(),
                last_fetched_epoch: position.last_epoch.map_or(-1, LeaderEpoch::get),
                log_start_offset: position.log_start.get(),
                partition_max_bytes: settings.partition_max_bytes,
                ..FetchPartition::default()
            };
            request.topics.last_mut().expect("pushed above").partitions.push(partition);
        }
        for id in forgotten {
            let topic_id = id.topic_id.get();
            if request.forgotten_topics_data.last().is_none_or(|topic| topic.topic_id != topic_id) {
                request.forgotten_topics_data.push(ForgottenTopic { topic_id, ..ForgottenTopic::default() });
            }
            let last = request.forgotten_topics_data.last_mut().expect("pushed above");
            last.partitions.push(id.partition);
        }
        request
    }

    /// The leader did not answer, or refused the request as a whole: its half of the session may be gone.
    pub fn on_failure(&mut self, now: Instant) {
        self.session.reset();
        self.not_before = now.after(self.failures.next_rest(self.settings.backoff));
    }

    /// A work ended; where to go on, or why not.
    pub fn on_work(
        &mut self,
        now: Instant,
        (id, epoch): (TopicIdPartition, LeaderEpoch),
        result: Result<FetchPosition, WorkFailure>,
    ) {
        let Some(followed) = self.partitions.get_mut(&id).filter(|followed| followed.epoch == epoch) else {
            return;
        };
        match result {
            Ok(position) => self.go_on(now, id, position),
            Err(failure) => {
                if let (WorkFailure::Other(why), true) = (&failure, followed.failures == Failures::default())
                {
                    tracing::warn!(partition = %followed.handle.name(), %why, "the partition cannot be followed yet");
                }
                self.rest(now, id, &failure);
            }
        }
    }

    /// Fetches from `position` on, unless the throttle holds the partition up.
    pub(super) fn go_on(&mut self, now: Instant, id: TopicIdPartition, position: FetchPosition) {
        let Some(followed) = self.partitions.get_mut(&id) else { return };
        let is_held = followed.lags
            && followed.handle.is_throttled_as_follower()
            && self.throttle.as_ref().is_some_and(|throttle| throttle.is_exceeded(now));
        if is_held {
            let until = now.after(HELD);
            followed.phase = Phase::Resting(until);
            self.resting.insert((until, id));
            self.session.forget(id);
        } else {
            followed.phase = Phase::Ready(position);
            self.session.want(id, position);
        }
    }

    /// Lets a partition rest after a failure.
    pub(super) fn rest(&mut self, now: Instant, id: TopicIdPartition, why: &dyn std::fmt::Display) {
        let Some(followed) = self.partitions.get_mut(&id) else { return };
        let until = now.after(followed.failures.next_rest(self.settings.backoff));
        if followed.failures.is_first() {
            tracing::debug!(partition = %followed.handle.name(), %why, "fetching rests");
        }
        followed.phase = Phase::Resting(until);
        self.resting.insert((until, id));
        self.session.forget(id);
    }
}
