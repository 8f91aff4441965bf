//! Broker keys of the controller quorum and the metadata log.

use crate::key::{ConfigKey, Kind, boolean, int, keys, list, long, unset};
use crate::rule::Rule;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "controller.performance.always.log.threshold.ms": long(2000).at_least(0).internal() =>
        "A controller event slower than this many milliseconds is always logged by itself.";
    "controller.performance.sample.period.ms": long(60_000).at_least(100).internal() =>
        "Period in milliseconds over which the controller sums up how long its events took; at least 100.";
    "controller.quorum.append.linger.ms": int(25).at_least(0) =>
        "Milliseconds that the quorum's leader may gather records before it writes them in one batch.";
    "controller.quorum.auto.join.enable": boolean(false).low() =>
        "Whether a controller adds itself to the voters of a dynamic quorum. Only for nodes with the \
         controller role.";
    "controller.quorum.bootstrap.servers": list("").rule(Rule::BootstrapServers).high() =>
        "Addresses `host:port` of controllers, by which a node finds the quorum's leader. Not all \
         controllers need to be listed.";
    "controller.quorum.election.backoff.max.ms": int(1000).at_least(0).high() =>
        "Upper bound in milliseconds of the random, growing pause between lost elections.";
    "controller.quorum.election.timeout.ms": int(1000).at_least(0).high() =>
        "Milliseconds after which a candidate that won no election tries again.";
    "controller.quorum.fetch.max.bytes": int(1_048_576).at_least(1).low() =>
        "Most bytes of metadata records in one fetch answer; one batch is always sent whole.";
    "controller.quorum.fetch.snapshot.max.bytes": int(1_048_576).at_least(1).low() =>
        "Most bytes of a metadata snapshot in one answer.";
    "controller.quorum.fetch.timeout.ms": int(2000).at_least(0).high() =>
        "Milliseconds without a successful fetch after which a voter starts an election, and after which a \
         leader that no majority fetched from steps down.";
    "controller.quorum.request.timeout.ms": int(2000).at_least(0) =>
        "Milliseconds that a request between quorum members may take.";
    "controller.quorum.retry.backoff.ms": int(20).at_least(0).low() =>
        "First pause in milliseconds before a failed request to a quorum member is sent again; it grows \
         with each failure.";
    "controller.quorum.voters": list("").rule(Rule::QuorumVoters).high() =>
        "Fixed list of voters as `id@host:port`, for a static quorum. Leave it empty for a dynamic quorum, \
         whose voters are kept in the metadata log.";
    "controller.socket.timeout.ms": int(30_000) =>
        "Milliseconds that a request of the controller to a broker may take on its connection.";
    "internal.metadata.delete.delay.millis": long(60_000).low().internal() =>
        "Milliseconds between renaming a file of the metadata log and deleting it. For tests.";
    "internal.metadata.log.segment.bytes": unset(Kind::Int).low().internal() =>
        "Segment size of the metadata log without the lower bound. For tests.";
    "internal.metadata.max.batch.size.in.bytes": int(8_388_608).low().internal() =>
        "Largest batch in bytes that is appended to the metadata log. For tests.";
    "metadata.log.dir": unset(Kind::String).high() =>
        "Directory of the metadata log. Unset means the first directory of `log.dirs`.";
    "metadata.log.max.record.bytes.between.snapshots": long(20_971_520).at_least(1).high() =>
        "Bytes of new metadata records after which a snapshot is written.";
    "metadata.log.max.snapshot.interval.ms": long(3_600_000).at_least(0).high() =>
        "Longest time in milliseconds without a snapshot while records are waiting for one; 0 leaves it to \
         the size rule.";
    "metadata.log.segment.bytes": int(1_073_741_824).at_least(8_388_608).high() =>
        "Size in bytes at which the metadata log starts a new segment file; at least 8 MiB.";
    "metadata.log.segment.ms": long(604_800_000).high() =>
        "Age in milliseconds at which the metadata log starts a new segment file even if it is not full.";
    "metadata.max.idle.interval.ms": int(500).at_least(0).low() =>
        "How often, in milliseconds, the active controller writes an empty record so that followers can \
         tell progress from silence; 0 writes none.";
    "metadata.max.retention.bytes": long(104_857_600).high() =>
        "Bytes of metadata log and snapshots to keep before old ones are deleted; -1 sets no limit.";
    "metadata.max.retention.ms": long(604_800_000).high() =>
        "Milliseconds to keep metadata log segments and snapshots before deleting them; -1 sets no limit.";
};
