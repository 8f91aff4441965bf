//! What every tool is: options, a run, and how it ends.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, Command};

use crate::options::KAFKA_VERSION;
use crate::table::ToolEntry;

/// Where a tool prints.
pub struct Terminal<'a> {
    /// Standard output: what was asked for.
    pub out: &'a mut dyn Write,
    /// Standard error: what else there is to say.
    pub err: &'a mut dyn Write,
}

/// Why a tool did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// The options do not go together; the usage follows.
    #[error("{0}")]
    Usage(String),
    /// What was asked for cannot be done.
    #[error("{0}")]
    Failed(String),
    /// All is said already, on the terminal; the exit code still tells.
    #[error("failed")]
    Silent,
    /// The terminal, or a file written to, failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl ToolError {
    /// A failure in the words of `reason`.
    pub fn failed(reason: impl ToString) -> ToolError {
        ToolError::Failed(reason.to_string())
    }

    /// A wrong use in the words of `reason`.
    pub fn usage(reason: impl ToString) -> ToolError {
        ToolError::Usage(reason.to_string())
    }
}

/// End of a tool.
pub type ToolResult = Result<(), ToolError>;

/// The options of a tool, which run it.
pub(crate) trait Tool: Args {
    /// One sentence for the help.
    const ABOUT: &'static str;

    /// Does it. Blocks until it is done.
    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult;
}

/// Options of `T`, with the liberties of Kafka's parsers: abbreviated names, values that begin
/// with a dash.
pub(crate) fn options<T: Tool>(name: &'static str) -> Command {
    let command = T::augment_args(Command::new(name)).about(T::ABOUT).infer_long_args(true);
    let version = Arg::new("version").long("version").action(ArgAction::Version);
    let version = version.help("Print the release of Kafka whose tool this is");
    with_dashed_values(command.version(KAFKA_VERSION).disable_version_flag(true).arg(version))
}

fn with_dashed_values(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let one_value =
            arg.get_action().takes_values() && arg.get_num_args().is_none() && !arg.is_positional();
        if one_value { arg.allow_hyphen_values(true) } else { arg }
    });
    command.mut_subcommands(|subcommand| with_dashed_values(subcommand).infer_long_args(true))
}

/// Parses `arguments`, the first of which is how the tool was called, and runs `T`. The exit code.
pub(crate) fn run<T: Tool>(name: &'static str, arguments: Vec<OsString>, terminal: &mut Terminal<'_>) -> u8 {
    let mut command = options::<T>(name);
    let arguments = with_long_options(arguments, &command);
    let parsed = command.try_get_matches_from_mut(arguments);
    let ended = match parsed {
        Ok(matches) => {
            T::from_arg_matches(&matches).map_err(ToolError::usage).and_then(|tool| tool.run(terminal))
        }
        Err(error) => return show_parse_error(&error, terminal),
    };
    end(ended, &mut command, terminal)
}

/// Runs the tool of `entry` on `arguments`, the first of which is how the tool was called. The exit
/// code: 0 done, 1 failed, 2 called wrongly.
pub fn execute(entry: &ToolEntry, arguments: Vec<OsString>, terminal: &mut Terminal<'_>) -> u8 {
    (entry.run)(entry.name, arguments, terminal)
}

/// Says how a tool ended. The exit code.
pub(crate) fn end(ended: ToolResult, command: &mut Command, terminal: &mut Terminal<'_>) -> u8 {
    let flushed = terminal.out.flush().map_err(ToolError::Io);
    match ended.and(flushed) {
        Ok(()) => 0,
        // The reader of a pipe has seen enough, as `head` does.
        Err(ToolError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(ToolError::Silent) => 1,
        Err(ToolError::Usage(reason)) => {
            // Nothing is left to be done if standard error is closed as well.
            let _ = writeln!(terminal.err, "{reason}\n\n{}", command.render_usage());
            2
        }
        Err(error @ (ToolError::Failed(_) | ToolError::Io(_))) => {
            let _ = writeln!(terminal.err, "{error}");
            1
        }
    }
}

fn show_parse_error(error: &clap::Error, terminal: &mut Terminal<'_>) -> u8 {
    if error.kind() == ErrorKind::DisplayVersion {
        // Nothing is left to be done if the terminal is gone.
        let _ = writeln!(terminal.out, "{KAFKA_VERSION}").and_then(|()| terminal.out.flush());
        return 0;
    }
    let colors = error.use_stderr() && io::stderr().is_terminal();
    let text = error.render();
    let stream: &mut dyn Write = if error.use_stderr() { &mut *terminal.err } else { &mut *terminal.out };
    let _ = if colors { write!(stream, "{}", text.ansi()) } else { write!(stream, "{text}") };
    let _ = stream.flush();
    if error.use_stderr() { 2 } else { 0 }
}

/// Kafka's parser also takes the long names after a single dash.
fn with_long_options(arguments: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let lengthen = |argument: OsString| {
        let Some(text) = argument.to_str() else { return argument };
        let name = text.strip_prefix('-').unwrap_or_default();
        let name = name.split('=').next().unwrap_or_default();
        let known = name.len() > 1 && command.get_arguments().any(|arg| arg.get_long() == Some(name));
        if known { OsString::from(format!("-{text}")) } else { argument }
    };
    arguments.into_iter().map(lengthen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_tells_kafkas_release_and_needs_nothing_else_for_it() {
        for tool in crate::table::TOOLS {
            if (tool.options)(tool.name).get_subcommands().next().is_some() && tool.name != "storage" {
                continue;
            }
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut terminal = Terminal { out: &mut out, err: &mut err };
            let line = vec![OsString::from(format!("klamm {}", tool.name)), OsString::from("--version")];
            let code = execute(tool, line, &mut terminal);
            assert_eq!((code, String::from_utf8_lossy(&out).as_ref()), (0, "4.4.0\n"), "{}", tool.name);
        }
    }
}
