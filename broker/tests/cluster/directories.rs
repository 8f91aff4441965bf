//! A broker with several log directories, one of which fails (KIP-112, KIP-858).

use std::path::PathBuf;

use klamm_client::ProducerRecord;

use crate::field::{await_equal, await_partition, create, isr, producer, read_to, three, write};
use crate::site::{DEADLINE, Site};

/// The second directory of each node.
const TWO: &str = "log.dirs={data},{data}-2\nmetadata.log.dir={data}\n";

fn second(site: &mut Site, node: i32) -> PathBuf {
    let mut first = site.node(node).data().into_os_string();
    first.push("-2");
    first.into()
}

#[tokio::test]
async fn a_directory_that_fails_costs_its_own_partitions_and_the_broker_goes_on() {
    let mut site = three(TWO).await;
    let (broker, other, _) = crate::field::brokers_and_controller(&site).await;
    let folder = second(&mut site, broker);
    // Directories are filled evenly, so that some of them are in each.
    let (mut lost, mut kept) = (None, None);
    for name in ["a", "b", "c", "d"] {
        create(&site, name, &[broker, other], &[("segment.bytes", "1048576")]).await;
        let place = if folder.join(format!("{name}-0")).exists() { &mut lost } else { &mut kept };
        place.get_or_insert(name);
    }
    let (lost, kept) = (lost.expect("one is in the second"), kept.expect("one is in the first"));
    write(&site, lost, 0..100).await;
    write(&site, kept, 0..100).await;
    await_equal(&site, &format!("{kept}-0"), &[broker, other]).await;
    std::fs::rename(&folder, folder.with_extension("gone")).unwrap();
    std::fs::write(&folder, "not a directory").unwrap();
    // The next segment cannot be made. Whoever leads next takes what comes after.
    let producer = producer(&site);
    for _ in 0..3 {
        let record = ProducerRecord::new(lost, vec![0; 600 << 10]).with_partition(0);
        producer.send(record).await.unwrap().await.unwrap_or_else(|error| panic!("{error}\n{}", site.logs()));
    }
    producer.close(DEADLINE).await.unwrap();
    let moved = await_partition(&site, lost, "a leader with a directory", |partition| {
        partition.leader == Some(other) && !isr(partition).contains(&broker)
    })
    .await;
    assert_eq!(moved.offline, [broker], "{moved:?}");
    let stayed = await_partition(&site, kept, "the other directory's", |_| true).await;
    assert_eq!((stayed.leader, isr(&stayed).len()), (Some(broker), 2), "{stayed:?}");
    write(&site, kept, 100..200).await;
    assert_eq!(read_to(&site, kept, 199).await, (0..200).collect::<Vec<_>>());
}
