//! Peers that take their time.

use std::time::{Duration, Instant};

use klamm_protocol::messages::{ApiVersionsRequest, MetadataRequest};
use klamm_testkit::wire::{Heard, RawConnection, framed, request_content};

use crate::victim::{PATIENCE, Victim, create_topic};

#[test]
fn requests_that_arrive_byte_by_byte_are_cut_off_and_others_served() {
    let mut victim = Victim::start("");
    let begun = framed(&request_content(&ApiVersionsRequest::default(), 0, 1).unwrap());
    let mut loris: Vec<RawConnection> = (0..300).map(|_| victim.connect()).collect();
    let mut sent = 0;
    let started = Instant::now();
    let mut open = loris.len();
    while open > 0 {
        assert!(started.elapsed() < PATIENCE, "{open} slow peers are still there");
        for connection in &mut loris {
            // One byte of the size at a time, and never the last byte of the request.
            if sent < begun.len() - 1 {
                connection.send(&begun[sent..=sent]).ok();
            }
        }
        sent += 1;
        victim.use_it();
        loris.retain_mut(|connection| connection.hear(Duration::from_millis(1)) != Heard::Closed);
        open = loris.len();
    }
    victim.end(&[]);
}

#[test]
fn a_peer_that_sends_nothing_at_all_is_cut_off() {
    let mut victim = Victim::start("");
    let mut silent = victim.connect();
    let port = silent.stream().local_addr().unwrap().port();
    assert_eq!(silent.hear(PATIENCE), Heard::Closed);
    victim.has_one_line_on("silence", port);
    victim.end(&[]);
}

#[test]
fn a_peer_that_never_reads_is_not_read_from_and_closed_in_the_end() {
    let mut victim = Victim::start("connections.max.idle.ms=8000\n");
    let address = victim.address();
    for topic in 0..20 {
        create_topic(address, &format!("topic-{topic}"), 20);
    }
    let request = MetadataRequest { topics: None, ..MetadataRequest::default() };
    let frame = framed(&request_content(&request, 5, 1).unwrap());
    let mut deaf: Vec<RawConnection> = (0..8).map(|_| victim.connect()).collect();
    for connection in &mut deaf {
        connection.stream().set_nonblocking(true).unwrap();
        let begun = Instant::now();
        // Full sockets, or cut off already.
        while connection.send(&frame).is_ok() {
            assert!(begun.elapsed() < PATIENCE, "a peer that reads nothing is read from for ever");
        }
    }
    victim.check_memory();
    for connection in &mut deaf {
        let port = connection.stream().local_addr().unwrap().port();
        victim.has_one_line_on("a deaf peer", port);
    }
    victim.reconnect();
    // Logs of new topics may still be opened when the node stops.
    victim.end(&["no clean-shutdown marker"]);
}
