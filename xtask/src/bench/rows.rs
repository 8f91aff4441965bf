//! The table of rows: what is measured, in which unit, and what must be reached.

use clap::ValueEnum;

/// Rows that are measured together; names for `--only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// Start to first answered request
    Start,
    /// A tool from its start to its end
    Tool,
    /// Memory and processor of a node without clients
    Idle,
    /// One connection, 5 in flight, batches of 1 KiB
    #[value(name = "produce-1k")]
    Produce1K,
    /// One connection, 5 in flight, batches of 16 KiB
    #[value(name = "produce-16k")]
    Produce16K,
    /// One connection, 5 in flight, batches of 128 KiB
    #[value(name = "produce-128k")]
    Produce128K,
    /// 32 connections, one in flight, batches of 1 KiB
    Many,
    /// A topic of 6 partitions read over and over
    Consume,
    /// 500 requests a second of 16 KiB
    Latency,
    /// 60 s of 16 KiB at half speed
    Stall,
    /// Sustained writing, against the disk's own pace
    Long,
    /// The release binary
    Size,
    /// Three nodes, 16 KiB to all of them
    Replicated,
    /// Three nodes without clients that hold 1,000 partitions
    IdleCluster,
    /// 1,000 topics of 10 partitions on three nodes
    ManyTopics,
    /// The leader is killed under 20,000 records a second
    LeaderKill,
    /// The active controller is killed while metadata change
    ControllerKill,
    /// Each of three nodes is restarted in turn under load
    Rolling,
    /// A replica is removed and fetched anew while its log is written to
    CatchUp,
}

impl Group {
    /// Whether three nodes are needed.
    pub fn is_of_cluster(self) -> bool {
        match self {
            Group::Replicated
            | Group::IdleCluster
            | Group::ManyTopics
            | Group::LeaderKill
            | Group::ControllerKill
            | Group::Rolling
            | Group::CatchUp => true,
            Group::Start
            | Group::Tool
            | Group::Idle
            | Group::Produce1K
            | Group::Produce16K
            | Group::Produce128K
            | Group::Many
            | Group::Consume
            | Group::Latency
            | Group::Stall
            | Group::Long
            | Group::Size => false,
        }
    }
}

/// Which direction is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

/// What the median must reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    /// Ratio to Apache Kafka.
    Ratio(f64),
    /// In the row's own unit.
    Absolute(f64),
    /// Nothing; told because it explains another row.
    Told,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Names its samples.
    pub key: &'static str,
    /// As printed.
    pub name: &'static str,
    /// Of its values.
    pub unit: &'static str,
    /// Which direction is good.
    pub better: Better,
    /// What must be reached.
    pub goal: Goal,
    /// Times the bare loop that are allowed, where it has the row.
    pub bare: Option<f64>,
}

/// The rows of one node, in the order of their page.
pub const ROWS: &[Row] = &[
    lower("cpu-1k", "CPU per request, 1 KiB batches", "µs", Goal::Ratio(0.2), Some(1.5)),
    lower("cpu-16k", "CPU per request, 16 KiB batches", "µs", Goal::Ratio(0.2), Some(1.5)),
    lower("cpu-128k", "CPU per request, 128 KiB batches", "µs", Goal::Ratio(0.15), Some(1.5)),
    higher("rate-1k", "throughput, 1 KiB batches", "MB/s", Goal::Ratio(3.0)),
    higher("rate-16k", "throughput, 16 KiB batches", "MB/s", Goal::Ratio(3.5)),
    higher("rate-128k", "throughput, 128 KiB batches", "MB/s", Goal::Ratio(2.5)),
    higher("long", "sustained throughput of the disk's own pace", "", Goal::Absolute(0.95)),
    higher("many", "32 connections, 1 KiB: requests per broker CPU-second", "1/s", Goal::Ratio(5.0)),
    lower("consume-cpu", "2 consumers of 3 partitions: CPU per GB", "s", Goal::Ratio(0.55), None),
    higher("consume-rate", "2 consumers of 3 partitions", "MB/s", Goal::Ratio(2.0)),
    lower("consume-load", "the consumers' own CPU per GB, on the same cores", "s", Goal::Told, None),
    lower("p50", "500 requests/s of 16 KiB: median", "ms", Goal::Told, None),
    lower("p99", "500 requests/s of 16 KiB: p99", "ms", Goal::Ratio(0.5), None),
    lower("p999", "500 requests/s of 16 KiB: p99.9", "ms", Goal::Ratio(0.3), None),
    lower("stall", "longest wait in 60 s of 16 KiB at half speed", "ms", Goal::Absolute(20.0), None),
    higher("stall-rate", "rate of that load", "MB/s", Goal::Told),
    lower("start", "start to first answered request", "ms", Goal::Absolute(50.0), None),
    lower("tool", "`topics --list` of an own process, from start to end", "ms", Goal::Told, None),
    lower("idle-memory", "memory, idle", "MiB", Goal::Absolute(15.0), None),
    lower("load-memory", "memory under these loads, peak", "MiB", Goal::Absolute(64.0), None),
    lower("idle-cpu", "idle CPU", "% of a core", Goal::Absolute(0.2), None),
    lower("size", "release binary, stripped", "MB", Goal::Absolute(25.0), None),
];

