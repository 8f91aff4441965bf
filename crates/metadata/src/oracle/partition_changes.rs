//! Random partitions and wishes: our change record against that of Kafka's builder.

use klamm_model::{BrokerId, LeaderEpoch, PartitionEpoch, TopicId, TopicIdPartition, Uuid};

use klamm_protocol::messages::MetadataRecord;

use super::child::{Oracle, frame_all, read_all};
use super::replies::forget_nobody;
use super::{Random, runs};
use crate::controller::partition_change::{ChangeContext, Election, PartitionChange};
use crate::image::{LeaderRecoveryState, Partition, PartitionParts};
use crate::snapshot::{Elr, SnapshotOptions, partition_record};
use crate::{MetadataVersion, VersionedRecord};

const BROKERS: [i32; 6] = [0, 1, 2, 3, 17, 40];

struct Case {
    partition: Partition,
    options: SnapshotOptions,
    min_isr: i32,
    election: Election,
    leaders: Vec<i32>,
    isr: Vec<i32>,
    replicas: Vec<i32>,
    removing: Vec<i32>,
    adding: Vec<i32>,
    unclean: Vec<i32>,
    recovery: LeaderRecoveryState,
    moved: Option<(i32, u128)>,
}

fn ids(list: &[i32]) -> Vec<BrokerId> {
    list.iter().map(|id| BrokerId::at(*id)).collect()
}

fn recovery(random: &mut Random) -> LeaderRecoveryState {
    if random.once_in(4) { LeaderRecoveryState::Recovering } else { LeaderRecoveryState::Recovered }
}

fn case(random: &mut Random) -> Case {
    let options = SnapshotOptions {
        metadata_version: MetadataVersion::from_level(i16::try_from(7 + random.below(27)).unwrap()).unwrap(),
        elr: if random.once_in(3) { Elr::Dropped } else { Elr::Kept },
    };
    let elr_fits = options.metadata_version.supports_elr();
    let options = if elr_fits { options } else { SnapshotOptions { elr: Elr::Dropped, ..options } };
    let replicas = random.some(&BROKERS, 1);
    let isr = random.some(&replicas, 0);
    let rest: Vec<i32> = replicas.iter().copied().filter(|id| !isr.contains(id)).collect();
    let elr = if elr_fits && random.once_in(2) { random.some(&rest, 0) } else { vec![] };
    let last = if elr_fits && random.once_in(3) { random.some(&rest, 0) } else { vec![] };
    let running = random.once_in(2);
    let removing = if running { random.some(&replicas, 0) } else { vec![] };
    let left: Vec<i32> = replicas.iter().copied().filter(|id| !removing.contains(id)).collect();
    let adding = if running { random.some(&left, 0) } else { vec![] };
    let leader =
        if isr.is_empty() || random.once_in(5) { None } else { Some(BrokerId::at(*random.pick(&isr))) };
    let directories = replicas
        .iter()
        .map(|id| {
            if options.metadata_version.supports_directory_assignment() {
                Uuid::from_u128(1000 + u128::from(id.unsigned_abs()))
            } else {
                Uuid::ZERO
            }
        })
        .collect();
    let partition = Partition::from(PartitionParts {
        replicas: ids(&replicas),
        directories,
        isr: ids(&isr),
        removing: ids(&removing),
        adding: ids(&adding),
        elr: ids(&elr),
        last_known_elr: ids(&last),
        leader,
        recovery: recovery(random),
        leader_epoch: LeaderEpoch::at(3),
        partition_epoch: PartitionEpoch::at(5),
    });
    let target = if random.once_in(3) { random.some(&BROKERS, 1) } else { replicas.clone() };
    Case {
        options,
        min_isr: 1 + random.below(3),
        election: *random.pick(&[Election::Preferred, Election::Online, Election::Unclean]),
        // Kafka's acceptor asks for the directory of a replica, and fails for others.
        leaders: random.some(&BROKERS, 0),
        isr: if random.once_in(2) { random.some(&target, 0) } else { isr },
        removing: if random.once_in(3) { random.some(&target, 0) } else { removing },
        adding: if random.once_in(3) { random.some(&target, 0) } else { adding },
        unclean: if random.once_in(4) { random.some(&BROKERS, 0) } else { vec![] },
        recovery: if random.once_in(3) { recovery(random) } else { partition.recovery() },
        moved: random.once_in(4).then(|| (*random.pick(&target), 5000)),
        replicas: target,
        partition,
    }
}

const TOPIC: TopicId = TopicId::METADATA;

