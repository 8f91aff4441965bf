//! The Java process that answers: questions in bulk, answers in the same order.

use std::io::{BufReader, BufWriter, Read, Write};
use std::process::{Child, Command, Stdio};
use std::{env, thread};

use bytes::Bytes;

/// What to do with an encoded message.
#[derive(Clone, Copy)]
pub enum Operation {
    /// Read it and write it again.
    Rewrite,
    /// Read it and write it at another version.
    Convert(i16),
    /// Read it and show it as JSON.
    ShowJson,
}

/// An encoded message to try on Kafka's class.
pub struct Question {
    pub operation: Operation,
    pub name: &'static str,
    pub version: i16,
    pub bytes: Bytes,
}

/// What became of it.
#[derive(Debug)]
#[allow(dead_code)] // the texts are for the messages of failed tests
pub enum Answer {
    Done(Vec<u8>),
    /// Reading failed, with the exception.
    Unreadable(String),
    /// It was read, but not written again.
    Unwritable(String),
}

/// One JVM, ended with the value.
pub struct Oracle {
    child: Child,
}

impl Oracle {
    pub fn start() -> Oracle {
        let class_path = env::var("KLAMM_PROTOCOL_ORACLE").expect("run `cargo xtask compat protocol`");
        let child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-Xmx512m", "-cp", &class_path, "ProtocolOracle"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Oracle { child }
    }

    /// Asks all and waits for all answers.
    pub fn ask(&mut self, questions: &[Question]) -> Vec<Answer> {
        let mut input = BufWriter::new(self.child.stdin.as_mut().unwrap());
        let mut output = BufReader::new(self.child.stdout.as_mut().unwrap());
        thread::scope(|scope| {
            scope.spawn(move || {
                questions.iter().for_each(|question| write_question(&mut input, question));
                input.flush().unwrap();
            });
            questions.iter().map(|_| read_answer(&mut output)).collect()
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

fn write_question(input: &mut impl Write, question: &Question) {
    let (operation, target) = match question.operation {
        Operation::Rewrite => (b'W', question.version),
        Operation::Convert(target) => (b'W', target),
        Operation::ShowJson => (b'J', question.version),
    };
    let length = 1 + 2 + question.name.len() + 2 + 2 + question.bytes.len();
    input.write_all(&(length as u32).to_be_bytes()).unwrap();
    input.write_all(&[operation]).unwrap();
    input.write_all(&(question.name.len() as u16).to_be_bytes()).unwrap();
    input.write_all(question.name.as_bytes()).unwrap();
    input.write_all(&question.version.to_be_bytes()).unwrap();
    input.write_all(&target.to_be_bytes()).unwrap();
    input.write_all(&question.bytes).unwrap();
}

fn read_answer(output: &mut impl Read) -> Answer {
    let mut length = [0; 4];
    output.read_exact(&mut length).unwrap();
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    output.read_exact(&mut answer).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match answer[0] {
        0 => Answer::Done(answer.split_off(1)),
        1 => Answer::Unreadable(text(&answer[1..])),
        _ => Answer::Unwritable(text(&answer[1..])),
    }
}
