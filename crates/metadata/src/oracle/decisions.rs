//! The same commands to both controllers, step by step: same records, same answers, same images.

use std::collections::BTreeSet;

use klamm_model::{BrokerId, TopicId, TopicIdPartition};
use klamm_protocol::messages::MetadataRecord;

use super::child::{KafkaOutcome, Oracle, frame};
use super::commands::{Asked, command};
use super::replies::{decode_like, forget_nobody, normal, normal_records};
use super::{Random, runs};
use crate::controller::fixture::Cluster;
use crate::controller::*;
use crate::snapshot::{SnapshotOptions, write_image};
use crate::{Feature, VersionedRecord};

const STEPS: u64 = 150;

#[test]
fn decisions_and_images_are_those_of_kafkas_controller() {
    let mut oracle = Oracle::start();
    for seed in 0..runs(60) {
        run(&mut oracle, seed);
    }
}

fn run(oracle: &mut Oracle, seed: u64) {
    let mut random = Random::new(seed);
    let version = i16::try_from(7 + random.below(27)).unwrap();
    let elr = if version >= 23 && random.once_in(2) { 1 } else { 0 };
    let mut cluster = Cluster::with(version, &[(Feature::EligibleLeaderReplicas, elr)]);
    oracle.ask(b'N', &cluster.now.as_millis().to_be_bytes());
    oracle.append(&cluster.log);
    for step in 0..STEPS {
        let place = format!("seed {seed}, step {step}");
        if random.once_in(4) {
            cluster.advance(u64::from(random.below(4000).unsigned_abs()));
        }
        let now_ms = cluster.now.as_millis();
        if random.once_in(20) {
            fence_stale_brokers(oracle, &mut cluster, &place);
            continue;
        }
        let task = *random.pick(b"BU");
        let (ours, kafkas, shown) = if random.once_in(10) {
            let command = if task == b'B' { Command::BalanceLeaders } else { Command::ElectUncleanLeaders };
            (cluster.decide(&command), oracle.task(task, now_ms), format!("{command:?}"))
        } else {
            let Asked { command, api, request } = command(&mut random, &cluster);
            (cluster.decide(&command), oracle.decide(api, now_ms, &request), format!("{command:#?}"))
        };
        if meets_stale_entries(&shown, &kafkas) || keeps_strangers(&kafkas, &cluster) {
            return;
        }
        let records = compare(&ours, kafkas, &format!("{place}: {shown}"));
        oracle.append(&records);
        cluster.append(&Outcome { records, ..ours });
        cluster.commit();
        if step % 10 == 9 {
            compare_images(oracle, &cluster, &place);
        }
    }
}

/// Two indexes of Kafka's keep entries too long: that of directories those of deleted partitions
/// without ISR, and that of ELR members those that a ClearElrRecord ended. Kafka then fails, or
/// changes a partition twice, and there is nothing left to compare with.
fn meets_stale_entries(command: &str, kafkas: &KafkaOutcome) -> bool {
    let reads_them = ["BrokerHeartbeat", "RegisterBroker", "UnregisterBroker"];
    if !reads_them.iter().any(|name| command.starts_with(name)) {
        return false;
    }
    let Ok((records, _)) = kafkas else { return kafkas.as_ref().is_err_and(|(code, _)| *code == -1) };
    let mut changed = BTreeSet::new();
    records.iter().any(|record| match &record.record {
        MetadataRecord::PartitionChange(change) => !changed.insert((change.topic_id, change.partition_id)),
        _ => false,
    })
}

/// Whether Kafka takes what is no replica any more for eligible (`docs/decisions/0035-eligible-replicas.md`).
fn keeps_strangers(kafkas: &KafkaOutcome, cluster: &Cluster) -> bool {
    let Ok((records, _)) = kafkas else { return false };
    records.iter().any(|record| {
        let MetadataRecord::PartitionChange(change) = &record.record else { return false };
        let topic_id = TopicId::new(change.topic_id).unwrap();
        let id = TopicIdPartition { topic_id, partition: change.partition_id };
        let Some(known) = cluster.image().topics().partition(id) else { return false };
        let known_as = |ids: &[BrokerId]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
        let replicas = change.replicas.clone().unwrap_or_else(|| known_as(known.replicas()));
        let elr = change.eligible_leader_replicas.clone().unwrap_or_else(|| known_as(known.elr()));
        elr.iter().any(|id| !replicas.contains(id))
    })
}

