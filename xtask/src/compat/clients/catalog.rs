//! The steps that every family must take or skip with a reason, and those that differ from Apache Kafka on purpose.

/// By area, in the order in which the table tells them.
pub(super) const STEPS: [&[&str]; 6] = [TOPICS, CONFIGS, PRODUCE, CONSUME, GROUPS, DELETION];

const TOPICS: &[&str] = &[
    "create-topic",
    "create-topic-defaults",
    "create-topic-assignment",
    "create-topic-validate-only",
    "auto-create-topic",
    "create-topic-exists",
    "create-topic-invalid-name",
    "create-topic-bad-config",
    "create-topic-unknown-config",
    "create-topic-bad-partitions",
    "create-topic-bad-replication",
    "create-topic-bad-assignment",
    "list-topics",
    "describe-topic",
    "describe-topic-unknown",
    "create-partitions",
    "create-partitions-fewer",
    "create-partitions-unknown-topic",
];

const CONFIGS: &[&str] = &[
    "describe-topic-configs",
    "describe-configs-unknown-topic",
    "alter-configs-incremental",
    "alter-configs-legacy",
    "alter-configs-bad-value",
    "alter-configs-unknown-key",
    "alter-configs-unknown-topic",
    "alter-broker-configs-read-only",
    "describe-cluster",
];

const PRODUCE: &[&str] = &[
    "produce-none",
    "produce-gzip",
    "produce-snappy",
    "produce-lz4",
    "produce-zstd",
    "produce-acks-0",
    "produce-acks-1",
    "produce-acks-all",
    "produce-largest",
    "produce-too-large",
    "produce-unknown-topic",
    "produce-bad-partition",
    "produce-invalid-topic",
    "produce-compacted-null-key",
    "produce-timestamp-too-old",
    "produce-keys",
    "produce-idempotent",
    "produce-recompressed",
    "produce-log-append-time",
    TRANSACTIONAL,
    "producer-sequences",
];

const CONSUME: &[&str] = &[
    "consume-none",
    "consume-gzip",
    "consume-snappy",
    "consume-lz4",
    "consume-zstd",
    "consume-earliest",
    "consume-latest",
    "consume-offset",
    "consume-timestamp",
    "consume-one-byte",
    "consume-read-committed",
    "consume-out-of-range",
    "consume-unknown-topic",
    "list-offsets",
    "list-offsets-unknown-topic",
    "delete-records",
    "delete-records-beyond",
    "delete-records-all",
];

const GROUPS: &[&str] = &[
    "group-consume",
    "group-resume",
    "group-commit-metadata",
    "group-auto-commit",
    "group-commit-removed-member",
    "group-rebalance",
    "group-cooperative",
    "group-static",
    "group-static-fenced",
    "stale-member",
    "group-describe",
    "group-describe-empty",
    "group-describe-unknown",
    "group-list",
    "group-reset-offsets",
    "group-reset-active",
    "group-delete-offsets",
    "group-offsets-unknown",
    "group-delete-active",
    "group-delete",
    "group-delete-unknown",
];

const DELETION: &[&str] = &["delete-topic", "delete-topic-unknown", "delete-topic-recreate"];

/// A transaction of one record, or what the client tells where the node serves none.
const TRANSACTIONAL: &str = "produce-transactional";

/// A step whose results must differ, how Klamm's result begins, and the page that says why.
pub(super) struct Difference {
    pub(super) step: &'static str,
    pub(super) ours: &'static str,
    pub(super) page: &'static str,
}

/// What Klamm does otherwise on purpose. A client's own word for the refusal may follow.
pub(super) const DIFFERENCES: [Difference; 1] =
    [Difference { step: TRANSACTIONAL, ours: "refused: ", page: "decisions/0022-transactional-ids.md" }];

/// All required steps in the table's order.
pub(super) fn required() -> impl Iterator<Item = &'static str> {
    STEPS.into_iter().flatten().copied()
}

/// The declared difference of a step.
pub(super) fn difference(step: &str) -> Option<&'static Difference> {
    DIFFERENCES.iter().find(|one| one.step == step)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_step_is_required_twice_and_every_difference_is_of_a_required_step() {
        let names: BTreeSet<&str> = required().collect();
        assert_eq!(names.len(), required().count());
        assert!(DIFFERENCES.iter().all(|one| names.contains(one.step)));
    }
}
