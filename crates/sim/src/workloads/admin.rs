//! An administrator who creates topics, changes configs and deletes topics, one thing after the other,
//! each again and again until the controllers say what became of it.

use std::collections::VecDeque;
use std::time::Duration;

use klamm_metadata::ApiError;
use klamm_metadata::controller::{
    AlterConfigs, Command, CreateTopics, DeleteTopics, MutationQuota, Names, Origin, Reply,
};
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use klamm_protocol::messages::delete_topics_request::DeleteTopicState;
use klamm_protocol::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use klamm_protocol::messages::{
    AlterPartitionReassignmentsRequest, CreateTopicsRequest, DeleteTopicsRequest,
    IncrementalAlterConfigsRequest,
};
use klamm_protocol::{ErrorCode, Str};

use super::{Client, Context};
use crate::build::Build;
use crate::rpc::{Answer, Call, CallId};

/// The config that is changed.
pub(crate) const CONFIG: &str = "max.message.bytes";
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Number of a topic resource.
const TOPIC: i8 = 2;

/// A topic to be there.
#[derive(Clone, Debug)]
pub(crate) struct NewTopic {
    pub(crate) name: String,
    pub(crate) partitions: i32,
    pub(crate) replication_factor: i16,
    pub(crate) configs: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
enum Task {
    Create(NewTopic),
    Delete(String),
    Set(String, String),
    /// A partition of a topic, and its replicas.
    Reassign(String, i32, Vec<i32>),
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Admin {
    tasks: VecDeque<Task>,
    call: Option<CallId>,
    controller: Option<i32>,
    extras: Vec<String>,
    created: u32,
    values: u32,
    replication_factor: i16,
    /// What a replica set may have.
    fewest: usize,
    /// Topics whose replicas are moved.
    moved: Vec<(String, i32)>,
    is_finishing: bool,
}

impl Admin {
    /// Creates `topics` first, then extra ones, and moves the replicas of the first ones about.
    /// Each partition keeps so many replicas as `fewest` says.
    pub(crate) fn new(topics: Vec<NewTopic>, build: &Build, fewest: usize) -> Admin {
        Admin {
            moved: topics.iter().map(|topic| (topic.name.clone(), topic.partitions)).collect(),
            fewest,
            tasks: topics.into_iter().map(Task::Create).collect(),
            call: None,
            controller: None,
            extras: Vec::new(),
            created: 0,
            values: 0,
            replication_factor: build.replication_factor,
            is_finishing: false,
        }
    }

    fn invent(&mut self, context: &mut Context<'_>) {
        let extra = context.random.pick(&(0..self.extras.len()).collect::<Vec<_>>());
        let extra = extra.map(|index| self.extras[index].clone());
        let task = match (context.random.between(0, 9), extra) {
            (8.., _) if self.replication_factor > 1 => {
                let Some(task) = self.reassignment(context) else { return };
                task
            }
            (0..=2, _) | (_, None) => {
                self.created += 1;
                let partitions = context.random.between(1, 3) as i32;
                Task::Create(NewTopic {
                    name: format!("extra-{}", self.created),
                    partitions,
                    replication_factor: self.replication_factor,
                    configs: Vec::new(),
                })
            }
            (3, Some(extra)) => {
                self.extras.retain(|known| *known != extra);
                Task::Delete(extra)
            }
            (_, Some(extra)) => {
                self.values += 1;
                Task::Set(extra, (1_000_000 + self.values).to_string())
            }
        };
        self.tasks.push_back(task);
    }

    /// Any partition to any replicas.
    fn reassignment(&self, context: &mut Context<'_>) -> Option<Task> {
        let index = context.random.pick(&(0..self.moved.len()).collect::<Vec<_>>())?;
        let (topic, partitions) = &self.moved[index];
        let partition = i32::try_from(context.random.between(0, 99)).ok()? % *partitions;
        let mut left = context.brokers.to_vec();
        let most = left.len().min(3);
        let count = context.random.between(self.fewest.min(most) as u64, most as u64);
        let mut replicas = Vec::new();
        for _ in 0..count {
            let next = context.random.pick(&left)?;
            left.retain(|id| *id != next);
            replicas.push(next);
        }
        Some(Task::Reassign(topic.clone(), partition, replicas))
    }

    fn send(&mut self, context: &mut Context<'_>) {
        let Some(task) = self.tasks.front() else { return };
        let promises = &mut context.checkers.promises;
        match task {
            Task::Create(topic) => promises.topic_is_changing(&topic.name),
            Task::Delete(topic) => promises.topic_is_changing(topic),
            Task::Set(topic, value) => promises.config_is_changing(topic, value),
            Task::Reassign(..) => {}
        }
        let to = self.controller.or_else(|| context.random.pick(context.controllers));
        if let Some(to) = to {
            let call = Call::Control(Box::new(task.command()));
            self.call = Some(context.call(to, call, PATIENCE));
        }
    }

