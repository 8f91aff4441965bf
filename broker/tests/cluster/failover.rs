//! Leaders that die, replicas that lag and come back.

use std::time::Duration;

use klamm_protocol::records::Codec;

use crate::field::{
    QUICK, await_equal, await_partition, brokers_and_controller, create, isr, producer, read_to, three, write,
};
use crate::site::{Quorum, Roles, Site};

#[tokio::test]
async fn what_is_acknowledged_survives_the_leader_and_all_replicas_have_the_same_bytes() {
    let mut site = three("").await;
    create(&site, "kept", &[1, 2, 3], &[("min.insync.replicas", "2")]).await;
    write(&site, "kept", 0..500).await;
    await_equal(&site, "kept-0", &[1, 2, 3]).await;
    site.node(1).kill();
    let moved = await_partition(&site, "kept", "another leader", |partition| {
        partition.leader.is_some_and(|leader| leader != 1)
    })
    .await;
    assert!(!moved.isr.contains(&1) || moved.isr.len() > 1, "{moved:?}");
    write(&site, "kept", 500..1_000).await;
    await_partition(&site, "kept", "an ISR without the dead", |partition| !partition.isr.contains(&1)).await;
    site.node(1).spawn();
    site.node(1).await_service().await;
    await_partition(&site, "kept", "all in sync", |partition| partition.isr.len() == 3).await;
    write(&site, "kept", 1_000..1_100).await;
    await_equal(&site, "kept-0", &[1, 2, 3]).await;
    assert_eq!(read_to(&site, "kept", 1_099).await, (0..1_100).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_writer_goes_on_while_each_node_in_turn_is_killed() {
    let mut site = three("").await;
    create(&site, "under-way", &[1, 2, 3], &[("min.insync.replicas", "2")]).await;
    let producer = producer(&site);
    let mut next = 0;
    for id in 1..=3 {
        let mut deliveries = Vec::new();
        for step in 0..200 {
            if step == 100 {
                site.node(id).kill();
            }
            let record = klamm_client::ProducerRecord::new("under-way", format!("value-{next}"));
            deliveries.push(producer.send(record.with_partition(0)).await.unwrap());
            next += 1;
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        for delivery in deliveries {
            delivery.await.unwrap_or_else(|error| panic!("{error}\n{}", site.logs()));
        }
        site.node(id).spawn();
        site.node(id).await_service().await;
        await_partition(&site, "under-way", "all in sync", |partition| partition.isr.len() == 3).await;
    }
    await_equal(&site, "under-way-0", &[1, 2, 3]).await;
    assert_eq!(read_to(&site, "under-way", next - 1).await, (0..next).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_replica_that_stops_fetching_leaves_the_isr_and_joins_it_again() {
    let mut site = three("broker.session.timeout.ms=60000\n").await;
    create(&site, "lagging", &[1, 2], &[]).await;
    write(&site, "lagging", 0..10).await;
    site.node(2).pause();
    // Nothing but new records shows that a replica lags.
    write(&site, "lagging", 10..20).await;
    await_partition(&site, "lagging", "the leader alone", |partition| partition.isr == [1]).await;
    site.node(2).resume();
    await_partition(&site, "lagging", "both in sync", |partition| isr(partition).len() == 2).await;
    await_equal(&site, "lagging-0", &[1, 2]).await;
}

/// What brokers ask of the controller while replicas `[first, second]` lag, come back and stop: registration,
/// heartbeats, producer ids, in-sync replicas, leave to stop, and requests of clients in an envelope.
async fn whole_life(mut site: Site, [first, second]: [i32; 2]) {
    create(&site, "served", &[first, second], &[]).await;
    write(&site, "served", 0..10).await;
    site.node(second).pause();
    write(&site, "served", 10..20).await;
    await_partition(&site, "served", "the leader alone", |partition| partition.isr == [first]).await;
    site.node(second).resume();
    await_partition(&site, "served", "both in sync", |partition| isr(partition).len() == 2).await;
    // With leave to stop: the other leads before this one is gone.
    site.node(first).stop();
    await_partition(&site, "served", "the other leads", |partition| partition.leader == Some(second)).await;
    write(&site, "served", 20..30).await;
    site.node(first).spawn();
    site.node(first).await_service().await;
    await_partition(&site, "served", "both in sync again", |partition| isr(partition).len() == 2).await;
    await_equal(&site, "served-0", &[first, second]).await;
    assert_eq!(read_to(&site, "served", 29).await, (0..30).collect::<Vec<_>>());
}

/// Five times the time that a replica may lag: it leaves the ISR by the leader's word, not by the end of its session.
/// Who stops and comes back waits for that end.
const LONG_SESSION: &str = "broker.session.timeout.ms=10000\n";

#[tokio::test]
async fn rule_24_brokers_ask_controllers_on_nodes_of_their_own() {
    let roles = [Roles::Controller, Roles::Broker, Roles::Broker];
    let settings = format!("{QUICK}{LONG_SESSION}");
    whole_life(Site::start(&roles, Quorum::Static, &settings).await, [2, 3]).await;
}

#[tokio::test]
async fn rule_24_brokers_ask_controllers_on_nodes_that_are_brokers_too() {
    whole_life(three(LONG_SESSION).await, [1, 2]).await;
}

#[tokio::test]
async fn below_min_isr_nothing_is_acknowledged_by_all() {
    let mut site = three("").await;
    create(&site, "few", &[1, 2], &[("min.insync.replicas", "2")]).await;
    write(&site, "few", 0..10).await;
    site.node(2).kill();
    await_partition(&site, "few", "the leader alone", |partition| partition.isr == [1]).await;
    let one = one_try(&site, "few").await;
    assert!(one.contains("NOT_ENOUGH_REPLICAS") || one.contains("NotEnoughReplicas"), "{one}");
    site.node(2).spawn();
    site.node(2).await_service().await;
    write(&site, "few", 10..20).await;
    await_equal(&site, "few-0", &[1, 2]).await;
}

/// Why a record is not taken, by a producer that does not try again.
async fn one_try(site: &Site, name: &str) -> String {
    let producer = klamm_client::Producer::new(klamm_client::ProducerConfig {
        retries: 0,
        enable_idempotence: klamm_client::producer::Idempotence::Disabled,
        ..klamm_client::ProducerConfig::new(&crate::field::bootstrap(site)).unwrap()
    });
    let record = klamm_client::ProducerRecord::new(name, "value-10").with_partition(0);
    format!("{:?}", producer.send_and_wait(record).await.unwrap_err())
}

#[tokio::test]
async fn a_tail_that_its_leader_never_committed_is_cut_off_when_it_comes_back() {
    // However long the pause takes, the follower stays in its session and in sync.
    let mut site = three("broker.session.timeout.ms=20000\nreplica.lag.time.max.ms=60000\n").await;
    create(&site, "parted", &[1, 2], &[("min.insync.replicas", "1")]).await;
    write(&site, "parted", 0..50).await;
    let producer = klamm_client::Producer::new(klamm_client::ProducerConfig {
        acks: klamm_client::producer::Acks::Leader,
        enable_idempotence: klamm_client::producer::Idempotence::Disabled,
        compression: klamm_protocol::records::Compression::new(Codec::None),
        ..klamm_client::ProducerConfig::new(&crate::field::bootstrap(&site)).unwrap()
    });
    let record =
        |value: u32| klamm_client::ProducerRecord::new("parted", format!("value-{value}")).with_partition(0);
    // Knows the leader before anybody stands still.
    producer.send_and_wait(record(1_000)).await.unwrap();
    await_equal(&site, "parted-0", &[1, 2]).await;
    // The leader alone takes records with acks=1 which the paused follower never sees.
    site.node(2).pause();
    // The first of them may be on its way to it.
    producer.send_and_wait(record(1_001)).await.unwrap();
    let mut sent = Vec::new();
    for value in 1_002..1_030 {
        sent.push(producer.send(record(value)).await.unwrap());
    }
    for one in sent {
        one.metadata().await.unwrap();
    }
    site.node(1).kill();
    site.node(2).resume();
    // The start of the dead leader's next incarnation takes it out of the ISR, and elects the other.
    site.node(1).spawn();
    await_partition(&site, "parted", "the follower leads", |partition| partition.leader == Some(2)).await;
    write(&site, "parted", 50..60).await;
    await_partition(&site, "parted", "both in sync", |partition| partition.isr.len() == 2).await;
    await_equal(&site, "parted-0", &[1, 2]).await;
    let mut values = read_to(&site, "parted", 59).await;
    let kept = values.iter().filter(|value| **value >= 1_000).count();
    assert!(kept <= 2, "{values:?}");
    values.retain(|value| *value < 1_000);
    assert_eq!(values, (0..60).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_leader_moves_long_before_the_session_of_its_killed_broker_is_over() {
    let mut site = three("broker.session.timeout.ms=3600000\n").await;
    // The controller itself has to see the death.
    let (first, second, controller) = brokers_and_controller(&site).await;
    create(&site, "orphaned", &[first, controller, second], &[]).await;
    write(&site, "orphaned", 0..10).await;
    site.node(first).kill();
    await_partition(&site, "orphaned", "another leads", |partition| {
        partition.leader.is_some_and(|leader| leader != first)
    })
    .await;
    write(&site, "orphaned", 10..20).await;
}

#[tokio::test]
async fn the_active_controller_that_leads_partitions_is_replaced_in_both_roles_long_before_any_time_is_over()
{
    let hours = "broker.session.timeout.ms=3600000\ncontroller.quorum.fetch.timeout.ms=3600000\n";
    let mut site = three(hours).await;
    let (first, second, controller) = brokers_and_controller(&site).await;
    create(&site, "orphaned", &[controller, first, second], &[]).await;
    write(&site, "orphaned", 0..10).await;
    site.node(controller).kill();
    await_partition(&site, "orphaned", "another leads", |partition| {
        partition.leader.is_some_and(|leader| leader != controller)
    })
    .await;
    write(&site, "orphaned", 10..20).await;
}
