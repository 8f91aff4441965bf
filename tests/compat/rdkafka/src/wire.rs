//! Requests that no client library sends, in versions of a fixed form, over a connection of the suite's own.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use crate::steps::{Failure, PATIENCE, error_name};

/// An API and the version it is spoken in here.
#[derive(Clone, Copy)]
struct Api {
    key: i16,
    version: i16,
}

const PRODUCE: Api = Api { key: 0, version: 8 };
const OFFSET_COMMIT: Api = Api { key: 8, version: 7 };
const HEARTBEAT: Api = Api { key: 12, version: 3 };
const DESCRIBE_GROUPS: Api = Api { key: 15, version: 0 };
const INIT_PRODUCER_ID: Api = Api { key: 22, version: 1 };
const CORRELATION: i32 = 7;
/// Length of the header of a batch up to the end of its length field, and whole.
const LENGTH_END: usize = 12;
const HEADER: usize = 61;

/// In whose name a request of a group is sent.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    pub generation: i32,
    pub member: &'a str,
    pub instance: Option<&'a str>,
}

fn text(value: Option<&str>) -> Vec<u8> {
    let Some(value) = value else { return (-1_i16).to_be_bytes().to_vec() };
    [&(value.len() as i16).to_be_bytes(), value.as_bytes()].concat()
}

/// A list of one item.
fn one(item: &[u8]) -> Vec<u8> {
    [&1_i32.to_be_bytes(), item].concat()
}

/// Reads an answer field by field.
struct Answer {
    data: Vec<u8>,
    place: usize,
}

impl Answer {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let end = self.place + N;
        let field = self.data.get(self.place..end).and_then(|bytes| bytes.try_into().ok());
        self.place = end;
        field.ok_or_else(|| Failure::of_rule("the answer ends too early".to_owned()))
    }

    fn int(&mut self) -> Result<i32, Failure> {
        self.take().map(i32::from_be_bytes)
    }

    fn long(&mut self) -> Result<i64, Failure> {
        self.take().map(i64::from_be_bytes)
    }

    fn error(&mut self) -> Result<String, Failure> {
        Ok(error_name(i16::from_be_bytes(self.take()?)))
    }

    fn text(&mut self) -> Result<String, Failure> {
        let size = usize::try_from(i16::from_be_bytes(self.take()?)).unwrap_or(0);
        let bytes = self.data.get(self.place..self.place + size);
        let text = bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        self.place += size;
        text.ok_or_else(|| Failure::of_rule("the answer ends too early".to_owned()))
    }
}

/// A connection.
pub struct Wire(TcpStream);

