//! What the controller is asked to do.

use std::collections::BTreeSet;

use klamm_model::{BrokerEpoch, BrokerId, Instant, NodeId};
use klamm_protocol::messages::{
    AlterClientQuotasRequest, AlterConfigsRequest, AlterPartitionReassignmentsRequest, AlterPartitionRequest,
    AlterUserScramCredentialsRequest, AssignReplicasToDirsRequest, BrokerHeartbeatRequest,
    BrokerRegistrationRequest, ControllerRegistrationRequest, CreateAclsRequest,
    CreateDelegationTokenRequest, CreatePartitionsRequest, CreateTopicsRequest, DeleteAclsRequest,
    DeleteTopicsRequest, ElectLeadersRequest, ExpireDelegationTokenRequest, IncrementalAlterConfigsRequest,
    ListPartitionReassignmentsRequest, RenewDelegationTokenRequest, UpdateFeaturesRequest,
};

use super::bootstrap_features;
use crate::{MetadataVersion, VersionedRecord};

/// The names a client has some right to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// All: the client has the right on the cluster, or nothing is restricted.
    All,
    /// These.
    Only(BTreeSet<String>),
}

impl Names {
    /// Whether `name` is among them.
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Names::All => true,
            Names::Only(names) => names.contains(name),
        }
    }
}

/// How many partitions a client may still create or delete (`controller_mutation_rate`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MutationQuota {
    /// As many as it likes; they are charged, and slow down what it asks later.
    Permissive,
    /// Its tokens at this time. An operation is allowed while they are not negative, and may make
    /// them so.
    Strict {
        /// Tokens left.
        tokens: f64,
    },
}

/// Whether a broker passed the request on for a client, or the client asked the controller itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Passed on by a broker, which applied its own checks.
    Forwarded,
    /// Asked on the controller's listener.
    Direct,
}

/// Creates topics.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTopics {
    /// What was asked.
    pub request: CreateTopicsRequest,
    /// Names the client may create.
    pub creatable: Names,
    /// Names whose configs it may see.
    pub describable: Names,
    /// Partitions it may create.
    pub quota: MutationQuota,
    /// Who asks.
    pub origin: Origin,
}

/// Deletes topics.
#[derive(Clone, Debug, PartialEq)]
pub struct DeleteTopics {
    /// What was asked.
    pub request: DeleteTopicsRequest,
    /// Names the client may know of.
    pub describable: Names,
    /// Names it may delete.
    pub deletable: Names,
    /// Partitions it may delete.
    pub quota: MutationQuota,
}

/// Adds partitions to topics.
#[derive(Clone, Debug, PartialEq)]
pub struct CreatePartitions {
    /// What was asked.
    pub request: CreatePartitionsRequest,
    /// Names the client may alter.
    pub alterable: Names,
    /// Partitions it may create.
    pub quota: MutationQuota,
}

/// Registers a broker.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterBroker {
    /// What was asked.
    pub request: BrokerRegistrationRequest,
    /// Whether the request tells the epoch of the broker's last clean stop; old ones cannot, and
    /// count as having stopped uncleanly.
    pub previous_epoch: PreviousEpoch,
    /// `kraft.version` of the quorum, which the broker must support too.
    pub kraft_version: i16,
}

/// See [`RegisterBroker::previous_epoch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviousEpoch {
    /// The request has the field.
    Told,
    /// The request is too old to have it.
    Unknown,
}

/// Changes finalized features.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateFeatures {
    /// What was asked.
    pub request: UpdateFeaturesRequest,
    /// `kraft.version` of the quorum.
    pub kraft_version: i16,
}

/// A broker's connection to this controller ended, and its machine says that nobody listens there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    /// Whose.
    pub broker: BrokerId,
    /// The registration that ended with it.
    pub epoch: BrokerEpoch,
    /// When the connection ended. A broker that was heard of later lives.
    pub silent_since: Instant,
}

/// Who asks about delegation tokens: `type:name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Its type, `User` as a rule.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind, self.name)
    }
}

