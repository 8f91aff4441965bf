//! The Java process that answers, one question at a time.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use bytes::{Buf, Bytes};
use klamm_protocol::messages::MetadataRecord;
use klamm_protocol::{Reader, Writer};

use crate::VersionedRecord;

/// One JVM, ended with the value.
pub struct Oracle {
    child: Child,
    output: BufReader<ChildStdout>,
}

/// A decision of Kafka's: records and the encoded response, or an error.
pub type KafkaOutcome = Result<(Vec<VersionedRecord>, Bytes), (i16, Option<String>)>;

impl Oracle {
    pub fn start() -> Oracle {
        let class_path = std::env::var("KLAMM_METADATA_ORACLE").expect("run `cargo xtask compat metadata`");
        let mut child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &class_path])
            .arg("org.apache.kafka.controller.MetadataOracle")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Oracle { child, output }
    }

    pub fn ask(&mut self, operation: u8, payload: &[u8]) -> Bytes {
        let input = self.child.stdin.as_mut().unwrap();
        let mut question = u32::try_from(payload.len() + 1).unwrap().to_be_bytes().to_vec();
        question.push(operation);
        question.extend_from_slice(payload);
        input.write_all(&question).unwrap();
        input.flush().unwrap();
        let mut length = [0; 4];
        self.output.read_exact(&mut length).expect("the oracle answers");
        let mut answer = vec![0; u32::from_be_bytes(length) as usize];
        self.output.read_exact(&mut answer).unwrap();
        answer.into()
    }

    /// Replays records, and ends the batch of the last command.
    pub fn append(&mut self, records: &[VersionedRecord]) {
        self.ask(b'R', &frame_all(records));
    }

    pub fn decide(&mut self, api: i16, now_ms: u64, request: &[u8]) -> KafkaOutcome {
        let mut payload = api.to_be_bytes().to_vec();
        payload.extend_from_slice(&now_ms.to_be_bytes());
        payload.extend_from_slice(request);
        outcome(self.ask(b'C', &payload))
    }

    pub fn task(&mut self, task: u8, now_ms: u64) -> KafkaOutcome {
        let mut payload = vec![task];
        payload.extend_from_slice(&now_ms.to_be_bytes());
        outcome(self.ask(b'T', &payload))
    }

    pub fn snapshot(&mut self) -> Vec<VersionedRecord> {
        read_all(&mut self.ask(b'S', &[]))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

fn outcome(mut answer: Bytes) -> KafkaOutcome {
    if answer.get_u8() == 0 {
        let records = read_all(&mut answer);
        return Ok((records, answer));
    }
    let code = answer.get_i16();
    Err((code, read_text(&mut answer)))
}

pub fn read_text(answer: &mut Bytes) -> Option<String> {
    let length = usize::try_from(answer.get_i16()).ok()?;
    Some(String::from_utf8(answer.split_to(length).to_vec()).unwrap())
}

pub fn frame(record: &VersionedRecord) -> Vec<u8> {
    let mut writer = Writer::new();
    record.record.encode(&mut writer, record.version).unwrap();
    writer.into_bytes().to_vec()
}

pub fn frame_all(records: &[VersionedRecord]) -> Vec<u8> {
    let mut bytes = u32::try_from(records.len()).unwrap().to_be_bytes().to_vec();
    for record in records {
        let framed = frame(record);
        bytes.extend_from_slice(&u32::try_from(framed.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&framed);
    }
    bytes
}

pub fn read_all(answer: &mut Bytes) -> Vec<VersionedRecord> {
    let count = answer.get_u32();
    (0..count)
        .map(|_| {
            let length = answer.get_u32() as usize;
            read_frame(answer.split_to(length))
        })
        .collect()
}

pub fn read_frame(framed: Bytes) -> VersionedRecord {
    let mut reader = Reader::new(framed);
    let (record, version) = MetadataRecord::decode(&mut reader).unwrap();
    VersionedRecord { record, version }
}
