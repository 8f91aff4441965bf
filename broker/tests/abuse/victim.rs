//! A node under abuse, with a healthy client beside.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use klamm_protocol::messages::create_topics_request::CreatableTopic;
use klamm_protocol::messages::fetch_request::{FetchPartition, FetchTopic};
use klamm_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use klamm_protocol::messages::{CreateTopicsRequest, FetchRequest, ProduceRequest};
use klamm_protocol::{Records, Str};
use klamm_testkit::cluster::{ClusterSpec, LocalCluster, LocalNode};
use klamm_testkit::poison::{Craft, Record};
use klamm_testkit::wire::{Heard, RawConnection};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// Memory a node may hold more than before.
const GROWTH: u64 = 64 << 20;
const TOPIC: &str = "healthy";

/// Each story has the machine's connections to itself.
static TURN: Mutex<()> = Mutex::new(());

/// The node; what it promises is checked by [`Victim::end`].
pub struct Victim {
    cluster: LocalCluster,
    held: RawConnection,
    baseline: u64,
    _turn: MutexGuard<'static, ()>,
}

impl Victim {
    /// Starts a node with further settings and lets a healthy client use it.
    pub fn start(settings: &str) -> Victim {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let spec = ClusterSpec::single(env!("CARGO_BIN_EXE_klamm")).with_settings(settings);
        let mut cluster = LocalCluster::format(&spec).unwrap();
        cluster.start().unwrap();
        let address = cluster.node(1).unwrap().address();
        create_topic(address, TOPIC, 1);
        let held = RawConnection::open(address).unwrap();
        let mut victim = Victim { cluster, held, baseline: 0, _turn: turn };
        for _ in 0..20 {
            victim.use_it();
        }
        victim.baseline = victim.node().resident_bytes().unwrap();
        victim
    }

    pub fn node(&mut self) -> &mut LocalNode {
        self.cluster.node(1).unwrap()
    }

    pub fn address(&mut self) -> SocketAddr {
        self.node().address()
    }

    /// A stranger's connection.
    pub fn connect(&mut self) -> RawConnection {
        RawConnection::open(self.address()).unwrap()
    }

    /// The healthy client produces and reads back, on the connection it had before all abuse.
    pub fn use_it(&mut self) {
        let value = produce(&mut self.held, TOPIC);
        assert_eq!(value, 0, "{}", self.cluster.node(1).unwrap().log());
        assert!(fetch_bytes(&mut self.held, TOPIC) > 0);
    }

    /// The healthy client connects anew, after its connection was idle for too long.
    pub fn reconnect(&mut self) {
        self.held = self.connect();
    }

    /// `bytes` get no answer: the connection is closed, and the log has one line on it.
    pub fn closes_on(&mut self, what: &str, bytes: &[u8]) {
        let mut connection = self.connect();
        let port = connection.stream().local_addr().unwrap().port();
        connection.send(bytes).ok();
        assert_eq!(connection.hear(PATIENCE), Heard::Closed, "{what}");
        self.has_one_line_on(what, port);
    }

    /// The log says once why the connection from `port` was closed.
    pub fn has_one_line_on(&mut self, what: &str, port: u16) {
        let remote = format!("remote=127.0.0.1:{port} ");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = self.node().log();
            let lines: Vec<&str> = log.lines().filter(|line| line.contains(&remote)).collect();
            match lines.as_slice() {
                [] if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                [line] => return assert!(line.contains("connection closed"), "{what}: {line}"),
                lines => panic!("{what}: {lines:?}"),
            }
        }
    }

    /// Holds the node to [`GROWTH`] more memory than before the abuse.
    pub fn check_memory(&mut self) {
        self.check_memory_within(GROWTH);
    }

    /// Holds the node to `most` bytes more than before the abuse. What it has freed, its allocator gives back after a
    /// while, and as it works.
    pub fn check_memory_within(&mut self, most: u64) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.node().resident_bytes().unwrap();
            let grown = now.saturating_sub(self.baseline);
            if grown <= most {
                println!("memory: {} KiB before, {} KiB more now", self.baseline >> 10, grown >> 10);
                return;
            }
            assert!(Instant::now() < deadline, "memory grew by {} MiB", grown >> 20);
            self.use_it();
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The healthy client is served, memory is bounded, the log is calm but for `expected`, the node stops in order.
    pub fn end(mut self, expected: &[&str]) {
        self.use_it();
        self.check_memory();
        self.node().stop().unwrap();
        self.node().check_log(expected).unwrap();
    }
}

pub fn create_topic(address: SocketAddr, name: &str, partitions: i32) {
    let topic = CreatableTopic {
        name: Str::from(name),
        num_partitions: partitions,
        replication_factor: 1,
        ..CreatableTopic::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 20_000, ..CreateTopicsRequest::default() };
    let response = RawConnection::open(address).unwrap().ask(&request, 5).unwrap();
    assert_eq!(response.topics[0].error_code, 0, "{response:?}");
}

/// Produces three records to partition 0; the error code.
pub fn produce(connection: &mut RawConnection, topic: &str) -> i16 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_millis()).unwrap();
    let batch = Craft::sound(klamm_protocol::records::Codec::None, &Record::three(), now).bytes();
    let response = connection.ask(&produce_request(topic, batch), 9).unwrap();
    response.responses[0].partition_responses[0].error_code
}

/// A produce request with one batch.
pub fn produce_request(topic: &str, batch: Vec<u8>) -> ProduceRequest {
    let records = Some(Records::Bytes(batch.into()));
    let data = PartitionProduceData { index: 0, records, ..PartitionProduceData::default() };
    ProduceRequest {
        acks: -1,
        timeout_ms: 20_000,
        topic_data: vec![TopicProduceData {
            name: Str::from(topic),
            partition_data: vec![data],
            ..TopicProduceData::default()
        }],
        ..ProduceRequest::default()
    }
}

/// A fetch of partition 0 from the start.
pub fn fetch_request(topic: &str, max_bytes: i32) -> FetchRequest {
    FetchRequest {
        max_wait_ms: 0,
        min_bytes: 1,
        max_bytes,
        session_epoch: -1,
        replica_id: -1,
        topics: vec![FetchTopic {
            topic: Str::from(topic),
            partitions: vec![FetchPartition {
                partition: 0,
                fetch_offset: 0,
                current_leader_epoch: -1,
                partition_max_bytes: max_bytes,
                ..FetchPartition::default()
            }],
            ..FetchTopic::default()
        }],
        ..FetchRequest::default()
    }
}

/// Bytes of records in partition 0, up to 1 MiB.
pub fn fetch_bytes(connection: &mut RawConnection, topic: &str) -> usize {
    let response = connection.ask(&fetch_request(topic, 1 << 20), 12).unwrap();
    let partition = &response.responses[0].partitions[0];
    assert_eq!(partition.error_code, 0, "{partition:?}");
    match &partition.records {
        Some(Records::Bytes(bytes)) => bytes.len(),
        _ => 0,
    }
}
