//! A quorum of one: leads at once, commits by its own flush.

use super::*;

fn leader_change(id: i32) -> ControlRecord {
    ControlRecord::LeaderChange(LeaderChange {
        leader: node(id),
        voters: vec![node(id)],
        granting_voters: vec![node(id)],
    })
}

fn batch(records: u32) -> DataBatch {
    DataBatch { records, bytes: vec![0; 10].into() }
}

#[test]
fn the_only_voter_leads_the_next_epoch_as_soon_as_that_is_durable() {
    let mut quorum = Quorum::new(start(1, &[1])).unwrap();
    let effects = run(|e| quorum.on_start(ms(0), e));
    let token = PersistToken(1);
    assert_eq!(
        effects,
        [Effect::PersistQuorumState { token, state: stored(1, Some(1), None, &[1]) }],
        "one write, and nothing before it is durable"
    );

    let effects = run(|e| quorum.on_persisted(token, e));
    let first_batch = vec![
        leader_change(1),
        ControlRecord::KraftVersion(KraftVersion::Dynamic),
        ControlRecord::Voters(voters(&[1])),
    ];
    assert_eq!(
        effects,
        [
            Effect::LeaderChanged { epoch: epoch(0), leader: None, endpoints: Endpoints::none() },
            Effect::LeaderChanged { epoch: epoch(1), leader: None, endpoints: Endpoints::none() },
            Effect::LeaderChanged { epoch: epoch(1), leader: Some(node(1)), endpoints: endpoints(1) },
            Effect::BecameLeader { epoch: epoch(1), epoch_start: offset(0) },
            Effect::AppendControlBatch { base_offset: offset(0), epoch: epoch(1), records: first_batch },
            Effect::FlushLog { token: FlushToken(1) },
        ]
    );

    let effects = run(|e| quorum.on_flushed(ms(1), FlushToken(1), e));
    assert_eq!(effects, [Effect::AdvanceHighWatermark { offset: offset(3) }]);
    assert_eq!(quorum.next_deadline(), None, "an idle quorum of one has nothing to wait for");
}

fn leading() -> Quorum {
    let mut quorum = Quorum::new(start(1, &[1])).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    run(|e| quorum.on_persisted(PersistToken(1), e));
    run(|e| quorum.on_flushed(ms(1), FlushToken(1), e));
    quorum
}

#[test]
fn appends_share_the_flush_after_the_one_under_way() {
    let mut quorum = leading();
    let append = |quorum: &mut Quorum, records| {
        let mut effects = Vec::new();
        let appending = quorum.on_append(ms(10), epoch(1), batch(records), &mut effects).unwrap();
        (appending, effects)
    };
    let (first, effects) = append(&mut quorum, 2);
    assert_eq!(first, Appending { base_offset: offset(3), last_offset: offset(4) });
    assert_eq!(
        effects,
        [
            Effect::AppendDataBatches { base_offset: offset(3), epoch: epoch(1), batches: vec![batch(2)] },
            Effect::FlushLog { token: FlushToken(2) },
        ]
    );
    let (second, effects) = append(&mut quorum, 1);
    assert_eq!((second.base_offset, effects), (offset(5), vec![]));
    let (third, effects) = append(&mut quorum, 3);
    assert_eq!((third.base_offset, effects), (offset(6), vec![]));
    assert_eq!(quorum.next_deadline(), Some(ms(35)), "they wait for the linger at most");

    assert_eq!(
        run(|e| quorum.on_flushed(ms(12), FlushToken(2), e)),
        [
            Effect::AdvanceHighWatermark { offset: offset(5) },
            Effect::AppendDataBatches {
                base_offset: offset(5),
                epoch: epoch(1),
                batches: vec![batch(1), batch(3)]
            },
            Effect::FlushLog { token: FlushToken(3) },
        ]
    );
    let effects = run(|e| quorum.on_flushed(ms(14), FlushToken(3), e));
    assert_eq!(effects, [Effect::AdvanceHighWatermark { offset: offset(9) }]);
}

