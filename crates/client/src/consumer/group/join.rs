//! One try to join: JoinGroup, the leader's assignment, SyncGroup.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use klamm_model::TopicPartition;
use klamm_protocol::messages::join_group_request::JoinGroupRequestProtocol;
use klamm_protocol::messages::sync_group_request::SyncGroupRequestAssignment;
use klamm_protocol::messages::{JoinGroupRequest, JoinGroupResponse, SyncGroupRequest};
use klamm_protocol::{ErrorCode, Request, Str};

use super::{Heartbeats, Member, Shared, leave};
use crate::cluster::{AutoCreate, Cluster, CoordinatorKind, Lane, MetadataView, TopicSelection};
use crate::consumer::assignor::{
    Assignments, Assignor, LastAssignment, MemberSubscription, PROTOCOL_TYPE, Subscriptions, TopicLayout,
    decode_assignment, decode_subscription, encode_assignment, encode_subscription,
};
use crate::consumer::config::ConsumerConfig;
use crate::error::ClientError;

/// A join may wait this much longer than the rebalance lasts.
const JOIN_GRACE: Duration = Duration::from_secs(5);

/// What a member joins with.
pub(in crate::consumer) struct Join {
    pub(in crate::consumer) cluster: Cluster,
    pub(in crate::consumer) config: Arc<ConsumerConfig>,
    pub(in crate::consumer) group: Str,
    pub(in crate::consumer) shared: Arc<Shared>,
    /// Which of this consumer's joins it is.
    pub(in crate::consumer) number: u64,
    pub(in crate::consumer) member: Member,
    pub(in crate::consumer) topics: BTreeSet<Arc<str>>,
    pub(in crate::consumer) owned: Vec<TopicPartition>,
    pub(in crate::consumer) last: Option<LastAssignment>,
    pub(in crate::consumer) reason: &'static str,
}

/// A generation, as a member sees it.
#[derive(Debug)]
pub(in crate::consumer) struct Joined {
    pub(in crate::consumer) member: Member,
    pub(in crate::consumer) assigned: Vec<TopicPartition>,
    /// As leader: what the assignment was made for.
    pub(in crate::consumer) led: Option<BTreeMap<Arc<str>, usize>>,
    /// They began with the answer to JoinGroup: the consumer may poll again only after its session.
    pub(in crate::consumer) heartbeats: Heartbeats,
}

/// How a try ended.
#[derive(Debug)]
pub(in crate::consumer) enum JoinOutcome {
    /// In.
    Joined(Joined),
    /// Another try may help; the member keeps its id.
    Again(Member, ClientError),
    /// The group knows the member no more; another try as a new one may help.
    Unknown(ClientError),
    /// No try will help.
    Fatal(ClientError),
}

/// Tries once.
pub(in crate::consumer) async fn join(mut join: Join) -> JoinOutcome {
    match join.try_once().await {
        Ok(joined) => JoinOutcome::Joined(joined),
        Err(error) => join.judge(error),
    }
}

impl Join {
    async fn try_once(&mut self) -> Result<Joined, ClientError> {
        let response = match self.enter().await {
            // The coordinator gave an id and wants to see it.
            Err(error) if error.code() == Some(ErrorCode::MemberIdRequired) => self.enter().await?,
            other => other?,
        };
        let (member, shared) = (self.member.clone(), Arc::clone(&self.shared));
        let heartbeats = Heartbeats::begin(&self.cluster, &self.config, &self.group, (member, shared));
        let name = response.protocol_name.clone().unwrap_or_default();
        let assignor = self.config.assignors.iter().find(|assignor| name == *assignor.name());
        let assignor = Arc::clone(assignor.ok_or_else(|| {
            ClientError::IllegalState(format!("the group chose the protocol {name}, which was not offered"))
        })?);
        let leads = response.leader == response.member_id;
        let (assignments, led) = match leads {
            true => self.lead(&response, assignor.as_ref()).await?,
            false => (Vec::new(), None),
        };
        let assigned = self.sync(&name, assignments).await?;
        Ok(Joined { member: self.member.clone(), assigned, led, heartbeats })
    }

