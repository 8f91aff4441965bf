//! Random commands, sensible and not, with the request Kafka's side gets for each.

mod brokers;
mod configs;
mod known;
mod partitions;
mod security;
mod topics;

use klamm_protocol::{Request, Writer};

use super::Random;
use crate::controller::Command;
use crate::controller::fixture::Cluster;

const BROKERS: [i32; 6] = [0, 1, 2, 3, 4, 7];
const NAMES: [&str; 7] = ["a", "b.c", "b_c", "d", "e", "f-g", "bad name"];

/// A command, and what Kafka's side is asked for it.
pub struct Asked {
    pub command: Command,
    pub api: i16,
    pub request: Vec<u8>,
}

fn asked<R: Request>(command: Command, request: &R) -> Asked {
    let mut writer = Writer::new();
    request.encode(&mut writer, *R::VERSIONS.end()).unwrap();
    Asked { command, api: R::KEY as i16, request: writer.into_bytes().to_vec() }
}

/// The next command for `cluster` in its present state.
pub fn command(random: &mut Random, cluster: &Cluster) -> Asked {
    match random.below(40) {
        0..4 => brokers::register(random, cluster),
        4..12 => brokers::heartbeat(random, cluster),
        12..16 => topics::create_topics(random, cluster),
        16 => topics::delete_topics(random, cluster),
        17 => topics::create_partitions(random, cluster),
        18..23 => partitions::alter_partition(random, cluster),
        23..25 => partitions::elect(random, cluster),
        25..28 => partitions::reassign(random, cluster),
        28 => partitions::list(random),
        29..31 => brokers::assign_directories(random, cluster),
        31 => brokers::unregister(random),
        32..34 => configs::configs(random, cluster),
        34 => configs::legacy_configs(random, cluster),
        35 => configs::features(random),
        36 => brokers::producer_ids(random, cluster),
        37 => security::quotas(random),
        38 => security::credentials(random),
        _ => security::acls(random),
    }
}