    fn done(&mut self, context: &mut Context<'_>) {
        let Some(task) = self.tasks.pop_front() else { return };
        let promises = &mut context.checkers.promises;
        match task {
            Task::Create(topic) => {
                promises.topic_created(&topic.name);
                if topic.name.starts_with("extra-") {
                    self.extras.push(topic.name);
                }
            }
            Task::Delete(topic) => promises.topic_deleted(&topic),
            Task::Set(topic, value) => promises.config_set(&topic, &value),
            Task::Reassign(..) => {}
        }
    }
}

impl Task {
    fn command(&self) -> Command {
        match self {
            Task::Create(topic) => Command::CreateTopics(CreateTopics {
                request: CreateTopicsRequest { topics: vec![topic.wire()], ..CreateTopicsRequest::default() },
                creatable: Names::All,
                describable: Names::All,
                quota: MutationQuota::Permissive,
                origin: Origin::Forwarded,
            }),
            Task::Delete(topic) => Command::DeleteTopics(DeleteTopics {
                request: DeleteTopicsRequest {
                    topics: vec![DeleteTopicState {
                        name: Some(Str::from(topic.clone())),
                        ..DeleteTopicState::default()
                    }],
                    ..DeleteTopicsRequest::default()
                },
                describable: Names::All,
                deletable: Names::All,
                quota: MutationQuota::Permissive,
            }),
            Task::Reassign(topic, partition, replicas) => {
                let partition = ReassignablePartition {
                    partition_index: *partition,
                    replicas: Some(replicas.clone()),
                    ..ReassignablePartition::default()
                };
                let topic = ReassignableTopic {
                    name: Str::from(topic.clone()),
                    partitions: vec![partition],
                    ..ReassignableTopic::default()
                };
                Command::AlterPartitionReassignments(AlterPartitionReassignmentsRequest {
                    topics: vec![topic],
                    ..AlterPartitionReassignmentsRequest::default()
                })
            }
            Task::Set(topic, value) => Command::IncrementalAlterConfigs(AlterConfigs {
                request: IncrementalAlterConfigsRequest {
                    resources: vec![AlterConfigsResource {
                        resource_type: TOPIC,
                        resource_name: Str::from(topic.clone()),
                        configs: vec![AlterableConfig {
                            name: Str::from(CONFIG),
                            value: Some(Str::from(value.clone())),
                            ..AlterableConfig::default()
                        }],
                        ..AlterConfigsResource::default()
                    }],
                    ..IncrementalAlterConfigsRequest::default()
                },
                origin: Origin::Forwarded,
            }),
        }
    }

    /// Whether the answer says that it is done.
    fn is_done_by(&self, reply: &Reply) -> bool {
        let is = |code: i16, fine: ErrorCode| code == 0 || code == fine.code();
        match reply {
            Reply::CreateTopics(response) => {
                response.topics.iter().all(|topic| is(topic.error_code, ErrorCode::TopicAlreadyExists))
            }
            Reply::DeleteTopics(response) => response
                .responses
                .iter()
                .all(|topic| is(topic.error_code, ErrorCode::UnknownTopicOrPartition)),
            Reply::IncrementalAlterConfigs(response) => {
                response.responses.iter().all(|resource| resource.error_code == 0)
            }
            // What the controller cannot do now, it need not.
            Reply::AlterPartitionReassignments(_) => true,
            _ => false,
        }
    }
}

impl NewTopic {
    fn wire(&self) -> CreatableTopic {
        let config = |(name, value): &(&'static str, String)| CreatableTopicConfig {
            name: Str::from(*name),
            value: Some(Str::from(value.clone())),
            ..CreatableTopicConfig::default()
        };
        CreatableTopic {
            name: Str::from(self.name.clone()),
            num_partitions: self.partitions,
            replication_factor: self.replication_factor,
            configs: self.configs.iter().map(config).collect(),
            ..CreatableTopic::default()
        }
    }
}

impl Client for Admin {
    fn on_timer(&mut self, context: &mut Context<'_>) {
        if self.call.is_none() {
            if self.tasks.is_empty() && !self.is_finishing {
                self.invent(context);
            }
            self.send(context);
        }
        context.wake_in(50, 400);
    }

    fn on_answer(&mut self, id: CallId, answer: Answer, by: Option<i32>, context: &mut Context<'_>) {
        if self.call != Some(id) {
            return;
        }
        self.call = None;
        match answer {
            Answer::Control(Ok(reply), _) => {
                self.controller = by;
                if self.tasks.front().is_some_and(|task| task.is_done_by(&reply)) {
                    self.done(context);
                }
            }
            Answer::Control(Err(ApiError { code: ErrorCode::NotController, .. }), leader) => {
                self.controller = leader.map(|leader| leader.get()).filter(|leader| Some(*leader) != by);
            }
            Answer::Control(Err(_), _) => {}
            _ => self.controller = None,
        }
    }

    fn finish(&mut self) {
        self.is_finishing = true;
    }

    fn is_done(&self) -> bool {
        self.tasks.is_empty()
    }
}
