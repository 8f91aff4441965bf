//! The dialect of the tools with commands: `tool [options] command [options]` (argparse4j's rules and words).

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

use super::FORMS;
use crate::tool::{self, Terminal, ToolError, ToolResult};

/// What an option does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// It is there or not.
    Switch,
    /// It has a value; the last counts.
    Keep,
    /// It has a value, a whole number of 32 bits.
    KeepNumber,
    /// It has values, one each time.
    Collect,
}

/// An option.
#[derive(Debug)]
pub(crate) struct CommandOption {
    /// The long name, with its dashes.
    pub(crate) long: &'static str,
    /// The short name, with its dash.
    pub(crate) short: Option<&'static str>,
    /// What it does.
    pub(crate) does: Does,
    /// Whether it must be there.
    pub(crate) is_required: bool,
    /// What it is for.
    pub(crate) help: &'static str,
}

/// An option that does `does`.
pub(crate) const fn option(long: &'static str, does: Does, help: &'static str) -> CommandOption {
    CommandOption { long, short: None, does, is_required: false, help }
}

impl CommandOption {
    /// With a short name.
    pub(crate) const fn short(self, short: &'static str) -> CommandOption {
        CommandOption { short: Some(short), ..self }
    }

    /// It must be there.
    pub(crate) const fn required(self) -> CommandOption {
        CommandOption { is_required: true, ..self }
    }

    /// `--id/-i`.
    fn shown(&self) -> String {
        self.short.map_or_else(|| self.long.to_owned(), |short| format!("{}/{short}", self.long))
    }
}

/// Options that exclude each other.
#[derive(Debug)]
pub(crate) enum Exclusive {
    /// None do.
    None,
    /// At most one of the table's first two.
    AtMostOne,
    /// Exactly one of the table's first two.
    ExactlyOne,
}

/// Options before or after a command.
#[derive(Debug)]
pub(crate) struct OptionTable {
    /// The options.
    pub(crate) options: &'static [CommandOption],
    /// Whether the first two exclude each other.
    pub(crate) exclusive: Exclusive,
}

/// A command.
#[derive(Debug)]
pub(crate) struct CommandEntry {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) help: &'static str,
    /// What follows it.
    pub(crate) table: OptionTable,
}

/// How a tool complains about a wrong line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Complaint {
    /// The usage, then `kafka-TOOL: error: reason`.
    Usage,
    /// One sentence that names `--help`.
    Sentence,
}

/// A tool with commands.
pub(crate) trait CommandTool {
    /// One sentence for the help.
    const ABOUT: &'static str;
    /// What stands before the command.
    const OPTIONS: OptionTable;
    /// The commands.
    const COMMANDS: &'static [CommandEntry];
    /// How it complains.
    const COMPLAINT: Complaint = Complaint::Usage;
    /// Whether Kafka's script ends with a failure after its help.
    const IS_HELP_A_FAILURE: bool = false;

    /// Does `given.command`. Blocks until it is done.
    fn run(given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult;
}

/// A line that was read.
#[derive(Debug, Default)]
pub(crate) struct GivenCommand {
    /// The command.
    pub(crate) command: &'static str,
    options: Vec<(&'static str, String)>,
}

impl GivenCommand {
    /// Whether `long` (without dashes) is there.
    pub(crate) fn has(&self, long: &str) -> bool {
        self.options.iter().any(|(known, _)| known.trim_start_matches('-') == long)
    }

    /// The last value of `long`.
    pub(crate) fn value(&self, long: &str) -> Option<&str> {
        self.values(long).last().copied()
    }

