//! The common form of Kafka's checkpoint files: a version line, a count line, one entry per line.

use std::fmt::{Display, Write};

const VERSION: &str = "0";

/// Writes a checkpoint file's content.
pub(super) fn encode<T>(entries: &[T], line: impl Fn(&T) -> String) -> Vec<u8> {
    let mut text = String::with_capacity(16 + entries.len() * 24);
    write_line(&mut text, VERSION);
    write_line(&mut text, entries.len());
    for entry in entries {
        write_line(&mut text, line(entry));
    }
    text.into_bytes()
}

fn write_line(text: &mut String, line: impl Display) {
    writeln!(text, "{line}").expect("a string takes all it is given");
}

/// Reads a checkpoint file; an empty file has no entries (Kafka makes it before it first writes).
/// `parse` gets the fields of a line.
pub(super) fn decode<T>(content: &[u8], parse: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>, String> {
    let text = std::str::from_utf8(content).map_err(|_| "not UTF-8".to_owned())?;
    let mut lines = text.lines();
    let Some(version) = lines.next() else { return Ok(Vec::new()) };
    if version != VERSION {
        return Err(format!("version \"{}\", only 0 is known", shorten(version)));
    }
    let Some(count) = lines.next() else { return Ok(Vec::new()) };
    let count: usize = count.parse().map_err(|_| format!("\"{}\" is no count", shorten(count)))?;
    let mut entries = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        entries.push(parse(&fields).ok_or_else(|| format!("bad line \"{}\"", shorten(line)))?);
    }
    if entries.len() != count {
        return Err(format!("{} entries, {count} announced", entries.len()));
    }
    Ok(entries)
}

fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}