/// The rows of three nodes.
pub const CLUSTER_ROWS: &[Row] = &[
    lower("replicated-cpu", "3 nodes, 16 KiB to 3 replicas: CPU of all per GB", "s", Goal::Ratio(0.25), None),
    higher("replicated-rate", "rate of that load", "MB/s", Goal::Told),
    lower(
        "replicated-p99",
        "3 nodes, 2,000 records/s in batches of 16 KiB: p99",
        "ms",
        Goal::Ratio(0.5),
        None,
    ),
    lower(
        "cluster-idle-memory",
        "3 idle nodes, 1,000 partitions of 3 replicas: memory of the largest",
        "MiB",
        Goal::Absolute(30.0),
        None,
    ),
    lower(
        "cluster-idle-cpu",
        "3 idle nodes, 1,000 partitions of 3 replicas: CPU of the busiest",
        "% of a core",
        Goal::Absolute(0.5),
        None,
    ),
    lower(
        "many-topics",
        "3 nodes, 1,000 topics of 10 partitions of 3 replicas made and led",
        "s",
        Goal::Ratio(0.2),
        None,
    ),
    lower(
        "leader-kill",
        "leader killed, 20,000 records/s of 1 KiB: longest time without an answer",
        "ms",
        Goal::Absolute(1000.0),
        None,
    ),
    lower(
        "controller-kill",
        "active controller killed: longest time without a change of metadata",
        "ms",
        Goal::Absolute(800.0),
        None,
    ),
    lower(
        "rolling",
        "each node restarted, 5,000 records/s: longest time of a partition without an answer",
        "ms",
        Goal::Absolute(50.0),
        None,
    ),
    lower("rolling-failed", "records that this client gave up", "", Goal::Absolute(0.0), None),
    lower("rolling-java", "the same by Java's client, 1,000 records/s", "ms", Goal::Told, None),
    lower("rolling-java-failed", "records that Java's client gave up", "", Goal::Absolute(0.0), None),
    higher("catch-up", "2 GiB fetched anew under 2,000 records/s", "MB/s", Goal::Ratio(1.2)),
    lower("catch-up-p99", "what that adds to the producer's p99", "ms", Goal::Ratio(0.5), None),
];

const fn lower(
    key: &'static str,
    name: &'static str,
    unit: &'static str,
    goal: Goal,
    bare: Option<f64>,
) -> Row {
    Row { key, name, unit, better: Better::Lower, goal, bare }
}

const fn higher(key: &'static str, name: &'static str, unit: &'static str, goal: Goal) -> Row {
    Row { key, name, unit, better: Better::Higher, goal, bare: None }
}

impl Better {
    /// Whether `value` is as good as `goal`.
    pub fn reaches(self, value: f64, goal: f64) -> bool {
        match self {
            Better::Lower => value <= goal,
            Better::Higher => value >= goal,
        }
    }

    /// As in "at most".
    pub fn sign(self) -> char {
        match self {
            Better::Lower => '≤',
            Better::Higher => '≥',
        }
    }
}
