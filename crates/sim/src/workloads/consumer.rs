//! A reader of a whole topic, from the beginning on, that tells the checkers each record it gets. Now and then it asks any
//! replica in place of the leader (KIP-392).

use std::sync::Arc;
use std::time::Duration;

use klamm_model::Offset;
use klamm_node::partition::Asker;
use klamm_protocol::ErrorCode;

use super::leaders::Leaders;
use super::{Client, Context};
use crate::checkers::{Cursor, must};
use crate::rpc::{Answer, Call, CallId};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_millis(1_000);
/// Fetches that go to any broker, in percent.
const ELSEWHERE: u64 = 20;

#[derive(Debug, Default)]
struct Reading {
    cursor: Cursor,
    call: Option<CallId>,
    /// Who was asked: what a follower does not have, and a broker without a replica, mean nothing.
    of_leader: bool,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Consumer {
    topic: Arc<str>,
    leaders: Leaders,
    readings: Vec<Reading>,
    asked: Option<CallId>,
    is_finishing: bool,
    /// In each partition, what has to be read in the end.
    wanted: Vec<Offset>,
}

impl Consumer {
    /// A reader of all `partitions` of `topic`.
    pub(crate) fn new(topic: Arc<str>, partitions: usize) -> Consumer {
        Consumer {
            topic,
            leaders: Leaders::default(),
            readings: (0..partitions).map(|_| Reading::default()).collect(),
            asked: None,
            is_finishing: false,
            wanted: vec![Offset::ZERO; partitions],
        }
    }

    /// Asks the leader of a partition for more; whether it is known.
    fn fetch(&mut self, index: usize, context: &mut Context<'_>) -> bool {
        let number = i32::try_from(index).unwrap_or(i32::MAX);
        let Some((leader, epoch)) = self.leaders.of(number) else { return false };
        let Some(partition) = self.leaders.partition(number) else { return false };
        if self.is_finishing {
            self.wanted[index] = context.checkers.data.acknowledged_end(partition);
        }
        let reading = &mut self.readings[index];
        if context.checkers.data.refresh(partition, &mut reading.cursor) {
            reading.call = None;
        }
        if reading.call.is_none() {
            reading.of_leader = self.is_finishing || !context.random.chance(ELSEWHERE);
            let (to, asker) = if reading.of_leader {
                (leader, Asker::OldConsumer)
            } else {
                (context.any_broker(), Asker::Consumer)
            };
            let call = Call::Fetch { partition, epoch, asker, offset: reading.cursor.next };
            reading.call = Some(context.call(to, call, PATIENCE));
        }
        true
    }
}

impl Client for Consumer {
    fn on_timer(&mut self, context: &mut Context<'_>) {
        let mut all_known = true;
        for index in 0..self.readings.len() {
            all_known &= self.fetch(index, context);
        }
        if !all_known && self.asked.is_none() {
            let broker = context.any_broker();
            let call = Call::Metadata(self.topic.clone());
            self.asked = Some(context.call(broker, call, PATIENCE));
        }
        context.wake_in(20, 120);
    }

    fn on_answer(&mut self, id: CallId, answer: Answer, _by: Option<i32>, context: &mut Context<'_>) {
        if self.asked == Some(id) {
            self.asked = None;
            if let Answer::Metadata(Some(topic)) = answer {
                self.leaders.learn(topic);
            }
            return;
        }
        let Some(index) = self.readings.iter().position(|reading| reading.call == Some(id)) else { return };
        let number = i32::try_from(index).unwrap_or(i32::MAX);
        let Some(partition) = self.leaders.partition(number) else { return };
        let reading = &mut self.readings[index];
        reading.call = None;
        match answer {
            Answer::Fetch(Ok(fetched)) => {
                context.checkers.data.read(partition, &mut reading.cursor, &fetched)
            }
            Answer::Fetch(Err(code)) if !reading.of_leader => {
                must!(code != ErrorCode::CorruptMessage, "read", "{partition:?} is corrupt");
            }
            _ if !reading.of_leader => {}
            Answer::Fetch(Err(ErrorCode::OffsetOutOfRange)) => {
                let is_fresh = context.checkers.data.refresh(partition, &mut reading.cursor);
                let next = reading.cursor.next;
                must!(
                    is_fresh || next == Offset::ZERO,
                    "read",
                    "offset {next} of {partition:?} was committed and is out of range"
                );
            }
            Answer::Fetch(Err(code)) => {
                must!(code != ErrorCode::CorruptMessage, "read", "{partition:?} is corrupt");
                self.leaders.doubt();
            }
            _ => self.leaders.doubt(),
        }
    }

    fn finish(&mut self) {
        if !self.is_finishing {
            self.is_finishing = true;
            // All from the beginning once more.
            self.readings.iter_mut().for_each(|reading| *reading = Reading::default());
            self.wanted.fill(Offset::MAX);
        }
    }

    fn is_done(&self) -> bool {
        self.readings.iter().zip(&self.wanted).all(|(reading, wanted)| reading.cursor.next >= *wanted)
    }
}
