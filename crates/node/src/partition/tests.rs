//! Rules of a partition that follows and leads: each test says the rule that keeps a known bug of Kafka away.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use klamm_model::{
    BrokerEpoch, BrokerId, Instant, LeaderEpoch, Offset, OffsetAndEpoch, PartitionEpoch, Timestamp, TopicId,
    TopicIdPartition, TopicPartition, Uuid,
};
use klamm_protocol::records::BatchBuilder;
use klamm_replication::{ActiveBrokers, FollowerFetch, FollowerRefusal, Leadership};
use klamm_storage::disk::StdDisk;
use klamm_storage::{DirectoryConfig, LogDir, OpenDirectory};
use parking_lot::Mutex;
use smallvec::smallvec;
use tempfile::TempDir;

use super::combine::Left;
use super::*;
use crate::clock::Clock;

#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn instant(&self) -> Instant {
        Instant::from_millis(1_000)
    }

    fn wall(&self) -> Timestamp {
        Timestamp::from_millis(1_000)
    }
}

/// Keeps the proposals; wakes and runs nothing.
#[derive(Debug, Default)]
struct Kept(Mutex<usize>);

impl EffectSink for Kept {
    fn carry_out(&self, _: &PartitionHandle, effects: PartitionEffects, _: Left) {
        *self.0.lock() += effects.proposals.len();
    }
}

/// A partition with an open, empty log.
pub(crate) struct Bench {
    pub(crate) handle: PartitionHandle,
    sink: Arc<Kept>,
    brokers: BrokerActivity,
    _dir: TempDir,
}

pub(super) const LOCAL: BrokerId = BrokerId::at(1);
pub(super) const OTHER: BrokerId = BrokerId::at(2);

pub(super) fn epoch(epoch: i32) -> LeaderEpoch {
    LeaderEpoch::at(epoch)
}

fn at(offset: i64) -> Offset {
    Offset::at(offset)
}

pub(super) fn leadership(in_epoch: i32) -> Leadership {
    Leadership {
        local: LOCAL,
        epoch: epoch(in_epoch),
        partition_epoch: PartitionEpoch::at(in_epoch),
        replicas: vec![LOCAL, OTHER],
        isr: [LOCAL].into(),
        min_isr: 1,
        lag_max: Duration::from_secs(30),
    }
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let dir = TempDir::new().unwrap();
        let request = OpenDirectory {
            path: dir.path().to_owned(),
            disk: Arc::new(StdDisk),
            config: DirectoryConfig::default(),
        };
        let brokers = BrokerActivity::default();
        let active = [LOCAL, OTHER].map(|id| (id, BrokerEpoch::at(7)));
        brokers.store(active.into_iter().collect::<ActiveBrokers>());
        let sink = Arc::<Kept>::default();
        let topic_id = TopicId::new(Uuid::from_u128(77)).unwrap();
        let handle = PartitionHandle::new(PartitionParts {
            id: TopicIdPartition { topic_id, partition: 0 },
            name: TopicPartition::new("t", 0),
            dir: LogDir::open(request).unwrap(),
            clock: Arc::new(Still),
            sink: sink.clone(),
            brokers: brokers.clone(),
            settings: Arc::new(PartitionSettings { min_isr: 1, ..PartitionSettings::default() }),
            predecessor: None,
        });
        handle.open(OnDamage::Cut).unwrap();
        Bench { handle, sink, brokers, _dir: dir }
    }

    /// Follows in this epoch from now on.
    pub(crate) fn follow(&self, in_epoch: i32) -> FetchPosition {
        let replicas = [LOCAL, OTHER].into();
        self.handle.follow(Following { epoch: epoch(in_epoch), leader: Some(OTHER), replicas });
        self.handle.begin_following(epoch(in_epoch)).unwrap()
    }

    fn lead(&self, in_epoch: i32, isr: &[BrokerId]) {
        self.handle.lead(Leadership { isr: isr.iter().copied().collect(), ..leadership(in_epoch) });
    }

    /// Another handle on the same log, as after a restart: it has heard nothing from the controller.
    fn reopened(&self) -> PartitionHandle {
        self.handle.close(Timestamp::from_millis(1_000)).unwrap();
        let handle = PartitionHandle::new(PartitionParts {
            id: self.handle.id(),
            name: self.handle.name().clone(),
            dir: self.handle.dir().clone(),
            clock: Arc::new(Still),
            sink: self.sink.clone(),
            brokers: self.brokers.clone(),
            settings: self.handle.settings(),
            predecessor: None,
        });
        handle.open(OnDamage::Refuse).unwrap();
        handle
    }

    fn take(&self, in_epoch: i32, offset: i64, records: &[u8]) -> Result<FetchPosition, FollowRefusal> {
        self.handle.append_fetched(Fetched {
            epoch: epoch(in_epoch),
            offset: at(offset),
            records,
            high_watermark: Some(at(1_000)),
            log_start: Some(at(0)),
        })
    }

    fn ends(&self) -> (i64, i64) {
        let view = self.handle.view().unwrap();
        (view.high_watermark().get(), view.log_end_offset().get())
    }

    fn fetched(&self, in_epoch: i32, offset: i64) -> Result<(), FollowerRefusal> {
        self.fetched_from(in_epoch, offset, None)
    }

    /// The follower's log ranges from `start` to `offset`.
    fn fetched_from(&self, in_epoch: i32, offset: i64, start: Option<i64>) -> Result<(), FollowerRefusal> {
        let leader_end = self.handle.view().unwrap().log_end_offset();
        let fetch = FollowerFetch {
            follower: OTHER,
            broker_epoch: Some(BrokerEpoch::at(7)),
            offset: at(offset),
            log_start: start.map(at),
            leader_end,
        };
        self.handle.on_follower_fetched(epoch(in_epoch), fetch)
    }
}

