//! Calls of clients and brokers: how a node serves them, and how answers find their way.

use bytes::BytesMut;
use klamm_coordinator::group::GroupReply;
use klamm_metadata::controller::Command;
use klamm_model::{LeaderEpoch, Offset, TopicIdPartition};
use klamm_node::control::ControlEvent;
use klamm_node::fetch_session::Wanted;
use klamm_node::partition::{
    Append, AppendRefusal, Appended, Asker, FetchRefusal, ReadFound, ReadLimits, read_view,
};
use klamm_node::promise::promise;
use klamm_protocol::messages::FetchResponse;
use klamm_protocol::records::Batches;
use klamm_protocol::records::validate::validate;
use klamm_protocol::{ErrorCode, Records};
use klamm_storage::{AppendInfo, Isolation, MinOneBatch, Patience};
use smallvec::smallvec;

use super::World;
use crate::event::{DiskWork, Event};
use crate::lifecycle::End;
use crate::network::CHECKED_FROM;
use crate::node::{Pending, PendingCall};
use crate::random::Random;
use crate::replication::{Asked, Question};
use crate::rpc::{Answer, Call, CallId, Caller, Fetched, Produced, TopicLeaders};
use crate::serving::{bytes_of, code_of_read};

/// Most bytes of one fetch.
const FETCH_BYTES: i32 = 8 << 10;

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
            Call::Fetch { partition, epoch, asker, offset } => {
                Some(Answer::Fetch(self.serve_fetch(to, partition, asker, (epoch, offset))))
            }
            Call::ReplicaFetch(request) => {
                let now = self.now;
                let broker = self.process_mut(to).and_then(|process| process.broker.as_mut());
                let served = broker.and_then(|broker| broker.serve_replica(now, (from, id), request));
                served.map(|(_, response)| Answer::ReplicaFetch(response))
            }
            Call::Range { partition, epoch } => Some(Answer::Range(self.serve_range(to, partition, epoch))),
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
            if let Command::BrokerHeartbeat(request) = &command {
                process.hearing.on_heartbeat(id, request);
            }
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
            Some(Appended::Done(Ok(info))) => Some(Answer::Produce(Ok(produced(info, partition, epoch)))),
            Some(Appended::Done(Err(refusal))) => {
                if matches!(refusal, AppendRefusal::NotOpen) {
                    self.on_disk(to, DiskWork::Open(handle));
                }
                refuse(code_of(&refusal))
            }
            Some(Appended::Waiting(awaited, _)) => {
                let what = PendingCall::Produce(awaited, partition, epoch);
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
        asker: Asker,
        (epoch, offset): (LeaderEpoch, Offset),
    ) -> Result<Fetched, ErrorCode> {
        let broker = self.process(to).and_then(|process| process.broker.as_ref());
        let handle = broker.and_then(|broker| broker.partitions.get(&partition));
        let handle = handle.ok_or(ErrorCode::NotLeaderOrFollower)?;
        let wanted = Wanted {
            fetch_offset: offset.get(),
            max_bytes: FETCH_BYTES,
            current_leader_epoch: epoch.get(),
            last_fetched_epoch: -1,
            log_start_offset: -1,
        };
        let limits = ReadLimits {
            max_bytes: u32::MAX,
            min_one_batch: MinOneBatch::Yes,
            isolation: Isolation::HighWatermark,
            patience: Patience::Wait,
        };
        let view = match handle.admit_fetch(asker, &wanted) {
            Ok(admitted) => admitted.view,
            Err(refusal) => {
                if refusal == FetchRefusal::NotOpen {
                    self.on_disk(to, DiskWork::Open(handle));
                }
                return Err(ErrorCode::NotLeaderOrFollower);
            }
        };
        match read_view(&view, &wanted, limits).map_err(code_of_read)? {
            ReadFound::Records(slice) => {
                Ok(Fetched { bytes: bytes_of(slice.as_ref())?, high_watermark: view.high_watermark() })
            }
            ReadFound::Diverging(_) => Err(ErrorCode::UnknownServerError),
        }
    }

    /// As `broker/src/handlers/list_offsets.rs` answers a replica.
    fn serve_range(
        &self,
        to: i32,
        partition: TopicIdPartition,
        epoch: LeaderEpoch,
    ) -> Result<(Offset, Offset), ErrorCode> {
        let broker = self.process(to).and_then(|process| process.broker.as_ref());
        let handle = broker.and_then(|broker| broker.partitions.get(&partition));
        let handle = handle.ok_or(ErrorCode::NotLeaderOrFollower)?;
        let leads = handle.leadership().filter(|known| known.is_local && known.epoch == epoch);
        leads.ok_or(ErrorCode::NotLeaderOrFollower)?;
        let view = handle.view().ok_or(ErrorCode::NotLeaderOrFollower)?;
        Ok((view.log_start_offset(), view.log_end_offset()))
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
            let now = self.now;
            self.look_at_replicas(id);
            let Some(process) = self.process_mut(id) else { return };
            let mut is_changed = false;
            let mut work = Vec::new();
            let mut served = Vec::new();
            if let Some(broker) = process.broker.as_mut() {
                served = broker.settle_fetches(now);
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
            is_changed |= !work.is_empty() || !served.is_empty();
            for ((from, call), response) in served {
                self.send_answer(id, from, call, Answer::ReplicaFetch(response));
            }
            work.into_iter().for_each(|work| self.on_disk(id, work));
            for (from, call, answer) in ready {
                let hearing = self.process_mut(id).map(|process| &mut process.hearing);
                let is_heartbeat = hearing.is_some_and(|hearing| hearing.on_answer((from, call), &answer));
                // A bad network ends connections, too, whose both ends live on.
                if is_heartbeat && self.random.chance(self.conditions.loss) {
                    self.connection_ends(id, from);
                }
                let answer = self.name_leader(id, answer);
                self.send_answer(id, from, call, answer);
            }
            if !is_changed {
                break;
            }
        }
        self.ask(id);
        self.assign(id);
        self.beat(id);
        self.arm(id);
    }

    /// Lets a broker tell the controller of replicas that are lost, and of those that are whole again.
    fn assign(&mut self, id: i32) {
        let now = self.now;
        let Some(process) = self.process_mut(id).filter(|process| !process.is_stopping) else { return };
        let Some(controller) = process.control.quorum().leader else { return };
        let Some(broker) = process.broker.as_mut() else { return };
        let Some(request) = broker.assignments.due(now, &broker.image) else { return };
        let command = Command::AssignReplicasToDirs(request);
        let call = self.call_from_process(id, controller.get(), Call::Control(Box::new(command)));
        if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
            broker.assignments.asked(call);
        }
    }

    /// Lets the replication of a process ask what it has to.
    fn ask(&mut self, id: i32) {
        let now = self.now;
        let Some(process) = self.process_mut(id).filter(|process| !process.is_stopping) else { return };
        let controller = process.control.quorum().leader;
        let Some(broker) = process.broker.as_mut() else { return };
        let (work, questions) = broker.replication.due(now, &broker.image, controller.is_some());
        for one in work {
            self.on_disk(id, DiskWork::Follow(Box::new(one)));
        }
        for question in questions {
            let (to, call, asked) = match question {
                Question::Fetch(leader, request) => {
                    (leader.get(), Call::ReplicaFetch(request), Asked::Fetch(leader))
                }
                Question::Range(work) => {
                    let (partition, epoch) = (work.work.handle.id(), work.work.epoch);
                    (work.leader.get(), Call::Range { partition, epoch }, Asked::Range(work))
                }
                Question::Isr(request) => {
                    let Some(leader) = controller else { continue };
                    (leader.get(), Call::Control(Box::new(Command::AlterPartition(*request))), Asked::Isr)
                }
            };
            let call = self.call_from_process(id, to, call);
            if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
                broker.replication.asked(asked, call);
            }
        }
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
        match broker.lifecycle.end(now) {
            Some(End::MayStop) => {
                self.stop_quorum(id);
                return;
            }
            Some(End::WithoutDirectory) => {
                self.fail(id);
                return;
            }
            None => {}
        }
        if broker.is_offline() {
            broker.lifecycle.directory_failed(now);
        }
        let Some(command) = broker.lifecycle.due(now, &broker.image) else { return };
        let call =
            leader.map(|leader| self.call_from_process(id, leader.get(), Call::Control(Box::new(command))));
        if let Some(broker) = self.process_mut(id).and_then(|process| process.broker.as_mut()) {
            broker.lifecycle.asked(call, now);
        }
    }

    pub(crate) fn send_answer(&mut self, by: i32, to: Caller, id: CallId, mut answer: Answer) {
        self.check_acknowledgement(by, &answer);
        if let Answer::ReplicaFetch(response) = &mut answer
            && self.random.chance(self.conditions.flips)
        {
            flip_records(response, &mut self.random);
        }
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
                let mut work = None;
                if let Some(broker) = self.process_mut(node).and_then(|process| process.broker.as_mut()) {
                    let control = match &answer {
                        Answer::Control(answer, _) => Some(answer),
                        _ => None,
                    };
                    if !broker.lifecycle.on_answer(id, control, now)
                        && !broker.assignments.on_answer(id, &answer, now)
                    {
                        work = broker.replication.on_answer(id, answer, now);
                    }
                }
                if let Some(work) = work {
                    self.on_disk(node, DiskWork::Follow(Box::new(work)));
                }
                self.settle(node);
            }
        }
    }
}

