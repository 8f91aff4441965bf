//! Prints one line per step and counts those whose own assertions failed.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

/// Longest wait for a state; it only bounds a failing run.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Why a call was refused, or an assertion failed.
#[derive(Debug)]
pub struct Failure {
    /// The protocol's name of an error, or `client: Name` of one that the client made itself.
    pub code: String,
    message: String,
}

/// What a step has to tell.
pub type Outcome = Result<String, Failure>;

impl Failure {
    pub fn of_code(code: RDKafkaErrorCode) -> Failure {
        Failure { code: named(code), message: code.to_string() }
    }

    pub fn of_rule(rule: String) -> Failure {
        Failure { code: "rule".to_owned(), message: rule }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure { code: "connection".to_owned(), message: error.to_string() }
    }
}

impl From<KafkaError> for Failure {
    fn from(error: KafkaError) -> Failure {
        let code = error.rdkafka_error_code().map_or("client".to_owned(), named);
        Failure { code, message: error.to_string() }
    }
}

/// The protocol's name of a code, as far as the raw requests of this program meet it.
pub fn error_name(code: i16) -> String {
    match code {
        0 => "NONE".to_owned(),
        22 => "ILLEGAL_GENERATION".to_owned(),
        25 => "UNKNOWN_MEMBER_ID".to_owned(),
        27 => "REBALANCE_IN_PROGRESS".to_owned(),
        45 => "OUT_OF_ORDER_SEQUENCE_NUMBER".to_owned(),
        46 => "DUPLICATE_SEQUENCE_NUMBER".to_owned(),
        47 => "INVALID_PRODUCER_EPOCH".to_owned(),
        82 => "FENCED_INSTANCE_ID".to_owned(),
        other => format!("code {other}"),
    }
}

/// The library's own codes are negative; it names some of the protocol's in its own words.
fn named(code: RDKafkaErrorCode) -> String {
    let name = format!("{code:?}");
    if (code as i32) < RDKafkaErrorCode::Unknown as i32 {
        return format!("client: {name}");
    }
    match code {
        RDKafkaErrorCode::MessageSizeTooLarge => "MESSAGE_TOO_LARGE".to_owned(),
        RDKafkaErrorCode::InvalidTopic => "INVALID_TOPIC_EXCEPTION".to_owned(),
        _ => snake(&name),
    }
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// The run: where it connects, how its names begin, what failed.
pub struct Steps {
    pub bootstrap: String,
    prefix: String,
    failures: Cell<usize>,
}

impl Steps {
    pub fn new(bootstrap: String, prefix: String) -> Steps {
        Steps { bootstrap, prefix, failures: Cell::new(0) }
    }

    /// A name, of a topic or of a group, that no other run uses.
    pub fn topic(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// What follows the prefix of a name of this run.
    pub fn own<'a>(&self, name: &'a str) -> Option<&'a str> {
        name.strip_prefix(&self.prefix)?.strip_prefix('-')
    }

    /// Runs a step; a failure is a failed assertion, and the next step goes on.
    pub fn step(&self, name: &str, body: impl FnOnce() -> Outcome) {
        let result = body().unwrap_or_else(|failure| {
            self.failures.set(self.failures.get() + 1);
            format!("FAIL {}: {}", failure.code, failure.message)
        });
        println!("{name}\t{}", result.replace(['\t', '\r', '\n'], " "));
    }

    /// A step that must be refused with this code.
    pub fn refuse(&self, name: &str, expected: &str, body: impl FnOnce() -> Outcome) {
        self.step(name, || refused(expected, body()));
    }

    /// A step this client cannot take, with the reason.
    pub fn skip(&self, name: &str, reason: &str) {
        println!("{name}\tskip: {reason}");
    }

    pub fn have_failed(&self) -> bool {
        self.failures.get() > 0
    }
}

/// The code of a refusal; a failure where the call was accepted or another code came.
pub fn refused(expected: &str, outcome: Outcome) -> Outcome {
    expect_equal(expected, &code_of(outcome))
}

pub fn code_of(outcome: Outcome) -> String {
    outcome.map_or_else(|failure| failure.code, |text| format!("accepted: {text}"))
}

pub fn expect_equal(expected: &str, actual: &str) -> Outcome {
    if expected == actual {
        Ok(actual.to_owned())
    } else {
        Err(Failure::of_rule(format!("expected {expected}, got {actual}")))
    }
}

/// Polls until `condition` holds.
pub fn until(what: &str, mut condition: impl FnMut() -> Result<bool, Failure>) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    while !condition()? {
        if Instant::now() > deadline {
            return Err(Failure::of_rule(format!("waited too long until {what}")));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}