pub(crate) fn batch(base: i64, in_epoch: i32, count: usize) -> Bytes {
    let mut builder = BatchBuilder::new().base_offset(at(base)).leader_epoch(epoch(in_epoch));
    for _ in 0..count {
        builder.append(Timestamp::from_millis(5), None, Some(b"v"), &[]).unwrap();
    }
    builder.finish()
}

#[test]
fn rule_4_a_leader_notes_where_its_epoch_begins_before_it_appends_anything() {
    let bench = Bench::new();
    bench.follow(1);
    bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    bench.lead(4, &[LOCAL]);
    let view = bench.handle.view().unwrap();
    let end = view.epochs().end_offset_for(epoch(1), view.log_end_offset()).unwrap();
    assert_eq!((end.epoch, end.offset), (epoch(1), at(5)));
    assert_eq!(view.epochs().latest_epoch(), Some(epoch(4)));
}

#[test]
fn rule_7_a_follower_truncates_first_and_its_high_watermark_never_passes_its_log_end() {
    let bench = Bench::new();
    bench.follow(1);
    bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    assert_eq!(bench.ends(), (5, 5));
    bench.follow(3);
    let cut = OffsetAndEpoch { offset: at(3), epoch: epoch(1) };
    let position = bench.handle.cut_to_agree(epoch(3), cut).unwrap();
    assert_eq!((position.offset, bench.ends()), (at(3), (3, 3)));
}

#[test]
fn rule_5_a_cut_that_takes_no_record_still_takes_epochs_that_the_leader_has_not() {
    let bench = Bench::new();
    bench.follow(1);
    bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    // Led in epoch 2 without an append.
    bench.lead(2, &[LOCAL]);
    let position = bench.follow(3);
    assert_eq!(position.last_epoch, Some(epoch(2)));
    let cut = OffsetAndEpoch { offset: at(5), epoch: epoch(1) };
    let position = bench.handle.cut_to_agree(epoch(3), cut).unwrap();
    assert_eq!((position.offset, position.last_epoch), (at(5), Some(epoch(1))));
}

#[test]
fn rule_11_a_late_answer_changes_nothing() {
    let bench = Bench::new();
    bench.follow(1);
    bench.follow(2);
    assert!(matches!(bench.take(1, 0, &batch(0, 1, 5)), Err(FollowRefusal::Superseded)));
    let cut = OffsetAndEpoch { offset: at(0), epoch: epoch(0) };
    assert!(matches!(bench.handle.cut_to_agree(epoch(1), cut), Err(FollowRefusal::Superseded)));
    bench.take(2, 0, &batch(0, 2, 5)).unwrap();
    // Another offset than the log's end: an answer to an older fetch of the same epoch.
    assert!(matches!(bench.take(2, 0, &batch(0, 2, 5)), Err(FollowRefusal::Superseded)));
    bench.lead(3, &[LOCAL]);
    assert!(matches!(bench.take(2, 5, &batch(5, 2, 1)), Err(FollowRefusal::Superseded)));
    assert_eq!(bench.ends().1, 5);
}

