//! The ways to stop a node, and the daemon.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use klamm_testkit::cluster::{DEADLINE, LocalCluster};
use rustix::process::Signal;

use crate::node;

#[test]
fn sigterm_and_sigint_are_a_controlled_shutdown() {
    for signal in [Signal::TERM, Signal::INT] {
        let mut cluster = node("");
        cluster.start().unwrap();
        let node = cluster.node(1).unwrap();
        node.signal(signal).unwrap();
        assert!(node.await_end().unwrap().success(), "{signal:?}\n{}", node.log());
        assert!(node.data().join(".kafka_cleanshutdown").exists(), "{signal:?}");
        node.check_log(&[]).unwrap();
        // The next start is a clean one.
        node.start().unwrap();
        assert!(!node.data().join(".kafka_cleanshutdown").exists());
        node.stop().unwrap();
        node.check_log(&[]).unwrap();
    }
}

/// A node with an id that no other test's node has, so that `server-stop` finds this one alone.
fn numbered(id: u32) -> LocalCluster {
    let mut cluster = node("");
    let node = cluster.node(1).unwrap();
    let voters = ("voters=1@".to_owned(), format!("voters={id}@"));
    let own = ("node.id=1\n".to_owned(), format!("node.id={id}\n"));
    for file in [node.properties(), node.data().join("meta.properties")] {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace(&own.0, &own.1).replace(&voters.0, &voters.1)).unwrap();
    }
    cluster
}

fn server_stop(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_klamm")).arg("server-stop").args(arguments).output().unwrap()
}

#[test]
fn server_stop_stops_the_node_that_is_meant() {
    let id = 40_000 + std::process::id() % 10_000;
    let mut cluster = numbered(id);
    let node = cluster.node(1).unwrap();
    node.start().unwrap();
    let other = server_stop(&["--node-id", &(id + 10_000).to_string()]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("No kafka server to stop"));
    assert!(node.is_running().unwrap());
    assert!(server_stop(&["--node-id", &id.to_string()]).status.success());
    assert!(node.await_end().unwrap().success());
    assert!(node.data().join(".kafka_cleanshutdown").exists());
}

#[test]
fn a_daemon_outlives_its_command_and_is_stopped_by_server_stop() {
    let id = 60_000 + std::process::id() % 10_000;
    let mut cluster = numbered(id);
    let node = cluster.node(1).unwrap();
    let logs = node.dir().join("logs");
    let status = Command::new(env!("CARGO_BIN_EXE_klamm"))
        .args(["server-start", "-daemon"])
        .arg(node.properties())
        .env("LOG_DIR", &logs)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
    let output = || fs::read_to_string(logs.join("kafkaServer.out")).unwrap_or_default();
    eventually("the daemon serves", || node.serves(), output);
    assert!(server_stop(&["--node-id", &id.to_string(), "--process-role", "broker"]).status.success());
    let marker = node.data().join(".kafka_cleanshutdown");
    eventually("the daemon has stopped in order", || marker.exists(), output);
}

#[test]
fn a_daemon_with_wrong_settings_fails_in_the_foreground() {
    let mut cluster = node("num.partitions=few\n");
    let ended = cluster.node(1).unwrap().run_to_end(|command| {
        command.arg("-daemon");
    });
    let ended = ended.unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.said.contains("num.partitions"), "{}", ended.said);
}

fn eventually(what: &str, is_it: impl Fn() -> bool, told: impl Fn() -> String) {
    let begun = Instant::now();
    while !is_it() {
        assert!(begun.elapsed() < DEADLINE, "{what}: not in {DEADLINE:?}\n{}", told());
        thread::sleep(Duration::from_millis(20));
    }
}
