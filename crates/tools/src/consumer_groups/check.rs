//! Which options of `kafka-consumer-groups` go together.

use crate::options::{Given, bracketed};
use crate::tool::{Terminal, ToolError, ToolResult};

/// Where offsets can be reset to.
pub(super) const SCENARIOS: [&str; 8] = [
    "to-offset",
    "to-datetime",
    "by-duration",
    "to-earliest",
    "to-latest",
    "to-current",
    "shift-by",
    "from-file",
];

/// Refuses a line whose parts do not fit.
pub(super) fn check(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    if !given.has("validate-regex") {
        given.require(&["bootstrap-server"])?;
    }
    let needs_groups = |action: &str| {
        if given.has(action) && given.count(&["group", "all-groups"]) == 0 {
            return Err(ToolError::Usage(format!(
                "Option [{action}] takes one of these options: {}",
                bracketed(&["group", "all-groups"])
            )));
        }
        Ok(())
    };
    needs_groups("describe")?;
    if given.has("describe") {
        check_describe(given)?;
    }
    needs_groups("delete")?;
    if given.has("delete") && given.has("topic") {
        return Err(ToolError::usage(
            "The consumer does not support topic-specific offset deletion from a consumer group.",
        ));
    }
    if given.has("delete-offsets") && given.count(&["group", "topic"]) != 2 {
        return Err(ToolError::Usage(format!(
            "Option [delete-offsets] takes the following options: {}",
            bracketed(&["group", "topic"])
        )));
    }
    if given.has("reset-offsets") {
        check_reset(given, terminal)?;
        needs_groups("reset-offsets")?;
        for scenario in SCENARIOS {
            let others: Vec<&str> = SCENARIOS.into_iter().filter(|other| *other != scenario).collect();
            given.exclude(scenario, &others)?;
        }
    }
    given.exclude("group", &["all-groups"])?;
    given.exclude("group", &["list"])?;
    given.exclude("topic", &["list", "describe"])
}

fn check_describe(given: &Given) -> ToolResult {
    let views = ["members", "offsets", "state"];
    if given.count(&views) > 1 {
        return Err(ToolError::Usage(format!(
            "Option [describe] takes at most one of these options: {}",
            bracketed(&views)
        )));
    }
    if given.value("state")?.is_some() {
        return Err(ToolError::usage("Option [describe] does not take a value for [state]"));
    }
    Ok(())
}

fn check_reset(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
    match given.count(&["dry-run", "execute"]) {
        0 => writeln!(
            terminal.err,
            "WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will \
             require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if \
             you are scripting this command and want to keep the current default behavior without prompting."
        )?,
        1 => {}
        _ => {
            return Err(ToolError::usage(
                "Option [reset-offsets] only accepts one of [execute] and [dry-run]",
            ));
        }
    }
    Ok(())
}