/// Changes client quotas.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterClientQuotas {
    /// What was asked.
    pub request: AlterClientQuotasRequest,
    /// Names among the `ip` entities that resolve to an address; addresses need not be here.
    pub resolvable: Names,
}

/// The first records of a new cluster, as `format` left them.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap(Vec<VersionedRecord>);

impl Bootstrap {
    /// These records; without any, the newest metadata.version and no other feature.
    pub fn new(records: Vec<VersionedRecord>) -> Bootstrap {
        if records.is_empty() {
            return Bootstrap(bootstrap_features(MetadataVersion::LATEST_PRODUCTION, &[]));
        }
        Bootstrap(records)
    }

    /// The records.
    pub fn records(&self) -> &[VersionedRecord] {
        &self.0
    }
}

/// A config change, checked for the right to make it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterConfigs<T> {
    /// What was asked.
    pub request: T,
    /// Who asks.
    pub origin: Origin,
}

/// Everything the active controller decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Creates topics.
    CreateTopics(CreateTopics),
    /// Deletes topics.
    DeleteTopics(DeleteTopics),
    /// Adds partitions to topics.
    CreatePartitions(CreatePartitions),
    /// Replaces the configs of resources. Resources the client may not alter are not in it.
    AlterConfigs(AlterConfigs<AlterConfigsRequest>),
    /// Changes configs of resources one by one. Resources the client may not alter are not in it.
    IncrementalAlterConfigs(AlterConfigs<IncrementalAlterConfigsRequest>),
    /// Registers a broker.
    RegisterBroker(RegisterBroker),
    /// A broker's sign of life.
    BrokerHeartbeat(BrokerHeartbeatRequest),
    /// Removes a broker's registration.
    UnregisterBroker(BrokerId),
    /// Registers a controller.
    RegisterController(ControllerRegistrationRequest),
    /// Removes a controller's registration.
    UnregisterController(NodeId),
    /// A leader's proposal of another ISR. Every entry of `new_isr_with_epochs` is filled, with
    /// epoch -1 where the request is too old to tell it.
    AlterPartition(AlterPartitionRequest),
    /// Elects leaders.
    ElectLeaders(ElectLeadersRequest),
    /// Starts, changes or cancels reassignments.
    AlterPartitionReassignments(AlterPartitionReassignmentsRequest),
    /// Lists running reassignments.
    ListPartitionReassignments(ListPartitionReassignmentsRequest),
    /// A broker tells in which directories its replicas are.
    AssignReplicasToDirs(AssignReplicasToDirsRequest),
    /// A broker needs producer ids.
    AllocateProducerIds(BrokerId, BrokerEpoch),
    /// Changes finalized features.
    UpdateFeatures(UpdateFeatures),
    /// Changes client quotas.
    AlterClientQuotas(AlterClientQuotas),
    /// Changes SCRAM credentials.
    AlterUserScramCredentials(AlterUserScramCredentialsRequest),
    /// Adds access control entries.
    CreateAcls(CreateAclsRequest),
    /// Removes access control entries.
    DeleteAcls(DeleteAclsRequest),
    /// Creates a delegation token.
    CreateDelegationToken(Principal, CreateDelegationTokenRequest),
    /// Renews a delegation token.
    RenewDelegationToken(Principal, RenewDelegationTokenRequest),
    /// Ends a delegation token.
    ExpireDelegationToken(Principal, ExpireDelegationTokenRequest),
    /// Own: makes the log ready after this controller became active.
    Activate(Bootstrap),
    /// Own: fences one broker whose session is over.
    FenceStaleBroker,
    /// Own: fences a broker whose process is proven dead.
    FenceDeadBroker(Death),
    /// Own: gives preferred leaders their partitions back.
    BalanceLeaders,
    /// Own: elects leaders uncleanly where that is configured.
    ElectUncleanLeaders,
    /// Own: removes expired delegation tokens.
    ExpireDelegationTokens,
    /// Own: moves the high watermark of an idle log.
    WriteNoOp,
}
