//! Runs every text in `scenarios/`: the lines that start with `>` are inputs, the lines behind each are all
//! that must come out. Lines that start with `>>` set the scene; what comes out of them is shown by other
//! scenarios. `KLAMM_BLESS=1` writes what comes out into the texts, for a person to read.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use klamm_coordinator::group::{DeletedTopic, GroupCommand, Settings};
use klamm_coordinator::machine::{ReplyTo, TransactionResult};
use klamm_model::ProducerId;
use klamm_protocol::{ErrorCode, Str};

use super::script::Line;
use super::show;
use super::stage::Stage;

struct Run {
    stage: Stage,
    labels: BTreeMap<ReplyTo, String>,
    random: u128,
}

#[test]
#[allow(clippy::disallowed_methods)] // reads and writes texts of tests
fn every_scenario_text_comes_out_as_it_is_written() {
    let dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("scenarios");
    let mut paths: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut different = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let actual = run(&text);
        if actual == text {
            continue;
        }
        if env::var_os("KLAMM_BLESS").is_some() {
            fs::write(&path, actual).unwrap();
        } else {
            let (line, (wanted, got)) = first_difference(&text, &actual);
            different.push(format!("{}:{line}:\n  written: {wanted}\n  came out: {got}", path.display()));
        }
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}

fn first_difference<'a>(written: &'a str, actual: &'a str) -> (usize, (&'a str, &'a str)) {
    let pad = |text: &'a str| text.lines().chain(std::iter::repeat("(end)"));
    let lines = pad(written).zip(pad(actual)).enumerate();
    let (at, lines) = lines.into_iter().find(|(_, (written, actual))| written != actual).unwrap();
    (at + 1, lines)
}

/// The text with all outputs as they come out. An empty line stays; `== title` starts a new run.
fn run(text: &str) -> String {
    let mut run = Run::new(&[]);
    let mut actual = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("==") {
            let settings: Vec<&str> = title.split_whitespace().filter(|word| word.contains('=')).collect();
            run = Run::new(&settings);
        }
        if line.starts_with("  ") {
            continue;
        }
        actual += line;
        actual += "\n";
        if let Some(input) = line.strip_prefix(">>") {
            run.input(input.trim());
        } else if let Some(input) = line.strip_prefix('>') {
            actual += &run.input(input.trim());
        }
    }
    actual
}

impl Run {
    fn new(settings: &[&str]) -> Run {
        Run { stage: Stage::new(parse_settings(settings)), labels: BTreeMap::new(), random: 0 }
    }

    fn input(&mut self, input: &str) -> String {
        let (label, input) = match input.split_once(": ") {
            Some((label, input)) => (label.to_owned(), input),
            None => (String::new(), input),
        };
        let line = Line::parse(input);
        if line.verb == "join" {
            self.random += 1;
        }
        if let Some(request) = line.request(self.random) {
            let (to, step) = self.stage.request(request);
            let label = if label.is_empty() { line.verb.to_owned() } else { label };
            self.labels.insert(to, label);
            return show::step(&step, &self.labels);
        }
        let steps = match line.verb {
            "at" => self.stage.advance_to(line.words[0].parse().unwrap()),
            "wait" => self.stage.advance_to(self.stage.clock + line.words[0].parse::<u64>().unwrap()),
            "refuse" => {
                let error = ErrorCode::all().find(|error| error.name() == line.words[0]).unwrap();
                self.stage.refuse_next = Some(error);
                Vec::new()
            }
            "end-transaction" => {
                let producer = ProducerId::at(line.words[0].parse().unwrap());
                let result = match line.words[1] {
                    "commit" => TransactionResult::Commit,
                    _ => TransactionResult::Abort,
                };
                self.stage.end_transaction(producer, result);
                Vec::new()
            }
            "topic-deleted" => {
                let topic = DeletedTopic { id: line.topic_id(), name: Str::from(line.words[0]) };
                vec![self.stage.run(GroupCommand::TopicsDeleted(vec![topic]))]
            }
            "configure" => {
                self.stage.settings = parse_settings(&input.split_whitespace().skip(1).collect::<Vec<_>>());
                self.stage.machine.configure(self.stage.settings.clone());
                Vec::new()
            }
            "unload" => vec![self.stage.run(GroupCommand::Unloaded)],
            "reload" => vec![self.stage.reload()],
            other => panic!("{other} is no verb"),
        };
        steps.iter().map(|step| show::step(step, &self.labels)).collect()
    }
}

fn parse_settings(words: &[&str]) -> Settings {
    let line = words.join(" ");
    let line = format!("settings {line}");
    let line = Line::parse(&line);
    let defaults = Settings::default();
    let millis = |key, default: std::time::Duration| {
        std::time::Duration::from_millis(line.number(key, u64::try_from(default.as_millis()).unwrap()))
    };
    Settings {
        offset_metadata_max: line.number("metadata", defaults.offset_metadata_max),
        offsets_retention: millis("retention", defaults.offsets_retention),
        offsets_retention_check_interval: millis("check", defaults.offsets_retention_check_interval),
        max_size: line.number("size", defaults.max_size),
        initial_rebalance_delay: millis("delay", defaults.initial_rebalance_delay),
        ..defaults
    }
}
