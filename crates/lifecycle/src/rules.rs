//! The rules that keep a plan from doing harm, each with a name. Tests waive one at a time and show
//! that the simulated world notices.

/// What a plan never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A node goes only while every other wanted node serves.
    OneNodeAway,
    /// At most one disruptive step in a pass.
    OneDisruptionPerPass,
    /// A node goes only while all other replicas of each partition are in sync: then a partition that
    /// has more replicas than `min.insync.replicas` keeps that many without it.
    AwaitInSync,
    /// Voters change, and controllers go, only while a majority of what remains is caught up.
    KeepMajority,
    /// A voter joins only when it has caught up.
    JoinCaughtUp,
    /// A node leaves only when it hosts nothing.
    LeaveDrained,
    /// A controller stops for good only when it votes no more.
    LeaveWithoutVote,
    /// A broker is unregistered only when it is dead.
    UnregisterDead,
    /// A quorum is founded only where no node has data.
    FoundOnce,
    /// A lost volume is replaced only if other replicas have what was on it.
    RepairRedundant,
    /// A node that may have lost data waits until the cluster tells.
    FormatKnown,
    /// Where a throttle is wanted, no replica moves without it.
    ThrottleMoves,
    /// A level of metadata.version is finalized only while every node serves as its spec wants it.
    FinalizeServing,
}

impl Rule {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Rule; 13] = [
        Rule::OneNodeAway,
        Rule::OneDisruptionPerPass,
        Rule::AwaitInSync,
        Rule::KeepMajority,
        Rule::JoinCaughtUp,
        Rule::LeaveDrained,
        Rule::LeaveWithoutVote,
        Rule::UnregisterDead,
        Rule::FoundOnce,
        Rule::RepairRedundant,
        Rule::FormatKnown,
        Rule::ThrottleMoves,
        Rule::FinalizeServing,
    ];
}

/// The rules in force.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    waived: Option<Rule>,
}

impl Rules {
    /// All but one: a planner with a planted mistake.
    #[cfg(test)]
    pub(crate) fn without(rule: Rule) -> Rules {
        Rules { waived: Some(rule) }
    }

    /// Whether `rule` forbids something, given that what it looks at is `broken`.
    pub(crate) fn forbid(self, rule: Rule, broken: bool) -> bool {
        broken && self.waived != Some(rule)
    }
}
