//! Reading the case files: settings, and what Kafka says of them.

use std::collections::BTreeMap;

/// One case of a file.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it starts from.
    pub base: String,
    /// The rule it shows.
    pub name: String,
    /// The lines between its head and its outcome.
    pub lines: Vec<String>,
    /// `ok`, or Kafka's words.
    pub outcome: String,
}

/// The cases of a file's `text`.
///
/// # Panics
/// On text that is no list of cases.
pub fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix('[') {
            let (base, name) = head.split_once("] ").expect("a case begins with [base] name");
            let (base, name) = (base.to_owned(), name.to_owned());
            cases.push(Case { base, name, lines: Vec::new(), outcome: String::new() });
            continue;
        }
        let case = cases.last_mut().expect("the file begins with a case");
        match line.strip_prefix("-> ") {
            Some(outcome) => case.outcome = outcome.to_owned(),
            None => case.lines.push(line.to_owned()),
        }
    }
    assert!(cases.iter().all(|case| !case.outcome.is_empty()), "every case has an outcome");
    cases
}

/// The settings of the base `name`.
pub fn node_base(name: &str) -> Vec<(&'static str, &'static str)> {
    const COMMON: [(&str, &str); 2] =
        [("controller.listener.names", "CONTROLLER"), ("controller.quorum.voters", "1@localhost:9093")];
    let own: &[(&str, &str)] = match name {
        "combined" => &[
            ("node.id", "1"),
            ("process.roles", "broker,controller"),
            ("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093"),
        ],
        "broker" => {
            &[("node.id", "2"), ("process.roles", "broker"), ("listeners", "PLAINTEXT://localhost:9092")]
        }
        "controller" => {
            &[("node.id", "1"), ("process.roles", "controller"), ("listeners", "CONTROLLER://localhost:9093")]
        }
        "none" => return Vec::new(),
        other => panic!("no base is called {other}"),
    };
    COMMON.iter().chain(own).copied().collect()
}

/// The settings of a node case.
pub fn node_settings(case: &Case) -> Vec<(String, String)> {
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let mut settings: Vec<(String, String)> = node_base(&case.base).into_iter().map(owned).collect();
    for line in &case.lines {
        let key = line.strip_prefix('-').or_else(|| line.split_once('=').map(|(key, _)| key));
        let key = key.expect("a line is key=value or -key");
        settings.retain(|(earlier, _)| earlier != key);
        settings.extend(line.split_once('=').map(owned));
    }
    settings
}

/// The settings on lines that begin with `word`.
pub fn settings(case: &Case, word: &str) -> BTreeMap<String, String> {
    let of_word = case.lines.iter().filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
    let setting = |line: &str| {
        let (key, value) = line.split_once('=').expect("a line is word key=value");
        (key.to_owned(), value.to_owned())
    };
    of_word.map(setting).collect()
}

/// The file of a node of `base` with the `node` lines of a case.
pub fn node_file(case: &Case, base: &str) -> BTreeMap<String, String> {
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let mut file: BTreeMap<String, String> = node_base(base).into_iter().map(owned).collect();
    file.extend(settings(case, "node"));
    file
}
