//! A driver as small as can be: one machine, its timers, a log in memory that commits at once, and a clock
//! that only moves when told.

use klamm_coordinator::group::{GroupCommand, GroupMachine, GroupRecord, GroupRequest, GroupTimer, Settings};
use klamm_coordinator::machine::{Append, Machine, Now, Origin, Outcome, ReplyTo, TransactionResult};
use klamm_coordinator::timers::{RETRY_AFTER, Timers};
use klamm_model::{Instant, Offset, ProducerId, Timestamp};
use klamm_protocol::ErrorCode;

use bytes::Bytes;

/// What the log holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Record { producer: Option<ProducerId>, key: Bytes, value: Option<Bytes> },
    Marker { producer: ProducerId, result: TransactionResult },
}

/// One step: what was decided.
pub struct Step {
    pub at: u64,
    pub timer: Option<GroupTimer>,
    pub refused: Option<ErrorCode>,
    pub outcome: Outcome<GroupMachine>,
}

pub struct Stage {
    pub settings: Settings,
    pub machine: GroupMachine,
    pub timers: Timers<GroupTimer>,
    pub log: Vec<Entry>,
    /// Virtual milliseconds since the start.
    pub clock: u64,
    /// The error of the next append that has records.
    pub refuse_next: Option<ErrorCode>,
    next_token: u64,
    fired_at_once: usize,
}

impl Stage {
    pub fn new(settings: Settings) -> Stage {
        let mut stage = Stage {
            machine: GroupMachine::new(settings.clone()),
            settings,
            timers: Timers::default(),
            log: Vec::new(),
            clock: 0,
            refuse_next: None,
            next_token: 0,
            fired_at_once: 0,
        };
        stage.run(GroupCommand::Loaded);
        stage
    }

    pub fn now(&self) -> Now {
        let wall = Timestamp::from_millis(self.clock.cast_signed());
        Now { instant: Instant::from_millis(self.clock), wall }
    }

    pub fn request(&mut self, request: GroupRequest) -> (ReplyTo, Step) {
        self.next_token += 1;
        let to = ReplyTo(self.next_token);
        (to, self.run(GroupCommand::Request(to, Box::new(request))))
    }

    pub fn run(&mut self, command: GroupCommand) -> Step {
        let mut outcome = self.machine.decide(self.now(), &command);
        let encoded: Result<Vec<_>, _> = outcome.records.iter().map(GroupRecord::encode).collect();
        let refused = match &encoded {
            Err(_) => Some(ErrorCode::UnknownServerError),
            Ok(records) if records.is_empty() => None,
            Ok(_) => self.refuse_next.take(),
        };
        match (refused, encoded) {
            (Some(error), _) => {
                outcome = self.machine.decide_refused(self.now(), &command, error);
                assert!(outcome.records.is_empty(), "a refused append is not followed by another");
            }
            (None, encoded) => self.append(outcome.append, encoded.unwrap()),
        }
        self.machine.apply_soft(outcome.soft.clone());
        for change in outcome.timers.clone() {
            self.timers.apply(change);
        }
        let timer = match command {
            GroupCommand::TimerFired(timer) => Some(timer),
            _ => None,
        };
        if let (Some(timer), true) = (&timer, refused.is_some()) {
            let again = self.now().instant.after(RETRY_AFTER);
            self.timers.apply(klamm_coordinator::machine::TimerChange::Set(timer.clone(), again));
        }
        Step { at: self.clock, timer, refused, outcome }
    }

    /// Moves the clock and fires what is due on the way.
    pub fn advance_to(&mut self, clock: u64) -> Vec<Step> {
        std::iter::from_fn(|| self.fire_next(clock)).collect()
    }

    /// Fires the next timer due at `clock`, or else moves the clock there.
    pub fn fire_next(&mut self, clock: u64) -> Option<Step> {
        let Some(due) = self.timers.next_deadline().filter(|due| due.as_millis() <= clock) else {
            self.clock = clock;
            return None;
        };
        self.fired_at_once = if due.as_millis() == self.clock { self.fired_at_once + 1 } else { 0 };
        assert!(self.fired_at_once < 1_000, "time stands still: {:?}", self.timers.pop_due(due));
        self.clock = self.clock.max(due.as_millis());
        let timer = self.timers.pop_due(due).unwrap();
        Some(self.run(GroupCommand::TimerFired(timer)))
    }

    pub fn end_transaction(&mut self, producer: ProducerId, result: TransactionResult) {
        self.log.push(Entry::Marker { producer, result });
        self.machine.replay_end_transaction(producer, result);
    }

    /// The node loses and regains the partition: a new machine reads the log.
    pub fn reload(&mut self) -> Step {
        self.machine = replay(&self.settings, &self.log);
        self.timers = Timers::default();
        self.run(GroupCommand::Loaded)
    }

    fn append(&mut self, append: Append, records: Vec<(Bytes, Option<Bytes>)>) {
        let producer = match append {
            Append::Transactional(producer, _) => Some(producer),
            Append::OneBatch | Append::ManyBatches => None,
        };
        for (key, value) in records {
            let entry = Entry::Record { producer, key, value };
            replay_entry(&mut self.machine, self.log.len(), &entry);
            self.log.push(entry);
        }
    }
}

/// What a machine that reads `log` knows.
pub fn replay(settings: &Settings, log: &[Entry]) -> GroupMachine {
    let mut machine = GroupMachine::new(settings.clone());
    for (offset, entry) in log.iter().enumerate() {
        replay_entry(&mut machine, offset, entry);
    }
    machine
}

pub fn replay_entry(machine: &mut GroupMachine, offset: usize, entry: &Entry) {
    match entry {
        Entry::Marker { producer, result } => machine.replay_end_transaction(*producer, *result),
        Entry::Record { producer, key, value } => {
            let record = GroupRecord::decode(Some(key.clone()), value.clone()).unwrap().unwrap();
            let origin = Origin { offset: Offset::at(i64::try_from(offset).unwrap()), producer: *producer };
            machine.replay(origin, &record).unwrap();
        }
    }
}
