//! The process with Kafka's assignors, fed question by question.

use std::io::{BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use klamm_client::consumer::assignor::{Assignments, Subscriptions, TopicLayout};
use klamm_model::TopicPartition;

/// A running oracle; dropping it ends the process.
pub struct Oracle {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    /// Starts it from the class path in `KLAMM_ASSIGNOR_ORACLE`.
    pub fn start() -> Oracle {
        let class_path =
            std::env::var("KLAMM_ASSIGNOR_ORACLE").expect("`cargo xtask compat assignors` sets it");
        let mut child = Command::new("java")
            .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"])
            .args(["-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "-cp", &class_path, "AssignorOracle"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().map(BufWriter::new);
        let output = BufReader::new(child.stdout.take().unwrap());
        Oracle { child, input, output }
    }

    /// What Kafka's assignor makes of it.
    pub fn assign(&mut self, name: &str, layout: &TopicLayout, members: &Subscriptions) -> Assignments {
        let mut question = Vec::new();
        text(&mut question, name);
        number(&mut question, layout.len());
        for (topic, partitions) in layout {
            text(&mut question, topic);
            number(&mut question, partitions.len());
            for racks in partitions {
                number(&mut question, racks.len());
                racks.iter().for_each(|rack| text(&mut question, rack));
            }
        }
        number(&mut question, members.len());
        for (id, member) in members {
            text(&mut question, id);
            number(&mut question, member.topics.len());
            member.topics.iter().for_each(|topic| text(&mut question, topic));
            number(&mut question, member.owned.len());
            for at in &member.owned {
                text(&mut question, &at.topic);
                question.extend(at.partition.to_be_bytes());
            }
            question.extend(member.generation.unwrap_or(-1).to_be_bytes());
            text(&mut question, member.rack.as_deref().unwrap_or_default());
            text(&mut question, member.instance_id.as_deref().unwrap_or_default());
            match &member.user_data {
                None => question.extend((-1_i32).to_be_bytes()),
                Some(bytes) => {
                    number(&mut question, bytes.len());
                    question.extend_from_slice(bytes);
                }
            }
        }
        let input = self.input.as_mut().unwrap();
        input.write_all(&question).unwrap();
        input.flush().unwrap();
        self.answer()
    }

    fn answer(&mut self) -> Assignments {
        let mut assignments = Assignments::new();
        for _ in 0..self.number() {
            let id: Arc<str> = Arc::from(self.text());
            let count = self.number();
            let mut partitions = Vec::new();
            for _ in 0..count {
                let topic = self.text();
                partitions.push(TopicPartition::new(topic, self.number()));
            }
            assignments.insert(id, partitions);
        }
        assignments
    }

    fn number(&mut self) -> i32 {
        let mut bytes = [0; 4];
        self.output.read_exact(&mut bytes).unwrap();
        i32::from_be_bytes(bytes)
    }

    fn text(&mut self) -> String {
        let mut size = [0; 2];
        self.output.read_exact(&mut size).unwrap();
        let mut bytes = vec![0; usize::from(u16::from_be_bytes(size))];
        self.output.read_exact(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input.take();
        self.child.wait().ok();
    }
}

fn number(out: &mut Vec<u8>, value: usize) {
    out.extend(i32::try_from(value).unwrap().to_be_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}
