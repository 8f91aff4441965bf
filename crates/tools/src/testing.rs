//! Runs a tool as the binary does, with its output kept.

use crate::tool::{Terminal, execute};

/// What a run left.
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `arguments`, the first of which is the tool's name.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut terminal = Terminal { out: &mut out, err: &mut err };
    let entry = crate::find_tool(arguments[0]).expect("a tool's name");
    let arguments = arguments.iter().map(std::ffi::OsString::from);
    let code = execute(entry, arguments.collect(), &mut terminal);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("tools print text");
    Ran { code, out: text(out), err: text(err) }
}
