//! Incremental fetch sessions (KIP-227): what a client fetches is kept here, so that its requests
//! and our answers name only what changed.
//!
//! 1. A session keeps every per-partition field of the request: leaving one out (KAFKA-9338 left
//!    out the leader epoch) makes later fetches unchecked.
//! 2. Partitions that gave data go to the end of the order, so that none starves at the size limit.
//! 3. The cache is bounded. A new session takes the place of one unused for [`MIN_UNUSED`], or of a
//!    smaller one that is as old; if there is none, the client goes on without a session.
//! 4. Partitions are bounded too, per session and in all: a session that grows beyond is dropped, and
//!    its client, told so, begins anew. Unknown partitions stay, as in Kafka: a client that still wants
//!    one does not name it again once it is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Instant, Uuid};
use parking_lot::Mutex;

/// Kafka's `MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS`.
const MIN_UNUSED: Duration = Duration::from_millis(120_000);

/// Most partitions of one session. Kafka bounds the number of sessions only; a client with more goes on
/// without a session, as where the cache is full.
pub const MOST_OF_SESSION: usize = 64 * 1024;
/// Most partitions of all sessions together: some 64 MiB.
pub const MOST_IN_ALL: usize = 256 * 1024;

/// A topic as the client names it; a session uses one of the two throughout.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SessionTopic {
    /// Fetch 12 and older.
    Name(Arc<str>),
    /// Fetch 13 and newer.
    Id(Uuid),
}

/// What is wanted of one partition; the wire's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Next offset.
    pub fetch_offset: i64,
    /// Most bytes.
    pub max_bytes: i32,
    /// The leader epoch the client believes in, or -1.
    pub current_leader_epoch: i32,
    /// Epoch of the record before `fetch_offset`, or -1.
    pub last_fetched_epoch: i32,
    /// A follower's log start, or -1.
    pub log_start_offset: i64,
}

/// What an answer said of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its high watermark.
    pub high_watermark: i64,
    /// Its log start.
    pub log_start_offset: i64,
    /// Whether it has records.
    pub has_records: bool,
    /// Whether it must be told in any case: an error, a diverging epoch, a preferred replica.
    pub is_news: bool,
}

/// A partition by the client's name of its topic.
pub type SessionKey = (SessionTopic, i32);

/// A request's part that concerns sessions.
#[derive(Clone, Debug)]
pub struct SessionRequest {
    /// 0 for none.
    pub id: i32,
    /// 0 to begin, -1 to end, else the number of this request in its session.
    pub epoch: i32,
    /// Partitions named, in order.
    pub wanted: Vec<(SessionKey, Wanted)>,
    /// Partitions no longer wanted.
    pub forgotten: Vec<SessionKey>,
    /// Whether topics are named by id.
    pub uses_ids: bool,
    /// Whether the client is a replica: those keep their sessions longer.
    pub is_replica: bool,
}

/// Why a request cannot be served in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// FETCH_SESSION_ID_NOT_FOUND.
    #[error("no such fetch session")]
    NotFound,
    /// INVALID_FETCH_SESSION_EPOCH.
    #[error("not the next request of the fetch session")]
    WrongEpoch,
    /// FETCH_SESSION_TOPIC_ID_ERROR.
    #[error("the fetch session names topics the other way")]
    TopicIds,
}

/// How an answer is to be shaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionScope {
    /// All partitions are told; the session's id goes with them, 0 for none.
    Full(i32),
    /// Only what changed is told.
    Incremental(i32),
}

/// What a request asks for in the end.
#[derive(Clone, Debug)]
pub struct SessionFetch {
    /// How to answer.
    pub scope: SessionScope,
    /// Partitions to read, in order.
    pub wanted: Vec<(SessionKey, Wanted)>,
}

#[derive(Debug)]
struct Entry {
    key: SessionKey,
    wanted: Wanted,
    told: Option<Told>,
}

