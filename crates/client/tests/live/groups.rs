//! Reading as a member of a group, against a real broker.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use klamm_client::consumer::assignor::{CooperativeSticky, Sticky};
use klamm_client::consumer::{
    AutoCommit, Consumer, ConsumerConfig, Listening, OffsetAndMetadata, RebalanceListener, TopicPattern, done,
};
use klamm_client::{Admin, ClientError};
use klamm_model::{Offset, TopicPartition};
use klamm_protocol::records::Codec;
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::consumer::{POLL, config, fill, read};
use crate::site::{LIMIT, admin, bootstrap, topic, unique};

fn grouped(bootstrap: &str, group: &str) -> ConsumerConfig {
    ConsumerConfig {
        group_id: Some(group.to_owned()),
        session_timeout_ms: 10_000,
        heartbeat_interval_ms: 200,
        auto_commit: AutoCommit::Never,
        ..config(bootstrap)
    }
}

/// Polls all in turns until `is_done` of their assignments.
async fn settle(consumers: &mut [&mut Consumer], is_done: impl Fn(&[BTreeSet<TopicPartition>]) -> bool) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let assigned: Vec<_> = consumers.iter().map(|consumer| consumer.assignment()).collect();
        if is_done(&assigned) {
            return;
        }
        assert!(Instant::now() < deadline, "{assigned:?}");
        for consumer in consumers.iter_mut() {
            consumer.poll(std::time::Duration::from_millis(50)).await.unwrap();
        }
    }
}

/// Whether `count` partitions are shared out evenly, each once.
fn is_shared(assigned: &[BTreeSet<TopicPartition>], count: usize) -> bool {
    let all: BTreeSet<_> = assigned.iter().flatten().collect();
    let total: usize = assigned.iter().map(BTreeSet::len).sum();
    let even = assigned.iter().all(|own| own.len() >= count / assigned.len());
    all.len() == count && total == count && even
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(&'static str, usize)>>>);

impl RebalanceListener for Heard {
    fn on_assigned<'a>(&'a mut self, _: &'a mut Consumer, partitions: &'a [TopicPartition]) -> Listening<'a> {
        self.0.lock().push(("assigned", partitions.len()));
        done()
    }

    fn on_revoked<'a>(
        &'a mut self,
        consumer: &'a mut Consumer,
        partitions: &'a [TopicPartition],
    ) -> Listening<'a> {
        self.0.lock().push(("revoked", partitions.len()));
        Box::pin(async move {
            // A member may commit what it gives up, unless the group has moved on already.
            let committed = consumer.commit_sync().await;
            assert!(matches!(committed, Ok(()) | Err(ClientError::CommitFailed { .. })), "{committed:?}");
        })
    }
}

#[tokio::test]
async fn members_share_partitions_and_the_rest_take_over_from_who_leaves() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-share", 4, &[]).await;
    let group = unique("group-share");
    let heard = Heard::default();
    let mut first = Consumer::new(grouped(&bootstrap, &group));
    first.set_listener(heard.clone());
    first.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut first], |assigned| is_shared(assigned, 4)).await;
    let mut second = Consumer::new(grouped(&bootstrap, &group));
    second.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut first, &mut second], |assigned| is_shared(assigned, 4)).await;
    assert_eq!(*heard.0.lock(), [("assigned", 4), ("revoked", 4), ("assigned", 2)], "eagerly");
    second.close(LIMIT).await.unwrap();
    settle(&mut [&mut first], |assigned| is_shared(assigned, 4)).await;
    first.close(LIMIT).await.unwrap();
    assert_eq!(heard.0.lock().last(), Some(&("revoked", 4)));
}

