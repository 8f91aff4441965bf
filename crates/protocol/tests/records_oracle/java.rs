//! The child process with Kafka's classes, and how it is asked.

use std::io::{BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use bytes::{Buf, BufMut};

use super::generate::Spec;

/// A JVM running `RecordsOracle serve`; ends with its standard input.
pub struct Java {
    child: Child,
    requests: Option<BufWriter<ChildStdin>>,
    answers: BufReader<ChildStdout>,
}

/// How Kafka's log took a produced batch.
pub struct Produced {
    pub code: i16,
    pub faults: Vec<u32>,
    pub text: String,
    /// The batch as stored; empty after an error.
    pub stored: Vec<u8>,
}

/// How Kafka's log took fetched bytes.
pub struct Followed {
    pub code: i16,
    pub log_end_offset: i64,
    pub text: String,
}

impl Java {
    pub fn start() -> Java {
        let class_path = std::env::var("KLAMM_RECORDS_ORACLE").expect("set by `cargo xtask compat records`");
        let mut child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &class_path, "RecordsOracle", "serve"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a JVM starts");
        let requests = Some(BufWriter::new(child.stdin.take().unwrap()));
        let answers = BufReader::new(child.stdout.take().unwrap());
        Java { child, requests, answers }
    }

    fn ask(&mut self, op: u8, request: &[u8]) -> Vec<u8> {
        let out = self.requests.as_mut().unwrap();
        out.write_all(&[op]).unwrap();
        out.write_all(&(request.len() as u32).to_be_bytes()).unwrap();
        out.write_all(request).unwrap();
        out.flush().unwrap();
        let mut length = [0; 4];
        self.answers.read_exact(&mut length).expect("the oracle answers");
        let mut answer = vec![0; u32::from_be_bytes(length) as usize];
        self.answers.read_exact(&mut answer).unwrap();
        answer
    }

    /// Kafka's description of a slice of a log.
    pub fn read(&mut self, bytes: &[u8]) -> Result<String, String> {
        let text = String::from_utf8(self.ask(b'R', bytes)).unwrap();
        if text.starts_with("error ") { Err(text) } else { Ok(text) }
    }

    /// The batch that Kafka builds of `spec`.
    pub fn build(&mut self, spec: &Spec) -> Vec<u8> {
        self.ask(b'B', &spec.encode())
    }

    pub fn produce(&mut self, version: i16, coordinator: u8, config: &str, bytes: &[u8]) -> Produced {
        let mut request = Vec::new();
        request.put_i16(version);
        request.put_u8(coordinator);
        request.put_u16(config.len() as u16);
        request.put_slice(config.as_bytes());
        request.put_slice(bytes);
        let answer = self.ask(b'V', &request);
        let mut rest = &answer[..];
        let code = rest.get_i16();
        let count = rest.get_u32();
        let faults = (0..count).map(|_| rest.get_u32()).collect();
        let text = take_text(&mut rest);
        Produced { code, faults, text, stored: rest.to_vec() }
    }

    pub fn follow(&mut self, log_end_offset: i64, leader_epoch: i32, bytes: &[u8]) -> Followed {
        let mut request = Vec::new();
        request.put_i64(log_end_offset);
        request.put_i32(leader_epoch);
        request.put_slice(bytes);
        let answer = self.ask(b'F', &request);
        let mut rest = &answer[..];
        let (code, log_end_offset) = (rest.get_i16(), rest.get_i64());
        Followed { code, log_end_offset, text: take_text(&mut rest) }
    }
}

impl Drop for Java {
    fn drop(&mut self) {
        drop(self.requests.take());
        self.child.wait().ok();
    }
}

fn take_text(rest: &mut &[u8]) -> String {
    let length = usize::from(rest.get_u16());
    let (text, after) = rest.split_at(length);
    *rest = after;
    String::from_utf8_lossy(text).into_owned()
}