    /// JoinGroup. Waits until all members have joined.
    async fn enter(&mut self) -> Result<JoinGroupResponse, ClientError> {
        let mut request = JoinGroupRequest {
            group_id: self.group.clone(),
            session_timeout_ms: millis(self.config.session_timeout_ms),
            rebalance_timeout_ms: millis(self.config.max_poll_interval_ms),
            member_id: self.member.id.clone(),
            group_instance_id: self.config.group_instance_id.as_deref().map(Str::from),
            protocol_type: Str::from_static(PROTOCOL_TYPE),
            reason: (!self.reason.is_empty()).then(|| Str::from_static(self.reason)),
            ..JoinGroupRequest::default()
        };
        for assignor in &self.config.assignors {
            let metadata = encode_subscription(&self.subscription(assignor.as_ref()))
                .map_err(|cause| ClientError::Encode { api: JoinGroupRequest::KEY, cause })?;
            request.protocols.push(JoinGroupRequestProtocol {
                name: Str::from_static(assignor.name()),
                metadata,
                ..JoinGroupRequestProtocol::default()
            });
        }
        let limit = self.config.client.request_timeout().max(self.config.rebalance_timeout() + JOIN_GRACE);
        let response = self.call(&request, limit).await?;
        if ErrorCode::from_i16(response.error_code) == Some(ErrorCode::MemberIdRequired) {
            self.member.id = response.member_id.detached();
            self.publish_id().await?;
        }
        ClientError::check(response.error_code)?;
        self.member = Member { id: response.member_id.detached(), generation: Some(response.generation_id) };
        self.publish_id().await?;
        Ok(response)
    }

    /// Lets a consumer that leaves meanwhile know whom to take out. Where it has left already, this member goes by
    /// itself: nobody else knows of it.
    async fn publish_id(&self) -> Result<(), ClientError> {
        if self.shared.learn_id(self.number, &self.member.id) {
            return Ok(());
        }
        if self.config.group_instance_id.is_none() {
            let reason = "the consumer left while it joined";
            leave(&self.cluster, &self.config, &self.group, &self.member, reason).await?;
        }
        Err(ClientError::Closed)
    }

    /// What the member tells for one assignor. With the eager protocol it has nothing any more.
    fn subscription(&self, assignor: &dyn Assignor) -> MemberSubscription {
        let rack = Some(&self.config.client.client_rack).filter(|rack| !rack.is_empty());
        MemberSubscription {
            topics: self.topics.clone(),
            user_data: assignor.user_data(self.last.as_ref()),
            owned: self.owned.clone(),
            generation: self.member.generation,
            rack: rack.map(|rack| Arc::from(rack.as_str())),
            instance_id: None,
        }
    }

    /// Shares out the partitions of all topics of the group.
    async fn lead(
        &self,
        response: &JoinGroupResponse,
        assignor: &dyn Assignor,
    ) -> Result<(Vec<SyncGroupRequestAssignment>, Option<BTreeMap<Arc<str>, usize>>), ClientError> {
        let mut members = Subscriptions::new();
        for member in &response.members {
            let subscription = decode_subscription(&member.metadata)
                .map_err(|cause| ClientError::Decode { api: JoinGroupRequest::KEY, cause })?;
            let instance_id = member.group_instance_id.as_ref().map(|id| Arc::from(id.as_str()));
            members.insert(
                Arc::from(member.member_id.as_str()),
                MemberSubscription { instance_id, ..subscription },
            );
        }
        let topics: BTreeSet<Arc<str>> =
            members.values().flat_map(|member| &member.topics).cloned().collect();
        let names = topics.iter().map(|topic| Str::from(&**topic)).collect();
        let deadline = self.cluster.default_deadline();
        self.cluster.refresh_until(TopicSelection::Named(names, AutoCreate::Never), deadline).await?;
        let layout = layout(&self.cluster.view(), &topics);
        let led = topics.iter().map(|topic| (Arc::clone(topic), layout.get(topic).map_or(0, Vec::len)));
        let led = Some(led.collect());
        if response.skip_assignment {
            // A static leader that came back: the assignment stands.
            return Ok((Vec::new(), led));
        }
        let assignments = assignor.assign(&layout, &members);
        tracing::info!(group = %self.group, assignor = assignor.name(), members = members.len(), "shared out");
        Ok((rows(&assignments)?, led))
    }