#[tokio::test]
async fn cooperative_members_keep_what_stays_theirs() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-cooperative", 4, &[]).await;
    let group = unique("group-cooperative");
    let config =
        || ConsumerConfig { assignors: vec![Arc::new(CooperativeSticky)], ..grouped(&bootstrap, &group) };
    let heard = Heard::default();
    let mut first = Consumer::new(config());
    first.set_listener(heard.clone());
    first.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut first], |assigned| is_shared(assigned, 4)).await;
    let mut second = Consumer::new(config());
    second.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut first, &mut second], |assigned| is_shared(assigned, 4)).await;
    let told: Vec<_> = heard.0.lock().iter().filter(|(_, count)| *count > 0).copied().collect();
    assert_eq!(told, [("assigned", 4), ("revoked", 2)]);
    second.close(LIMIT).await.unwrap();
    first.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn commits_are_where_the_next_member_begins() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-commit", 1, &[]).await;
    fill(&bootstrap, &name, 0, Codec::Zstd, 100).await;
    let group = unique("group-commit");
    let at = TopicPartition::new(name.as_str(), 0);
    let sticky = || ConsumerConfig { assignors: vec![Arc::new(Sticky)], ..grouped(&bootstrap, &group) };

    let mut consumer = Consumer::new(ConsumerConfig { max_poll_records: 30, ..sticky() });
    consumer.subscribe([name.as_str()]).unwrap();
    let count = read(&mut consumer, 30).await.len() as i64;
    consumer.commit_sync().await.unwrap();
    assert_eq!(committed(&admin, &group, &at).await, Some(count));
    let by_hand = BTreeMap::from([(at.clone(), OffsetAndMetadata::new(Offset::at(7)))]);
    consumer.commit_offsets_sync(&by_hand).await.unwrap();
    assert_eq!(consumer.committed(std::slice::from_ref(&at)).await.unwrap()[&at].offset, Offset::at(7));
    let heard = Arc::new(Mutex::new(None));
    let told = Arc::clone(&heard);
    let callback =
        move |_: &BTreeMap<_, _>, result: Result<(), ClientError>| *told.lock() = Some(result.is_ok());
    consumer.commit_async(Some(Box::new(callback))).unwrap();
    consumer.close(LIMIT).await.unwrap();
    assert_eq!(*heard.lock(), Some(true));
    assert_eq!(committed(&admin, &group, &at).await, Some(count));

    let auto = ConsumerConfig { auto_commit: AutoCommit::Every { interval_ms: 60_000 }, ..sticky() };
    let mut next = Consumer::new(auto);
    next.subscribe([name.as_str()]).unwrap();
    let rest = read(&mut next, 100 - count as usize).await;
    assert_eq!(rest[0].offset.get(), count);
    next.close(LIMIT).await.unwrap();
    assert_eq!(committed(&admin, &group, &at).await, Some(100), "the end commits, too");
}

async fn committed(admin: &Admin, group: &str, at: &TopicPartition) -> Option<i64> {
    let offsets = admin.group_offsets(&[group.into()]).await.unwrap();
    let own = offsets[group].as_ref().unwrap();
    own.get(at).map(|offset| offset.as_ref().unwrap().offset.get())
}

#[tokio::test]
async fn a_static_member_comes_back_to_its_partitions_without_a_rebalance() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-static", 4, &[]).await;
    let group = unique("group-static");
    let config = |instance: &str| ConsumerConfig {
        group_instance_id: Some(instance.to_owned()),
        ..grouped(&bootstrap, &group)
    };
    let mut stays = Consumer::new(config("a"));
    let mut returns = Consumer::new(config("b"));
    for consumer in [&mut stays, &mut returns] {
        consumer.subscribe([name.as_str()]).unwrap();
    }
    settle(&mut [&mut stays, &mut returns], |assigned| is_shared(assigned, 4)).await;
    let before = (returns.assignment(), stays.group_member().unwrap().1);
    returns.close(LIMIT).await.unwrap();
    let mut again = Consumer::new(config("b"));
    again.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut stays, &mut again], |assigned| is_shared(assigned, 4)).await;
    assert_eq!((again.assignment(), stays.group_member().unwrap().1), before);

    let mut twin = Consumer::new(config("b"));
    twin.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut stays, &mut twin], |assigned| is_shared(assigned, 4)).await;
    let deadline = Instant::now() + LIMIT;
    let error = loop {
        assert!(Instant::now() < deadline, "the older twin is fenced");
        if let Err(error) = again.poll(POLL).await {
            break error;
        }
    };
    assert_eq!(error.code(), Some(klamm_protocol::ErrorCode::FencedInstanceId));
}