    /// All values of `long`.
    pub(crate) fn values(&self, long: &str) -> Vec<&str> {
        let of_name = self.options.iter().filter(|(known, _)| known.trim_start_matches('-') == long);
        of_name.map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a [`Does::KeepNumber`] option.
    pub(crate) fn number(&self, long: &str) -> Option<i32> {
        self.value(long).and_then(|text| text.parse().ok())
    }
}

/// Why a line was not read.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// It asks for help, of the tool or of a command.
    Help(Option<&'static str>),
    Wrong(String),
}

fn wrong<T>(reason: String) -> Result<T, Refusal> {
    Err(Refusal::Wrong(reason))
}

/// Reads `line`.
fn parse(
    main: &'static OptionTable,
    commands: &'static [CommandEntry],
    line: &[String],
) -> Result<GivenCommand, Refusal> {
    let mut given = GivenCommand::default();
    let mut words = line.iter();
    let mut strangers = Vec::new();
    let mut entry: Option<&'static CommandEntry> = None;
    while let Some(word) = words.next() {
        let table = entry.map_or(main, |entry| &entry.table);
        if word == "--help" || word == "-h" {
            return Err(Refusal::Help(entry.map(|entry| entry.name)));
        }
        if word.len() > 1 && word.starts_with('-') {
            let Some((option, inline)) = find(table, word)? else {
                strangers.push(word.clone());
                continue;
            };
            let value = take_value(option, inline, &mut words)?;
            check_exclusive(table, option, &given)?;
            given.options.push((option.long, value));
        } else if entry.is_none() {
            entry = Some(find_command(commands, word)?);
        } else {
            strangers.push(word.clone());
        }
    }
    if let Some(stranger) = strangers.first() {
        return wrong(format!("unrecognized arguments: '{stranger}'"));
    }
    let Some(entry) = entry else { return wrong("too few arguments".into()) };
    // The command's own needs are checked first: its parser ends before the main one.
    for table in [&entry.table, main] {
        check_required(table, &given)?;
    }
    given.command = entry.name;
    Ok(given)
}

/// The option of `word`, whole or abbreviated, and the value after its `=`.
fn find(
    table: &'static OptionTable,
    word: &str,
) -> Result<Option<(&'static CommandOption, Option<String>)>, Refusal> {
    let (name, inline) = match word.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (word, None),
    };
    let exact = |option: &&CommandOption| option.long == name || option.short == Some(name);
    if let Some(option) = table.options.iter().find(exact) {
        return Ok(Some((option, inline)));
    }
    let begins = |option: &&CommandOption| name.starts_with("--") && option.long.starts_with(name);
    let close: Vec<&CommandOption> = table.options.iter().filter(begins).collect();
    match close.as_slice() {
        [] => Ok(None),
        [option] => Ok(Some((option, inline))),
        [_, _, ..] => {
            let names: Vec<&str> = close.iter().map(|option| option.long).collect();
            wrong(format!("ambiguous option: {name} could match {}", names.join(", ")))
        }
    }
}

fn take_value<'a>(
    option: &CommandOption,
    inline: Option<String>,
    words: &mut (impl Iterator<Item = &'a String> + Clone),
) -> Result<String, Refusal> {
    if option.does == Does::Switch {
        return match inline {
            None => Ok(String::new()),
            Some(value) => wrong(format!("argument {}: ignore explicit argument '{value}'", option.shown())),
        };
    }
    let follows = words.clone().next().filter(|word| !word.starts_with('-') || is_number(word));
    let value = match (inline, follows) {
        (Some(value), _) => value,
        (None, Some(value)) => {
            words.next();
            value.clone()
        }
        (None, None) => return wrong(format!("argument {}: expected one argument", option.shown())),
    };
    if option.long == "--output" && !FORMS.contains(&value.as_str()) {
        let shown = option.shown();
        return wrong(format!("argument {shown}: invalid choice: '{value}' (choose from 'text', 'json')"));
    }
    if option.does == Does::KeepNumber && value.parse::<i32>().is_err() {
        let shown = option.shown();
        return wrong(format!(
            "argument {shown}: could not convert '{value}' to Integer (For input string: \"{value}\")"
        ));
    }
    Ok(value)
}

fn is_number(word: &str) -> bool {
    word.parse::<f64>().is_ok()
}

fn find_command(commands: &'static [CommandEntry], word: &str) -> Result<&'static CommandEntry, Refusal> {
    let begins = || commands.iter().filter(|entry| entry.name.starts_with(word));
    let exact = commands.iter().find(|entry| entry.name == word);
    if let Some(entry) = exact.or_else(|| begins().next().filter(|_| begins().count() == 1)) {
        return Ok(entry);
    }
    let names: Vec<String> = commands.iter().map(|entry| format!("'{}'", entry.name)).collect();
    wrong(format!("invalid choice: '{word}' (choose from {})", names.join(", ")))
}

fn check_exclusive(table: &OptionTable, option: &CommandOption, given: &GivenCommand) -> Result<(), Refusal> {
    let [first, second, ..] = table.options else { return Ok(()) };
    let other = match table.exclusive {
        Exclusive::None => return Ok(()),
        Exclusive::AtMostOne | Exclusive::ExactlyOne if option.long == first.long => second,
        Exclusive::AtMostOne | Exclusive::ExactlyOne if option.long == second.long => first,
        Exclusive::AtMostOne | Exclusive::ExactlyOne => return Ok(()),
    };
    if given.options.iter().any(|(known, _)| *known == other.long) {
        return wrong(format!("argument {}: not allowed with argument {}", option.shown(), other.shown()));
    }
    Ok(())
}

fn check_required(table: &OptionTable, given: &GivenCommand) -> Result<(), Refusal> {
    let has = |option: &CommandOption| given.options.iter().any(|(known, _)| *known == option.long);
    if let Some(missing) = table.options.iter().find(|option| option.is_required && !has(option)) {
        return wrong(format!("argument {} is required", missing.shown()));
    }
    match (&table.exclusive, table.options) {
        (Exclusive::ExactlyOne, [first, second, ..]) if !has(first) && !has(second) => {
            wrong(format!("one of the arguments {} {} is required", first.shown(), second.shown()))
        }
        (Exclusive::None | Exclusive::AtMostOne | Exclusive::ExactlyOne, _) => Ok(()),
    }
}

/// The options of `T` for help and completion.
pub(crate) fn options<T: CommandTool>(name: &'static str) -> Command {
    let commands = T::COMMANDS.iter().map(|entry| {
        let args = entry.table.options.iter().map(as_clap);
        Command::new(entry.name).about(entry.help).args(args)
    });
    let own = T::OPTIONS;
    Command::new(name)
        .about(T::ABOUT)
        .args(own.options.iter().map(as_clap))
        .subcommands(commands)
        .subcommand_required(true)
}

fn as_clap(option: &CommandOption) -> Arg {
    let long = option.long.trim_start_matches('-');
    let arg = Arg::new(long).long(long).help(option.help);
    let arg = match option.short.and_then(|short| short.chars().nth(1)) {
        Some(letter) => arg.short(letter),
        None => arg,
    };
    match option.does {
        Does::Switch => arg.action(ArgAction::SetTrue),
        Does::Keep | Does::KeepNumber => arg.action(ArgAction::Set),
        Does::Collect => arg.action(ArgAction::Append),
    }
}

/// Parses `arguments`, the first of which is how the tool was called, and runs `T`. The exit code.
pub(crate) fn run<T: CommandTool>(
    name: &'static str,
    arguments: Vec<OsString>,
    terminal: &mut Terminal<'_>,
) -> u8 {
    let mut words = arguments.into_iter().map(|word| word.to_string_lossy().into_owned());
    let called = words.next().unwrap_or_default();
    let line: Vec<String> = words.collect();
    let reason = match parse(const { &T::OPTIONS }, T::COMMANDS, &line) {
        Ok(given) => match T::run(&given, terminal) {
            Err(ToolError::Usage(reason)) => reason,
            ended => return tool::end(ended, &mut options::<T>(name), terminal),
        },
        Err(Refusal::Help(command)) => {
            show_help(options::<T>(name), command, terminal);
            let is_complaint = T::IS_HELP_A_FAILURE && !called.starts_with("klamm ");
            return if is_complaint { 1 } else { 0 };
        }
        Err(Refusal::Wrong(reason)) => reason,
    };
    let usage = options::<T>(name).render_usage();
    // Nothing is left to be done if standard error is closed as well.
    let _ = match T::COMPLAINT {
        Complaint::Usage => writeln!(terminal.err, "{usage}\nkafka-{name}: error: {reason}"),
        Complaint::Sentence => {
            writeln!(terminal.err, "Command line error: {reason}. Type --help for help.")
        }
    };
    2
}

fn show_help(mut command: Command, of: Option<&'static str>, terminal: &mut Terminal<'_>) {
    let subcommand = of.and_then(|of| command.find_subcommand_mut(of));
    let help = match subcommand {
        Some(subcommand) => subcommand.render_help(),
        None => command.render_help(),
    };
    // The reader of a pipe may have seen enough.
    let _ = write!(terminal.out, "{help}");
}

#[cfg(test)]
mod tests {
    use super::*;

    static MAIN: OptionTable = OptionTable {
        options: &[
            option("--bootstrap-server", Does::Keep, ""),
            option("--bootstrap-controller", Does::Keep, ""),
        ],
        exclusive: Exclusive::ExactlyOne,
    };
    static COMMANDS: &[CommandEntry] = &[
        CommandEntry {
            name: "describe",
            help: "",
            table: OptionTable {
                options: &[option("--status", Does::Switch, "")],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "remove",
            help: "",
            table: OptionTable {
                options: &[option("--id", Does::KeepNumber, "").short("-i").required()],
                exclusive: Exclusive::None,
            },
        },
    ];

    fn refusal(line: &str) -> String {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        match parse(&MAIN, COMMANDS, &words) {
            Err(Refusal::Wrong(reason)) => reason,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn wrong_lines_are_refused_in_the_words_of_the_dialect() {
        assert_eq!(refusal("--bootstrap-server a:1"), "too few arguments");
        assert_eq!(
            refusal("describe"),
            "one of the arguments --bootstrap-server --bootstrap-controller is required"
        );
        assert_eq!(refusal("describe --foo"), "unrecognized arguments: '--foo'");
        assert_eq!(refusal("foo"), "invalid choice: 'foo' (choose from 'describe', 'remove')");
        assert_eq!(
            refusal("--bootstrap-server a:1 --bootstrap-controller b:1 describe"),
            "argument --bootstrap-controller: not allowed with argument --bootstrap-server"
        );
        assert_eq!(refusal("--bootstrap-server a:1 remove"), "argument --id/-i is required");
        assert_eq!(refusal("--bootstrap-server"), "argument --bootstrap-server: expected one argument");
    }

    #[test]
    fn options_stand_on_their_side_of_the_command() {
        let words = ["--bootstrap-s", "a:1", "remove", "-i", "3"].map(str::to_owned);
        let given = parse(&MAIN, COMMANDS, &words).expect("a right line");
        assert_eq!((given.command, given.number("id")), ("remove", Some(3)));
        assert_eq!(given.value("bootstrap-server"), Some("a:1"));
    }
}
