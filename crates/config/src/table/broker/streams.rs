//! Broker keys of streams groups.

use crate::key::{ConfigKey, Kind, boolean, int, keys, list, long, unset};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "group.streams.acceptable.recovery.lag": long(10_000).at_least(0).internal() =>
        "Offsets that a client may lack of a task's state and still get the task at once. Groups may \
         override it.";
    "group.streams.assignment.interval.ms": int(1000).at_least(0).cluster_wide() =>
        "Milliseconds that a streams group waits between two new assignments; 0 computes one at each \
         change. Groups may override it.";
    "group.streams.assignor.offload.enable": boolean(true).cluster_wide().internal() =>
        "Whether assignments of streams groups are computed on background threads. Groups may override it.";
    "group.streams.assignors": list("sticky").items(&[], Empty::Refused) =>
        "Task assignors the coordinator offers to streams groups, the default one first: `sticky` or a \
         Java class.";
    "group.streams.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Pause in milliseconds between heartbeats that members of streams groups are told to keep. Groups \
         may override it.";
    "group.streams.initial.rebalance.delay.ms": int(3000).at_least(0) =>
        "Milliseconds that a new streams group waits for more members before its first assignment. Groups \
         may override it.";
    "group.streams.max.assignment.interval.ms": int(15_000).at_least(0) =>
        "Upper bound in milliseconds for assignment intervals of streams groups.";
    "group.streams.max.heartbeat.interval.ms": int(15_000).at_least(1) =>
        "Upper bound in milliseconds for heartbeat intervals of streams groups.";
    "group.streams.max.session.timeout.ms": int(60_000).at_least(1) =>
        "Upper bound in milliseconds for session time-outs of streams groups.";
    "group.streams.max.size": int(i32::MAX).at_least(1) =>
        "Most members of a streams group.";
    "group.streams.max.standby.replicas": int(2).at_least(0) =>
        "Upper bound for the standby copies that a streams group may ask for.";
    "group.streams.max.warmup.replicas": int(20).at_least(0).internal() =>
        "Upper bound for the warm-up tasks that a streams group may ask for.";
    "group.streams.min.assignment.interval.ms": int(0).at_least(0) =>
        "Lower bound in milliseconds for assignment intervals of streams groups.";
    "group.streams.min.heartbeat.interval.ms": int(5000).at_least(1) =>
        "Lower bound in milliseconds for heartbeat intervals of streams groups.";
    "group.streams.min.session.timeout.ms": int(45_000).at_least(1) =>
        "Lower bound in milliseconds for session time-outs of streams groups.";
    "group.streams.min.task.offset.interval.ms": int(15_000).at_least(1).internal() =>
        "Lower bound in milliseconds for the reporting intervals of streams groups.";
    "group.streams.num.standby.replicas": int(0).at_least(0) =>
        "Standby copies of each stateful task. Groups may override it.";
    "group.streams.num.warmup.replicas": int(2).at_least(0).internal() =>
        "Tasks that may warm up at a time on clients that will take them over. Groups may override it.";
    "group.streams.rack.aware.assignment.tags": list("").items(&[], Empty::Allowed).low() =>
        "Client tags, such as zone, over whose values standby copies of a task are spread. Groups may \
         override it.";
    "group.streams.session.timeout.ms": int(45_000).at_least(1) =>
        "Milliseconds without a heartbeat after which a member of a streams group is removed. Groups may \
         override it.";
    "group.streams.task.offset.interval.ms": int(60_000).at_least(1).internal() =>
        "Pause in milliseconds between two reports of how far a client has restored its warm-up tasks. \
         Groups may override it.";
    "group.streams.topology.description.plugin.class": unset(Kind::Class) =>
        "Java class that stores the topologies which streams clients report.";
};
