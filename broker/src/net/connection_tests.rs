//! Rules of a connection as a whole.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::super::budget::Budget;
use super::super::buffers::Buffers;
use super::*;

/// Serves nothing.
struct Nobody;

impl Session for Nobody {
    fn start(&mut self, _: Frame) -> Started {
        unreachable!("no request is whole");
    }

    fn may_join(&self, _: &[u8]) -> bool {
        false
    }

    fn start_together(&mut self, _: SmallVec<[Frame; 4]>) -> SmallVec<[Started; 4]> {
        unreachable!("no request is whole");
    }
}

#[tokio::test]
async fn a_peer_that_falls_silent_within_a_request_is_closed_long_before_the_time_of_the_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut far = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (near, _) = listener.accept().await.unwrap();
    let hour = Duration::from_secs(3600);
    let limits = Limits {
        first_request: hour,
        frame_grace: hour,
        frame_stall: Duration::from_millis(50),
        ..Limits::default()
    };
    let budget = Budget::new(4 << 20);
    let reader = FrameReader::new(Buffers::default(), budget.clone(), limits.max_frame);
    let connection = Connection::new(near, (reader, Backlog::new(1 << 20)), Nobody, limits.into());
    far.write_all(&(8_i32 << 20).to_be_bytes()).await.unwrap();
    far.write_all(&vec![7; 2 << 20]).await.unwrap();
    let closed = tokio::time::timeout(Duration::from_secs(120), connection.run()).await.unwrap();
    assert!(matches!(closed, Closed::Deadline(_)), "{closed}");
    assert!(budget.try_acquire(4 << 20).is_some(), "its memory is free again");
}
