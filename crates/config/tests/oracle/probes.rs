//! Values of every key: accepted or refused, and in which words.
//!
//! Exceptions: (1) Java loads the class that a value of type CLASS names, while we keep the name and judge it
//! when a node starts; (2) Java reads hexadecimal floating point numbers, which no config needs.

use klamm_config::{Bound, ConfigKey, Kind, Rule};
use serde_json::{Value, json};

use crate::jvm;
use crate::table::TABLES;

/// Texts that are right for some key and wrong for others.
const GENERAL: [&str; 66] = [
    "",
    " ",
    "0",
    "1",
    "-1",
    "-2",
    "-3",
    "2",
    "+5",
    "007",
    "--1",
    "1 2",
    "1.5",
    "-0.0",
    ".5",
    "1.",
    "1e3",
    "1e400",
    "0.1f",
    "1D",
    "NaN",
    "nan",
    "Infinity",
    "-Infinity",
    "inf",
    "abc",
    "true",
    "TRUE",
    " False ",
    "yes",
    "null",
    "a,b",
    "a ,\tb",
    "a,,b",
    ",",
    "a,a",
    "a,b,a",
    "*",
    "*,*",
    "0:1",
    "0:1, 2:3",
    "0:1,",
    "0:1,*",
    "0:x",
    "1:2:3",
    "32767",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "é",
    "a\u{b}b",
    "\u{1}x\u{1f}",
    "DELETE",
    "1@host:1",
    "1@[::1]:1",
    "a@b:c",
    "1@h:1,1@g:2",
    "host:1",
    "://h:1",
    "x://h:1",
    "h:99999",
    "h i:1",
    "broker",
];
/// Texts for keys with rules of their own.
const SPECIAL: [&str; 22] = [
    "latest",
    "earliest",
    "none",
    "by_duration",
    "by_duration:",
    "by_duration:PT1S",
    "by_duration:-PT1S",
    "by_duration:PT-0.5S",
    "by_duration:P1DT2H3.5S",
    "by_duration:p1d",
    "by_duration:P1W",
    "by_duration:PT",
    "by_duration:P106751991167300DT1S",
    "by_duration:PT9223372036854775808S",
    "by_duration:P+1D",
    "by_duration:PT1M2H",
    "by_duration:PT1,5S",
    "by_duration:PT.5S",
    "by_duration:PT-.5S",
    "1@h:1@",
    "@h:1",
    "1@",
];

fn texts(key: &ConfigKey) -> Vec<String> {
    let mut texts: Vec<String> = GENERAL.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(key.default_text());
    let (words, bounds): (&[&str], Vec<Bound>) = match key.rule {
        Rule::OneOf(of) | Rule::OneOfAnyCase(of) | Rule::List { of, .. } => (of, Vec::new()),
        Rule::AtLeast(min) => (&[], vec![min]),
        Rule::Between(min, max) => (&[], vec![min, max]),
        Rule::GzipLevel => (&[], vec![Bound::Int(-1), Bound::Int(1), Bound::Int(9)]),
        _ => (&SPECIAL, Vec::new()),
    };
    for word in words {
        texts.extend([
            (*word).to_owned(),
            word.to_uppercase(),
            word.to_lowercase(),
            format!("{word},{word}"),
        ]);
    }
    for bound in bounds {
        match bound {
            Bound::Int(bound) => texts.extend([bound - 1, bound, bound + 1].map(|value| value.to_string())),
            Bound::Double(bound) => {
                texts.extend([bound - 0.01, bound, bound + 0.01].map(|value| value.to_string()))
            }
        }
    }
    texts
}

#[test]
fn every_value_is_judged_in_kafkas_words() {
    let mut probes: Vec<(&str, &ConfigKey, String)> = Vec::new();
    for (name, table) in TABLES {
        for key in table.keys().iter().filter(|key| key.kind != Kind::Class) {
            probes.extend(texts(key).into_iter().map(|text| (name, key, text)));
        }
    }
    let questions: Vec<Value> = probes
        .iter()
        .map(|(table, key, text)| json!({"ask": "probe", "table": table, "key": key.name, "value": text}))
        .collect();
    let mut differences = Vec::new();
    for ((_, key, text), answer) in probes.iter().zip(jvm::ask(&questions)) {
        let theirs = match jvm::refusal(&answer) {
            Some(words) => Err(words.to_owned()),
            None => Ok(answer["value"].as_str().map(str::to_owned)),
        };
        let ours = key.parse(text).map(|value| value.to_text()).map_err(|error| error.to_string());
        if ours != theirs {
            differences.push(format!("{} = {text:?}\n  ours   {ours:?}\n  kafkas {theirs:?}", key.name));
        }
    }
    jvm::report("values", questions.len(), &differences);
}
