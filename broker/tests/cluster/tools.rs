//! The administrators' tools on a cluster: replicas moved, leaders elected, what is sick found.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::field::{
    await_equal, await_partition, bootstrap, brokers_and_controller, create, isr, read_to, three, write,
};
use crate::site::{DEADLINE, Site};

/// What `klamm TOOL --bootstrap-server ... ARGUMENTS` prints; it must succeed.
async fn tool(site: &Site, tool: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
    command.args([tool, "--bootstrap-server", &bootstrap(site)]).args(arguments).env("NO_COLOR", "1");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {text}{errors}\n{}", site.logs());
    text
}

/// Runs a tool until it prints what is waited for.
async fn tool_until(
    site: &Site,
    (name, arguments): (&str, &[&str]),
    wanted: impl Fn(&str) -> bool,
) -> String {
    let started = Instant::now();
    loop {
        let text = tool(site, name, arguments).await;
        if wanted(&text) {
            return text;
        }
        assert!(started.elapsed() < DEADLINE, "{name} {arguments:?}: {text}\n{}", site.logs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_reassignment_is_carried_out_and_verified_and_the_preferred_leader_elected() {
    let site = three("").await;
    create(&site, "moved", &[1, 2], &[]).await;
    write(&site, "moved", 0..500).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("moves.json");
    let moves = r#"{"version":1,"partitions":[{"topic":"moved","partition":0,"replicas":[3,2]}]}"#;
    std::fs::write(&file, moves).unwrap();
    let file = file.display().to_string();
    let execute = ["--reassignment-json-file", &file, "--throttle", "50000000", "--execute"];
    let told = tool(&site, "reassign-partitions", &execute).await;
    assert!(told.contains("Successfully started partition reassignment for moved-0"), "{told}");
    let verify: &[&str] = &["--reassignment-json-file", &file, "--verify"];
    let told = tool_until(&site, ("reassign-partitions", verify), |told| {
        told.contains("Reassignment of partition moved-0 is completed.")
    })
    .await;
    for cleared in
        ["Clearing broker-level throttles on brokers 1,2,3", "Clearing topic-level throttles on topic moved"]
    {
        assert!(told.contains(cleared), "{told}");
    }
    let configs =
        tool(&site, "configs", &["--describe", "--entity-type", "topics", "--entity-name", "moved"]).await;
    assert!(!configs.contains("throttled.replicas"), "{configs}");
    await_partition(&site, "moved", "the new replicas", |partition| {
        partition.replicas == [3, 2] && partition.isr.len() == 2
    })
    .await;
    let election = ["--election-type", "preferred", "--topic", "moved", "--partition", "0"];
    tool(&site, "leader-election", &election).await;
    await_partition(&site, "moved", "the preferred leader", |partition| partition.leader == Some(3)).await;
    let directories =
        tool(&site, "log-dirs", &["--describe", "--topic-list", "moved", "--broker-list", "3"]).await;
    assert!(directories.contains("\"partition\":\"moved-0\""), "{directories}");
    await_equal(&site, "moved-0", &[2, 3]).await;
    assert_eq!(read_to(&site, "moved", 499).await, (0..500).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_health_filters_show_the_partitions_that_are_sick_and_no_others() {
    let mut site = three("").await;
    let (dead, alive, controller) = brokers_and_controller(&site).await;
    let all = [dead, alive, controller];
    create(&site, "well", &[alive, controller], &[]).await;
    create(&site, "short", &all, &[]).await;
    create(&site, "tight", &all, &[("min.insync.replicas", "2")]).await;
    create(&site, "strict", &all, &[("min.insync.replicas", "3")]).await;
    create(&site, "alone", &[dead], &[]).await;
    site.node(dead).kill();
    for topic in ["short", "tight", "strict"] {
        await_partition(&site, topic, "an ISR without the dead", |one| !isr(one).contains(&dead)).await;
    }
    await_partition(&site, "alone", "no leader", |one| one.leader.is_none()).await;
    for (filter, sick) in [
        ("--under-replicated-partitions", &["alone", "short", "strict", "tight"][..]),
        ("--at-min-isr-partitions", &["tight"]),
        ("--under-min-isr-partitions", &["alone", "strict"]),
        ("--unavailable-partitions", &["alone"]),
    ] {
        let shows = |text: &str| {
            let names = ["alone", "short", "strict", "tight", "well"].into_iter();
            names.filter(|name| text.contains(&format!("Topic: {name}\t"))).eq(sick.iter().copied())
        };
        tool_until(&site, ("topics", &["--describe", filter]), shows).await;
    }
}
