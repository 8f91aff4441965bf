//! The dialect of most tools, rule by rule.
#![allow(clippy::unwrap_used)]

use super::*;

static TABLE: &[Opt] = &[
    value("topic", "name", ""),
    flag("list", ""),
    maybe_value("state", "states", "").beside(&["list"]),
    value("delete-config", "keys", "").split_at(','),
];

fn parse(line: &[&str]) -> Result<Given, String> {
    Given::parse(TABLE, line.iter().map(|word| (*word).to_owned()).collect())
}

#[test]
fn values_follow_an_option_or_its_equals_sign_and_may_begin_with_a_dash() {
    let given = parse(&["--topic", "a", "-topic=b", "--topic", "--list", "stray", "--list"]).unwrap();
    assert_eq!(given.values("topic"), ["a", "b", "--list"]);
    assert!(given.has("list"));
    assert!(given.value("topic").is_err(), "two values are not one");
}

#[test]
fn a_value_that_may_be_missing_is_not_taken_from_the_next_option() {
    let given = parse(&["--state", "--list"]).unwrap();
    assert_eq!((given.has("state"), given.values("state").len()), (true, 0));
    assert_eq!(parse(&["--list", "--state", "stable"]).unwrap().values("state"), ["stable"]);
}

#[test]
fn lists_are_split() {
    assert_eq!(parse(&["--delete-config", "a,b"]).unwrap().values("delete-config"), ["a", "b"]);
}

#[test]
fn wrong_lines_are_refused_in_the_words_of_the_dialect() {
    let refusal = |line: &[&str]| parse(line).unwrap_err();
    assert_eq!(refusal(&["--top", "a"]), "top is not a recognized option");
    assert_eq!(refusal(&["-x"]), "x is not a recognized option");
    assert_eq!(refusal(&["--topic"]), "Option topic requires an argument");
    assert_eq!(
        refusal(&["--state"]),
        "Option(s) [state] are unavailable given other options on the command line"
    );
    assert!(parse(&["--state", "--help"]).is_ok());
}
