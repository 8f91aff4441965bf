//! The contract of a record state machine: what a coordinator decides, and what its driver does with it.
//!
//! A driver owns one [`Machine`] per coordinator partition and runs, in one critical section of that
//! partition: [`decide`](Machine::decide), append [`Outcome::records`], [`replay`](Machine::replay) each
//! record at its offset, [`apply_soft`](Machine::apply_soft), apply the timers.
//!
//! 1. Nothing changes before the append was accepted. If it is refused, the outcome is dropped whole and
//!    [`decide_refused`](Machine::decide_refused) says what happens instead.
//! 2. Replies of an outcome leave when everything written so far is committed in the same leader epoch,
//!    also where the outcome itself wrote nothing: no answer shows a state that a fail-over can undo.
//!    If the epoch ends first, they become NOT_COORDINATOR; if the append time-out ends first,
//!    COORDINATOR_NOT_AVAILABLE.
//! 3. Hard state is a function of the log alone. Soft state (who waits, rebalances under way) dies with
//!    the leadership.

use std::fmt::Debug;

use klamm_model::{Instant, Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::ErrorCode;

/// Both clocks at the moment of an input: one to wait by, one to write down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// For deadlines.
    pub instant: Instant,
    /// For records.
    pub wall: Timestamp,
}

/// Names one parked request. Made by the driver; never used twice within one leadership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyTo(pub u64);

/// Where a record stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The record's offset.
    pub offset: Offset,
    /// The transactional producer of the record's batch.
    pub producer: Option<ProducerId>,
}

/// How a transaction ended, as its marker in the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionResult {
    /// Its records count.
    Commit,
    /// They do not.
    Abort,
}

/// A state machine whose hard state is a fold over the records of one partition.
pub trait Machine {
    /// An input: a request, a fired timer, an event of the node.
    type Command;
    /// One record of the log.
    type Record: Clone + Debug + PartialEq;
    /// A change that is not logged.
    type Soft: Clone + Debug + PartialEq;
    /// Key of a timer; setting a key again moves its deadline.
    type Timer: Clone + Debug + Ord;
    /// An answer to a parked request.
    type Reply: Clone + Debug + PartialEq;
    /// Something worth a log line or a metric.
    type Event: Clone + Debug + PartialEq;
    /// A log that no coordinator could have written.
    type ReplayError: std::error::Error;

    /// What `command` leads to. Changes nothing.
    fn decide(&self, now: Now, command: &Self::Command) -> Outcome<Self>;

    /// What follows instead if the append of `decide`'s records was refused with `error`. Never has
    /// records of its own.
    fn decide_refused(&self, now: Now, command: &Self::Command, error: ErrorCode) -> Outcome<Self>;

    /// Takes one record into the hard state: after its append, and at load.
    fn replay(&mut self, origin: Origin, record: &Self::Record) -> Result<(), Self::ReplayError>;

    /// Takes the marker that ends `producer`'s transaction into the hard state.
    fn replay_end_transaction(&mut self, producer: ProducerId, result: TransactionResult);

    /// Takes over soft changes, after the records of the same outcome were replayed.
    fn apply_soft(&mut self, changes: Vec<Self::Soft>);
}

/// What a command leads to; the driver carries the parts out in the order of the fields.
pub struct Outcome<M: Machine + ?Sized> {
    /// Records to append.
    pub records: Vec<M::Record>,
    /// How they are batched.
    pub append: Append,
    /// Soft changes to apply once the append was accepted.
    pub soft: Vec<M::Soft>,
    /// Timers to set and cancel, in order.
    pub timers: Vec<TimerChange<M::Timer>>,
    /// Answers, held back until what was written so far is committed.
    pub replies: Vec<(ReplyTo, M::Reply)>,
    /// What happened, for log and metrics.
    pub events: Vec<M::Event>,
}

/// How the records of one outcome become batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Append {
    /// All in one batch: all or none is in the log.
    #[default]
    OneBatch,
    /// Each record stands for itself; as many batches as they need.
    ManyBatches,
    /// One transactional batch of this producer.
    Transactional(ProducerId, ProducerEpoch),
}

/// A change to one keyed timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerChange<K> {
    /// The timer fires at the instant, wherever it stood before.
    Set(K, Instant),
    /// The timer does not fire.
    Cancel(K),
}

impl<M: Machine + ?Sized> Default for Outcome<M> {
    fn default() -> Outcome<M> {
        Outcome {
            records: Vec::new(),
            append: Append::default(),
            soft: Vec::new(),
            timers: Vec::new(),
            replies: Vec::new(),
            events: Vec::new(),
        }
    }
}

impl<M: Machine + ?Sized> Outcome<M> {
    /// An answer and nothing else.
    pub fn reply(to: ReplyTo, reply: M::Reply) -> Outcome<M> {
        Outcome { replies: vec![(to, reply)], ..Outcome::default() }
    }

    /// Adds all of `other` behind; how records are batched stays as it is.
    pub fn append_all(&mut self, other: Outcome<M>) {
        self.records.extend(other.records);
        self.soft.extend(other.soft);
        self.timers.extend(other.timers);
        self.replies.extend(other.replies);
        self.events.extend(other.events);
    }
}

impl<M: Machine + ?Sized> Clone for Outcome<M> {
    fn clone(&self) -> Outcome<M> {
        Outcome {
            records: self.records.clone(),
            append: self.append,
            soft: self.soft.clone(),
            timers: self.timers.clone(),
            replies: self.replies.clone(),
            events: self.events.clone(),
        }
    }
}

impl<M: Machine + ?Sized> Debug for Outcome<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcome")
            .field("records", &self.records)
            .field("append", &self.append)
            .field("soft", &self.soft)
            .field("timers", &self.timers)
            .field("replies", &self.replies)
            .field("events", &self.events)
            .finish()
    }
}

impl<M: Machine + ?Sized> PartialEq for Outcome<M> {
    fn eq(&self, other: &Outcome<M>) -> bool {
        self.records == other.records
            && self.append == other.append
            && self.soft == other.soft
            && self.timers == other.timers
            && self.replies == other.replies
            && self.events == other.events
    }
}