#[tokio::test]
async fn a_pattern_takes_in_topics_that_come_later() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let stem = unique("group-pattern");
    let early = topic(&admin, &format!("{stem}-early"), 1, &[]).await;
    let mut consumer = Consumer::new({
        let mut config = grouped(&bootstrap, &unique("group-pattern"));
        config.client.metadata_max_age_ms = 300;
        config
    });
    consumer.subscribe_pattern(TopicPattern::new(&format!("{stem}-.*")).unwrap()).unwrap();
    settle(&mut [&mut consumer], |assigned| assigned[0].len() == 1).await;
    let late = topic(&admin, &format!("{stem}-late"), 2, &[]).await;
    settle(&mut [&mut consumer], |assigned| assigned[0].len() == 3).await;
    let topics: BTreeSet<Arc<str>> = [early, late].into_iter().map(Arc::from).collect();
    assert_eq!(consumer.subscription(), topics);
    consumer.unsubscribe().await.unwrap();
    assert!(consumer.assignment().is_empty());
}

#[tokio::test]
async fn who_does_not_poll_in_time_loses_its_partitions_and_may_not_commit() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-slow", 2, &[]).await;
    fill(&bootstrap, &name, 0, Codec::None, 5).await;
    let group = unique("group-slow");
    let mut slow =
        Consumer::new(ConsumerConfig { max_poll_interval_ms: 1_500, ..grouped(&bootstrap, &group) });
    slow.subscribe([name.as_str()]).unwrap();
    read(&mut slow, 5).await;
    let mut other = Consumer::new(grouped(&bootstrap, &group));
    other.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut other], |assigned| assigned[0].len() == 2).await;
    let error = slow.commit_sync().await.unwrap_err();
    assert!(matches!(error, ClientError::CommitFailed { .. }), "{error:?}");
    settle(&mut [&mut slow, &mut other], |assigned| is_shared(assigned, 2)).await;
    slow.close(LIMIT).await.unwrap();
    other.close(LIMIT).await.unwrap();
}

#[tokio::test]
async fn commits_that_nobody_waits_for_take_effect_in_the_order_they_were_made() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-order", 1, &[]).await;
    let group = unique("group-order");
    let at = TopicPartition::new(name.as_str(), 0);
    let mut consumer = Consumer::new(grouped(&bootstrap, &group));
    consumer.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut consumer], |assigned| is_shared(assigned, 1)).await;
    let ended = Arc::new(Mutex::new(Vec::new()));
    for offset in 0..200 {
        let offsets = BTreeMap::from([(at.clone(), OffsetAndMetadata::new(Offset::at(offset)))]);
        let ended = Arc::clone(&ended);
        let callback = move |_: &BTreeMap<_, _>, result: Result<(), ClientError>| {
            result.unwrap();
            ended.lock().push(offset);
        };
        consumer.commit_offsets_async(offsets, Some(Box::new(callback))).unwrap();
    }
    consumer.close(LIMIT).await.unwrap();
    assert_eq!(committed(&admin, &group, &at).await, Some(199));
    assert_eq!(*ended.lock(), (0..200).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_consumer_that_closes_while_it_joins_is_no_member_any_more() {
    let bootstrap = bootstrap();
    let admin = admin(&bootstrap);
    let name = topic(&admin, "group-leave", 2, &[]).await;
    let group = unique("group-leave");
    // So long a session that only a leave explains who is gone.
    let config = || ConsumerConfig { session_timeout_ms: 300_000, ..grouped(&bootstrap, &group) };
    let mut first = Consumer::new(config());
    first.subscribe([name.as_str()]).unwrap();
    settle(&mut [&mut first], |assigned| is_shared(assigned, 2)).await;
    // It waits for the first one, which does not poll.
    let mut second = Consumer::new(config());
    second.subscribe([name.as_str()]).unwrap();
    let deadline = Instant::now() + LIMIT;
    while members(&admin, &group).await < 2 {
        assert!(Instant::now() < deadline, "the second one does not join");
        assert!(second.poll(std::time::Duration::from_millis(50)).await.unwrap().is_empty());
    }
    assert_eq!(second.group_member(), None, "still joining");
    second.close(LIMIT).await.unwrap();
    while members(&admin, &group).await > 1 {
        assert!(Instant::now() < deadline, "the second one is still a member");
        first.poll(std::time::Duration::from_millis(50)).await.unwrap();
    }
    settle(&mut [&mut first], |assigned| is_shared(assigned, 2)).await;
    first.close(LIMIT).await.unwrap();
}

async fn members(admin: &Admin, group: &str) -> usize {
    let described = admin.describe_groups(&[group.into()]).await.unwrap();
    described[group].as_ref().unwrap().members.len()
}
