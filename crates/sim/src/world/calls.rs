//! Calls of clients and brokers: how a node serves them, and how answers find their way.

use bytes::BytesMut;
use klamm_coordinator::group::GroupReply;
use klamm_metadata::controller::Command;
use klamm_model::{Offset, TopicIdPartition};
use klamm_node::control::ControlEvent;
use klamm_node::partition::{Append, AppendRefusal, Appended};
use klamm_node::promise::promise;
use klamm_protocol::ErrorCode;
use klamm_protocol::records::validate::validate;
use klamm_storage::disk::read_exact_at;
use klamm_storage::{AppendInfo, Isolation, MinOneBatch, Patience, ReadError, ReadRequest};
use smallvec::smallvec;

use super::World;
use crate::event::{DiskWork, Event};
use crate::node::{Pending, PendingCall};
use crate::rpc::{Answer, Call, CallId, Caller, Fetched, Produced, TopicLeaders};

/// Most bytes of one fetch.
const FETCH_BYTES: u32 = 8 << 10;

impl World {
    pub(crate) fn call_arrives(&mut self, from: Caller, to: i32, id: CallId, call: Call) {
        if !self.network.carries(from.place(), to) {
            return;
        }
        if self.process(to).is_none_or(|process| process.is_stopping) {
            if self.random.chance(70) {
                self.send_answer(to, from, id, Answer::Lost);
            }
            return;
        }
        let serves = self.process(to).and_then(|process| process.broker.as_ref());
        if !matches!(call, Call::Control(_)) && serves.is_none_or(|broker| !broker.is_serving) {
            self.send_answer(to, from, id, Answer::Lost);
            return;
        }
        let answer = match call {
            Call::Control(command) => {
                self.serve_control(to, (from, id), *command);
                None
            }
            Call::Metadata(topic) => Some(self.serve_metadata(to, &topic)),
            Call::Produce { partition, batch, acks } => {
                let append = |header, body| Append::of_client(header, body, acks);
                self.serve_produce(to, (from, id), partition, (&batch, append))
            }
            Call::Fetch { partition, offset } => Some(Answer::Fetch(self.serve_fetch(to, partition, offset))),
            Call::Group { partition, request } => self.serve_group(to, (from, id), partition, *request),
        };
        if let Some(answer) = answer {
            self.send_answer(to, from, id, answer);
        }
        self.settle(to);
    }

    fn serve_control(&mut self, to: i32, (from, id): (Caller, CallId), command: Command) {
        let (promise, awaited) = promise();
        if let Some(process) = self.process_mut(to) {
            process.pending.push(Pending { from, id, what: PendingCall::Control(awaited) });
        }
        self.control(to, ControlEvent::Command(command, promise));
    }

    fn serve_metadata(&self, to: i32, topic: &str) -> Answer {
        let broker = self.process(to).and_then(|process| process.broker.as_ref());
        let topic = broker.and_then(|broker| broker.image.topics().by_name(topic));
        Answer::Metadata(topic.map(|topic| {
            TopicLeaders {
                id: topic.id(),
                leaders: topic
                    .partitions()
                    .map(|(_, partition)| (partition.leader().map(|id| id.get()), partition.leader_epoch()))
                    .collect(),
            }
        }))
    }

    fn serve_produce(
        &mut self,
        to: i32,
        (from, id): (Caller, CallId),
        partition: TopicIdPartition,
        (batch, append): (&bytes::Bytes, impl FnOnce(BytesMut, bytes::Bytes) -> Append),
    ) -> Option<Answer> {
        let refuse = |error| Some(Answer::Produce(Err(error)));
        let wall = klamm_node::clock::Clock::wall(&*self.nodes[&to].clock);
        let broker = self.process(to).and_then(|process| process.broker.as_ref());
        let handle = broker.and_then(|broker| broker.partitions.get(&partition));
        let Some(handle) = handle else { return refuse(ErrorCode::NotLeaderOrFollower) };
        let rules = handle.settings().produce;
        let Ok(validated) = validate(batch, &rules, wall) else { return refuse(ErrorCode::InvalidRecord) };
        let header = BytesMut::from(&validated.header().encode()[..]);
        let epoch = handle.leadership().map(|leadership| leadership.epoch).unwrap_or_default();
        let mut appended = handle.append(smallvec![append(header, validated.body(batch))]);
        match appended.pop() {
            Some(Appended::Done(Ok(info))) => Some(Answer::Produce(Ok(produced(info, epoch)))),
            Some(Appended::Done(Err(refusal))) => {
                if matches!(refusal, AppendRefusal::NotOpen) {
                    self.on_disk(to, DiskWork::Open(handle));
                }
                refuse(code_of(&refusal))
            }
            Some(Appended::Waiting(awaited)) => {
                let what = PendingCall::Produce(awaited, epoch);
                if let Some(process) = self.process_mut(to) {
                    process.pending.push(Pending { from, id, what });
                }
                None
            }
            None => refuse(ErrorCode::UnknownServerError),
        }
    }

