//! Starts that must fail: exit code 1, as Apache Kafka's, and one sentence that says what is wrong.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use klamm_testkit::cluster::{Ended, LocalCluster};

use crate::node;

/// The start ends with code 1, and its last word is one line that has all of `parts`.
fn is_refused(cluster: &mut LocalCluster, change: impl FnOnce(&mut Command), parts: &[&str]) {
    let ended = cluster.node(1).unwrap().run_to_end(change).unwrap();
    says(&ended, parts);
}

fn says(ended: &Ended, parts: &[&str]) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.said);
    // Lines of the log begin with the time.
    let own: Vec<&str> = ended.said.lines().filter(|line| !line.starts_with("20")).collect();
    assert_eq!(own.len(), 1, "one sentence:\n{}", ended.said);
    for part in parts {
        assert!(own[0].contains(part), "{part:?} is missing in {:?}", own[0]);
    }
    assert!(!ended.said.contains("panicked"), "{}", ended.said);
}

fn with_settings(settings: &str, parts: &[&str]) {
    is_refused(&mut node(settings), |_| {}, parts);
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn a_wrong_value_is_told_with_key_value_and_rule() {
    with_settings("num.network.threads=many\n", &["num.network.threads", "many"]);
    with_settings("num.io.threads=0\n", &["num.io.threads", "0", "at least 1"]);
    with_settings("log.cleanup.policy=burn\n", &["log.cleanup.policy", "burn"]);
    with_settings(
        "socket.request.max.bytes=50\nqueued.max.request.bytes=20\n",
        &["queued.max.request.bytes"],
    );
}

#[test]
fn a_bad_listener_is_told() {
    with_settings("listeners=PLAINTEXT://127.0.0.1:port,CONTROLLER://127.0.0.1:1\n", &["127.0.0.1:port"]);
    with_settings("listeners=WHAT://127.0.0.1:1,CONTROLLER://127.0.0.1:2\n", &["WHAT"]);
    let ssl = "listeners=SSL://127.0.0.1:0,CONTROLLER://127.0.0.1:0\nadvertised.listeners=SSL://127.0.0.1:1\n\
               listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT\ninter.broker.listener.name=SSL\n";
    with_settings(ssl, &["SSL", "not served"]);
}

#[test]
fn zookeeper_gets_an_explanation() {
    let mut cluster = node("");
    let file = cluster.node(1).unwrap().properties();
    fs::write(&file, "broker.id=1\nzookeeper.connect=localhost:2181\nlog.dirs=/nowhere\n").unwrap();
    is_refused(&mut cluster, |_| {}, &["quorum of controllers and not in ZooKeeper"]);
}

#[test]
fn a_missing_file_is_told() {
    let mut cluster = node("");
    let file = cluster.node(1).unwrap().properties();
    fs::remove_file(&file).unwrap();
    is_refused(&mut cluster, |_| {}, &["server.properties"]);
}

#[test]
fn a_taken_port_is_told_and_nothing_is_touched() {
    let mut cluster = node("");
    let taken = TcpListener::bind(cluster.node(1).unwrap().address()).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    is_refused(&mut cluster, |_| {}, &["PLAINTEXT", "cannot listen", &address]);
    let data = cluster.node(1).unwrap().data();
    assert_eq!(fs::read_dir(data).unwrap().count(), 1, "meta.properties alone");
}

#[test]
fn a_second_process_on_the_same_directory_is_refused_by_the_lock() {
    let mut cluster = node("");
    cluster.start().unwrap();
    let elsewhere = "listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0";
    let other_ports = |command: &mut Command| {
        command.args(["--override", elsewhere]);
    };
    let data = cluster.node(1).unwrap().data().display().to_string();
    is_refused(&mut cluster, other_ports, &[&data, "another process"]);
    let node = cluster.node(1).unwrap();
    assert!(node.serves(), "the first one is not disturbed");
    node.stop().unwrap();
    node.check_log(&[]).unwrap();
}

#[test]
fn a_directory_that_was_never_formatted_is_refused() {
    let mut cluster = node("");
    let data = cluster.node(1).unwrap().data();
    fs::remove_file(data.join("meta.properties")).unwrap();
    is_refused(&mut cluster, |_| {}, &["not formatted", "meta.properties"]);
}

#[test]
fn a_directory_of_another_node_is_refused() {
    let mut cluster = node("");
    let meta = cluster.node(1).unwrap().data().join("meta.properties");
    edit(&meta, "node.id=1", "node.id=2");
    is_refused(&mut cluster, |_| {}, &["belongs to node 2", "node 1"]);
}

#[test]
fn directories_of_two_clusters_are_refused() {
    let mut cluster = node("");
    let dir = cluster.node(1).unwrap().dir().to_owned();
    let (first, second) = (dir.join("data"), dir.join("more"));
    fs::create_dir(&second).unwrap();
    let identity = fs::read_to_string(first.join("meta.properties")).unwrap();
    let other = identity.replace("AAAAAAAAAAAAAAAAAAAAAg", "AAAAAAAAAAAAAAAAAAAAAw");
    fs::write(second.join("meta.properties"), other.replace("TESTTESTTESTTESTTE", "MOREMOREMOREMOREMO"))
        .unwrap();
    let both = format!("log.dirs={},{}", first.display(), second.display());
    let with_both = |command: &mut Command| {
        command.args(["--override", &both]);
    };
    is_refused(&mut cluster, with_both, &["different clusters", "AAAAAAAAAAAAAAAAAAAAAw"]);
}

#[test]
fn an_identity_that_cannot_be_read_is_told() {
    for (text, part) in [
        ("version=7\ncluster.id=AAAAAAAAAAAAAAAAAAAAAg\nnode.id=1\n", "version"),
        ("version=1\nnode.id=1\ndirectory.id=TESTTESTTESTTESTTE001Q\n", "cluster.id"),
        ("version=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAg\nnode.id=one\n", "node.id"),
    ] {
        let mut cluster = node("");
        fs::write(cluster.node(1).unwrap().data().join("meta.properties"), text).unwrap();
        is_refused(&mut cluster, |_| {}, &["meta.properties", part]);
    }
}

#[test]
fn a_directory_that_is_none_is_told() {
    let mut cluster = node("");
    let data = cluster.node(1).unwrap().data();
    fs::remove_dir_all(&data).unwrap();
    fs::write(&data, "a file").unwrap();
    is_refused(&mut cluster, |_| {}, &[&data.display().to_string()]);
}
