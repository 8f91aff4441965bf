//! The command line. A subcommand is the name of Kafka's script without `kafka-`; a link with a
//! script's name (`kafka-topics.sh`, `kafka-topics`) is that subcommand. Exit codes: 0 done, 1
//! failed, 2 called wrongly, which through such a link is Kafka's 1.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal, LineWriter, Write};
use std::path::Path;

use clap::{Command, value_parser};
use clap_complete::Shell;
use klamm_tools::{TOOLS, Terminal, ToolEntry, execute, find_class, find_tool};

use crate::links::MakeLinks;
use crate::pod_prepare::PodPrepare;
use crate::server_start::ServerStart;
use crate::server_stop::ServerStop;
use crate::up::{self, UpArgs};

/// What the program was called as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    /// `klamm`, whatever the file is called.
    Klamm,
    /// A link with the name of one of Kafka's scripts.
    Script,
}

/// A command line, taken apart.
struct Line {
    caller: Caller,
    /// The subcommand, where one is given.
    command: Option<String>,
    /// The subcommand as usage texts show it, then what follows it.
    arguments: Vec<OsString>,
}

/// Runs what `arguments` say, the program's name first. Its exit code.
pub fn main(arguments: Vec<OsString>) -> u8 {
    let line = take_apart(arguments);
    let code = run(&line);
    match (line.caller, code) {
        (Caller::Script, 2) => 1,
        (Caller::Script | Caller::Klamm, code) => code,
    }
}

fn take_apart(arguments: Vec<OsString>) -> Line {
    let mut arguments = arguments.into_iter();
    let program = arguments.next().unwrap_or_default();
    let name = Path::new(&program).file_name().and_then(OsStr::to_str).unwrap_or_default();
    let script = name.strip_suffix(".sh").unwrap_or(name).strip_prefix("kafka-");
    match script {
        Some(script) => Line {
            caller: Caller::Script,
            command: Some(script.to_owned()),
            arguments: std::iter::once(OsString::from(name)).chain(arguments).collect(),
        },
        None => {
            let command = arguments.next().map(|command| command.to_string_lossy().into_owned());
            let shown = format!("klamm {}", command.as_deref().unwrap_or_default());
            let arguments = std::iter::once(OsString::from(shown)).chain(arguments).collect();
            Line { caller: Caller::Klamm, command, arguments }
        }
    }
}

fn run(line: &Line) -> u8 {
    let Some(name) = &line.command else { return help_of_all() };
    if let Some(tool) = find_tool(name) {
        return run_tool(tool, line.arguments.clone());
    }
    match name.as_str() {
        "server-start" => run_server_start(&line.arguments),
        "server-stop" => run_own("server-stop", line.arguments.clone(), |stop: ServerStop| stop.run()),
        "up" => run_own("up", line.arguments.clone(), |up: UpArgs| up::run(&up)),
        "make-links" => run_own("make-links", line.arguments.clone(), |links: MakeLinks| links.run()),
        "pod-prepare" => run_own("pod-prepare", line.arguments.clone(), |prepare: PodPrepare| prepare.run()),
        "run-class" => run_class(&line.arguments),
        "completion" => complete(&line.arguments),
        "help" => help_of_all(),
        _ => match command_of_all().try_get_matches_from(["klamm", name]) {
            Ok(_) => help_of_all(),
            Err(error) => show(&error),
        },
    }
}

fn run_tool(tool: &ToolEntry, arguments: Vec<OsString>) -> u8 {
    let stdout = io::stdout();
    // A person sees each line at once; a pipe or file gets large pieces.
    let mut out: Box<dyn Write> = if stdout.is_terminal() {
        Box::new(LineWriter::new(stdout.lock()))
    } else {
        Box::new(BufWriter::with_capacity(64 << 10, stdout.lock()))
    };
    let mut err = io::stderr();
    execute(tool, arguments, &mut Terminal { out: &mut out, err: &mut err })
}

fn run_class(arguments: &[OsString]) -> u8 {
    let class = arguments.get(1).and_then(|class| class.to_str());
    match class.and_then(find_class) {
        Some(tool) => run_tool(tool, arguments[1..].to_vec()),
        None => {
            let class = class.unwrap_or_default();
            eprintln!("{class:?} is no class of a tool. There are:");
            let classes = TOOLS.iter().flat_map(|tool| tool.classes);
            classes.for_each(|class| eprintln!("  {class}"));
            2
        }
    }
}

