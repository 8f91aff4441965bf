//! Broker keys of node identity, roles, topics' defaults and the broker's chores.

use crate::key::{ConfigKey, Kind, boolean, int, keys, list, long, required, string, unset};
use crate::rule::{Empty, Rule};
use crate::table::COMPRESSION_TYPES;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "alter.config.policy.class.name": unset(Kind::Class).low() =>
        "Java class that may veto changes of configs; consulted by the controller.";
    "authorizer.class.name": string("").rule(Rule::NonNull).low() =>
        "Java class name of the authorizer; empty means that everyone may do everything. The name of \
         Kafka's StandardAuthorizer turns on access control lists kept in the metadata.";
    "auto.create.topics.enable": boolean(true).high() =>
        "Whether a topic is created when a client asks for the metadata of an unknown one or produces to \
         it, with the broker's default partitions and replicas.";
    "background.threads": int(10).at_least(1).high().cluster_wide() =>
        "Threads for slow chores of the broker, such as deleting files; at least 1.";
    "broker.heartbeat.interval.ms": int(2000) =>
        "Pause in milliseconds between two heartbeats of a broker to the active controller. Keep it at \
         half of `broker.session.timeout.ms` or less.";
    "broker.id": int(-1).high() =>
        "Old name of `node.id`. Where both are given they must be equal.";
    "broker.rack": unset(Kind::String) =>
        "Free text that names the failure zone of this broker. New replicas are spread over zones, and \
         consumers with the same `client.rack` may read from the nearest replica.";
    "broker.session.timeout.ms": int(9000) =>
        "Milliseconds without a heartbeat after which the controller fences a broker, so that its \
         partitions get other leaders.";
    "client.quota.callback.class": unset(Kind::Class).low() =>
        "Java class that decides which quota applies to a client instead of the rules by user and client \
         id.";
    "compression.gzip.level": int(-1).rule(Rule::GzipLevel).cluster_wide() =>
        "Level for gzip when the broker itself compresses: 1 (fast) to 9 (small), or -1 for the library's \
         own choice.";
    "compression.lz4.level": int(9).between(1, 17).cluster_wide() =>
        "Level for lz4 when the broker itself compresses, 1 (fast) to 17 (small).";
    "compression.type": string("producer").one_of(COMPRESSION_TYPES).high().cluster_wide() =>
        "Codec in which the log stores batches: `producer` keeps what was sent, `uncompressed` stores \
         plainly, any other name recompresses. Topics may override it.";
    "compression.zstd.level": int(3).between(-131_072, 22).cluster_wide() =>
        "Level for zstd when the broker itself compresses, -131072 (fast) to 22 (small).";
    "config.providers": list("").items(&[], Empty::Allowed).low().cluster_wide() =>
        "Aliases of providers that replace `${alias:path:key}` in values by text read elsewhere.";
    "controlled.shutdown.enable": boolean(true) =>
        "Whether a stopping broker first hands the leadership of its partitions to other replicas.";
    "create.topic.policy.class.name": unset(Kind::Class).low() =>
        "Java class that may veto the creation of topics; consulted by the controller.";
    "default.replication.factor": int(1) =>
        "Replicas of each partition of a new topic when its creator does not say.";
    "delete.topic.enable": boolean(true).high() =>
        "Whether clients may delete topics. When false, every DeleteTopics request is refused.";
    "early.start.listeners": unset(Kind::List).items_or_null(Empty::Allowed).high() =>
        "Names of listeners that open before authorizer data is complete, so that nodes can find each \
         other while starting. Unset means the controller listeners.";
    "fetch.max.bytes": int(57_671_680).at_least(1024) =>
        "Most bytes of records the broker puts into one answer to a consumer's fetch, whatever the \
         consumer asks for; at least 1024. A first batch larger than this is still sent whole.";
    "initial.broker.registration.timeout.ms": int(60_000) =>
        "Milliseconds a starting broker waits for the controller to accept its registration before it \
         gives up and stops.";
    "max.decompressed.message.bytes": int(2_147_483_639).between(1, 2_147_483_639).cluster_wide() =>
        "Largest size in bytes that the records of one compressed batch may unfold to when the broker has \
         to read them. Topics may override it.";
    "max.incremental.fetch.session.cache.slots": int(1000).at_least(0) =>
        "How many incremental fetch sessions the broker remembers. When all are taken, further consumers \
         and followers send full requests.";
    "max.request.partition.size.limit": int(2000).at_least(1) =>
        "Most partitions that one DescribeTopicPartitions answer lists; the client pages on from there.";
    "message.max.bytes": int(1_048_588).at_least(0).high().cluster_wide() =>
        "Largest record batch in bytes that a partition accepts, measured as it is sent, so after \
         compression. Topics override it with `max.message.bytes`.";
    "node.id": required(Kind::Int).at_least(0).high() =>
        "Number of this node in the cluster, 0 or more, the same for its broker and its controller role. \
         It must never be shared with another node.";
    "num.partitions": int(1).at_least(1) =>
        "Partitions of a new topic when its creator does not say; at least 1.";
    "process.roles": required(Kind::List).items(&["broker", "controller"], Empty::Refused).high() =>
        "What this node is: `broker`, `controller`, or both. A node with both roles suits small clusters \
         and tests.";
    "request.timeout.ms": int(30_000).high() =>
        "Milliseconds a node waits for the answer to a request it sent to another node before it counts as \
         failed.";
    "server.max.startup.time.ms": long(i64::MAX).at_least(0).internal() =>
        "Upper bound in milliseconds on the whole start of a node; a slower start ends the process.";
    "telemetry.max.bytes": int(1_048_576).at_least(1).low() =>
        "Largest telemetry report in bytes, still compressed, that a client may push.";
    "unstable.api.versions.enable": boolean(false).high().internal() =>
        "Whether API versions still under development are offered to clients. For tests of Kafka itself.";
    "unstable.feature.versions.enable": boolean(false).high().internal() =>
        "Whether feature levels still under development may be finalized. For tests of Kafka itself.";
};
