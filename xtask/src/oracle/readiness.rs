//! Asks a broker over the wire whether it serves clients: a Metadata answer that names at least one broker.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Result, ensure};

/// Metadata, version 1, correlation id 1, no client id, no topics.
const METADATA_REQUEST: [u8; 18] = [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0];
/// One attempt's limit for connecting and for each read or write.
const PATIENCE: Duration = Duration::from_secs(2);
/// A node's metadata without topics is far below this many bytes.
const ANSWER_MAX: usize = 64 * 1024;

/// Whether the broker at `address` has registered, is unfenced and answers.
pub fn serves(address: SocketAddr) -> bool {
    matches!(registered_brokers(address), Ok(1..))
}

/// Whether the broker at `address` knows so many brokers that serve.
pub fn all_serve(address: SocketAddr, brokers: i32) -> bool {
    registered_brokers(address).is_ok_and(|known| known >= brokers)
}

fn registered_brokers(address: SocketAddr) -> Result<i32> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&METADATA_REQUEST)?;
    let mut word = [0; 4];
    stream.read_exact(&mut word)?;
    let length = usize::try_from(i32::from_be_bytes(word))?;
    ensure!((8..ANSWER_MAX).contains(&length), "an answer of {length} bytes");
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer)?;
    word.copy_from_slice(&answer[4..8]);
    Ok(i32::from_be_bytes(word))
}
