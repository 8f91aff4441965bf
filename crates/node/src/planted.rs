//! Faults of the drivers that tests plant on purpose, to prove that the simulation's checkers would find them.

klamm_storage::bugs! {
    /// The controller answers before what it wrote is committed.
    AnswerUncommitted,
    /// A controller that lost its leadership keeps what was not committed.
    KeepUncommitted,
    /// A new controller decides before it has read what is committed.
    ClaimEarly,
    /// `flush.messages=1` is answered before the flush.
    AcknowledgeUnsynced,
    /// Replies of a group coordinator leave before their records are committed.
    ReplyUncommitted,
    /// A coordinator answers without having read its log.
    SkipLoading,
    /// A snapshot is named after more records than it holds.
    OverstateSnapshot,
    /// Snapshots that end before the log begins stay, and count after a restart.
    KeepOutdatedSnapshots,
    /// A follower's fetch counts although its log parts from the leader's.
    CountDiverging,
    /// What is sent to a follower counts as what it has.
    CountSent,
    /// A leader does not tell that a follower's log parts from its own.
    IgnoreDivergence,
    /// A fetch is served whatever leader epoch it names.
    IgnoreEpoch,
    /// Which incarnation of a broker fetches makes no difference.
    IgnoreIncarnation,
    /// A new leader takes all it has for committed.
    CommitAtElection,
    /// acks=all is answered once the leader has the records.
    AcknowledgeUnreplicated,
    /// acks=all is taken and answered with fewer in-sync replicas than `min.insync.replicas`.
    IgnoreMinIsr,
    /// A follower begins by cutting its log to its high watermark (KIP-101).
    CutToHighWatermark,
    /// A follower that is told where the logs part cuts nothing.
    SkipTruncation,
}
