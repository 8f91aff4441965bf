//! What happened in a coordinator, for the log and the metrics of the node.

use klamm_protocol::Str;

/// Something worth counting or saying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupEvent {
    /// A member was let in.
    MemberAdded {
        /// The group.
        group: Str,
        /// Its new member.
        member: Str,
    },
    /// A member, or one that was given an id, is gone.
    MemberRemoved {
        /// The group.
        group: Str,
        /// Who is gone.
        member: Str,
        /// Why.
        cause: RemovalCause,
    },
    /// A static member restarted and got its place back.
    StaticMemberReplaced {
        /// The group.
        group: Str,
        /// The id that is fenced.
        old_member: Str,
        /// The id in its place.
        new_member: Str,
    },
    /// A join phase begins.
    RebalanceStarted {
        /// The group.
        group: Str,
        /// The generation that ends.
        generation: i32,
        /// Why, for people.
        reason: String,
    },
    /// A join phase ended.
    GenerationFormed {
        /// The group.
        group: Str,
        /// The generation that begins.
        generation: i32,
        /// How many joined.
        members: usize,
    },
    /// The leader's assignment is in the log: Kafka's `CompletedRebalances`.
    RebalanceCompleted {
        /// The group.
        group: Str,
        /// Its generation.
        generation: i32,
    },
    /// A join phase ended and nobody had joined.
    GroupEmptied {
        /// The group.
        group: Str,
        /// Its generation.
        generation: i32,
    },
    /// A group is no more.
    GroupDeleted {
        /// The group.
        group: Str,
    },
    /// Offsets were written: Kafka's `OffsetCommits`.
    OffsetsCommitted(usize),
    /// Offsets were too old: Kafka's `OffsetExpired`.
    OffsetsExpired(usize),
    /// Offsets were deleted on request, or with their group or topic: Kafka's `OffsetDeletions`.
    OffsetsDeleted(usize),
}

/// Why a member is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalCause {
    /// It said so.
    Left {
        /// What its client said.
        reason: Option<String>,
    },
    /// It was silent for too long.
    SessionTimeout,
    /// The others joined the next generation, it did not.
    DidNotRejoin,
    /// It joined a generation and never asked for its assignment.
    DidNotSync,
    /// Others took the last places.
    GroupFull,
}
