//! Very many of everything.

use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use klamm_protocol::messages::{ApiVersionsRequest, FetchRequest, MetadataRequest};
use klamm_testkit::wire::{Heard, RawConnection, framed, request_content};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::victim::{PATIENCE, Victim, create_topic, fetch_request};

const IDLE: usize = 10_000;
/// Where the machine's limit of descriptors is below what the test would have.
const LEAST_IDLE: usize = 2_000;
/// Descriptors this test keeps for itself, beside the three eighths that a node keeps at most for files and in reserve.
const KEPT: usize = 100;

#[test]
fn ten_thousand_idle_connections_cost_little() {
    let limit = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: limit, maximum: limit }).unwrap();
    let possible = limit.map_or(IDLE, |limit| (usize::try_from(limit).unwrap() / 8 * 5).saturating_sub(KEPT));
    // With much fewer the test would say nothing of what connections cost.
    assert!(possible >= LEAST_IDLE, "raise the hard limit of descriptors: it allows {possible} connections");
    if possible < IDLE {
        println!("the machine's limit of descriptors allows {possible} connections, not {IDLE}");
    }
    let mut victim = Victim::start("");
    let address = victim.address();
    let hello = framed(&request_content(&ApiVersionsRequest::default(), 0, 1).unwrap());
    let mut idle = Vec::new();
    for _ in 0..possible.min(IDLE) {
        let mut connection = RawConnection::open(address).unwrap();
        connection.send(&hello).unwrap();
        // One after the other: the backlog is short by Kafka's default.
        let heard = connection.hear(PATIENCE);
        assert!(
            matches!(heard, Heard::Frame(_)),
            "connection {}: {heard:?}; {}",
            idle.len(),
            victim.node().log()
        );
        idle.push(connection);
    }
    victim.use_it();
    victim.check_memory();
    let descriptors = victim.node().open_descriptors().unwrap();
    assert!(descriptors < idle.len() + 500, "{descriptors} descriptors for {} connections", idle.len());
    // They are alive: any of them is served.
    for connection in idle.iter_mut().step_by(997) {
        connection.send(&hello).unwrap();
        assert!(matches!(connection.hear(PATIENCE), Heard::Frame(_)));
    }
    drop(idle);
    victim.end(&[]);
}

#[test]
fn a_flood_of_connections_does_not_stop_a_healthy_client() {
    let mut victim = Victim::start("");
    let address = victim.address();
    let (stop, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    if TcpStream::connect(address).is_ok() {
                        made.fetch_add(1, Ordering::Relaxed);
                    }
                    // The loopback has so many ports: those of closed connections take a minute to come back.
                    if made.load(Ordering::Relaxed) > 15_000 {
                        return;
                    }
                }
            });
        }
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(4) {
            victim.use_it();
        }
        stop.store(true, Ordering::Relaxed);
    });
    println!("{} connections", made.load(Ordering::Relaxed));
    // How many the backlog lets in depends on the machine; that there was a flood is what counts.
    assert!(made.load(Ordering::Relaxed) > 50);
    victim.end(&[]);
}

#[test]
fn fetch_sessions_are_bounded() {
    let mut victim = Victim::start("max.incremental.fetch.session.cache.slots=100\n");
    let request = FetchRequest { session_epoch: 0, ..fetch_request("healthy", 1000) };
    let mut with_session = 0;
    for _ in 0..10 {
        let mut connection = victim.connect();
        for _ in 0..500 {
            let answer = connection.ask(&request, 12).unwrap();
            assert_eq!(answer.error_code, 0);
            with_session += usize::from(answer.session_id != 0);
        }
    }
    assert!((1..=100).contains(&with_session), "{with_session} sessions");
    victim.end(&[]);
}

#[test]
fn a_storm_of_metadata_requests_is_served_in_bounded_memory() {
    let mut victim = Victim::start("");
    let address = victim.address();
    for topic in 0..20 {
        create_topic(address, &format!("topic-{topic}"), 50);
    }
    let request = MetadataRequest { topics: None, ..MetadataRequest::default() };
    let frame = framed(&request_content(&request, 5, 1).unwrap());
    thread::scope(|scope| {
        let clients: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = RawConnection::open(address).unwrap();
                    // All at once: the answers are far more than sockets hold.
                    let mut sender = connection.stream().try_clone().unwrap();
                    let frames = frame.repeat(50);
                    let sending =
                        thread::spawn(move || std::io::Write::write_all(&mut sender, &frames).unwrap());
                    for _ in 0..50 {
                        assert!(matches!(connection.hear(PATIENCE), Heard::Frame(_)));
                    }
                    sending.join().unwrap();
                })
            })
            .collect();
        for _ in 0..20 {
            victim.use_it();
            victim.check_memory();
        }
        clients.into_iter().for_each(|client| client.join().unwrap());
    });
    victim.end(&[]);
}

#[test]
fn requests_that_never_arrive_whole_share_one_budget() {
    let mut victim = Victim::start("socket.request.max.bytes=25000000\nqueued.max.request.bytes=25000000\n");
    let mut greedy: Vec<RawConnection> = (0..40).map(|_| victim.connect()).collect();
    let megabyte = vec![0; 1 << 20];
    for connection in &mut greedy {
        connection.stream().set_nonblocking(true).unwrap();
        connection.send(&25_000_000i32.to_be_bytes()).unwrap();
        // As much as the node takes, up to 20 MiB of each.
        for _ in 0..20 {
            if connection.send(&megabyte).is_err() {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
    // Until the node has taken all that it takes: it holds no more after each of several looks.
    let (begun, mut held, mut same) = (Instant::now(), 0, 0);
    while same < 5 {
        assert!(begun.elapsed() < PATIENCE, "the node takes more and more: {held} bytes");
        thread::sleep(Duration::from_millis(50));
        let now = victim.node().resident_bytes().unwrap();
        same = if now.abs_diff(held) < 1 << 20 { same + 1 } else { 0 };
        held = now;
    }
    victim.use_it();
    // The budget and the one frame that may go beyond it, each twice while its buffer grows; without a budget, they
    // would hold 800 MiB.
    victim.check_memory_within(160 << 20);
    drop(greedy);
    // The budget is free again: a request that needs it is read.
    let mut large = request_content(&ApiVersionsRequest::default(), 0, 1).unwrap().to_vec();
    large.resize(20_000_000, 0);
    let mut connection = victim.connect();
    connection.send_frame(&large).unwrap();
    assert!(matches!(connection.hear(PATIENCE), Heard::Frame(_)));
    victim.end(&[]);
}