#[derive(Debug)]
struct Session {
    next_epoch: i32,
    uses_ids: bool,
    is_replica: bool,
    last_used: Instant,
    order: BTreeMap<u64, Entry>,
    places: HashMap<SessionKey, u64>,
    next_place: u64,
}

impl Session {
    fn put(&mut self, key: SessionKey, wanted: Wanted) {
        if let Some(place) = self.places.get(&key) {
            if let Some(entry) = self.order.get_mut(place) {
                entry.wanted = wanted;
            }
            return;
        }
        self.places.insert(key.clone(), self.next_place);
        self.order.insert(self.next_place, Entry { key, wanted, told: None });
        self.next_place += 1;
    }

    fn forget(&mut self, key: &SessionKey) {
        if let Some(place) = self.places.remove(key) {
            self.order.remove(&place);
        }
    }

    fn move_to_end(&mut self, place: u64) {
        if let Some(entry) = self.order.remove(&place) {
            self.places.insert(entry.key.clone(), self.next_place);
            self.order.insert(self.next_place, entry);
            self.next_place += 1;
        }
    }

    fn wanted(&self) -> Vec<(SessionKey, Wanted)> {
        self.order.values().map(|entry| (entry.key.clone(), entry.wanted)).collect()
    }
}

#[derive(Debug, Default)]
struct Cache {
    sessions: HashMap<i32, Session>,
    by_use: BTreeSet<(Instant, i32)>,
    /// (is a replica, number of partitions, id): the first goes first.
    by_size: BTreeSet<(bool, usize, i32)>,
    /// Of all sessions.
    partitions: usize,
    next_id: i32,
}

/// All sessions of the node.
#[derive(Debug)]
pub struct FetchSessions {
    cache: Mutex<Cache>,
    slots: usize,
}

impl FetchSessions {
    /// At most `slots` sessions (`max.incremental.fetch.session.cache.slots`); `first_id` should
    /// differ from start to start, so that no old client finds another's session.
    pub fn new(slots: usize, first_id: i32) -> FetchSessions {
        let cache = Cache { next_id: first_id.max(1), ..Cache::default() };
        FetchSessions { cache: Mutex::new(cache), slots }
    }

    /// Takes a request: what to read, and how to answer.
    pub fn open(&self, now: Instant, request: SessionRequest) -> Result<SessionFetch, SessionError> {
        let mut cache = self.cache.lock();
        if request.epoch <= 0 {
            // -1 ends a session, 0 begins one; both name all their partitions.
            cache.remove(request.id);
            let wanted = request.wanted.clone();
            let begins = request.epoch == 0 && !wanted.is_empty();
            let id = if begins { cache.begin(now, self.slots, request) } else { None };
            return Ok(SessionFetch { scope: SessionScope::Full(id.unwrap_or(0)), wanted });
        }
        let session = cache.sessions.get_mut(&request.id).ok_or(SessionError::NotFound)?;
        if session.next_epoch != request.epoch {
            return Err(SessionError::WrongEpoch);
        }
        if session.uses_ids != request.uses_ids {
            return Err(SessionError::TopicIds);
        }
        session.next_epoch = session.next_epoch.checked_add(1).unwrap_or(1);
        let before = session.order.len();
        for (key, wanted) in request.wanted {
            session.put(key, wanted);
        }
        for key in &request.forgotten {
            session.forget(key);
        }
        let (wanted, size) = (session.wanted(), session.order.len());
        cache.touch(request.id, now, before);
        if wanted.is_empty() {
            cache.remove(request.id);
            return Ok(SessionFetch { scope: SessionScope::Full(0), wanted });
        }
        if size > MOST_OF_SESSION || cache.partitions > MOST_IN_ALL {
            cache.remove(request.id);
            return Err(SessionError::NotFound);
        }
        Ok(SessionFetch { scope: SessionScope::Incremental(request.id), wanted })
    }

