//! The syntax of Java's properties files (`java.util.Properties.load`).

/// `\u` that four hexadecimal digits do not follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Malformed \\uxxxx encoding.")]
pub struct MalformedEscape;

/// Reads a file's bytes, each of which is one character: Java reads properties files as Latin-1.
/// Later settings of a key come later.
pub fn parse_latin1(bytes: &[u8]) -> Result<Vec<(String, String)>, MalformedEscape> {
    parse(&bytes.iter().map(|byte| char::from(*byte)).collect::<Vec<char>>())
}

/// Reads text in the syntax of a properties file.
pub fn parse_text(text: &str) -> Result<Vec<(String, String)>, MalformedEscape> {
    parse(&text.chars().collect::<Vec<char>>())
}

fn parse(text: &[char]) -> Result<Vec<(String, String)>, MalformedEscape> {
    logical_lines(text).iter().map(|line| setting(line)).collect()
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{c}')
}

/// Joins lines that end in an odd number of backslashes with what follows them; drops comments,
/// empty lines and the white space a line begins with.
fn logical_lines(text: &[char]) -> Vec<Vec<char>> {
    let mut lines = Vec::new();
    let mut pending: Vec<char> = Vec::new();
    for natural in text.split(|c| matches!(c, '\n' | '\r')).zip(line_starts(text)) {
        let (line, begins) = natural;
        if begins == LineStart::WithinBreak {
            continue;
        }
        let start = line.iter().position(|c| !is_blank(*c)).unwrap_or(line.len());
        let line = &line[start..];
        if pending.is_empty() && matches!(line.first(), None | Some('#' | '!')) {
            continue;
        }
        pending.extend(line);
        let backslashes = line.iter().rev().take_while(|c| **c == '\\').count();
        if backslashes % 2 == 1 {
            pending.pop();
        } else {
            lines.push(std::mem::take(&mut pending));
        }
    }
    if !pending.is_empty() {
        lines.push(pending);
    }
    lines
}

/// What stands before a natural line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineStart {
    /// The start of the text or a line break.
    AfterBreak,
    /// The `\r` of `\r\n`: the empty line between the two is none.
    WithinBreak,
}

fn line_starts(text: &[char]) -> impl Iterator<Item = LineStart> {
    let breaks = text.iter().enumerate().filter(|(_, c)| matches!(c, '\n' | '\r'));
    let within = |at: usize| at > 0 && text[at] == '\n' && text[at - 1] == '\r';
    let ends =
        breaks.map(move |(at, _)| if within(at) { LineStart::WithinBreak } else { LineStart::AfterBreak });
    ends.chain([LineStart::AfterBreak])
}

/// Splits a logical line at the first `=`, `:` or white space that no backslash protects.
fn setting(line: &[char]) -> Result<(String, String), MalformedEscape> {
    let mut key_end = 0;
    while key_end < line.len() && !is_blank(line[key_end]) && !matches!(line[key_end], '=' | ':') {
        key_end += if line[key_end] == '\\' { 2 } else { 1 };
    }
    let key_end = key_end.min(line.len());
    let mut value_start = key_end;
    let mut separator_seen = false;
    while value_start < line.len() {
        match line[value_start] {
            '=' | ':' if !separator_seen => separator_seen = true,
            c if is_blank(c) => {}
            _ => break,
        }
        value_start += 1;
    }
    Ok((unescape(&line[..key_end])?, unescape(&line[value_start..])?))
}

fn unescape(text: &[char]) -> Result<String, MalformedEscape> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(c) = rest.next() {
        let unescaped = match c {
            '\\' => match rest.next() {
                None => break,
                Some('u') => {
                    units.push(unit(&mut rest)?);
                    continue;
                }
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('f') => '\u{c}',
                Some(other) => other,
            },
            other => other,
        };
        units.extend_from_slice(unescaped.encode_utf16(&mut [0; 2]));
    }
    Ok(String::from_utf16_lossy(&units))
}

/// The UTF-16 unit of the four digits after `\u`.
fn unit(digits: &mut impl Iterator<Item = char>) -> Result<u16, MalformedEscape> {
    let mut unit = 0;
    for _ in 0..4 {
        let digit = digits.next().and_then(|c| c.to_digit(16)).ok_or(MalformedEscape)?;
        unit = unit * 16 + digit;
    }
    u16::try_from(unit).map_err(|_| MalformedEscape)
}
