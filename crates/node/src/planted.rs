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
}
