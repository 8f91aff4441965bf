//! Rule on the cores: each forbids, in a `clippy.toml` of its own, what would make it impure.

use std::fs;

use super::Findings;

/// Cores, and the pure crate of placement that they share.
const CORES: [&str; 6] = ["coordinator", "lifecycle", "metadata", "placement", "raft", "replication"];

/// What each of them forbids: clocks, waiting, threads, files, sockets, environment, processes, unseeded random,
/// unordered maps.
const FORBIDDEN: [&str; 24] = [
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "std::thread::spawn",
    "std::thread::sleep",
    "std::fs::File::open",
    "std::fs::File::create",
    "std::fs::OpenOptions::open",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::read_dir",
    "std::fs::write",
    "std::fs::rename",
    "std::fs::remove_file",
    "std::fs::create_dir_all",
    "std::net::TcpStream::connect",
    "std::net::TcpListener::bind",
    "std::net::UdpSocket::bind",
    "std::env::var",
    "std::env::var_os",
    "std::process::Command::new",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::hash::RandomState",
    "rand::rng",
];

pub(super) fn check(findings: &mut Findings) {
    for core in CORES {
        let place = format!("crates/{core}/clippy.toml");
        let text = fs::read_to_string(&place).unwrap_or_default();
        for path in FORBIDDEN {
            if !text.contains(&format!("\"{path}\"")) {
                findings.fail(format!("{place}: does not forbid {path}"));
            }
        }
    }
}
