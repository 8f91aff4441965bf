//! How a leader serves the fetches of followers: what `broker/src/handlers/fetch` is around sessions, reads and waits.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_metadata::MetadataImage;
use klamm_model::{BrokerEpoch, BrokerId, Instant, Offset, OffsetAndEpoch, TopicId, TopicIdPartition};
use klamm_node::fetch_session::{
    FetchSessions, SessionError, SessionFetch, SessionKey, SessionRequest, SessionScope, SessionTopic, Told,
    Wanted,
};
use klamm_node::partition::{
    Asker, FetchRefusal, FetchWaiter, PartitionHandle, Partitions, ReadFound, ReadLimits, read_view,
};
use klamm_protocol::messages::fetch_response::{EpochEndOffset, FetchableTopicResponse, PartitionData};
use klamm_protocol::messages::{FetchRequest, FetchResponse};
use klamm_protocol::{ErrorCode, Records};
use klamm_replication::FollowerRefusal;
use klamm_storage::disk::read_exact_at;
use klamm_storage::{FetchSlice, Isolation, MinOneBatch, Patience, ReadError};

use crate::rpc::{CallId, Caller};

/// A fetch that waits for records.
#[derive(Debug)]
struct Waiting {
    from: (Caller, CallId),
    fetch: SessionFetch,
    request: Box<FetchRequest>,
    waiter: Arc<FetchWaiter>,
    deadline: Instant,
}

/// What one partition gave.
#[derive(Debug)]
struct Part {
    key: SessionKey,
    error: ErrorCode,
    offsets: Option<(Offset, Offset)>,
    diverging: Option<OffsetAndEpoch>,
    records: Bytes,
}

/// What a fetch is answered from.
pub(crate) struct Hosted<'a> {
    pub(crate) now: Instant,
    pub(crate) image: &'a MetadataImage,
    pub(crate) partitions: &'a Partitions,
}

/// An answer and for whom.
pub(crate) type Served = ((Caller, CallId), Box<FetchResponse>);

/// See the module.
#[derive(Debug)]
pub(crate) struct Serving {
    sessions: FetchSessions,
    waiting: Vec<Waiting>,
    /// Logs that were asked for and are not open.
    unopened: Vec<PartitionHandle>,
}

impl Serving {
    /// `first_session` should differ from start to start.
    pub(crate) fn new(first_session: i32) -> Serving {
        Serving {
            sessions: FetchSessions::new(1_000, first_session),
            waiting: Vec::new(),
            unopened: Vec::new(),
        }
    }

    /// Takes a follower's fetch; the answer, unless it waits for records.
    pub(crate) fn serve(
        &mut self,
        hosted: &Hosted<'_>,
        from: (Caller, CallId),
        request: Box<FetchRequest>,
    ) -> Option<Served> {
        let fetch = match self.sessions.open(hosted.now, session_request(&request)) {
            Ok(fetch) => fetch,
            Err(error) => {
                let code = match error {
                    SessionError::NotFound => ErrorCode::FetchSessionIdNotFound,
                    SessionError::WrongEpoch => ErrorCode::InvalidFetchSessionEpoch,
                    SessionError::TopicIds => ErrorCode::FetchSessionTopicIdError,
                };
                let refused = FetchResponse { error_code: code.code(), ..FetchResponse::default() };
                return Some((from, Box::new(refused)));
            }
        };
        let patience = Duration::from_millis(u64::try_from(request.max_wait_ms).unwrap_or(0));
        let deadline = hosted.now.after(patience);
        let waiter = FetchWaiter::new(i64::from(request.min_bytes));
        self.attempt(hosted, Waiting { from, fetch, request, waiter, deadline })
    }

    /// Looks again at fetches whose waiting is over; their answers.
    pub(crate) fn settle(&mut self, hosted: &Hosted<'_>) -> Vec<Served> {
        let is_due = |one: &mut Waiting| one.waiter.is_due() || one.deadline <= hosted.now;
        let due: Vec<_> = self.waiting.extract_if(.., is_due).collect();
        due.into_iter().filter_map(|one| self.attempt(hosted, one)).collect()
    }

