//! A reader of a whole topic, from the beginning on, that tells the checkers each record it gets.

use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Offset, TopicId, TopicIdPartition};
use klamm_protocol::ErrorCode;

use super::{Client, Context};
use crate::checkers::{Cursor, must};
use crate::rpc::{Answer, Call, CallId};

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_millis(1_000);

#[derive(Debug, Default)]
struct Reading {
    cursor: Cursor,
    call: Option<CallId>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Consumer {
    topic: Arc<str>,
    topic_id: Option<TopicId>,
    leaders: Option<Vec<Option<i32>>>,
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
            topic_id: None,
            leaders: None,
            readings: (0..partitions).map(|_| Reading::default()).collect(),
            asked: None,
            is_finishing: false,
            wanted: vec![Offset::ZERO; partitions],
        }
    }

    fn partition(&self, index: usize) -> Option<TopicIdPartition> {
        let partition = i32::try_from(index).ok()?;
        self.topic_id.map(|topic_id| TopicIdPartition { topic_id, partition })
    }
}

impl Client for Consumer {
    fn on_timer(&mut self, context: &mut Context<'_>) {
        match &self.leaders {
            None if self.asked.is_none() => {
                let broker = context.any_broker();
                let call = Call::Metadata(self.topic.clone());
                self.asked = Some(context.call(broker, call, PATIENCE));
            }
            None => {}
            Some(leaders) => {
                for (index, leader) in leaders.clone().into_iter().enumerate().take(self.readings.len()) {
                    let Some(partition) = self.partition(index) else { continue };
                    if self.is_finishing {
                        self.wanted[index] = context.checkers.data.acknowledged_end(partition);
                    }
                    let Some(leader) = leader else {
                        self.leaders = None;
                        break;
                    };
                    let reading = &mut self.readings[index];
                    if context.checkers.data.refresh(partition, &mut reading.cursor) {
                        reading.call = None;
                    }
                    if reading.call.is_none() {
                        let call = Call::Fetch { partition, offset: reading.cursor.next };
                        reading.call = Some(context.call(leader, call, PATIENCE));
                    }
                }
            }
        }
        context.wake_in(20, 120);
    }

    fn on_answer(&mut self, id: CallId, answer: Answer, _by: Option<i32>, context: &mut Context<'_>) {
        if self.asked == Some(id) {
            self.asked = None;
            if let Answer::Metadata(Some(topic)) = answer {
                self.topic_id = Some(topic.id);
                self.leaders = Some(topic.leaders.into_iter().map(|(leader, _)| leader).collect());
            }
            return;
        }
        let Some(index) = self.readings.iter().position(|reading| reading.call == Some(id)) else { return };
        let Some(partition) = self.partition(index) else { return };
        let reading = &mut self.readings[index];
        reading.call = None;
        match answer {
            Answer::Fetch(Ok(fetched)) => {
                context.checkers.data.read(partition, &mut reading.cursor, &fetched)
            }
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
                self.leaders = None;
            }
            _ => self.leaders = None,
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
