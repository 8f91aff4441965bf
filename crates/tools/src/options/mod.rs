//! Options as Kafka's tools read them, with the same refusals in the same words. Two dialects: that of most
//! tools (jopt-simple, here) and that of the tools with commands (argparse4j, in [`commands`]).
//!
//! 1. No abbreviations; `-name` is `--name`; a value follows its option or stands after `=`.
//! 2. What is no option and belongs to none is passed over.
//! 3. An option that was given twice has many values; who asks for one refuses them.

mod checks;
pub(crate) mod commands;

pub(crate) use checks::bracketed;

use std::ffi::OsString;
use std::io::Write;

use clap::{Arg, ArgAction, Command};

use crate::tool::{self, Terminal, ToolError, ToolResult};

/// The release whose tools these are, as `--version` tells it.
pub(crate) const KAFKA_VERSION: &str = "4.4.0";

/// What follows an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// A value; what it is.
    Value(&'static str),
    /// A value, or nothing.
    MaybeValue(&'static str),
}

/// An option of a tool.
#[derive(Debug)]
pub(crate) struct Opt {
    name: &'static str,
    takes: Takes,
    help: &'static str,
    is_required: bool,
    /// It is allowed only beside one of these; empty: always.
    beside: &'static [&'static str],
    /// Its value is a list, split at this.
    separator: Option<char>,
}

/// An option without a value.
pub(crate) const fn flag(name: &'static str, help: &'static str) -> Opt {
    Opt { name, takes: Takes::Nothing, help, is_required: false, beside: &[], separator: None }
}

/// An option with a value.
pub(crate) const fn value(name: &'static str, what: &'static str, help: &'static str) -> Opt {
    Opt { takes: Takes::Value(what), ..flag(name, help) }
}

/// An option that may have a value.
pub(crate) const fn maybe_value(name: &'static str, what: &'static str, help: &'static str) -> Opt {
    Opt { takes: Takes::MaybeValue(what), ..flag(name, help) }
}

impl Opt {
    /// The parser refuses a line without it.
    pub(crate) const fn required(self) -> Opt {
        Opt { is_required: true, ..self }
    }

    /// The parser refuses it without any of `others`.
    pub(crate) const fn beside(self, others: &'static [&'static str]) -> Opt {
        Opt { beside: others, ..self }
    }

    /// Its value is a list.
    pub(crate) const fn split_at(self, separator: char) -> Opt {
        Opt { separator: Some(separator), ..self }
    }
}

/// The servers to ask.
pub(crate) const BOOTSTRAP_SERVER: Opt = value("bootstrap-server", "HOST:PORT,...", "Brokers to ask first");
/// The controllers to ask.
pub(crate) const BOOTSTRAP_CONTROLLER: Opt =
    value("bootstrap-controller", "HOST:PORT,...", "Controllers to ask first");
/// Settings of the client.
pub(crate) const COMMAND_CONFIG: Opt =
    value("command-config", "FILE", "Properties of the client that speaks to the cluster");
/// Klamm's own: the form of the output.
pub(crate) const OUTPUT: Opt = value("output", "text|json", "Form of the output (also -o)");

/// What `--output` may say.
pub(crate) const FORMS: [&str; 2] = ["text", "json"];

/// A tool of this dialect.
pub(crate) trait OptionTool {
    /// One sentence for the help.
    const ABOUT: &'static str;
    /// Its options.
    const OPTIONS: &'static [Opt];
    /// What precedes a complaint of the parser.
    const COMPLAINT: &'static str = "";

    /// Does it. Blocks until it is done.
    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult;
}

/// The options of a line.
#[derive(Debug, Default)]
pub(crate) struct Given {
    options: Vec<(&'static str, Option<String>)>,
    /// The whole line, for messages that repeat it.
    pub(crate) line: Vec<String>,
}

impl Given {
    /// Reads `line`.
    pub(crate) fn parse(table: &'static [Opt], line: Vec<String>) -> Result<Given, String> {
        let mut given = Given { options: Vec::new(), line: line.clone() };
        let mut words = line.into_iter().peekable();
        while let Some(word) = words.next() {
            if word == "--" {
                break;
            }
            let Some((name, inline)) = split_option(&word) else { continue };
            let name = if name == "o" { "output" } else { name };
            let Some(option) = find(table, name) else { return Err(unrecognized(&word, name)) };
            match option.takes {
                Takes::Nothing => given.options.push((option.name, None)),
                Takes::Value(_) => {
                    let value = inline.or_else(|| words.next());
                    let value = value.ok_or_else(|| format!("Option {name} requires an argument"))?;
                    given.push(option, Some(value));
                }
                Takes::MaybeValue(_) => {
                    let follows = |word: &String| !looks_like_option(word);
                    let value = inline.or_else(|| words.next_if(follows));
                    given.push(option, value);
                }
            }
        }
        given.check(table)?;
        Ok(given)
    }

    fn push(&mut self, option: &Opt, value: Option<String>) {
        match (value, option.separator) {
            (Some(list), Some(separator)) => {
                let parts = list.split(separator).map(|part| (option.name, Some(part.to_owned())));
                self.options.extend(parts);
            }
            (value, _) => self.options.push((option.name, value)),
        }
    }

