//! Replicas whose files are damaged: fetched anew, never leading with what is left, and nothing of theirs is deleted.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::field::{
    UNCLEAN, await_equal, await_partition, brokers_and_controller, create, elect, read_to, three, write,
};

/// What is written is soon known to be on the disk: damage of it is no torn tail.
const FLUSHED: &[(&str, &str)] = &[("flush.messages", "1")];
const CHECKPOINTS: &str = "log.flush.offset.checkpoint.interval.ms=1000\n";

/// Waits until the directory's checkpoint says that all of `partition` is on the disk, as its high watermark does.
async fn await_flushed(data: &Path, topic: &str, end: usize) {
    let started = std::time::Instant::now();
    let line = format!("{topic} 0 {end}");
    let is_there = || {
        let checkpoint = std::fs::read_to_string(data.join("recovery-point-offset-checkpoint"));
        checkpoint.is_ok_and(|text| text.lines().any(|known| known == line))
    };
    while !is_there() {
        assert!(started.elapsed() < crate::site::DEADLINE, "no checkpoint says {line}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// Damages the first batch of a replica, and tears its end, which makes the next start look at all of it.
fn damage(data: &Path, partition: &str) {
    let path = data.join(partition).join("00000000000000000000.log");
    let mut log = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    log.seek(SeekFrom::Start(70)).unwrap();
    log.write_all(&[0xa5; 4]).unwrap();
    log.seek(SeekFrom::End(0)).unwrap();
    log.write_all(b"torn").unwrap();
}

fn set_aside(data: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.to_string_lossy().ends_with("-stray")).collect()
}

#[tokio::test]
async fn rule_52_a_damaged_follower_is_set_aside_and_fetched_anew() {
    let mut site = three(CHECKPOINTS).await;
    create(&site, "damaged", &[1, 2], FLUSHED).await;
    write(&site, "damaged", 0..300).await;
    let data = site.node(2).data();
    await_flushed(&data, "damaged", 300).await;
    site.node(2).kill();
    damage(&data, "damaged-0");
    await_partition(&site, "damaged", "the leader alone", |partition| partition.isr == [1]).await;
    write(&site, "damaged", 300..400).await;
    site.node(2).spawn();
    site.node(2).await_service().await;
    await_partition(&site, "damaged", "both in sync", |partition| partition.isr.len() == 2).await;
    await_equal(&site, "damaged-0", &[1, 2]).await;
    assert_eq!(set_aside(&data).len(), 1, "{}", site.logs());
    // It may lead again.
    site.node(1).kill();
    await_partition(&site, "damaged", "the other leads", |partition| partition.leader == Some(2)).await;
    assert_eq!(read_to(&site, "damaged", 399).await, (0..400).collect::<Vec<_>>());
}

#[tokio::test]
async fn rule_52_the_last_member_of_an_isr_whose_log_is_damaged_does_not_lead_and_keeps_its_data() {
    let mut site = three(CHECKPOINTS).await;
    // A paused controller would be another story.
    let (first, second, _) = brokers_and_controller(&site).await;
    create(&site, "alone", &[first, second], FLUSHED).await;
    write(&site, "alone", 0..100).await;
    site.node(second).pause();
    await_partition(&site, "alone", "the leader alone", |partition| partition.isr == [first]).await;
    write(&site, "alone", 100..200).await;
    let data = site.node(first).data();
    await_flushed(&data, "alone", 200).await;
    site.node(first).kill();
    damage(&data, "alone-0");
    site.node(first).spawn();
    site.node(first).await_service().await;
    site.node(second).resume();
    await_partition(&site, "alone", "no leader", |partition| partition.leader.is_none()).await;
    assert!(set_aside(&data).is_empty() && data.join("alone-0").exists());
    // Whoever takes the loss on says so.
    elect(&site, "alone", UNCLEAN).await;
    await_partition(&site, "alone", "the other leads", |partition| partition.leader == Some(second)).await;
    await_partition(&site, "alone", "both in sync", |partition| partition.isr.len() == 2).await;
    await_equal(&site, "alone-0", &[first, second]).await;
    assert_eq!(set_aside(&data).len(), 1, "its data is kept");
    let left = read_to(&site, "alone", 99).await;
    assert_eq!(left, (0..100).collect::<Vec<_>>());
}