#[test]
fn rule_12_an_empty_answer_changes_no_epoch() {
    let bench = Bench::new();
    bench.follow(1);
    let before = bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    assert_eq!(bench.take(1, 5, &[]).unwrap(), before);
    assert_eq!(before.last_epoch, Some(epoch(1)));
}

#[test]
fn rule_13_a_bad_batch_and_one_of_a_later_epoch_are_not_stored() {
    let bench = Bench::new();
    bench.follow(1);
    let mut bytes = batch(0, 1, 2).to_vec();
    let mut bad = batch(2, 1, 2).to_vec();
    *bad.last_mut().unwrap() ^= 1;
    bytes.extend_from_slice(&bad);
    assert!(matches!(bench.take(1, 0, &bytes), Err(FollowRefusal::BadBatch(_))));
    assert_eq!(bench.ends().1, 2, "what came before is stored");
    assert!(matches!(bench.take(1, 2, &batch(2, 9, 2)), Err(FollowRefusal::BadBatch(_))));
    assert_eq!(bench.ends().1, 2);
}

#[test]
fn rule_23_progress_counts_only_in_the_epoch_that_was_read() {
    let bench = Bench::new();
    bench.lead(3, &[LOCAL, OTHER]);
    let append = Append::of_client(batch(0, 0, 4).as_ref().into(), Bytes::new(), Acks::Leader);
    bench.handle.append(smallvec![append]);
    assert_eq!(bench.ends(), (0, 4));
    assert_eq!(bench.fetched(2, 4), Err(FollowerRefusal::NotLeader));
    assert_eq!(bench.ends(), (0, 4));
    bench.fetched(3, 4).unwrap();
    assert_eq!(bench.ends(), (4, 4));
}

#[test]
fn rule_2_every_new_epoch_compares_the_logs_again_also_under_the_same_leader() {
    let bench = Bench::new();
    bench.follow(1);
    bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    let position = bench.follow(5);
    assert_eq!((position.epoch, position.last_epoch), (epoch(5), Some(epoch(1))));
}

#[test]
fn a_follower_that_has_caught_up_is_proposed_for_the_isr_once() {
    let bench = Bench::new();
    bench.lead(3, &[LOCAL]);
    bench.fetched(3, 0).unwrap();
    bench.fetched(3, 0).unwrap();
    assert_eq!(*bench.sink.0.lock(), 1);
}

#[test]
fn out_of_range_goes_on_at_the_leaders_start_or_is_cut_to_its_end() {
    let bench = Bench::new();
    bench.follow(1);
    bench.take(1, 0, &batch(0, 1, 5)).unwrap();
    let cut = bench.handle.reconcile_range(epoch(1), (at(0), at(3))).unwrap();
    assert_eq!(cut.offset, at(3));
    let anew = bench.handle.reconcile_range(epoch(1), (at(50), at(90))).unwrap();
    assert_eq!((anew.offset, anew.log_start, anew.last_epoch), (at(50), at(50), None));
    bench.take(1, 50, &batch(50, 1, 2)).unwrap();
    assert_eq!(bench.ends().1, 52);
}

fn to_all(base: i64, count: usize) -> Append {
    Append::of_client(batch(base, 0, count).as_ref().into(), Bytes::new(), Acks::All)
}

