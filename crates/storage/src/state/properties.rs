//! Java's properties format, as far as `meta.properties` needs it: writing with its escapes,
//! reading all of it.

use std::collections::BTreeMap;

/// One `key=value` line with Java's escapes.
pub(super) fn encode_line(key: &str, value: &str) -> String {
    format!("{}={}\n", escape(key, Spaces::All), escape(value, Spaces::Leading))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spaces {
    All,
    Leading,
}

fn escape(text: &str, spaces: Spaces) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            ' ' if at == 0 || spaces == Spaces::All => escaped.push_str("\\ "),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\u{c}' => escaped.push_str("\\f"),
            '=' | ':' | '#' | '!' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Reads a properties file: comments, continued lines, escapes, `=`, `:` or blanks between key and
/// value; the last of equal keys wins.
pub(super) fn decode(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut properties = BTreeMap::new();
    let mut lines = text.split(['\n', '\r']);
    while let Some(line) = lines.next() {
        let line = line.trim_start_matches(BLANKS);
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = line.to_owned();
        while ends_continued(&logical) {
            logical.pop();
            let Some(next) = lines.next() else { break };
            logical.push_str(next.trim_start_matches(BLANKS));
        }
        let (key, value) = split(&logical);
        properties.insert(unescape(key)?, unescape(value)?);
    }
    Ok(properties)
}

const BLANKS: [char; 3] = [' ', '\t', '\u{c}'];

fn ends_continued(line: &str) -> bool {
    line.bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// Splits at the first separator that is not escaped.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|character: char| {
        let ends = !escaped && (matches!(character, '=' | ':') || BLANKS.contains(&character));
        escaped = character == '\\' && !escaped;
        ends
    });
    let Some(end) = end else { return (line, "") };
    let rest = line[end..].trim_start_matches(BLANKS);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (&line[..end], rest.trim_start_matches(BLANKS))
}

fn unescape(text: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\u{c}'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
                let character = code.and_then(char::from_u32);
                plain.push(character.ok_or_else(|| format!("malformed \\u{digits}"))?);
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn javas_escapes_round_trip() {
        let value = " a b=c:#!\\é\tx";
        let line = encode_line("cluster.id", value);
        assert_eq!(line, "cluster.id=\\ a b\\=c\\:\\#\\!\\\\é\\tx\n");
        assert_eq!(decode(&line).unwrap()["cluster.id"], value);
    }

    #[test]
    fn all_of_the_format_is_read() {
        let text = "# c\n! c\r\n  a = 1\nb:2\nc 3\nlong = x\\\n   y\\\n   z\nempty\nu=\\u0041\nk\\ ey=v\n";
        let properties = decode(text).unwrap();
        let expected =
            [("a", "1"), ("b", "2"), ("c", "3"), ("empty", ""), ("k ey", "v"), ("long", "xyz"), ("u", "A")];
        let found: Vec<_> = properties.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(found, expected);
        assert!(decode("a=\\u00g0").is_err());
    }
}
