//! What a cluster knows at the moment: commands that make sense ask about that.

use klamm_model::BrokerId;

use crate::controller::fixture::Cluster;
use crate::image::{Partition, Topic};
use crate::oracle::Random;

pub(super) fn epoch(random: &mut Random, cluster: &Cluster, id: i32) -> i64 {
    let registered = cluster.image().cluster().broker(BrokerId::at(id)).map(|broker| broker.epoch.get());
    match registered {
        Some(epoch) if !random.once_in(20) => epoch,
        // Kafka remembers the time of heartbeats with epochs that are yet to come.
        _ => 1_000_000 + i64::from(random.below(50)),
    }
}

pub(super) fn topics(cluster: &Cluster) -> Vec<Topic> {
    cluster.image().topics().iter().map(|topic| Topic::clone(topic)).collect()
}

pub(super) fn a_partition(random: &mut Random, cluster: &Cluster) -> Option<(Topic, i32, Partition)> {
    let known = topics(cluster);
    if known.is_empty() {
        return None;
    }
    let topic = random.pick(&known).clone();
    let index = random.below(topic.partition_count() as i32);
    let partition = Partition::clone(topic.partition(index)?);
    Some((topic, index, partition))
}