/// Kafka fences in the order of a hash map, writes records for brokers that are fenced already, and
/// has sessions of former registrations to clear away: ours must fence the same brokers.
fn fence_stale_brokers(oracle: &mut Oracle, cluster: &mut Cluster, place: &str) {
    let mut silent = BTreeSet::new();
    // As many as there can be sessions, former ones included.
    for _ in 0..60 {
        let (records, _) = oracle.task(b'F', cluster.now.as_millis()).unwrap();
        let fenced = records.iter().find_map(|record| match &record.record {
            MetadataRecord::BrokerRegistrationChange(change) => Some(BrokerId::at(change.broker_id)),
            _ => None,
        });
        if let Some(broker) = fenced {
            let was_active = !cluster.image().cluster().broker(broker).unwrap().fenced;
            if was_active && silent.is_empty() {
                silent = cluster.controller.sessions.expired(cluster.now).into_iter().collect();
            }
            let epoch = cluster.image().cluster().broker(broker).unwrap().epoch;
            assert!(!was_active || silent.contains(&(broker, epoch)), "{place}: {broker} is not silent");
            let soft = vec![SoftChange::Forget(broker)];
            oracle.append(&records);
            let mut outcome = Outcome::of(records, Append::Splittable, Reply::Internal(MoreToDo::No));
            outcome.soft = soft;
            cluster.append(&outcome);
            cluster.commit();
        }
    }
    loop {
        let rest = cluster.decide(&Command::FenceStaleBroker);
        assert_eq!(rest.records, [], "{place}: Kafka fenced all that are silent");
        cluster.append(&rest);
        if rest.soft.is_empty() {
            return;
        }
    }
}

/// Compares and gives Kafka's records, which hold the ids it drew.
fn compare(ours: &Outcome, kafkas: KafkaOutcome, place: &str) -> Vec<VersionedRecord> {
    match (&ours.reply, kafkas) {
        (Err(error), Err((code, text))) => {
            // Texts are for logs only where no code is known to clients.
            assert_eq!(error.code.code(), code, "{place}\nours: {error:?}\nKafka's: {text:?}");
            if code != -1 {
                let default = Some(error.code.message().to_owned());
                assert_eq!(error.message.clone().or(default.clone()), text.or(default), "{place}");
            }
            Vec::new()
        }
        (Ok(reply), Ok((records, body))) => {
            let (mut ours_reply, mut kafkas_reply) = (reply.clone(), decode_like(reply, body));
            normal(&mut ours_reply);
            normal(&mut kafkas_reply);
            assert_eq!(normal_records(&ours.records), normal_records(&records), "{place}");
            if !matches!(ours_reply, Reply::Internal(_)) {
                assert_eq!(ours_reply, kafkas_reply, "{place}");
            }
            records
        }
        (ours, kafkas) => panic!("{place}\nours: {ours:?}\nKafka's: {kafkas:?}"),
    }
}

fn compare_images(oracle: &mut Oracle, cluster: &Cluster, place: &str) {
    let image = cluster.image();
    let ours = write_image(image, SnapshotOptions::of(image).unwrap());
    let mut kafkas = oracle.snapshot();
    for record in &mut kafkas {
        if let MetadataRecord::Partition(partition) = &mut record.record {
            forget_nobody(&mut partition.last_known_elr);
        }
    }
    let ordered = |records: &[VersionedRecord]| -> Vec<Vec<u8>> {
        // Keyed by Java enums, or by keys of which several may share a bucket.
        let without_order = |record: &&VersionedRecord| {
            matches!(
                record.record,
                MetadataRecord::Config(_)
                    | MetadataRecord::UserScramCredential(_)
                    | MetadataRecord::AccessControlEntry(_)
                    | MetadataRecord::ClientQuota(_)
            )
        };
        let mut unordered: Vec<_> = records.iter().filter(without_order).map(frame).collect();
        unordered.sort();
        let others = records.iter().filter(|record| !without_order(record)).map(frame);
        others.chain(unordered).collect()
    };
    if ordered(&ours.records) != ordered(&kafkas) {
        let show = |records: &[VersionedRecord]| {
            records.iter().map(|record| format!("{record:?}")).collect::<Vec<_>>().join("\n")
        };
        panic!("{place}\nours:\n{}\nKafka's:\n{}", show(&ours.records), show(&kafkas));
    }
}
