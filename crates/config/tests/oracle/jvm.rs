//! The Java program: questions in, answers out, one JSON value per line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

/// The answers to `questions`, in their order.
pub fn ask(questions: &[Value]) -> Vec<Value> {
    let class_path =
        std::env::var("KLAMM_CONFIG_ORACLE").expect("cargo xtask compat config sets KLAMM_CONFIG_ORACLE");
    let mut child = Command::new("java")
        .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-cp", &class_path, "ConfigOracle"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("java starts");
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let writer = thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").expect("the oracle listens");
        }
    });
    let answers: Vec<Value> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success(), "the oracle ended well");
    assert_eq!(answers.len(), questions.len(), "every question has an answer");
    answers
}

/// Kafka's words of refusal in an answer, if it is one.
pub fn refusal(answer: &Value) -> Option<&str> {
    answer.get("class")?;
    Some(answer["error"].as_str().unwrap_or("null"))
}

/// Fails with the first differences of many.
pub fn report(what: &str, asked: usize, differences: &[String]) {
    println!("{what}: {asked} questions, {} differences", differences.len());
    let shown = &differences[..differences.len().min(40)];
    assert!(differences.is_empty(), "{} differences in {what}:\n{}", differences.len(), shown.join("\n"));
}
