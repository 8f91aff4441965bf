//! Coordinators that move with the leadership of their partition.

use std::time::{Duration, Instant};

use klamm_client::consumer::{AutoOffsetReset, Consumer, ConsumerConfig};
use klamm_config::OffsetReset;

use crate::field::{bootstrap, create, three, write};
use crate::site::DEADLINE;

fn member(site: &crate::site::Site) -> Consumer {
    let mut consumer = Consumer::new(ConsumerConfig {
        group_id: Some("moving".into()),
        auto_offset_reset: AutoOffsetReset::To(OffsetReset::Earliest),
        ..ConsumerConfig::new(&bootstrap(site)).unwrap()
    });
    consumer.subscribe(["read"]).unwrap();
    consumer
}

async fn read(site: &crate::site::Site, consumer: &mut Consumer, count: usize) -> usize {
    let started = Instant::now();
    let mut seen = 0;
    while seen < count {
        // A coordinator that moves is an error that passes.
        match consumer.poll(Duration::from_millis(200)).await {
            Ok(records) => seen += records.len(),
            Err(error) => assert!(error.is_retriable(), "{error}\n{}", site.logs()),
        }
        assert!(started.elapsed() < DEADLINE, "{seen} of {count}\n{}", site.logs());
    }
    seen
}

#[tokio::test]
async fn committed_offsets_survive_every_node_that_coordinates_their_group() {
    let mut site = three("").await;
    create(&site, "read", &[1, 2, 3], &[]).await;
    for (round, id) in (1..=3).enumerate() {
        write(&site, "read", round * 10..round * 10 + 10).await;
        let mut consumer = member(&site);
        assert_eq!(read(&site, &mut consumer, 10).await, 10, "what was committed is not read again");
        consumer.close(DEADLINE).await.unwrap();
        site.node(id).kill();
        site.node(id).spawn();
        site.node(id).await_service().await;
    }
}
