//! Broker keys of transactions and idempotent producers.

use crate::key::{ConfigKey, boolean, int, keys, short};

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "add.partitions.to.txn.retry.backoff.max.ms": int(100).at_least(0).high() =>
        "Milliseconds in all for which the broker retries adding partitions to a transaction before it \
         passes the error on.";
    "add.partitions.to.txn.retry.backoff.ms": int(20).at_least(1).high() =>
        "First pause in milliseconds before the broker retries adding partitions to a transaction while \
         the former one still ends.";
    "producer.id.expiration.check.interval.ms": int(600_000).at_least(1).low().internal() =>
        "Pause in milliseconds between two searches for idempotent producers to forget.";
    "producer.id.expiration.ms": int(86_400_000).at_least(1).low().cluster_wide() =>
        "Milliseconds without a write after which a partition forgets the sequence of an idempotent \
         producer.";
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": int(10_000).at_least(1).low() =>
        "Pause in milliseconds between two searches for transactions to abort because their time ran out.";
    "transaction.max.timeout.ms": int(900_000).at_least(1).high() =>
        "Longest transaction time-out in milliseconds that a producer may ask for.";
    "transaction.partition.verification.enable": boolean(true).low().cluster_wide() =>
        "Whether the partition leader asks the coordinator if a transaction is really open before it \
         appends, which prevents hanging transactions.";
    "transaction.remove.expired.transaction.cleanup.interval.ms": int(3_600_000).at_least(1).low() =>
        "Pause in milliseconds between two searches for transactional ids to forget.";
    "transaction.state.log.load.buffer.size": int(5_242_880).at_least(1).high() =>
        "Bytes that are read at a time when a coordinator loads `__transaction_state`; one batch is always \
         read whole.";
    "transaction.state.log.min.isr": int(2).at_least(1).high() =>
        "In-sync replicas that a write to `__transaction_state` needs.";
    "transaction.state.log.num.partitions": int(50).at_least(1).high() =>
        "Partitions of `__transaction_state`. Must not change once the topic exists.";
    "transaction.state.log.replication.factor": short(3).at_least(1).high() =>
        "Replicas of `__transaction_state`. The topic is not created while fewer brokers are alive.";
    "transaction.state.log.segment.bytes": int(104_857_600).at_least(1).high() =>
        "Segment size in bytes of `__transaction_state`; small segments load and compact faster.";
    "transaction.two.phase.commit.enable": boolean(false).low() =>
        "Whether producers may take part in two-phase commits, with transactions that never time out.";
    "transactional.id.expiration.ms": int(604_800_000).at_least(1).high() =>
        "Milliseconds without a transaction after which the state of a transactional id is forgotten. A \
         producer still running with that id is then fenced.";
};
