//! The commands: their names, arguments and help, parsed as Kafka parses them (argparse4j).

/// How many arguments a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    None,
    Optional,
    One,
    Any,
    Some,
}

/// One command.
#[derive(Debug)]
struct Entry {
    kind: Kind,
    name: &'static str,
    about: &'static str,
    /// Whether it is for the interactive shell only.
    shell_only: bool,
    count: Count,
    /// Name and help of its argument.
    argument: (&'static str, &'static str),
}

/// Which command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shows leaves.
    Cat,
    /// Goes to a directory.
    Cd,
    /// Ends the shell.
    Exit,
    /// Lists all nodes below others.
    Find,
    /// Shows all commands.
    Help,
    /// Shows what was typed.
    History,
    /// Lists nodes.
    Ls,
    /// Shows the help of a command.
    Man,
    /// Shows where one is.
    Pwd,
    /// Shows nodes with all below them.
    Tree,
}

/// A command with its arguments, or what to say instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// Nothing was typed.
    Nothing,
    /// It is no command.
    Wrong(String),
    /// It is one.
    Command(Kind, Vec<String>),
}

const fn entry(
    (kind, name): (Kind, &'static str),
    about: &'static str,
    shell_only: bool,
    count: Count,
    argument: (&'static str, &'static str),
) -> Entry {
    Entry { kind, name, about, shell_only, count, argument }
}

const ENTRIES: [Entry; 10] = [
    entry(
        (Kind::Cat, "cat"),
        "Show the contents of metadata files.",
        false,
        Count::Some,
        ("targets", "The metadata files to display."),
    ),
    entry(
        (Kind::Cd, "cd"),
        "Set the current working directory.",
        true,
        Count::Optional,
        ("target", "The directory to change to."),
    ),
    entry((Kind::Exit, "exit"), "Exit the metadata shell.", true, Count::None, ("", "")),
    entry(
        (Kind::Find, "find"),
        "Search for nodes in the directory hierarchy.",
        false,
        Count::Any,
        ("paths", "The paths to start at."),
    ),
    entry((Kind::Help, "help"), "Display this help message.", true, Count::None, ("", "")),
    entry(
        (Kind::History, "history"),
        "Print command history.",
        true,
        Count::Optional,
        ("numEntriesToShow", "The number of entries to show."),
    ),
    entry(
        (Kind::Ls, "ls"),
        "List metadata nodes.",
        false,
        Count::Any,
        ("targets", "The metadata node paths to list."),
    ),
    entry(
        (Kind::Man, "man"),
        "Show the help text for a specific command.",
        true,
        Count::One,
        ("cmd", "The command to get help text for."),
    ),
    entry((Kind::Pwd, "pwd"), "Print the current working directory.", true, Count::None, ("", "")),
    entry(
        (Kind::Tree, "tree"),
        "Show the contents of metadata nodes in a tree structure.",
        false,
        Count::Some,
        ("targets", "The metadata nodes to display."),
    ),
];

/// Takes `words` as a command; in an interactive shell all are known.
pub(super) fn parse(words: &[String], interactive: bool) -> Parsed {
    let last = words.iter().rposition(|word| !word.is_empty());
    let Some(last) = last else { return Parsed::Nothing };
    let (name, arguments) = (&words[0], &words[1..=last]);
    let known: Vec<&Entry> = ENTRIES.iter().filter(|entry| interactive || !entry.shell_only).collect();
    let Some(entry) = known.iter().find(|entry| entry.name == *name) else {
        return Parsed::Wrong(unknown(name, &known));
    };
    match wrong_arguments(entry, arguments) {
        Some(wrong) => Parsed::Wrong(wrong),
        None => Parsed::Command(entry.kind, arguments.to_vec()),
    }
}

fn unknown(name: &str, known: &[&Entry]) -> String {
    let begun: Vec<&str> =
        known.iter().map(|entry| entry.name).filter(|entry| entry.starts_with(name)).collect();
    match begun.as_slice() {
        [only] => format!("invalid choice: '{name}': did you mean '{only}'?"),
        [] => {
            let choices: Vec<String> = known.iter().map(|entry| format!("'{}'", entry.name)).collect();
            format!("invalid choice: '{name}' (choose from {})", choices.join(", "))
        }
        several => {
            format!("ambiguous command: {name} could match {}", several.join(", "))
        }
    }
}

fn wrong_arguments(entry: &Entry, arguments: &[String]) -> Option<String> {
    if let Some(option) = arguments.iter().find(|word| word.len() > 1 && word.starts_with('-')) {
        return Some(format!("unrecognized arguments: '{option}'"));
    }
    let most = match entry.count {
        Count::None => 0,
        Count::Optional | Count::One => 1,
        Count::Any | Count::Some => usize::MAX,
    };
    if arguments.len() > most {
        return Some(format!("unrecognized arguments: '{}'", arguments[most..].join(" ")));
    }
    let needs = matches!(entry.count, Count::One | Count::Some);
    if needs && arguments.is_empty() {
        return Some("too few arguments".to_owned());
    }
    let number = (entry.kind == Kind::History).then(|| arguments.first()).flatten();
    number.filter(|text| text.parse::<i32>().is_err()).map(|text| {
        let name = entry.argument.0;
        format!("argument {name}: could not convert '{text}' to Integer ({text})")
    })
}

/// The help of all commands.
pub(super) fn help() -> String {
    let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
    let choices = format!("{{{}}}", names.join(","));
    let mut text = format!("usage:  {choices} ...\n\npositional arguments:\n  {choices}\n");
    for entry in &ENTRIES {
        text.push_str(&help_line(4, entry.name, entry.about));
    }
    text
}

/// The help of the command `name`.
pub(super) fn manual(name: &str) -> String {
    let Some(entry) = ENTRIES.iter().find(|entry| entry.name == name) else {
        return format!("man: unknown command {name}. Type help to get a list of commands.\n");
    };
    let (argument, about) = entry.argument;
    let usage = match entry.count {
        Count::None => String::new(),
        Count::Optional => format!(" [{argument}]"),
        Count::One => format!(" {argument}"),
        Count::Any => format!(" [{argument} ...]"),
        Count::Some => format!(" {argument} [{argument} ...]"),
    };
    let mut text = format!("{name}: {}\n\nusage: {name}{usage}\n", entry.about);
    if entry.count != Count::None {
        text.push_str("\npositional arguments:\n");
        text.push_str(&help_line(2, argument, about));
    }
    text
}

/// Column at which help begins.
const HELP_AT: usize = 25;

fn help_line(indent: usize, title: &str, help: &str) -> String {
    let title = format!("{}{title}", " ".repeat(indent));
    format!("{title:HELP_AT$}{help}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str, interactive: bool) -> Parsed {
        parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>(), interactive)
    }

    #[test]
    fn a_command_is_known_by_its_whole_name_and_the_count_of_its_arguments() {
        let command = |kind, words: &[&str]| {
            Parsed::Command(kind, words.iter().map(|word| (*word).to_owned()).collect())
        };
        assert_eq!(parsed("", true), Parsed::Nothing);
        assert_eq!(parsed("ls", true), command(Kind::Ls, &[]));
        assert_eq!(parsed("ls /a b ", false), command(Kind::Ls, &["/a", "b"]));
        let wrong = |line: &str| match parsed(line, false) {
            Parsed::Wrong(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong("tre /"), "invalid choice: 'tre': did you mean 'tree'?");
        assert_eq!(wrong("pwd"), "invalid choice: 'pwd' (choose from 'cat', 'find', 'ls', 'tree')");
        assert_eq!(wrong("cat"), "too few arguments");
    }
}
