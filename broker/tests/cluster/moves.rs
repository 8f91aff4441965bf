//! Replicas that are moved, to other brokers and to other directories; nodes that stop in order.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use klamm_protocol::Str;
use klamm_protocol::messages::alter_partition_reassignments_request::{
    ReassignablePartition, ReassignableTopic,
};
use klamm_protocol::messages::alter_replica_log_dirs_request::{AlterReplicaLogDir, AlterReplicaLogDirTopic};
use klamm_protocol::messages::{AlterPartitionReassignmentsRequest, AlterReplicaLogDirsRequest};

use crate::field::{
    PREFERRED, admin, await_equal, await_partition, create, elect, isr, read_to, three, write,
};

#[tokio::test]
async fn a_moved_replica_is_copied_whole_before_the_old_one_goes() {
    let site = three("").await;
    create(&site, "moved", &[1, 2], &[("segment.bytes", "1048576")]).await;
    write(&site, "moved", 0..2_000).await;
    reassign(&site, "moved", &[3, 2]).await;
    await_partition(&site, "moved", "the new replicas", |partition| {
        partition.replicas == [3, 2] && partition.isr.len() == 2
    })
    .await;
    write(&site, "moved", 2_000..2_100).await;
    await_equal(&site, "moved-0", &[2, 3]).await;
    assert_eq!(read_to(&site, "moved", 2_099).await, (0..2_100).collect::<Vec<_>>());
    await_gone(&site, &site.nodes[0].data().join("moved-0")).await;
}

/// Kafka's directories bear a random name, too: the first is still there when the second goes.
#[tokio::test]
async fn a_replica_that_comes_back_and_goes_again_leaves_under_another_name() {
    let site = three("").await;
    create(&site, "restless", &[1, 2], &[]).await;
    write(&site, "restless", 0..100).await;
    for replicas in [[3, 2], [1, 2], [3, 2]] {
        reassign(&site, "restless", &replicas).await;
        await_partition(&site, "restless", "the new replicas", |partition| {
            partition.replicas == replicas && partition.isr.len() == 2
        })
        .await;
        if replicas == [3, 2] {
            await_gone(&site, &site.nodes[0].data().join("restless-0")).await;
        }
    }
    let entries = std::fs::read_dir(site.nodes[0].data()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let left: Vec<_> = names.filter(|name| name.starts_with("restless-0.")).collect();
    assert_eq!(left.len(), 2, "both wait for `file.delete.delay.ms`: {left:?}");
    assert_eq!(read_to(&site, "restless", 99).await, (0..100).collect::<Vec<_>>());
}

/// Asks for other replicas of `topic-0`.
async fn reassign(site: &crate::site::Site, topic: &'static str, replicas: &[i32]) {
    let topic = ReassignableTopic {
        name: Str::from_static(topic),
        partitions: vec![ReassignablePartition {
            partition_index: 0,
            replicas: Some(replicas.to_vec()),
            ..ReassignablePartition::default()
        }],
        ..ReassignableTopic::default()
    };
    let request = AlterPartitionReassignmentsRequest {
        timeout_ms: 30_000,
        topics: vec![topic],
        ..AlterPartitionReassignmentsRequest::default()
    };
    let response = admin(site).alter_partition_reassignments(&request).await.unwrap();
    assert_eq!(response.error_code, 0, "{response:?}");
}

/// Waits until a partition has left its directory.
async fn await_gone(site: &crate::site::Site, directory: &Path) {
    let started = Instant::now();
    while directory.exists() {
        assert!(started.elapsed() < crate::site::DEADLINE, "the old replica stays\n{}", site.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_node_that_stops_in_order_hands_its_leaderships_over_and_takes_them_back_when_asked() {
    let mut site = three("").await;
    create(&site, "handed", &[1, 2, 3], &[("min.insync.replicas", "2")]).await;
    write(&site, "handed", 0..100).await;
    site.node(1).stop();
    let moved =
        await_partition(&site, "handed", "another leader", |one| one.leader.is_some_and(|id| id != 1)).await;
    assert!(!isr(&moved).contains(&1), "{moved:?}");
    write(&site, "handed", 100..200).await;
    site.node(1).spawn();
    site.node(1).await_service().await;
    await_partition(&site, "handed", "all in sync", |partition| partition.isr.len() == 3).await;
    elect(&site, "handed", PREFERRED).await;
    await_partition(&site, "handed", "the preferred leader", |partition| partition.leader == Some(1)).await;
    write(&site, "handed", 200..300).await;
    await_equal(&site, "handed-0", &[1, 2, 3]).await;
    assert_eq!(read_to(&site, "handed", 299).await, (0..300).collect::<Vec<_>>());
}

/// Asks broker 1 to move `topic-0` to `dir`; the code of the answer.
async fn ask_to_move(site: &crate::site::Site, topic: &str, dir: &Path) -> i16 {
    let topic = AlterReplicaLogDirTopic {
        name: Str::from(topic.to_owned()),
        partitions: vec![0],
        ..AlterReplicaLogDirTopic::default()
    };
    let dir = AlterReplicaLogDir {
        path: Str::from(dir.display().to_string()),
        topics: vec![topic],
        ..AlterReplicaLogDir::default()
    };
    let request = AlterReplicaLogDirsRequest { dirs: vec![dir], ..AlterReplicaLogDirsRequest::default() };
    let response = admin(site).alter_replica_log_dirs(1, &request).await.unwrap();
    response.results[0].partitions[0].error_code
}

/// Waits until only `dir` has the partition.
async fn await_only_in(site: &crate::site::Site, dirs: &[PathBuf; 2], to: usize, partition: &str) {
    let started = Instant::now();
    let moved = || dirs[to].join(partition).exists() && !dirs[1 - to].join(partition).exists();
    while !moved() {
        assert!(started.elapsed() < crate::site::DEADLINE, "{partition} does not move\n{}", site.logs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_replica_moves_between_directories_of_its_broker_while_it_is_written_and_stays_there() {
    let mut site = three("log.dirs={data},{data}-2\n").await;
    create(&site, "shelved", &[1, 2], &[]).await;
    write(&site, "shelved", 0..500).await;
    let data = site.node(1).data();
    let dirs = [data.clone(), PathBuf::from(format!("{}-2", data.display()))];
    let to = usize::from(dirs[0].join("shelved-0").exists());
    assert_eq!(ask_to_move(&site, "shelved", Path::new("/no/such/directory")).await, 57);
    assert_eq!(ask_to_move(&site, "unknown", &dirs[to]).await, 9);
    assert_eq!(ask_to_move(&site, "shelved", &dirs[to]).await, 0);
    write(&site, "shelved", 500..700).await;
    await_only_in(&site, &dirs, to, "shelved-0").await;
    write(&site, "shelved", 700..800).await;
    site.node(1).stop();
    site.node(1).spawn();
    site.node(1).await_service().await;
    await_partition(&site, "shelved", "both in sync", |partition| partition.isr.len() == 2).await;
    assert!(dirs[to].join("shelved-0").exists() && !dirs[1 - to].join("shelved-0").exists());
    assert_eq!(read_to(&site, "shelved", 799).await, (0..800).collect::<Vec<_>>());
}
