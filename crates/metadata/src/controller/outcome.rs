//! What a decision says: records to append, soft changes, and the answer.

use klamm_model::{BrokerEpoch, BrokerId, Instant, Offset};
use klamm_protocol::messages::{
    AllocateProducerIdsResponse, AlterClientQuotasResponse, AlterConfigsResponse,
    AlterPartitionReassignmentsResponse, AlterPartitionResponse, AlterUserScramCredentialsResponse,
    AssignReplicasToDirsResponse, BrokerHeartbeatResponse, BrokerRegistrationResponse,
    ControllerRegistrationResponse, CreateAclsResponse, CreateDelegationTokenResponse,
    CreatePartitionsResponse, CreateTopicsResponse, DeleteAclsResponse, DeleteTopicsResponse,
    ElectLeadersResponse, ExpireDelegationTokenResponse, IncrementalAlterConfigsResponse,
    ListPartitionReassignmentsResponse, RenewDelegationTokenResponse, UnregisterBrokerResponse,
    UnregisterControllerResponse, UpdateFeaturesResponse,
};

use crate::{ApiError, VersionedRecord};

/// Most records of one operation that a client asks for, and of one batch.
pub const MAX_RECORDS_PER_BATCH: usize = 10_000;

/// Whether the records of an outcome may be split over batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Append {
    /// All in one batch, or none: at most [`MAX_RECORDS_PER_BATCH`].
    Atomic,
    /// In batches of at most [`MAX_RECORDS_PER_BATCH`]; every prefix of the records makes sense.
    Splittable,
}

/// A decision. The driver appends the records, replays them, applies the soft changes, and gives
/// the answer once the records are committed. Without records the answer waits for what was in
/// flight when it was decided, for it may have seen that.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T = Reply> {
    /// Records to append.
    pub records: Vec<VersionedRecord>,
    /// Whether they may be split.
    pub append: Append,
    /// Changes of soft state, to apply once the append was accepted.
    pub soft: Vec<SoftChange>,
    /// Partitions to charge to the client's mutation quota.
    pub charged_partitions: u32,
    /// The kraft.version that the quorum has to upgrade to before the records are appended. If it
    /// refuses, its reason is the answer and the rest is void.
    pub kraft_version: Option<i16>,
    /// The answer; an error is one of the whole request.
    pub reply: Result<T, ApiError>,
}

impl<T> Outcome<T> {
    /// An answer without effect.
    pub(crate) const fn reply(reply: T) -> Outcome<T> {
        Outcome::of(Vec::new(), Append::Atomic, reply)
    }

    /// An error of the whole request.
    pub(crate) const fn refuse(error: ApiError) -> Outcome<T> {
        Outcome {
            records: Vec::new(),
            append: Append::Atomic,
            soft: Vec::new(),
            charged_partitions: 0,
            kraft_version: None,
            reply: Err(error),
        }
    }

    /// Records with an answer.
    pub(crate) const fn of(records: Vec<VersionedRecord>, append: Append, reply: T) -> Outcome<T> {
        Outcome {
            records,
            append,
            soft: Vec::new(),
            charged_partitions: 0,
            kraft_version: None,
            reply: Ok(reply),
        }
    }

    /// The same with the answer as part of a larger enum.
    pub(crate) fn map<U>(self, into: impl FnOnce(T) -> U) -> Outcome<U> {
        Outcome {
            records: self.records,
            append: self.append,
            soft: self.soft,
            charged_partitions: self.charged_partitions,
            kraft_version: self.kraft_version,
            reply: self.reply.map(into),
        }
    }

    /// The same answer, as if only asked whether it would work.
    pub(crate) fn without_records(mut self) -> Outcome<T> {
        self.records.clear();
        self
    }
}

/// A change of the state that no record carries: who was heard of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoftChange {
    /// A broker was heard of.
    Heard {
        /// The broker.
        broker: BrokerId,
        /// Its registration.
        epoch: BrokerEpoch,
        /// When.
        at: Instant,
        /// How far it has read the metadata; `None` before its first record.
        metadata_offset: Option<Offset>,
    },
    /// A broker in controlled shutdown waits until all others have read this decision's records.
    StartedShutdown(BrokerId),
    /// A broker is no longer in controlled shutdown: it was fenced, or let stop.
    EndedShutdown(BrokerId),
    /// A broker registered again without having restarted: it has yet to read that, and to say again
    /// that it wants to stop.
    Amended(BrokerId),
    /// A broker has no session any more.
    Forget(BrokerId),
}

macro_rules! replies {
    ($($(#[$doc:meta])* $variant:ident($response:ty),)+) => {
        /// The answer to a command, without throttle time.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Reply {
            $($(#[$doc])* $variant($response),)+
            /// To a command of the node itself: whether to give it again at once, there being more
            /// to do than one decision may.
            Internal(MoreToDo),
        }

        $(impl From<$response> for Reply {
            fn from(response: $response) -> Reply {
                Reply::$variant(response)
            }
        })+
    };
}

replies! {
    /// To `CreateTopics`.
    CreateTopics(CreateTopicsResponse),
    /// To `DeleteTopics`.
    DeleteTopics(DeleteTopicsResponse),
    /// To `CreatePartitions`.
    CreatePartitions(CreatePartitionsResponse),
    /// To `AlterConfigs`.
    AlterConfigs(AlterConfigsResponse),
    /// To `IncrementalAlterConfigs`.
    IncrementalAlterConfigs(IncrementalAlterConfigsResponse),
    /// To `BrokerRegistration`.
    BrokerRegistration(BrokerRegistrationResponse),
    /// To `BrokerHeartbeat`.
    BrokerHeartbeat(BrokerHeartbeatResponse),
    /// To `UnregisterBroker`.
    UnregisterBroker(UnregisterBrokerResponse),
    /// To `ControllerRegistration`.
    ControllerRegistration(ControllerRegistrationResponse),
    /// To `UnregisterController`.
    UnregisterController(UnregisterControllerResponse),
    /// To `AlterPartition`.
    AlterPartition(AlterPartitionResponse),
    /// To `ElectLeaders`.
    ElectLeaders(ElectLeadersResponse),
    /// To `AlterPartitionReassignments`.
    AlterPartitionReassignments(AlterPartitionReassignmentsResponse),
    /// To `ListPartitionReassignments`.
    ListPartitionReassignments(ListPartitionReassignmentsResponse),
    /// To `AssignReplicasToDirs`.
    AssignReplicasToDirs(AssignReplicasToDirsResponse),
    /// To `AllocateProducerIds`.
    AllocateProducerIds(AllocateProducerIdsResponse),
    /// To `UpdateFeatures`.
    UpdateFeatures(UpdateFeaturesResponse),
    /// To `AlterClientQuotas`.
    AlterClientQuotas(AlterClientQuotasResponse),
    /// To `AlterUserScramCredentials`.
    AlterUserScramCredentials(AlterUserScramCredentialsResponse),
    /// To `CreateAcls`.
    CreateAcls(CreateAclsResponse),
    /// To `DeleteAcls`.
    DeleteAcls(DeleteAclsResponse),
    /// To `CreateDelegationToken`.
    CreateDelegationToken(CreateDelegationTokenResponse),
    /// To `RenewDelegationToken`.
    RenewDelegationToken(RenewDelegationTokenResponse),
    /// To `ExpireDelegationToken`.
    ExpireDelegationToken(ExpireDelegationTokenResponse),
}

/// Whether a command of the node itself left work for another decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoreToDo {
    /// All is done.
    No,
    /// Give the command again.
    Yes,
}
