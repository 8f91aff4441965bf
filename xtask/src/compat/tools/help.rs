//! The options that a tool's help names, whatever the form of the help: jopt-simple's of most of Kafka's tools,
//! argparse4j's of those with commands, and clap's of ours.

use std::collections::BTreeSet;

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Value,
    MaybeValue,
}

/// Of every tool and told by another test: `every_tool_tells_kafkas_release_and_needs_nothing_else_for_it`.
const OF_ALL: [&str; 3] = ["-h", "--help", "--version"];
/// What our tools have on top: each form of output also as JSON.
const OURS: [&str; 2] = ["-o", "--output"];
/// Deeper lines go on with what an option means.
const DEEPEST: usize = 6;

/// One line per option, sorted: its name and what follows it.
pub(super) fn options(help: &str) -> Vec<String> {
    let mut found: Vec<(Vec<&str>, Takes)> = Vec::new();
    let mut goes_on = false;
    for line in help.lines().filter(|line| line.len() - line.trim_start().len() <= DEEPEST) {
        let line = line.trim_start();
        let (names, takes) = option_of_line(line.strip_prefix("* ").unwrap_or(line));
        // A name that fills its column has its value on the next line.
        if let (true, Some((_, Takes::Nothing)), Some(next)) = (goes_on, found.last(), shape(line))
            && let Some(last) = found.last_mut()
        {
            last.1 = next;
        }
        goes_on = !names.is_empty();
        if goes_on {
            found.push((names, takes));
        }
    }
    let lines = found.into_iter().flat_map(|(names, takes)| {
        let shown = match takes {
            Takes::Nothing => "",
            Takes::Value => " VALUE",
            Takes::MaybeValue => " [VALUE]",
        };
        names.into_iter().map(move |name| format!("{name}{shown}"))
    });
    let lines: BTreeSet<String> = lines.collect();
    lines.into_iter().collect()
}

/// All names of the line's option: `-t, --id <ID>`, `--id ID, -t ID`, `--id <String: an id>`.
fn option_of_line(line: &str) -> (Vec<&str>, Takes) {
    let (mut names, mut takes) = (Vec::new(), Takes::Nothing);
    let mut rest = line;
    while rest.starts_with('-') {
        let (name, after) = rest.split_at(rest.find([' ', ',', '=']).unwrap_or(rest.len()));
        let (what, after) = value(after);
        if what != Takes::Nothing {
            takes = what;
        }
        if is_name(name) && !OF_ALL.contains(&name) && !OURS.contains(&name) {
            names.push(name);
        }
        match after.strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None => break,
        }
    }
    (names, takes)
}

fn is_name(word: &str) -> bool {
    let bare = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).unwrap_or_default();
    bare.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

/// What stands for a value behind a name, and the rest of the line.
fn value(text: &str) -> (Takes, &str) {
    let Some(text) = text.strip_prefix(' ') else { return (Takes::Nothing, text) };
    let after = |end: char| text.find(end).map_or("", |at| &text[at + 1..]);
    match (shape(text), text.chars().next()) {
        (Some(takes), Some('[')) => (takes, after(']')),
        (Some(takes), Some('{')) => (takes, after('}')),
        (Some(takes), _) => (takes, after('>')),
        (None, _) => {
            let (word, rest) = text.split_at(text.find([' ', ',']).unwrap_or(text.len()));
            // `HOST1:PORT1[`, `NAME=VALUE`, `ID`; a description stands farther away.
            let is_variable = word.len() > 1
                && word.starts_with(|letter: char| letter.is_ascii_uppercase())
                && !word.contains(|letter: char| letter.is_ascii_lowercase())
                && (rest.is_empty() || [",", "  ", " ["].iter().any(|start| rest.starts_with(start)));
            if is_variable { (Takes::Value, rest) } else { (Takes::Nothing, text) }
        }
    }
}

/// The value in brackets that `text` begins with.
fn shape(text: &str) -> Option<Takes> {
    match text.chars().next()? {
        '<' | '{' => Some(Takes::Value),
        '[' => Some(Takes::MaybeValue),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_found_in_each_form_of_help() {
        let jopt = "Option                                   Description\n\
                    ------                                   -----------\n\
                    * --topic <String: topic>                REQUIRED: The topic\n\
                    --state [String]                         With the state\n\
                    --list                                   List them --all of them\n\
                    \x20                                        --of course\n\
                    --bootstrap-server <String: server to    REQUIRED: what\n\
                    --replica-alter-log-dirs-throttle        The movement of replicas\n\
                    \x20 <Long: a throttle>                   is throttled\n\
                    --version                                Display Kafka version.\n";
        let expected = [
            "--bootstrap-server VALUE",
            "--list",
            "--replica-alter-log-dirs-throttle VALUE",
            "--state [VALUE]",
            "--topic VALUE",
        ];
        assert_eq!(options(jopt), expected);
        let argparse = "named arguments:\n\
                        \x20 -h, --help             show this help message and exit\n\
                        \x20 --cluster-id CLUSTER_ID, -t CLUSTER_ID\n\
                        \x20                        The cluster ID to use.\n\
                        \x20 --server HOST1:PORT1[,HOST2:PORT2[...]]\n\
                        \x20 --property NAME=VALUE [NAME=VALUE ...]\n\
                        \x20 --dry-run              Dry run, --force it\n";
        let expected = ["--cluster-id VALUE", "--dry-run", "--property VALUE", "--server VALUE", "-t VALUE"];
        assert_eq!(options(argparse), expected);
        let clap = "Options:\n\
                    \x20 -t, --cluster-id <CLUSTER_ID>  The cluster\n\
                    \x20     --state [<STATE>]          With the state\n\
                    \x20     --sync                     Wait\n\
                    \x20 -o, --output <text|json>       Form\n\
                    \x20 -h, --help                     Print help\n";
        assert_eq!(options(clap), ["--cluster-id VALUE", "--state [VALUE]", "--sync", "-t VALUE"]);
    }
}