    /// Which partitions an answer has to name; notes what it tells. `told` goes by the order of
    /// [`SessionFetch::wanted`].
    pub fn select(&self, scope: SessionScope, told: &[(SessionKey, Told)]) -> Vec<bool> {
        let (id, all) = match scope {
            SessionScope::Full(0) => return vec![true; told.len()],
            SessionScope::Full(id) => (id, true),
            SessionScope::Incremental(id) => (id, false),
        };
        let mut cache = self.cache.lock();
        let Some(session) = cache.sessions.get_mut(&id) else { return vec![true; told.len()] };
        let mut select = Vec::with_capacity(told.len());
        for (key, told) in told {
            let Some(place) = session.places.get(key).copied() else {
                select.push(true);
                continue;
            };
            let Some(entry) = session.order.get_mut(&place) else {
                select.push(true);
                continue;
            };
            let changed = entry.told.is_none_or(|before| {
                before.high_watermark != told.high_watermark
                    || before.log_start_offset != told.log_start_offset
            });
            // What was an error is told again once it is none, so it is not remembered as told.
            entry.told = (!told.is_news).then_some(*told);
            select.push(all || changed || told.has_records || told.is_news);
            if told.has_records {
                session.move_to_end(place);
            }
        }
        select
    }

    /// Sessions now.
    pub fn len(&self) -> usize {
        self.cache.lock().sessions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Cache {
    fn remove(&mut self, id: i32) {
        if let Some(session) = self.sessions.remove(&id) {
            self.by_use.remove(&(session.last_used, id));
            self.by_size.remove(&(session.is_replica, session.order.len(), id));
            self.partitions -= session.order.len();
        }
    }

    fn touch(&mut self, id: i32, now: Instant, size_before: usize) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        self.by_use.remove(&(session.last_used, id));
        self.by_size.remove(&(session.is_replica, size_before, id));
        session.last_used = now;
        self.by_use.insert((now, id));
        self.by_size.insert((session.is_replica, session.order.len(), id));
        self.partitions = self.partitions - size_before + session.order.len();
    }

    fn begin(&mut self, now: Instant, slots: usize, request: SessionRequest) -> Option<i32> {
        let size = request.wanted.len();
        if size > MOST_OF_SESSION {
            return None;
        }
        while self.partitions + size > MOST_IN_ALL {
            // Of clients that are gone.
            let (_, id) = self.by_use.first().copied().filter(|(used, _)| now.since(*used) > MIN_UNUSED)?;
            self.remove(id);
        }
        if self.sessions.len() >= slots && !self.make_room(now, &request) {
            return None;
        }
        let id = self.free_id();
        let mut session = Session {
            next_epoch: 1,
            uses_ids: request.uses_ids,
            is_replica: request.is_replica,
            last_used: now,
            order: BTreeMap::new(),
            places: HashMap::new(),
            next_place: 0,
        };
        for (key, wanted) in request.wanted {
            session.put(key, wanted);
        }
        self.by_use.insert((now, id));
        self.by_size.insert((session.is_replica, session.order.len(), id));
        self.partitions += session.order.len();
        self.sessions.insert(id, session);
        Some(id)
    }

    fn make_room(&mut self, now: Instant, request: &SessionRequest) -> bool {
        let oldest = self.by_use.first().copied();
        if let Some((used, id)) = oldest
            && now.since(used) > MIN_UNUSED
        {
            self.remove(id);
            return true;
        }
        let smallest = self.by_size.first().copied();
        if let Some((is_replica, size, id)) = smallest
            && (is_replica, size) < (request.is_replica, request.wanted.len())
            && self.sessions.get(&id).is_some_and(|session| now.since(session.last_used) > MIN_UNUSED)
        {
            self.remove(id);
            return true;
        }
        false
    }

    fn free_id(&mut self) -> i32 {
        loop {
            let id = self.next_id;
            self.next_id = self.next_id.checked_add(1).unwrap_or(1);
            if !self.sessions.contains_key(&id) {
                return id;
            }
        }
    }
}

#[cfg(test)]
#[path = "fetch_session_tests.rs"]
mod tests;
