//! The least a broker can do with a produce request: read it, check the batch's checksum, append it to
//! a file, answer. One thread, no decisions. What it costs is the ceiling that benchmarks compare with; it
//! understands only the requests of [`crate::load::produce`].

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::thread;

use klamm_model::{LeaderEpoch, Offset};
use klamm_protocol::messages::ProduceResponse;
use klamm_protocol::messages::produce_response::{PartitionProduceResponse, TopicProduceResponse};
use klamm_protocol::records::{Batch, stamp};
use klamm_protocol::{ApiKey, EncodeError, Message as _, Writer, header};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventFlags};

/// Version of the requests it is sent.
const PRODUCE: i16 = 13;
/// Bytes between the batch and the end of a request: three empty sets of tagged fields.
const AFTER_BATCH: usize = 3;
const WINDOW: usize = 1 << 20;
/// Bytes of a file, after which the next begins and the one before goes: a long load fills no disk.
const ROLL: u64 = 1 << 30;
/// Of each of many connections.
const SMALL_WINDOW: usize = 64 << 10;
/// Stands for the listener among the places of conversations.
const LISTENER: epoll::EventData = epoll::EventData::new_u64(u64::MAX);
/// Stands where the base offset goes, so that its place is found once.
const MARK: i64 = 0x0123_4567_89ab_cdef;

/// Why the loop ended.
#[derive(Debug, thiserror::Error)]
pub enum BareLoopError {
    /// A socket or the file failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The sockets cannot be waited for.
    #[error(transparent)]
    Wait(#[from] rustix::io::Errno),
    /// The answer cannot be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// It was sent something else than it understands.
    #[error("not a request of the load generator: {0}")]
    Foreign(String),
}

/// Serves one connection after the other from `listener`, appending to new files that begin with `path`: two at most,
/// and the last stay.
pub fn serve(listener: &TcpListener, path: &Path) -> Result<(), BareLoopError> {
    let mut state = BareLoop::new(path)?;
    for stream in listener.incoming() {
        let mut conversation = Conversation::new(stream?, WINDOW)?;
        while state.hear(&mut conversation)? {}
    }
    Ok(())
}

/// Serves as many connections as come from `listener` at a time, whichever has sent something.
pub fn serve_many(listener: &TcpListener, path: &Path) -> Result<(), BareLoopError> {
    let mut state = BareLoop::new(path)?;
    let readiness = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    epoll::add(&readiness, listener, LISTENER, EventFlags::IN)?;
    let mut conversations = Vec::<Option<Conversation>>::new();
    let mut events = Vec::with_capacity(64);
    loop {
        events.clear();
        epoll::wait(&readiness, spare_capacity(&mut events), None)?;
        for event in &events {
            if event.data.u64() == LISTENER.u64() {
                let (stream, _) = listener.accept()?;
                let place = epoll::EventData::new_u64(conversations.len() as u64);
                epoll::add(&readiness, &stream, place, EventFlags::IN)?;
                conversations.push(Some(Conversation::new(stream, SMALL_WINDOW)?));
                continue;
            }
            let Some(place) = conversations.get_mut(event.data.u64() as usize) else { continue };
            if let Some(conversation) = place
                && !state.hear(conversation)?
            {
                // Closing it ends its events.
                *place = None;
            }
        }
    }
}

/// A peer, and what it sent that is no whole request yet.
struct Conversation {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

impl Conversation {
    fn new(stream: TcpStream, window: usize) -> io::Result<Conversation> {
        stream.set_nodelay(true)?;
        Ok(Conversation { stream, buffer: vec![0; window], filled: 0 })
    }
}

struct BareLoop {
    path: PathBuf,
    file: File,
    end: u64,
    /// Files begun so far.
    files: u32,
    next_offset: Offset,
    answer: AnswerTemplate,
}

impl BareLoop {
    fn new(path: &Path) -> Result<BareLoop, BareLoopError> {
        let (file, answer) = (File::create_new(path)?, AnswerTemplate::new()?);
        let path = path.to_owned();
        Ok(BareLoop { path, file, end: 0, files: 1, next_offset: Offset::ZERO, answer })
    }

    /// Begins the next file. The last but one goes on a thread of its own, as a broker's would.
    fn roll(&mut self) -> io::Result<()> {
        let gone = self.files.checked_sub(2).map(|number| self.numbered(number));
        self.file = File::create_new(self.numbered(self.files))?;
        self.files += 1;
        self.end = 0;
        if let Some(gone) = gone {
            thread::spawn(move || std::fs::remove_file(gone));
        }
        Ok(())
    }

    fn numbered(&self, number: u32) -> PathBuf {
        if number == 0 {
            return self.path.clone();
        }
        self.path.with_added_extension(number.to_string())
    }

    /// Reads once and answers what is whole; false once the peer has ended.
    fn hear(&mut self, from: &mut Conversation) -> Result<bool, BareLoopError> {
        let count = from.stream.read(&mut from.buffer[from.filled..])?;
        if count == 0 {
            return Ok(false);
        }
        from.filled += count;
        let mut taken = 0;
        while let Some(size) = from.buffer[taken..from.filled].first_chunk() {
            let frame = taken + 4..taken + 4 + u32::from_be_bytes(*size) as usize;
            if frame.end > from.filled {
                break;
            }
            taken = frame.end;
            let answer = self.append(&mut from.buffer[frame])?;
            from.stream.write_all(answer)?;
        }
        from.buffer.copy_within(taken..from.filled, 0);
        from.filled -= taken;
        Ok(true)
    }