    /// What the parser itself demands; a line that asks for help need not have it.
    fn check(&self, table: &'static [Opt]) -> Result<(), String> {
        if let Some(other) = self.values("output").iter().find(|form| !FORMS.contains(form)) {
            return Err(format!("Cannot parse argument '{other}' of option output: text or json"));
        }
        if self.has("help") || self.has("version") {
            return Ok(());
        }
        let names = |options: Vec<&Opt>| {
            let names: Vec<&str> = options.iter().map(|option| option.name).collect();
            format!("[{}]", names.join(", "))
        };
        let missing: Vec<&Opt> =
            table.iter().filter(|option| option.is_required && !self.has(option.name)).collect();
        if !missing.is_empty() {
            return Err(format!("Missing required option(s) {}", names(missing)));
        }
        let lonely = |option: &&Opt| {
            self.has(option.name)
                && !option.beside.is_empty()
                && !option.beside.iter().any(|other| self.has(other))
        };
        let lonely: Vec<&Opt> = table.iter().filter(lonely).collect();
        if !lonely.is_empty() {
            let names = names(lonely);
            return Err(format!("Option(s) {names} are unavailable given other options on the command line"));
        }
        Ok(())
    }

    /// Whether the option `name` is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.options.iter().any(|(known, _)| *known == name)
    }

    /// All values of `name`, in order.
    pub(crate) fn values(&self, name: &str) -> Vec<&str> {
        let of_name = self.options.iter().filter(|(known, _)| *known == name);
        of_name.filter_map(|(_, value)| value.as_deref()).collect()
    }

    /// The value of `name`; two are refused.
    pub(crate) fn value(&self, name: &str) -> Result<Option<&str>, ToolError> {
        match self.values(name).as_slice() {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            [_, _, ..] => Err(ToolError::usage(format!(
                "Found multiple arguments for option {name}, but you asked for only one"
            ))),
        }
    }

    /// The value of `name` as a number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ToolError> {
        let Some(text) = self.value(name)? else { return Ok(None) };
        let number = text
            .parse()
            .map_err(|_| ToolError::usage(format!("Cannot parse argument '{text}' of option {name}")))?;
        Ok(Some(number))
    }

    /// The options in the order of the line.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        self.options.iter().map(|(name, value)| (*name, value.as_deref()))
    }

    /// Whether JSON is asked for.
    pub(crate) fn wants_json(&self) -> Result<bool, ToolError> {
        Ok(self.value("output")? == Some("json"))
    }
}

/// Takes `--name=value` apart; `None` for what is no option.
fn split_option(word: &str) -> Option<(&str, Option<String>)> {
    if !looks_like_option(word) {
        return None;
    }
    let bare = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    match bare.split_once('=') {
        Some((name, value)) => Some((name, Some(value.to_owned()))),
        None => Some((bare, None)),
    }
}

fn looks_like_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

fn find(table: &'static [Opt], name: &str) -> Option<&'static Opt> {
    const HELP: &Opt = &flag("help", "Print this help");
    const VERSION: &Opt = &flag("version", "Print the release of Kafka whose tool this is");
    match name {
        "help" => Some(HELP),
        "version" => Some(VERSION),
        _ => table.iter().find(|option| option.name == name),
    }
}

/// After one dash the parser reads a cluster of letters, of which it knows none.
fn unrecognized(word: &str, name: &str) -> String {
    let shown =
        if word.starts_with("--") { name } else { &name[..name.chars().next().map_or(0, char::len_utf8)] };
    format!("{shown} is not a recognized option")
}

/// The options of `T` for help and completion.
pub(crate) fn options<T: OptionTool>(name: &'static str) -> Command {
    let version = flag("version", "Print the release of Kafka whose tool this is");
    let own = T::OPTIONS.iter().map(as_clap).chain([as_clap(&version)]);
    Command::new(name).about(T::ABOUT).args(own).override_usage(format!("{name} [options]"))
}

fn as_clap(option: &Opt) -> Arg {
    let arg = Arg::new(option.name).long(option.name).help(option.help);
    let arg = if option.name == "output" { arg.short('o') } else { arg };
    match option.takes {
        Takes::Nothing => arg.action(ArgAction::SetTrue),
        Takes::Value(what) => arg.value_name(what).action(ArgAction::Append),
        Takes::MaybeValue(what) => arg.value_name(what).num_args(0..=1).action(ArgAction::Append),
    }
}

/// Parses `arguments`, the first of which is how the tool was called, and runs `T`. The exit code.
pub(crate) fn run<T: OptionTool>(
    name: &'static str,
    arguments: Vec<OsString>,
    terminal: &mut Terminal<'_>,
) -> u8 {
    let mut words = arguments.into_iter().map(|word| word.to_string_lossy().into_owned());
    let called = words.next().unwrap_or_default();
    let line: Vec<String> = words.collect();
    let is_empty = line.is_empty();
    let ended = match Given::parse(T::OPTIONS, line) {
        Ok(given) if is_empty || given.has("help") => {
            return show_help::<T>(name, &called, is_empty, terminal);
        }
        Ok(given) if given.has("version") => writeln!(terminal.out, "{KAFKA_VERSION}").map_err(ToolError::Io),
        Ok(given) => T::run(&given, terminal),
        Err(reason) => Err(ToolError::Usage(format!("{}{reason}", T::COMPLAINT))),
    };
    tool::end(ended, &mut options::<T>(name), terminal)
}

/// Kafka's scripts print help as a complaint; `klamm TOOL --help` is an answer.
fn show_help<T: OptionTool>(
    name: &'static str,
    called: &str,
    is_empty: bool,
    terminal: &mut Terminal<'_>,
) -> u8 {
    let help = options::<T>(name).render_help();
    let is_answer = !is_empty && called.starts_with("klamm ");
    let stream: &mut dyn Write = if is_answer { &mut *terminal.out } else { &mut *terminal.err };
    // Nothing is left to be done if the terminal is gone.
    let _ = write!(stream, "{help}");
    let _ = stream.flush();
    if is_answer { 0 } else { 2 }
}

#[cfg(test)]
mod tests;