#[test]
fn a_slow_flush_delays_the_log_by_no_more_than_the_linger() {
    let mut quorum = leading();
    for _ in 0..2 {
        run(|e| assert!(quorum.on_append(ms(10), epoch(1), batch(1), e).is_ok()));
    }
    let append =
        Effect::AppendDataBatches { base_offset: offset(4), epoch: epoch(1), batches: vec![batch(1)] };
    assert_eq!(run(|e| quorum.on_timeout(ms(35), e)), [append], "it shares the next flush");
    assert_eq!(
        run(|e| quorum.on_flushed(ms(40), FlushToken(2), e)),
        [Effect::AdvanceHighWatermark { offset: offset(4) }, Effect::FlushLog { token: FlushToken(3) }]
    );
    let effects = run(|e| quorum.on_flushed(ms(50), FlushToken(3), e));
    assert_eq!(effects, [Effect::AdvanceHighWatermark { offset: offset(5) }]);
}

#[test]
fn appends_of_another_epoch_are_refused() {
    let mut quorum = leading();
    for wrong in [0, 2] {
        let result = quorum.on_append(ms(10), epoch(wrong), batch(1), &mut Vec::new());
        assert_eq!(result, Err(AppendError::NotLeader { epoch: epoch(wrong), current: epoch(1) }));
    }
}

#[test]
fn rule_32_an_atomic_batch_is_bounded_and_so_is_the_queue() {
    let mut quorum = leading();
    let huge = DataBatch { records: 1, bytes: vec![0; (8 << 20) + 1].into() };
    let result = quorum.on_append(ms(10), epoch(1), huge, &mut Vec::new());
    assert_eq!(result, Err(AppendError::BatchTooLarge { bytes: (8 << 20) + 1, limit: 8 << 20 }));

    let large = DataBatch { records: 1, bytes: vec![0; 8 << 20].into() };
    let append = |quorum: &mut Quorum| quorum.on_append(ms(10), epoch(1), large.clone(), &mut Vec::new());
    for _ in 0..5 {
        append(&mut quorum).unwrap();
    }
    assert_eq!(append(&mut quorum), Err(AppendError::QueueFull { queued: 32 << 20 }));
}

#[test]
fn rule_28_a_restarted_leader_never_resumes_its_epoch() {
    let mut begin = start(1, &[1]);
    begin.election = Some(stored(5, Some(1), None, &[1]));
    begin.log.log_end = offset(40);
    begin.log.epochs.assign(epoch(5), offset(0));
    let mut quorum = Quorum::new(begin).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    let view = quorum.view();
    assert_eq!((view.role, view.epoch), (RoleName::Leader, epoch(6)));
    let effects = run(|e| quorum.on_persisted(PersistToken(1), e));
    assert!(effects.contains(&Effect::BecameLeader { epoch: epoch(6), epoch_start: offset(40) }));
}

#[test]
fn a_lost_quorum_state_is_made_up_from_the_log() {
    let mut begin = start(1, &[1]);
    begin.log.log_end = offset(40);
    begin.log.epochs.assign(epoch(7), offset(0));
    let mut quorum = Quorum::new(begin).unwrap();
    run(|e| quorum.on_start(ms(0), e));
    assert_eq!(quorum.view().epoch, epoch(8));
}

#[test]
fn a_resigned_only_voter_leads_again_in_a_later_epoch() {
    let mut quorum = leading();
    let effects = run(|e| quorum.on_resign(ms(10), epoch(1), e));
    assert_eq!(
        effects,
        [
            Effect::LeaderChanged { epoch: epoch(1), leader: None, endpoints: Endpoints::none() },
            Effect::ResignedLeader { epoch: epoch(1) },
        ]
    );
    let deadline = quorum.next_deadline().unwrap();
    run(|e| quorum.on_timeout(deadline, e));
    let view = quorum.view();
    assert_eq!((view.role, view.epoch), (RoleName::Leader, epoch(3)));
}

#[test]
fn the_only_voter_shuts_down_at_once() {
    let mut quorum = leading();
    let effects = run(|e| quorum.on_shutdown(ms(10), std::time::Duration::from_secs(5), e));
    assert_eq!(effects, [Effect::ShutdownComplete { outcome: ShutdownOutcome::HandedOver }]);
    assert_eq!(quorum.next_deadline(), None);
}
