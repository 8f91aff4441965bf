//! An idempotent producer of one partition: up to five batches in flight, acks=all, retries in order
//! until each batch is acknowledged.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_model::{ProducerEpoch, ProducerId, Timestamp};
use klamm_node::partition::Acks;
use klamm_protocol::ErrorCode;
use klamm_protocol::records::BatchBuilder;

use super::leaders::Leaders;
use super::{Client, Context};
use crate::checkers::{WriteId, must};
use crate::rpc::{Answer, Call, CallId};

/// Batches that are not acknowledged.
const IN_FLIGHT: usize = 5;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_millis(1_500);

#[derive(Debug)]
struct Outstanding {
    sequence: i32,
    first: u64,
    count: u32,
    call: Option<CallId>,
    /// It stays until those before it are acknowledged too: the broker remembers five batches.
    is_acknowledged: bool,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Producer {
    number: u32,
    topic: Arc<str>,
    partition: i32,
    leaders: Leaders,
    outstanding: VecDeque<Outstanding>,
    next: u64,
    asked: Option<CallId>,
    is_finishing: bool,
}

impl Producer {
    /// The `number`-th producer of the world.
    pub(crate) fn new(number: u32, topic: Arc<str>, partition: i32) -> Producer {
        Producer {
            number,
            topic,
            partition,
            leaders: Leaders::default(),
            outstanding: VecDeque::new(),
            next: 0,
            asked: None,
            is_finishing: false,
        }
    }

    fn batch(&self, out: &Outstanding) -> Bytes {
        let id = ProducerId::at(1_000 + i64::from(self.number));
        let mut builder = BatchBuilder::new().idempotent(id, ProducerEpoch::at(0), out.sequence);
        for index in 0..u64::from(out.count) {
            let value = WriteId { producer: self.number, number: out.first + index }.encode();
            let time = Timestamp::from_millis(1_750_000_000_000);
            builder.append(time, None, Some(&value), &[]).expect("a small record");
        }
        builder.finish()
    }

    fn send_all(&mut self, context: &mut Context<'_>) {
        let leader = self.leaders.of(self.partition).zip(self.leaders.partition(self.partition));
        let Some(((leader, _), partition)) = leader else {
            if self.asked.is_none() {
                let broker = context.any_broker();
                let call = Call::Metadata(self.topic.clone());
                self.asked = Some(context.call(broker, call, Duration::from_millis(700)));
            }
            return;
        };
        for index in 0..self.outstanding.len() {
            if self.outstanding[index].call.is_none() && !self.outstanding[index].is_acknowledged {
                let batch = self.batch(&self.outstanding[index]);
                let call = Call::Produce { partition, batch, acks: Acks::All };
                self.outstanding[index].call = Some(context.call(leader, call, PATIENCE));
            }
        }
    }

    fn on_produced(
        &mut self,
        at: usize,
        answer: Result<crate::rpc::Produced, ErrorCode>,
        by: Option<i32>,
        context: &mut Context<'_>,
    ) {
        match answer {
            Ok(produced) => {
                let out = &mut self.outstanding[at];
                (out.call, out.is_acknowledged) = (None, true);
                let (first, count) = (out.first, out.count);
                while self.outstanding.pop_front_if(|out| out.is_acknowledged).is_some() {}
                let (Some(partition), Some(node)) = (self.leaders.partition(self.partition), by) else {
                    return;
                };
                let first = WriteId { producer: self.number, number: first };
                context.checkers.data.acknowledged((partition, node), produced, first, count);
            }
            Err(code) => {
                let is_first = at == 0;
                let is_loss =
                    matches!(code, ErrorCode::OutOfOrderSequenceNumber | ErrorCode::InvalidProducerEpoch);
                let (number, next) = (self.number, self.outstanding[at].sequence);
                must!(
                    !(is_first && is_loss),
                    "sequence",
                    "producer {number} is told {code:?} for {next}, which follows what was acknowledged"
                );
                self.outstanding[at].call = None;
                if !is_loss && code != ErrorCode::NotEnoughReplicas {
                    self.leaders.doubt();
                }
            }
        }
    }
}

impl Client for Producer {
    fn on_timer(&mut self, context: &mut Context<'_>) {
        if !self.is_finishing
            && self.outstanding.len() < IN_FLIGHT
            && self.leaders.of(self.partition).is_some()
        {
            let count = context.random.between(1, 4) as u32;
            let sequence = i32::try_from(self.next).unwrap_or(i32::MAX);
            self.outstanding.push_back(Outstanding {
                sequence,
                first: self.next,
                count,
                call: None,
                is_acknowledged: false,
            });
            self.next += u64::from(count);
        }
        self.send_all(context);
        context.wake_in(10, 60);
    }

    fn on_answer(&mut self, id: CallId, answer: Answer, by: Option<i32>, context: &mut Context<'_>) {
        if self.asked == Some(id) {
            self.asked = None;
            if let Answer::Metadata(Some(topic)) = answer {
                self.leaders.learn(topic);
            }
            return;
        }
        let Some(at) = self.outstanding.iter().position(|out| out.call == Some(id)) else { return };
        match answer {
            Answer::Produce(answer) => self.on_produced(at, answer, by, context),
            _ => {
                self.outstanding[at].call = None;
                self.leaders.doubt();
            }
        }
    }

    fn finish(&mut self) {
        self.is_finishing = true;
    }

    fn is_done(&self) -> bool {
        self.outstanding.is_empty()
    }
}