    fn append(&mut self, frame: &mut [u8]) -> Result<&[u8], BareLoopError> {
        let foreign = |what: &str| BareLoopError::Foreign(what.to_owned());
        let correlation_id =
            *frame.get(4..).and_then(|rest| rest.first_chunk()).ok_or_else(|| foreign("short"))?;
        let batch_at = batch_at(frame).ok_or_else(|| foreign("no batch"))?;
        let end = frame.len() - AFTER_BATCH;
        let batch = &mut frame[batch_at..end];
        let parsed = Batch::parse(batch).map_err(|error| foreign(&error.to_string()))?;
        parsed.verify_crc().map_err(|error| foreign(&error.to_string()))?;
        let count = i64::from(parsed.header().record_count());
        stamp(batch, self.next_offset, LeaderEpoch::default());
        if self.end + batch.len() as u64 > ROLL {
            self.roll()?;
        }
        self.file.write_all_at(batch, self.end)?;
        self.end += batch.len() as u64;
        let base_offset = self.next_offset;
        self.next_offset = base_offset.plus(count);
        Ok(self.answer.fill(correlation_id, base_offset))
    }
}

/// Where the only batch begins: its own length tells, since what follows it is known.
fn batch_at(frame: &[u8]) -> Option<usize> {
    let end = frame.len().checked_sub(AFTER_BATCH)?;
    // The fields before the batch take less than this many bytes.
    (0..end.min(128)).find(|at| {
        let length = frame.get(at + 8..at + 12).and_then(|field| field.first_chunk());
        length.is_some_and(|length| at + 12 + u32::from_be_bytes(*length) as usize == end)
    })
}

/// An encoded answer; correlation id and base offset are put in.
struct AnswerTemplate {
    bytes: Vec<u8>,
    offset_at: usize,
}

impl AnswerTemplate {
    fn new() -> Result<AnswerTemplate, EncodeError> {
        let partition = PartitionProduceResponse { base_offset: MARK, ..PartitionProduceResponse::default() };
        let topic =
            TopicProduceResponse { partition_responses: vec![partition], ..TopicProduceResponse::default() };
        let response = ProduceResponse { responses: vec![topic], ..ProduceResponse::default() };
        let mut writer = Writer::default();
        writer.i32(0);
        header::write_response(&mut writer, ApiKey::Produce, PRODUCE, 0)?;
        response.encode(&mut writer, PRODUCE)?;
        let mut bytes = Vec::from(writer.finish().bytes);
        let length = bytes.len() - 4;
        let size = u32::try_from(length).map_err(|_| EncodeError::TooLong { length })?;
        bytes[..4].copy_from_slice(&size.to_be_bytes());
        let marked = bytes.windows(8).position(|window| window == MARK.to_be_bytes());
        Ok(AnswerTemplate { bytes, offset_at: marked.expect("the mark was just written") })
    }

    fn fill(&mut self, correlation_id: [u8; 4], base_offset: Offset) -> &[u8] {
        self.bytes[4..8].copy_from_slice(&correlation_id);
        self.bytes[self.offset_at..self.offset_at + 8].copy_from_slice(&base_offset.get().to_be_bytes());
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use klamm_protocol::records::{Batches, Codec};

    use super::*;
    use crate::load::batches::Shape;
    use crate::load::pace::{Pace, Span};
    use crate::load::produce::ProduceLoad;
    use crate::load::topic::Topic;

    #[test]
    fn a_load_on_it_leaves_a_log_of_all_answered_batches() {
        leaves_a_log_of_all_answered_batches(1, serve);
    }

    #[test]
    fn many_connections_at_a_time_share_a_log() {
        leaves_a_log_of_all_answered_batches(8, serve_many);
    }

    fn leaves_a_log_of_all_answered_batches(
        connections: usize,
        serve: fn(&TcpListener, &Path) -> Result<(), BareLoopError>,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let log = path.clone();
        thread::spawn(move || serve(&listener, &log));
        let shape = Shape { batch_bytes: 4096, record_bytes: 500, codec: Codec::None };
        let load = ProduceLoad {
            topic: Topic::of_bare_loop(address),
            templates: shape.templates().unwrap(),
            connections,
            in_flight: 5,
            pace: Pace::Open(2000.0),
            span: Span { warm_up: Duration::ZERO, measured: Duration::from_secs(60), most_bytes: 100 * 4096 },
            idempotent: false,
            watched: None,
        };
        let report = load.run().unwrap();
        assert!(report.requests >= 100, "{report:?}");
        let log = std::fs::read(&path).unwrap();
        let mut next = Offset::ZERO;
        for batch in Batches::new(&log) {
            let batch = batch.unwrap();
            assert_eq!(batch.header().base_offset(), next);
            batch.verify_crc().unwrap();
            next = batch.header().next_offset();
        }
        assert!(next.get() >= i64::try_from(report.records).unwrap());
    }
}