    /// When [`Self::settle`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.waiting.iter().map(|one| one.deadline).min()
    }

    /// Logs to be opened.
    pub(crate) fn take_unopened(&mut self) -> Vec<PartitionHandle> {
        std::mem::take(&mut self.unopened)
    }

    /// Reads; lets the fetch wait if there is too little, and reads once more, since what came in between would wake
    /// nobody.
    fn attempt(&mut self, hosted: &Hosted<'_>, mut one: Waiting) -> Option<Served> {
        one.waiter.end();
        let mut parts = self.read(hosted, &one);
        if !is_enough(&parts) && hosted.now < one.deadline {
            one.waiter = FetchWaiter::new(i64::from(one.request.min_bytes));
            for (key, _) in &one.fetch.wanted {
                if let Some(handle) = id_of(key).and_then(|id| hosted.partitions.get(&id)) {
                    handle.tail_waiters().register(&one.waiter);
                }
            }
            parts = self.read(hosted, &one);
            if !is_enough(&parts) {
                self.waiting.push(one);
                return None;
            }
            one.waiter.end();
        }
        Some((one.from, Box::new(self.answer(one.fetch.scope, parts))))
    }

    fn read(&mut self, hosted: &Hosted<'_>, one: &Waiting) -> Vec<Part> {
        let state = &one.request.replica_state;
        let Some(follower) = BrokerId::new(state.replica_id) else { return Vec::new() };
        let asker = Asker::Replica(follower, BrokerEpoch::new(state.replica_epoch));
        let mut left = u32::try_from(one.request.max_bytes).unwrap_or(0);
        let mut min_one_batch = MinOneBatch::Yes;
        let mut parts = Vec::with_capacity(one.fetch.wanted.len());
        for (key, wanted) in &one.fetch.wanted {
            let limits = ReadLimits {
                max_bytes: left,
                min_one_batch,
                isolation: Isolation::LogEnd,
                patience: Patience::Wait,
            };
            let part = self.read_one(hosted, asker, (key, wanted), limits);
            let part = part.unwrap_or_else(|error| Part::failed(key.clone(), error));
            if !part.records.is_empty() {
                min_one_batch = MinOneBatch::No;
                left = left.saturating_sub(u32::try_from(part.records.len()).unwrap_or(u32::MAX));
            }
            parts.push(part);
        }
        parts
    }

    fn read_one(
        &mut self,
        hosted: &Hosted<'_>,
        asker: Asker,
        (key, wanted): (&SessionKey, &Wanted),
        limits: ReadLimits,
    ) -> Result<Part, ErrorCode> {
        let id = id_of(key).ok_or(ErrorCode::UnknownTopicId)?;
        let topic = hosted.image.topics().by_id(id.topic_id).ok_or(ErrorCode::UnknownTopicId)?;
        topic.partition(id.partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let handle = hosted.partitions.get(&id).ok_or(ErrorCode::NotLeaderOrFollower)?;
        let admitted = handle.admit_fetch(asker, wanted).map_err(|refusal| match refusal {
            FetchRefusal::NotLeader => ErrorCode::NotLeaderOrFollower,
            FetchRefusal::FencedEpoch => ErrorCode::FencedLeaderEpoch,
            FetchRefusal::UnknownEpoch => ErrorCode::UnknownLeaderEpoch,
            FetchRefusal::NotOpen => {
                self.unopened.push(handle.clone());
                ErrorCode::NotLeaderOrFollower
            }
        })?;
        let view = &admitted.view;
        let found = read_view(view, wanted, limits).map_err(code_of_read)?;
        let mut part = Part {
            offsets: Some((view.high_watermark(), view.log_start_offset())),
            ..Part::failed(key.clone(), ErrorCode::None)
        };
        match &found {
            ReadFound::Diverging(end) => part.diverging = Some(*end),
            ReadFound::Records(slice) => part.records = bytes_of(slice.as_ref())?,
        }
        handle.note_fetched(&admitted, asker, wanted, &found).map_err(|refusal| match refusal {
            FollowerRefusal::NotLeader => ErrorCode::NotLeaderOrFollower,
            FollowerRefusal::UnknownReplica | FollowerRefusal::UnknownIncarnation => {
                ErrorCode::UnknownLeaderEpoch
            }
            FollowerRefusal::StaleBrokerEpoch => ErrorCode::NotLeaderOrFollower,
        })?;
        Ok(part)
    }

    fn answer(&self, scope: SessionScope, parts: Vec<Part>) -> FetchResponse {
        let told: Vec<_> = parts.iter().map(|part| (part.key.clone(), part.told())).collect();
        let selected = self.sessions.select(scope, &told);
        let session_id = match scope {
            SessionScope::Full(id) | SessionScope::Incremental(id) => id,
        };
        let mut response = FetchResponse { session_id, ..FetchResponse::default() };
        for (part, _) in parts.into_iter().zip(selected).filter(|(_, selected)| *selected) {
            let SessionTopic::Id(topic_id) = part.key.0 else { continue };
            if response.responses.last().is_none_or(|last| last.topic_id != topic_id) {
                response.responses.push(FetchableTopicResponse { topic_id, ..Default::default() });
            }
            let topic = response.responses.last_mut().expect("one was pushed if there was none");
            topic.partitions.push(part.wire());
        }
        response
    }
}