    fn serve_fetch(
        &mut self,
        to: i32,
        partition: TopicIdPartition,
        offset: Offset,
    ) -> Result<Fetched, ErrorCode> {
        let broker = self.process(to).and_then(|process| process.broker.as_ref());
        let handle = broker.and_then(|broker| broker.partitions.get(&partition));
        let handle = handle.ok_or(ErrorCode::NotLeaderOrFollower)?;
        if handle.leadership().is_none_or(|leadership| !leadership.is_local) {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        let Some(view) = handle.view() else {
            self.on_disk(to, DiskWork::Open(handle));
            return Err(ErrorCode::NotLeaderOrFollower);
        };
        let read = view.read(&ReadRequest {
            offset,
            max_bytes: FETCH_BYTES,
            isolation: Isolation::HighWatermark,
            min_one_batch: MinOneBatch::Yes,
            patience: Patience::Wait,
        });
        let slice = read.map_err(|error| match error {
            ReadError::OutOfRange { .. } => ErrorCode::OffsetOutOfRange,
            ReadError::NotResident | ReadError::Stale => ErrorCode::NotLeaderOrFollower,
            ReadError::Corrupt { .. } => ErrorCode::CorruptMessage,
            ReadError::Storage(_) => ErrorCode::KafkaStorageError,
        })?;
        let mut bytes = vec![0; slice.as_ref().map_or(0, |slice| slice.len as usize)];
        if let Some(slice) = slice {
            let read = read_exact_at(slice.file.as_ref(), &mut bytes, slice.position);
            read.map_err(|_| ErrorCode::KafkaStorageError)?;
        }
        Ok(Fetched { bytes: bytes.into(), high_watermark: view.high_watermark() })
    }

    fn serve_group(
        &mut self,
        to: i32,
        (from, id): (Caller, CallId),
        partition: i32,
        request: klamm_coordinator::group::GroupRequest,
    ) -> Option<Answer> {
        let Some(process) = self.process_mut(to) else { return Some(Answer::Lost) };
        let Some(broker) = process.broker.as_mut() else { return Some(Answer::Lost) };
        match broker.ask_group(partition, request.clone()) {
            Err(refusal) => Some(Answer::Group(refusal)),
            Ok(awaited) => {
                process.pending.push(Pending {
                    from,
                    id,
                    what: PendingCall::Group(awaited, Box::new(request)),
                });
                None
            }
        }
    }

    /// After each step of a process: what is due goes out, what partitions left to do is begun, the
    /// timer is set.
    pub(crate) fn settle(&mut self, id: i32) {
        loop {
            let Some(process) = self.process_mut(id) else { return };
            let mut is_changed = false;
            let mut work = Vec::new();
            if let Some(broker) = process.broker.as_mut() {
                work = broker.take_effects();
                work.extend(broker.serve_once_caught_up());
                is_changed = broker.settle_commits();
            }
            let mut ready = Vec::new();
            process.pending.retain_mut(|pending| match take(&mut pending.what) {
                Some(answer) => {
                    ready.push((pending.from, pending.id, answer));
                    false
                }
                None => true,
            });
            is_changed |= !work.is_empty();
            work.into_iter().for_each(|work| self.on_disk(id, work));
            for (from, call, answer) in ready {
                let answer = self.name_leader(id, answer);
                self.send_answer(id, from, call, answer);
            }
            if !is_changed {
                break;
            }
        }
        self.beat(id);
        self.arm(id);
    }

    fn name_leader(&self, id: i32, answer: Answer) -> Answer {
        match answer {
            Answer::Control(answer, _) => {
                let leader = self.process(id).and_then(|process| process.control.quorum().leader);
                Answer::Control(answer, leader)
            }
            other => other,
        }
    }

    /// Lets the broker of a process ask the controller what it has to.
    pub(crate) fn beat(&mut self, id: i32) {
        let now = self.now;
        let Some(process) = self.process_mut(id) else { return };
        if process.is_stopping {
            return;
        }
        let leader = process.control.quorum().leader;
        let Some(broker) = process.broker.as_mut() else { return };
        let Some(command) = broker.lifecycle.due(now, &broker.image) else { return };
        let call =
            leader.map(|leader| self.call_from_process(id, leader.get(), Call::Control(Box::new(command))));
        if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
            broker.lifecycle.asked(call, now);
        }
    }

