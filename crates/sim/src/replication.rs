//! The replication of a broker: what `broker/src/pumps/replication` is around the fetchers and around the proposals of
//! in-sync replicas, without threads and sockets.

use std::collections::BTreeMap;
use std::time::Duration;

use klamm_metadata::MetadataImage;
use klamm_metadata::controller::Reply;
use klamm_model::{BrokerId, Instant, Offset, TopicIdPartition};
use klamm_node::fetcher::{FetcherDriver, FetcherSettings, Work, WorkFailure, WorkKind};
use klamm_node::isr_proposals::{IsrProposals, Proposed};
use klamm_node::partition::{FetchPosition, OnDamage, PartitionHandle};
use klamm_protocol::messages::{AlterPartitionRequest, FetchRequest};
use klamm_storage::OpenLogError;

use crate::rpc::{Answer, CallId};

/// `replica.fetch.wait.max.ms`.
const FETCH_WAIT_MS: i32 = 500;
/// Pause before what the controller did not take is proposed again.
const PAUSE: Duration = Duration::from_millis(50);

/// What has to be asked of others.
#[derive(Debug)]
pub(crate) enum Question {
    /// A fetch, of a leader.
    Fetch(BrokerId, Box<FetchRequest>),
    /// Where a leader's log begins and ends.
    Range(Box<FetcherWork>),
    /// In-sync replicas, of the controller.
    Isr(Box<AlterPartitionRequest>),
}

/// Work of one fetcher.
#[derive(Clone, Debug)]
pub(crate) struct FetcherWork {
    pub(crate) leader: BrokerId,
    /// Which of the fetchers there were for this leader.
    serial: u64,
    pub(crate) work: Work,
    /// What the leader said of its log.
    range: Option<(Offset, Offset)>,
}

#[derive(Debug)]
struct Fetcher {
    driver: FetcherDriver,
    serial: u64,
    flight: Option<CallId>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Replication {
    broker: BrokerId,
    /// `replica.lag.time.max.ms`.
    lag_max: Duration,
    fetchers: BTreeMap<BrokerId, Fetcher>,
    /// From whom each replica is fetched.
    leaders: BTreeMap<TopicIdPartition, BrokerId>,
    next_serial: u64,
    ranges: BTreeMap<CallId, FetcherWork>,
    proposals: IsrProposals,
    isr_call: Option<CallId>,
    next_proposal: Instant,
    next_lag_check: Instant,
    is_started: bool,
}

impl Replication {
    pub(crate) fn new(broker: BrokerId, lag_max: Duration) -> Replication {
        Replication {
            broker,
            lag_max,
            fetchers: BTreeMap::new(),
            leaders: BTreeMap::new(),
            next_serial: 0,
            ranges: BTreeMap::new(),
            proposals: IsrProposals::default(),
            isr_call: None,
            next_proposal: Instant::ZERO,
            next_lag_check: Instant::ZERO,
            is_started: false,
        }
    }

    /// Begins to follow: once the broker has caught up, not before.
    pub(crate) fn start(&mut self, partitions: &[PartitionHandle]) {
        self.is_started = true;
        for handle in partitions {
            self.look(handle.id(), Some(handle));
        }
    }

    /// A partition proposes other in-sync replicas.
    pub(crate) fn propose(&mut self, proposed: Proposed) {
        self.proposals.add(proposed);
    }

    /// Follows the replica as its partition says by now.
    pub(crate) fn look(&mut self, id: TopicIdPartition, handle: Option<&PartitionHandle>) {
        if !self.is_started {
            return;
        }
        let followed = handle.and_then(|handle| {
            let leadership = handle.leadership().filter(|known| !known.is_local)?;
            Some((leadership.leader?, leadership.epoch, handle))
        });
        let before = self.leaders.get(&id).copied();
        if let Some(before) = before
            && followed.as_ref().is_none_or(|(leader, ..)| *leader != before)
        {
            self.leaders.remove(&id);
            if let Some(fetcher) = self.fetchers.get_mut(&before) {
                fetcher.driver.unfollow(id);
                if fetcher.driver.is_empty() {
                    self.fetchers.remove(&before);
                }
            }
        }
        if let Some((leader, epoch, handle)) = followed {
            self.leaders.insert(id, leader);
            let (serial, settings) = (self.next_serial, self.settings());
            let fetcher = self.fetchers.entry(leader).or_insert_with(|| Fetcher {
                driver: FetcherDriver::new(settings),
                serial,
                flight: None,
            });
            self.next_serial += 1;
            fetcher.driver.follow(handle.clone(), epoch);
        }
    }

    fn settings(&self) -> FetcherSettings {
        FetcherSettings {
            broker: self.broker,
            wait_max_ms: FETCH_WAIT_MS,
            min_bytes: 1,
            response_max_bytes: 16 << 10,
            partition_max_bytes: 8 << 10,
            backoff: Duration::from_millis(1_000),
        }
    }

    /// Disk work that fetchers left, and what is to be asked now.
    pub(crate) fn due(
        &mut self,
        now: Instant,
        image: &MetadataImage,
        has_controller: bool,
    ) -> (Vec<FetcherWork>, Vec<Question>) {
        let (mut work, mut questions) = (Vec::new(), Vec::new());
        let registered = image.cluster().broker(self.broker).map(|broker| broker.epoch);
        for (leader, fetcher) in &mut self.fetchers {
            for one in fetcher.driver.take_work() {
                let kind = one.kind;
                let one = FetcherWork { leader: *leader, serial: fetcher.serial, work: one, range: None };
                match kind {
                    WorkKind::FindRange => questions.push(Question::Range(Box::new(one))),
                    WorkKind::Prepare | WorkKind::Cut(_) => work.push(one),
                }
            }
            if fetcher.flight.is_some() || fetcher.driver.request_due().is_none_or(|due| due > now) {
                continue;
            }
            match registered {
                Some(epoch) => {
                    questions.push(Question::Fetch(*leader, Box::new(fetcher.driver.next_request(epoch))));
                }
                None => fetcher.driver.on_failure(now),
            }
        }
        questions.extend(self.due_proposals(now, image, has_controller).map(Question::Isr));
        (work, questions)
    }