impl Part {
    fn failed(key: SessionKey, error: ErrorCode) -> Part {
        Part { key, error, offsets: None, diverging: None, records: Bytes::new() }
    }

    fn is_news(&self) -> bool {
        self.error != ErrorCode::None || self.diverging.is_some()
    }

    fn told(&self) -> Told {
        Told {
            high_watermark: self.offsets.map_or(-1, |(high_watermark, _)| high_watermark.get()),
            log_start_offset: self.offsets.map_or(-1, |(_, start)| start.get()),
            has_records: !self.records.is_empty(),
            is_news: self.is_news(),
        }
    }

    fn wire(self) -> PartitionData {
        let told = self.told();
        let mut data = PartitionData {
            partition_index: self.key.1,
            error_code: self.error.code(),
            high_watermark: told.high_watermark,
            last_stable_offset: told.high_watermark,
            log_start_offset: told.log_start_offset,
            records: Some(Records::Bytes(self.records)),
            ..PartitionData::default()
        };
        if let Some(OffsetAndEpoch { offset, epoch }) = self.diverging {
            data.diverging_epoch =
                EpochEndOffset { epoch: epoch.get(), end_offset: offset.get(), ..Default::default() };
        }
        data
    }
}

fn is_enough(parts: &[Part]) -> bool {
    parts.is_empty() || parts.iter().any(|part| part.is_news() || !part.records.is_empty())
}

fn id_of(key: &SessionKey) -> Option<TopicIdPartition> {
    match &key.0 {
        SessionTopic::Id(id) => Some(TopicIdPartition { topic_id: TopicId::new(*id)?, partition: key.1 }),
        SessionTopic::Name(_) => None,
    }
}

/// The bytes of a slice.
pub(crate) fn bytes_of(slice: Option<&FetchSlice>) -> Result<Bytes, ErrorCode> {
    let mut bytes = vec![0; slice.map_or(0, |slice| slice.len as usize)];
    if let Some(slice) = slice {
        let read = read_exact_at(slice.file.as_ref(), &mut bytes, slice.position);
        read.map_err(|_| ErrorCode::KafkaStorageError)?;
    }
    Ok(bytes.into())
}

/// As `broker/src/handlers/errors.rs` has it.
pub(crate) fn code_of_read(error: ReadError) -> ErrorCode {
    match error {
        ReadError::OutOfRange { .. } => ErrorCode::OffsetOutOfRange,
        ReadError::NotResident | ReadError::Stale => ErrorCode::NotLeaderOrFollower,
        ReadError::Corrupt { .. } => ErrorCode::CorruptMessage,
        ReadError::Storage(_) => ErrorCode::KafkaStorageError,
    }
}

fn session_request(request: &FetchRequest) -> SessionRequest {
    let mut wanted = Vec::new();
    for topic in &request.topics {
        for partition in &topic.partitions {
            let one = Wanted {
                fetch_offset: partition.fetch_offset,
                max_bytes: partition.partition_max_bytes,
                current_leader_epoch: partition.current_leader_epoch,
                last_fetched_epoch: partition.last_fetched_epoch,
                log_start_offset: partition.log_start_offset,
            };
            wanted.push(((SessionTopic::Id(topic.topic_id), partition.partition), one));
        }
    }
    let mut forgotten = Vec::new();
    for topic in &request.forgotten_topics_data {
        let name = SessionTopic::Id(topic.topic_id);
        forgotten.extend(topic.partitions.iter().map(|partition| (name.clone(), *partition)));
    }
    SessionRequest {
        id: request.session_id,
        epoch: request.session_epoch,
        wanted,
        forgotten,
        uses_ids: true,
        is_replica: true,
    }
}