/// Flips a bit of what the checksum of a batch covers.
fn flip_records(response: &mut FetchResponse, random: &mut Random) {
    let partitions = response.responses.iter_mut().flat_map(|topic| &mut topic.partitions);
    for partition in partitions {
        let Some(Records::Bytes(records)) = &mut partition.records else { continue };
        let mut bytes = BytesMut::from(&records[..]);
        let Some(Ok(batch)) = Batches::new(records).next() else { continue };
        let at = random.between(CHECKED_FROM, batch.bytes().len() as u64 - 1);
        bytes[at as usize] ^= 1 << random.between(0, 7);
        *records = bytes.freeze();
        return;
    }
}

fn produced(info: AppendInfo, partition: TopicIdPartition, epoch: LeaderEpoch) -> Produced {
    Produced { base: info.first_offset, epoch, partition, end: info.last_offset.next() }
}

fn take(what: &mut PendingCall) -> Option<Answer> {
    match what {
        PendingCall::Control(awaited) => Some(match awaited.try_take()? {
            Ok(answer) => Answer::Control(answer, None),
            Err(_) => Answer::Lost,
        }),
        PendingCall::Produce(awaited, partition, epoch) => Some(match awaited.try_take()? {
            Ok(Ok(info)) => Answer::Produce(Ok(produced(info, *partition, *epoch))),
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