    fn due_proposals(
        &mut self,
        now: Instant,
        image: &MetadataImage,
        has_controller: bool,
    ) -> Option<Box<AlterPartitionRequest>> {
        if self.isr_call.is_some() {
            return None;
        }
        if !self.proposals.is_waiting() || now < self.next_proposal {
            return None;
        }
        match image.cluster().broker(self.broker) {
            Some(registered) if has_controller => {
                Some(Box::new(self.proposals.request(self.broker, registered.epoch)))
            }
            Some(_) | None => {
                self.next_proposal = now.after(PAUSE);
                None
            }
        }
    }

    /// A question is on its way.
    pub(crate) fn asked(&mut self, question: Asked, call: CallId) {
        match question {
            Asked::Fetch(leader) => {
                if let Some(fetcher) = self.fetchers.get_mut(&leader) {
                    fetcher.flight = Some(call);
                }
            }
            Asked::Range(work) => drop(self.ranges.insert(call, *work)),
            Asked::Isr => self.isr_call = Some(call),
        }
    }

    /// Takes the answer to a question of its own; disk work that it leads to.
    pub(crate) fn on_answer(&mut self, call: CallId, answer: Answer, now: Instant) -> Option<FetcherWork> {
        if self.isr_call == Some(call) {
            self.isr_call = None;
            let response = match &answer {
                Answer::Control(Ok(Reply::AlterPartition(response)), _) => Some(response),
                _ => None,
            };
            if self.proposals.on_answer(response) {
                self.next_proposal = now.after(PAUSE);
            }
            return None;
        }
        if let Some(work) = self.ranges.remove(&call) {
            return match answer {
                Answer::Range(Ok(range)) => Some(FetcherWork { range: Some(range), ..work }),
                _ => {
                    let failure = WorkFailure::Other("the leader does not tell its range".to_owned());
                    self.on_worked(now, &work, Err(failure));
                    None
                }
            };
        }
        let fetcher = self.fetchers.values_mut().find(|fetcher| fetcher.flight == Some(call))?;
        fetcher.flight = None;
        match answer {
            Answer::ReplicaFetch(response) => fetcher.driver.on_answer(now, *response),
            _ => fetcher.driver.on_failure(now),
        }
        None
    }

    /// A piece of work has ended.
    pub(crate) fn on_worked(
        &mut self,
        now: Instant,
        done: &FetcherWork,
        result: Result<FetchPosition, WorkFailure>,
    ) {
        let fetcher = self.fetchers.get_mut(&done.leader).filter(|fetcher| fetcher.serial == done.serial);
        if let Some(fetcher) = fetcher {
            fetcher.driver.on_work(now, (done.work.handle.id(), done.work.epoch), result);
        }
    }

    /// When [`Self::on_timers`] or [`Self::due`] has something to do.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        let fetchers = self.fetchers.values().flat_map(|fetcher| {
            let request = fetcher.driver.request_due().filter(|_| fetcher.flight.is_none());
            fetcher.driver.next_deadline().into_iter().chain(request)
        });
        let asks = self.isr_call.is_none() && self.proposals.is_waiting();
        let proposal = asks.then_some(self.next_proposal);
        fetchers.chain(proposal).chain([self.next_lag_check]).min()
    }

    /// Rests end; whether it is time to look for members of in-sync replicas that lag.
    pub(crate) fn on_timers(&mut self, now: Instant) -> bool {
        for fetcher in self.fetchers.values_mut() {
            fetcher.driver.on_time(now);
        }
        if now < self.next_lag_check {
            return false;
        }
        self.next_lag_check = now.after(self.lag_max / 2);
        true
    }
}

/// Whether the controller elects a replica no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Barred {
    Yes,
    No,
}

/// What of a question is kept until its answer.
#[derive(Debug)]
pub(crate) enum Asked {
    Fetch(BrokerId),
    Range(Box<FetcherWork>),
    Isr,
}

impl FetcherWork {
    /// Does it, as the jobs of `broker/src/pumps/replication/fetcher.rs`.
    pub(crate) fn run(&self, damage: OnDamage, barred: Barred) -> Result<FetchPosition, WorkFailure> {
        let Work { handle, epoch, kind } = &self.work;
        match kind {
            WorkKind::Prepare => {
                let mut opened = handle.open(damage);
                if matches!(opened, Err(OpenLogError::Damaged { .. })) {
                    if barred == Barred::No {
                        return Err(WorkFailure::Other("the controller has not taken note yet".to_owned()));
                    }
                    handle.set_damaged_aside(*epoch)?;
                    opened = handle.open(damage);
                }
                opened.map_err(|error| WorkFailure::Other(format!("its log cannot be opened: {error}")))?;
                Ok(handle.begin_following(*epoch)?)
            }
            WorkKind::Cut(leader) => Ok(handle.cut_to_agree(*epoch, *leader)?),
            WorkKind::FindRange => {
                let range = self.range.ok_or_else(|| WorkFailure::Other("no range".to_owned()))?;
                Ok(handle.reconcile_range(*epoch, range)?)
            }
        }
    }
}
