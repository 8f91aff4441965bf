//! A producer that remembers what was acknowledged, and a look at whether all of it is still there.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use klamm_client::{Producer, ProducerConfig, ProducerRecord};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::site::DEADLINE;

/// Pause between two records.
const PAUSE: Duration = Duration::from_millis(5);

pub struct Load {
    task: JoinHandle<BTreeSet<u64>>,
    stop: watch::Sender<bool>,
    count: Arc<AtomicUsize>,
}

impl Load {
    /// Sends numbers to `topic`, one after the other with acks=all, until it is stopped.
    pub fn start(bootstrap: &str, topic: &str) -> Load {
        let mut config = ProducerConfig::new(bootstrap).unwrap();
        config.linger_ms = 0;
        config.delivery_timeout_ms = 60_000;
        let producer = Producer::new(config);
        let topic = topic.to_owned();
        let (stop, stopped) = watch::channel(false);
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let task = tokio::spawn(async move {
            let mut acknowledged = BTreeSet::new();
            for number in 0_u64.. {
                if *stopped.borrow() {
                    break;
                }
                let record = ProducerRecord::new(topic.as_str(), number.to_string());
                if producer.send_and_wait(record).await.is_ok() {
                    acknowledged.insert(number);
                    counted.store(acknowledged.len(), Ordering::Relaxed);
                }
                tokio::time::sleep(PAUSE).await;
            }
            acknowledged
        });
        Load { task, stop, count }
    }

    /// Whether at least `count` records were acknowledged.
    pub fn has(&self, count: usize) -> bool {
        self.count.load(Ordering::Relaxed) >= count
    }

    /// The numbers that were acknowledged.
    pub async fn stop(self) -> BTreeSet<u64> {
        self.stop.send_replace(true);
        self.task.await.unwrap()
    }
}

/// All numbers that the topic holds, and how many records it has.
pub fn read_all(bootstrap: &str, topic: &str) -> (BTreeSet<u64>, usize) {
    let output = Command::new(env!("CARGO_BIN_EXE_klamm"))
        .args(["console-consumer", "--bootstrap-server", bootstrap, "--topic", topic])
        .args(["--from-beginning", "--timeout-ms", "20000"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = text.lines().filter_map(|line| line.parse().ok()).collect();
    (numbers.iter().copied().collect(), numbers.len())
}

/// Runs `command` in a shell with `line` on standard input, to its end.
pub fn type_into(command: &str, line: &str) {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut shell = shell.spawn().unwrap();
    writeln!(shell.stdin.take().unwrap(), "{line}").unwrap();
    assert!(shell.wait().unwrap().success(), "{command}");
}

/// The first line that `command` prints in a shell. It runs on, and is stopped.
pub fn first_line_of(command: &str) -> String {
    let mut shell = Command::new("sh")
        .arg("-c")
        .arg(command)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut out = BufReader::new(shell.stdout.take().unwrap());
    let (lines, line) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        lines.send(first).ok();
    });
    let first = line.recv_timeout(DEADLINE);
    kill_process_group(Pid::from_child(&shell), Signal::KILL).unwrap();
    shell.wait().unwrap();
    reader.join().unwrap();
    first.unwrap_or_else(|_| panic!("nothing comes of {command}"))
}
