//! The binaries of the kit are there, and say what they do.
#![allow(clippy::unwrap_used)]

use std::process::Command;

fn help(binary: &str) -> String {
    let output = Command::new(binary).arg("--help").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn chaos_has_a_story_for_each_kind_of_fault() {
    let help = help(env!("CARGO_BIN_EXE_klamm-chaos"));
    for story in ["kill", "kill-all", "pause", "fuzz", "full"] {
        assert!(help.contains(story), "{story} is missing in\n{help}");
    }
}

#[test]
fn poison_wants_two_brokers() {
    let help = help(env!("CARGO_BIN_EXE_klamm-poison"));
    assert!(help.contains("<KAFKA> <KLAMM>"), "{help}");
}