fn question(case: &Case) -> Vec<u8> {
    // What a partition has stays though the feature was turned off since.
    let options = SnapshotOptions { elr: Elr::Kept, ..case.options };
    let record = partition_record(&case.partition, (TOPIC, 9), options);
    let mut bytes = frame_all(&[record]);
    bytes.extend_from_slice(&case.options.metadata_version.level().to_be_bytes());
    bytes.push(u8::from(case.options.elr == Elr::Kept));
    bytes.extend_from_slice(&case.min_isr.to_be_bytes());
    bytes.push(match case.election {
        Election::Preferred => 0,
        Election::Online => 1,
        Election::Unclean => 2,
    });
    for list in [&case.leaders, &case.isr, &case.replicas, &case.removing, &case.adding, &case.unclean] {
        bytes.extend_from_slice(&i32::try_from(list.len()).unwrap().to_be_bytes());
        list.iter().for_each(|id| bytes.extend_from_slice(&id.to_be_bytes()));
    }
    bytes.push(case.recovery.code().cast_unsigned());
    let (broker, directory) = case.moved.unwrap_or((-1, 0));
    bytes.extend_from_slice(&broker.to_be_bytes());
    bytes.extend_from_slice(Uuid::from_u128(directory).as_bytes());
    bytes
}

/// Whether Kafka takes what is no replica for eligible (`docs/decisions/0035-eligible-replicas.md`), which may then lead too.
fn keeps_strangers(kafkas: Option<&VersionedRecord>, case: &Case) -> bool {
    if case.options.elr == Elr::Dropped {
        return false;
    }
    let change = kafkas.and_then(|record| match &record.record {
        MetadataRecord::PartitionChange(change) => Some(change),
        _ => None,
    });
    let numbers = |ids: &[BrokerId]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
    let told = |told: Option<&Vec<i32>>, known: &[BrokerId]| told.cloned().unwrap_or_else(|| numbers(known));
    let replicas = told(change.and_then(|change| change.replicas.as_ref()), case.partition.replicas());
    let elr = told(change.and_then(|change| change.eligible_leader_replicas.as_ref()), case.partition.elr());
    let isr = told(change.and_then(|change| change.isr.as_ref()), case.partition.isr());
    elr.iter().chain(&isr).any(|id| !replicas.contains(id))
}

#[test]
fn partition_changes_are_those_of_kafkas_builder() {
    let mut oracle = Oracle::start();
    let mut strangers = 0;
    for seed in 0..runs(50_000) {
        let case = case(&mut Random::new(seed));
        let mut kafkas = read_all(&mut oracle.ask(b'B', &question(&case))).pop();
        if let Some(MetadataRecord::PartitionChange(change)) = kafkas.as_mut().map(|k| &mut k.record) {
            forget_nobody(&mut change.last_known_elr);
        }
        if keeps_strangers(kafkas.as_ref(), &case) {
            strangers += 1;
            continue;
        }
        let can_lead = |id: BrokerId| case.leaders.contains(&id.get());
        let default_directory =
            |id: BrokerId| Uuid::from_u128((7 << 64) | u128::from(id.get().unsigned_abs()));
        let context = ChangeContext {
            can_lead: &can_lead,
            default_directory: &default_directory,
            options: case.options,
            min_isr: usize::try_from(case.min_isr).unwrap(),
        };
        let id = TopicIdPartition { topic_id: TOPIC, partition: 9 };
        let mut change = PartitionChange::new(id, &case.partition, context);
        change.election = case.election;
        change.isr = ids(&case.isr);
        change.replicas = ids(&case.replicas);
        change.removing = ids(&case.removing);
        change.adding = ids(&case.adding);
        change.unclean = ids(&case.unclean);
        change.recovery = case.recovery;
        if let Some((broker, directory)) = case.moved {
            change.set_directory(BrokerId::at(broker), Uuid::from_u128(directory));
        }
        assert_eq!(
            change.build(),
            kafkas,
            "seed {seed}: {:#?}, leaders {:?}, isr {:?}, replicas {:?}, removing {:?}, adding {:?}, unclean {:?}, \
             {:?}, min {}, {:?}, {:?}",
            case.partition,
            case.leaders,
            case.isr,
            case.replicas,
            case.removing,
            case.adding,
            case.unclean,
            case.election,
            case.min_isr,
            case.recovery,
            case.options
        );
    }
    assert!(strangers > 0, "Kafka keeps no strangers any more: decision 35 can go");
}