impl Wire {
    pub fn open(bootstrap: &str) -> io::Result<Wire> {
        let stream = TcpStream::connect(bootstrap)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Wire(stream))
    }

    fn call(&mut self, api: Api, body: &[u8]) -> Result<Answer, Failure> {
        let Api { key, version } = api;
        let head = [&key.to_be_bytes()[..], &version.to_be_bytes(), &CORRELATION.to_be_bytes()].concat();
        let frame = [&head, &text(Some("raw"))[..], body].concat();
        self.0.write_all(&[&(frame.len() as i32).to_be_bytes(), &frame[..]].concat())?;
        let mut size = [0; 4];
        self.0.read_exact(&mut size)?;
        let mut data = vec![0; usize::try_from(i32::from_be_bytes(size)).unwrap_or(0)];
        self.0.read_exact(&mut data)?;
        let mut answer = Answer { data, place: 0 };
        match answer.int()? {
            CORRELATION => Ok(answer),
            other => Err(Failure::of_rule(format!("the answer to {CORRELATION} is one to {other}"))),
        }
    }

    /// The id of the only member of a group.
    pub fn only_member(&mut self, group: &str) -> Result<String, Failure> {
        let mut answer = self.call(DESCRIBE_GROUPS, &one(&text(Some(group))))?;
        answer.int()?;
        answer.error()?;
        for _ in 0..4 {
            answer.text()?;
        }
        match answer.int()? {
            1 => answer.text(),
            members => Err(Failure::of_rule(format!("the group has one member, not {members}"))),
        }
    }

    /// The code of a heartbeat.
    pub fn heartbeat(&mut self, group: &str, speaker: Speaker<'_>) -> Result<String, Failure> {
        let mut answer = self.call(HEARTBEAT, &speaker.head(group))?;
        answer.int()?;
        answer.error()
    }

    /// The code of a commit of partition 0.
    pub fn commit(&mut self, group: &str, speaker: Speaker<'_>, topic: &str) -> Result<String, Failure> {
        let ints = [&0_i32.to_be_bytes()[..], &2_i64.to_be_bytes(), &(-1_i32).to_be_bytes()].concat();
        let partition = [ints, text(Some(""))].concat();
        let topics = one(&[text(Some(topic)), one(&partition)].concat());
        let mut answer = self.call(OFFSET_COMMIT, &[speaker.head(group), topics].concat())?;
        answer.int()?;
        answer.int()?;
        answer.text()?;
        answer.int()?;
        answer.int()?;
        answer.error()
    }

    /// A fresh id; its epoch is 0.
    pub fn producer_id(&mut self) -> Result<i64, Failure> {
        let body = [&text(None)[..], &60_000_i32.to_be_bytes()].concat();
        let mut answer = self.call(INIT_PRODUCER_ID, &body)?;
        answer.int()?;
        let (code, id) = (answer.error()?, answer.long()?);
        match (code.as_str(), answer.take()?) {
            ("NONE", [0, 0]) => Ok(id),
            _ => Err(Failure::of_rule(format!("a fresh id has epoch 0: {code}"))),
        }
    }

    /// The answer about a batch for partition 0.
    pub fn produce(&mut self, topic: &str, batch: &[u8]) -> Result<String, Failure> {
        let ints = [0_i32.to_be_bytes(), (batch.len() as i32).to_be_bytes()].concat();
        let partition = [&ints[..], batch].concat();
        let topics = one(&[text(Some(topic)), one(&partition)].concat());
        let head = [&text(None)[..], &(-1_i16).to_be_bytes(), &5_000_i32.to_be_bytes()].concat();
        let mut answer = self.call(PRODUCE, &[head, topics].concat())?;
        answer.int()?;
        answer.text()?;
        answer.int()?;
        answer.int()?;
        let (code, offset, _) = (answer.error()?, answer.long()?, answer.long()?);
        Ok(format!("{code}@{offset} start={}", answer.long()?))
    }
}

impl Speaker<'_> {
    fn head(&self, group: &str) -> Vec<u8> {
        let generation = self.generation.to_be_bytes().to_vec();
        [text(Some(group)), generation, text(Some(self.member)), text(self.instance)].concat()
    }
}

/// One batch of format 2 of records that have values only.
pub fn batch(producer: i64, (epoch, sequence): (i16, i32), values: &[String], timestamp: i64) -> Vec<u8> {
    let records: Vec<u8> = (0..).zip(values).flat_map(|(delta, value)| record(delta, value)).collect();
    let count = values.len() as i32;
    let checked = [
        &0_i16.to_be_bytes()[..],
        &(count - 1).to_be_bytes(),
        &timestamp.to_be_bytes(),
        &timestamp.to_be_bytes(),
        &producer.to_be_bytes(),
        &epoch.to_be_bytes(),
        &sequence.to_be_bytes(),
        &count.to_be_bytes(),
        &records,
    ]
    .concat();
    let length = (HEADER - LENGTH_END + records.len()) as i32;
    let head = [&0_i64.to_be_bytes()[..], &length.to_be_bytes(), &(-1_i32).to_be_bytes(), &[2]].concat();
    [head, crc32c(&checked).to_be_bytes().to_vec(), checked].concat()
}

fn record(delta: i32, value: &str) -> Vec<u8> {
    // Attributes, no time of its own, place, no key, value, no headers.
    let head = [vec![0, 0], varint(delta), varint(-1), varint(value.len() as i32)].concat();
    let body = [&head, value.as_bytes(), &[0]].concat();
    [varint(body.len() as i32), body].concat()
}

fn varint(number: i32) -> Vec<u8> {
    let mut rest = ((number << 1) ^ (number >> 31)).cast_unsigned();
    let mut bytes = Vec::new();
    while rest > 0x7f {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

fn crc32c(data: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let mixed = crc ^ u32::from(*byte);
        (0..8).fold(mixed, |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 })
    };
    !data.iter().fold(u32::MAX, step)
}