    pub(crate) fn send_answer(&mut self, by: i32, to: Caller, id: CallId, answer: Answer) {
        if self.random.chance(self.conditions.loss) {
            return;
        }
        let delay = self.conditions.latency(&mut self.random);
        let arrival = self.network.arrival((to, by, false), self.now, delay);
        self.at(arrival, Event::Answer { by, to, id, answer });
    }

    pub(crate) fn answer_arrives(&mut self, by: i32, to: Caller, id: CallId, answer: Answer) {
        if self.network.carries(by, to.place()) && self.open_calls.remove(&id) {
            self.deliver(to, id, answer, Some(by));
        }
    }

    pub(crate) fn expired(&mut self, caller: Caller, id: CallId) {
        if self.open_calls.remove(&id) {
            self.deliver(caller, id, Answer::Lost, None);
        }
    }

    fn deliver(&mut self, to: Caller, id: CallId, answer: Answer, by: Option<i32>) {
        self.trace(|| format!("{to:?} hears of {id} from {by:?}: {}", answer.brief()));
        match to {
            Caller::Client(client) => {
                self.with_client(client, |client, context| client.on_answer(id, answer, by, context));
            }
            Caller::Process { node, incarnation } => {
                let now = self.now;
                if !self.is_current(node, incarnation) {
                    return;
                }
                if let Some(broker) = self.process_mut(node).and_then(|process| process.broker.as_mut()) {
                    let answer = match &answer {
                        Answer::Control(answer, _) => Some(answer),
                        _ => None,
                    };
                    broker.lifecycle.on_answer(id, answer, now);
                }
                self.settle(node);
            }
        }
    }
}

fn produced(info: AppendInfo, epoch: klamm_model::LeaderEpoch) -> Produced {
    Produced { base: info.first_offset, epoch }
}

fn take(what: &mut PendingCall) -> Option<Answer> {
    match what {
        PendingCall::Control(awaited) => Some(match awaited.try_take()? {
            Ok(answer) => Answer::Control(answer, None),
            Err(_) => Answer::Lost,
        }),
        PendingCall::Produce(awaited, epoch) => Some(match awaited.try_take()? {
            Ok(Ok(info)) => Answer::Produce(Ok(produced(info, *epoch))),
            Ok(Err(refusal)) => Answer::Produce(Err(code_of(&refusal))),
            Err(_) => Answer::Produce(Err(ErrorCode::NotLeaderOrFollower)),
        }),
        PendingCall::Group(awaited, request) => Some(match awaited.try_take()? {
            Ok(reply) => Answer::Group(Box::<GroupReply>::new(reply)),
            Err(_) => Answer::Group(Box::new(request.refusal(ErrorCode::NotCoordinator))),
        }),
    }
}

/// As `broker/src/handlers/errors.rs` has it.
fn code_of(refusal: &AppendRefusal) -> ErrorCode {
    use klamm_logstate::ProducerError;
    use klamm_storage::AppendError;
    match refusal {
        AppendRefusal::NotLeader { .. } | AppendRefusal::NotOpen => ErrorCode::NotLeaderOrFollower,
        AppendRefusal::NotEnoughReplicas { .. } => ErrorCode::NotEnoughReplicas,
        AppendRefusal::NotEnoughReplicasAfterAppend => ErrorCode::NotEnoughReplicasAfterAppend,
        AppendRefusal::Log(AppendError::Producer(error)) => match error {
            ProducerError::OutOfOrderSequence { .. } => ErrorCode::OutOfOrderSequenceNumber,
            ProducerError::InvalidProducerEpoch { .. } => ErrorCode::InvalidProducerEpoch,
            ProducerError::InvalidTransactionState { .. } => ErrorCode::InvalidTxnState,
            ProducerError::CoordinatorFenced { .. } => ErrorCode::TransactionCoordinatorFenced,
        },
        AppendRefusal::Log(AppendError::TooLarge { .. }) => ErrorCode::RecordListTooLarge,
        AppendRefusal::Log(AppendError::Malformed { .. }) => ErrorCode::InvalidRecord,
        AppendRefusal::Log(AppendError::Storage(_)) | AppendRefusal::CannotOpen(_) => {
            ErrorCode::KafkaStorageError
        }
        AppendRefusal::Busy => ErrorCode::RequestTimedOut,
    }
}
