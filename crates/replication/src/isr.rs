//! What a leader proposes to the controller about its ISR, and what comes of it (AlterPartition, KIP-497, KIP-841,
//! KIP-903; Kafka: Partition's pending states and AlterPartitionManager).

use std::collections::BTreeSet;

use klamm_model::{BrokerEpoch, BrokerId, LeaderEpoch, PartitionEpoch};

/// A proposed member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsrMember {
    /// The replica.
    pub id: BrokerId,
    /// The incarnation that the leader has seen fetch; `None` for the leader itself, whose epoch the sender adds, and
    /// for those that tell none.
    pub epoch: Option<BrokerEpoch>,
}

/// Another ISR, for the registration it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IsrProposal {
    /// Epoch of the leadership.
    pub epoch: LeaderEpoch,
    /// The registration that it changes.
    pub partition_epoch: PartitionEpoch,
    /// All members, by ascending id.
    pub members: Vec<IsrMember>,
}

/// An ISR as the controller registered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedIsr {
    /// The leadership.
    pub epoch: LeaderEpoch,
    /// The new registration.
    pub partition_epoch: PartitionEpoch,
    /// The members.
    pub isr: BTreeSet<BrokerId>,
}

/// The controller's answer to a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IsrAnswer {
    /// Registered.
    Accepted(AcceptedIsr),
    /// A member may not be in an ISR now (INELIGIBLE_REPLICA), or nothing was tried (OPERATION_NOT_ATTEMPTED): the
    /// proposal is dropped, and made anew from what holds then.
    Dropped,
    /// The registration has changed meanwhile: the image that says so is on its way, and nothing is proposed before.
    Outdated,
}

/// A proposal under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) proposal: IsrProposal,
    /// Members that the proposal adds. They hold the high watermark as if they were in sync: the controller may have
    /// registered them already, and may elect them.
    pub(crate) adds: BTreeSet<BrokerId>,
}