    async fn sync(
        &self,
        protocol: &Str,
        assignments: Vec<SyncGroupRequestAssignment>,
    ) -> Result<Vec<TopicPartition>, ClientError> {
        let request = SyncGroupRequest {
            group_id: self.group.clone(),
            generation_id: self.member.generation.unwrap_or(-1),
            member_id: self.member.id.clone(),
            group_instance_id: self.config.group_instance_id.as_deref().map(Str::from),
            protocol_type: Some(Str::from_static(PROTOCOL_TYPE)),
            protocol_name: Some(protocol.clone()),
            assignments,
            ..SyncGroupRequest::default()
        };
        let limit = self.config.client.request_timeout().max(self.config.rebalance_timeout());
        let response = self.call(&request, limit).await?;
        ClientError::check(response.error_code)?;
        decode_assignment(&response.assignment)
            .map_err(|cause| ClientError::Decode { api: SyncGroupRequest::KEY, cause })
    }

    async fn call<R: Request>(&self, request: &R, limit: Duration) -> Result<R::Response, ClientError> {
        let kind = CoordinatorKind::Group;
        let connection = self.cluster.coordinator_connection(kind, &self.group, Lane::Group).await?;
        connection.call_within(request, limit).await
    }

    fn judge(&self, error: ClientError) -> JoinOutcome {
        let Some(code) = error.code() else {
            if !error.is_retriable() {
                return JoinOutcome::Fatal(error);
            }
            self.cluster.forget_coordinator(CoordinatorKind::Group, &self.group);
            return JoinOutcome::Again(self.member.clone(), error);
        };
        match code {
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration => JoinOutcome::Unknown(error),
            ErrorCode::RebalanceInProgress | ErrorCode::CoordinatorLoadInProgress => {
                JoinOutcome::Again(self.member.clone(), error)
            }
            _ if code.is_retriable() => {
                self.cluster.forget_coordinator(CoordinatorKind::Group, &self.group);
                JoinOutcome::Again(self.member.clone(), error)
            }
            _ => JoinOutcome::Fatal(error),
        }
    }
}

/// The partitions of `topics` that exist, with the racks of their replicas.
fn layout(view: &MetadataView, topics: &BTreeSet<Arc<str>>) -> TopicLayout {
    let rack = |broker: &i32| view.broker(*broker)?.rack.as_deref().map(Arc::from);
    let known = topics.iter().filter_map(|topic| Some((topic, view.topic(topic)?)));
    let layout = known.filter(|(_, found)| !found.partitions.is_empty()).map(|(topic, found)| {
        let partitions = found.partitions.iter();
        let racks = partitions.map(|partition| partition.replicas.iter().filter_map(rack).collect());
        (Arc::clone(topic), racks.collect())
    });
    layout.collect()
}

fn rows(assignments: &Assignments) -> Result<Vec<SyncGroupRequestAssignment>, ClientError> {
    let rows = assignments.iter().map(|(member, partitions)| {
        let assignment = encode_assignment(partitions)
            .map_err(|cause| ClientError::Encode { api: SyncGroupRequest::KEY, cause })?;
        Ok(SyncGroupRequestAssignment {
            member_id: Str::from(&**member),
            assignment,
            ..SyncGroupRequestAssignment::default()
        })
    });
    rows.collect()
}

fn millis(value: u64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