fn waiting(bench: &Bench, append: Append) -> crate::promise::Awaited<AppendAnswer> {
    match bench.handle.append(smallvec![append]).pop() {
        Some(Appended::Waiting(awaited, _)) => awaited,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_append_waits_on_in_a_new_epoch_of_the_same_leader() {
    let bench = Bench::new();
    bench.lead(3, &[LOCAL, OTHER]);
    let mut client = waiting(&bench, to_all(0, 4));
    let mut coordinator = waiting(&bench, Append { only_in_epoch: Some(epoch(3)), ..to_all(4, 1) });
    bench.lead(5, &[LOCAL, OTHER]);
    assert!(client.try_take().is_none(), "it is committed in this epoch or a later one");
    let refused = coordinator.try_take().unwrap().unwrap();
    assert!(matches!(refused, Err(AppendRefusal::NotLeader { .. })), "{refused:?}");
    bench.fetched(5, 4).unwrap();
    assert_eq!(client.try_take().unwrap().unwrap().unwrap().last_offset, at(3));
    let mut follows = waiting(&bench, to_all(5, 1));
    bench.follow(6);
    let refused = follows.try_take().unwrap().unwrap();
    assert!(matches!(refused, Err(AppendRefusal::NotLeader { .. })), "{refused:?}");
}

#[test]
fn an_append_is_acknowledged_when_a_new_epoch_of_the_same_leader_needs_no_other_replica() {
    let bench = Bench::new();
    bench.lead(3, &[LOCAL, OTHER]);
    let mut client = waiting(&bench, to_all(0, 4));
    bench.lead(4, &[LOCAL]);
    assert_eq!(client.try_take().unwrap().unwrap().unwrap().last_offset, at(3));
}

#[test]
fn a_log_with_records_of_a_later_leader_is_neither_led_nor_cut_in_an_older_epoch() {
    let bench = Bench::new();
    bench.follow(6);
    bench.take(6, 0, &batch(0, 6, 5)).unwrap();
    let handle = bench.reopened();
    handle.lead(leadership(4));
    let known = handle.leadership().unwrap();
    assert_eq!((known.is_local, known.leader, known.epoch), (false, None, epoch(4)));
    let refused = handle.append(smallvec![to_all(5, 1)]).pop();
    assert!(matches!(refused, Some(Appended::Done(Err(AppendRefusal::NotLeader { .. })))), "{refused:?}");
    let replicas = [LOCAL, OTHER].into();
    handle.follow(Following { epoch: epoch(5), leader: Some(OTHER), replicas });
    let refused = handle.begin_following(epoch(5));
    assert!(matches!(refused, Err(FollowRefusal::OlderLeader { .. })), "{refused:?}");
    let cut = OffsetAndEpoch { offset: at(0), epoch: epoch(0) };
    let refused = handle.cut_to_agree(epoch(5), cut);
    assert!(matches!(refused, Err(FollowRefusal::OlderLeader { .. })), "{refused:?}");
    handle.lead(leadership(7));
    assert!(handle.leadership().unwrap().is_local);
    assert_eq!(handle.view().unwrap().log_end_offset(), at(5));
}

#[test]
fn deleted_records_are_gone_once_every_replica_on_an_active_broker_says_so() {
    let bench = Bench::new();
    bench.lead(3, &[LOCAL, OTHER]);
    bench.handle.append(smallvec![to_all(0, 4)]);
    bench.fetched(3, 4).unwrap();
    let Ok(Deletion::Waiting { low_watermark: None, mut deleted }) = bench.handle.delete_records(Some(at(3)))
    else {
        panic!("the follower has not told its log start");
    };
    assert_eq!(bench.handle.view().unwrap().log_start_offset(), at(3));
    bench.fetched_from(3, 4, Some(0)).unwrap();
    assert!(deleted.try_take().is_none());
    bench.fetched_from(3, 4, Some(3)).unwrap();
    assert_eq!(deleted.try_take(), Some(Ok(Ok(at(3)))));
    assert!(matches!(bench.handle.delete_records(Some(at(2))), Ok(Deletion::Done(start)) if start == at(3)));
    let Ok(Deletion::Waiting { low_watermark: Some(low), mut deleted }) = bench.handle.delete_records(None)
    else {
        panic!("the follower still has the last record");
    };
    assert_eq!(low, at(3));
    bench.follow(4);
    assert_eq!(deleted.try_take(), Some(Ok(Err(DeleteRecordsRefusal::NotLeader))));
}

#[test]
fn deleted_records_wait_for_no_replica_on_a_broker_that_is_not_active() {
    let bench = Bench::new();
    bench.brokers.store([(LOCAL, BrokerEpoch::at(7))].into_iter().collect());
    bench.lead(3, &[LOCAL]);
    bench.handle.append(smallvec![to_all(0, 4)]);
    let deletion = bench.handle.delete_records(None);
    assert!(matches!(deletion, Ok(Deletion::Done(start)) if start == at(4)), "{deletion:?}");
}