fn run_server_start(arguments: &[OsString]) -> u8 {
    // Kafka's script takes `-daemon`, where clap would read five letters.
    let spelt = arguments.iter().map(|argument| match argument.to_str() {
        Some("-daemon") => OsString::from("--daemon"),
        Some(_) | None => argument.clone(),
    });
    run_own("server-start", spelt.collect(), ServerStart::run)
}

/// Runs a command of the binary's own.
fn run_own<T: clap::Args>(
    name: &'static str,
    arguments: Vec<OsString>,
    run: impl FnOnce(T) -> anyhow::Result<()>,
) -> u8 {
    let parsed = command::<T>(name).try_get_matches_from(arguments);
    match parsed.and_then(|matches| T::from_arg_matches(&matches)) {
        Ok(command) => report(run(command)),
        Err(error) => show(&error),
    }
}

fn complete(arguments: &[OsString]) -> u8 {
    match completion().try_get_matches_from(arguments) {
        Ok(matches) => {
            let shell = *matches.get_one::<Shell>("shell").expect("it is required");
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command_of_all(), "klamm", &mut script);
            report(io::stdout().write_all(&script).map_err(anyhow::Error::from))
        }
        Err(error) => show(&error),
    }
}

fn completion() -> Command {
    let shell = clap::Arg::new("shell").required(true).value_parser(value_parser!(Shell));
    Command::new("completion").about("Print the completion script of a shell").arg(shell)
}

fn command<T: clap::Args>(name: &'static str) -> Command {
    T::augment_args(Command::new(name))
}

fn command_of_all() -> Command {
    let run_class = Command::new("run-class").about("Run a tool by the name of its Java class");
    Command::new("klamm")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Apache Kafka's broker, controller and tools in one binary")
        .subcommand_required(true)
        .subcommand(command::<ServerStart>("server-start").about("Run a node"))
        .subcommand(command::<ServerStop>("server-stop").about("Stop the nodes that run on this machine"))
        .subcommand(command::<UpArgs>("up").about("Run the cluster of a manifest as local processes"))
        .subcommand(command::<PodPrepare>("pod-prepare").hide(true))
        .subcommand(command::<MakeLinks>("make-links").hide(true))
        .subcommands(TOOLS.iter().map(|tool| (tool.options)(tool.name)))
        .subcommand(run_class)
        .subcommand(completion())
}

fn help_of_all() -> u8 {
    let help = command_of_all().render_help();
    report(write!(io::stdout(), "{}", help.ansi()).map_err(anyhow::Error::from))
}

/// Shows what clap says: an error, or the help that was asked for.
fn show(error: &clap::Error) -> u8 {
    // Nothing is left to be done if the terminal is gone.
    let _ = error.print();
    if error.use_stderr() { 2 } else { 0 }
}

fn report(result: anyhow::Result<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("{error:#}");
            1
        }
    }
}

#[cfg(test)]
#[path = "cli_docs_tests.rs"]
mod docs_tests;

#[cfg(test)]
mod tests {
    use super::*;

    fn line(arguments: &[&str]) -> (Caller, Option<String>, Vec<OsString>) {
        let line = take_apart(arguments.iter().map(OsString::from).collect());
        (line.caller, line.command, line.arguments)
    }

    #[test]
    fn a_link_with_a_scripts_name_is_that_tool() {
        for name in ["/opt/bin/kafka-topics.sh", "kafka-topics"] {
            let (caller, command, arguments) = line(&[name, "--list"]);
            assert_eq!((caller, command.as_deref()), (Caller::Script, Some("topics")));
            assert_eq!(arguments[1..], ["--list"]);
        }
    }

    #[test]
    fn the_binary_takes_a_subcommand() {
        let (caller, command, arguments) = line(&["/usr/bin/klamm", "topics", "--list"]);
        assert_eq!((caller, command.as_deref()), (Caller::Klamm, Some("topics")));
        assert_eq!(arguments, ["klamm topics", "--list"]);
    }

    #[test]
    fn every_command_line_is_consistent() {
        command_of_all().debug_assert();
    }

    #[test]
    fn wrong_calls_end_with_2_and_through_a_script_with_1() {
        assert_eq!(main(vec!["klamm".into(), "storage".into(), "--no-such-option".into()]), 2);
        assert_eq!(main(vec!["kafka-storage.sh".into(), "--no-such-option".into()]), 1);
        assert_eq!(main(vec!["klamm".into(), "no-such-command".into()]), 2);
    }
}
