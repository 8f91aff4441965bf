//! Lines to records (Kafka: `LineMessageReader`). Pure.
//!
//! ```text
//! [headers <headers.delimiter>] [key <key.separator>] value
//! headers: name <headers.key.separator> value [<headers.separator> ...]
//! ```

use klamm_client::producer::{ProducerRecord, RecordHeader};
use klamm_config::Properties;
use regex::Regex;

use crate::tool::ToolError;

/// What to do with a line that lacks a separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// It ends the tool.
    Refused,
    /// The line has no key or headers then.
    Accepted,
}

/// Takes lines apart.
#[derive(Debug)]
pub(super) struct LineReader {
    topic: String,
    parse_key: bool,
    key_separator: String,
    parse_headers: bool,
    headers_delimiter: String,
    headers_separator: Regex,
    headers_key_separator: String,
    null_marker: Option<String>,
    missing: Missing,
    line_number: u64,
}

impl LineReader {
    /// A reader with Kafka's properties.
    pub(super) fn new(topic: &str, properties: &Properties) -> Result<LineReader, ToolError> {
        let is_true =
            |key| properties.get(key).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
        let text = |key, default: &str| properties.get(key).unwrap_or(default).to_owned();
        let headers_separator = text("headers.separator", ",");
        let reader = LineReader {
            topic: topic.to_owned(),
            parse_key: is_true("parse.key"),
            key_separator: text("key.separator", "\t"),
            parse_headers: is_true("parse.headers"),
            headers_delimiter: text("headers.delimiter", "\t"),
            headers_separator: Regex::new(&headers_separator).map_err(ToolError::failed)?,
            headers_key_separator: text("headers.key.separator", ":"),
            null_marker: properties.get("null.marker").map(str::to_owned),
            missing: if is_true("ignore.error") { Missing::Accepted } else { Missing::Refused },
            line_number: 0,
        };
        reader.check_distinct(&headers_separator)?;
        Ok(reader)
    }

    fn check_distinct(&self, headers_separator: &str) -> Result<(), ToolError> {
        let marker = self.null_marker.as_deref();
        let pairs = [
            (
                "headers.delimiter",
                "headers.separator",
                Some(headers_separator) == Some(&self.headers_delimiter),
            ),
            (
                "headers.delimiter",
                "headers.key.separator",
                self.headers_delimiter == self.headers_key_separator,
            ),
            ("headers.separator", "headers.key.separator", headers_separator == self.headers_key_separator),
            ("null.marker", "key.separator", marker == Some(&self.key_separator)),
            ("null.marker", "headers.separator", marker == Some(headers_separator)),
            ("null.marker", "headers.delimiter", marker == Some(&self.headers_delimiter)),
            ("null.marker", "headers.key.separator", marker == Some(&self.headers_key_separator)),
        ];
        match pairs.iter().find(|(.., equal)| *equal) {
            Some((one, other, _)) => Err(ToolError::failed(format!("{one} and {other} may not be equal"))),
            None => Ok(()),
        }
    }

    /// The record of the next line.
    pub(super) fn read(&mut self, line: &str) -> Result<ProducerRecord, ToolError> {
        self.line_number += 1;
        let (headers, rest) =
            self.cut(self.parse_headers, line, line, &self.headers_delimiter, "headers delimiter")?;
        let (key, value) = self.cut(self.parse_key, line, rest, &self.key_separator, "key separator")?;
        let bytes = |text: &str| (!self.is_null(text)).then(|| text.to_owned().into());
        let headers = match headers.filter(|headers| !self.is_null(headers)) {
            Some(headers) => self.headers(headers)?,
            None => Vec::new(),
        };
        Ok(ProducerRecord {
            topic: self.topic.as_str().into(),
            key: key.and_then(bytes),
            value: bytes(value),
            headers,
            ..ProducerRecord::default()
        })
    }

    fn is_null(&self, text: &str) -> bool {
        self.null_marker.as_deref() == Some(text)
    }

    /// What stands before `separator` in `rest`, and what after it.
    fn cut<'l>(
        &self,
        wanted: bool,
        line: &str,
        rest: &'l str,
        separator: &str,
        name: &str,
    ) -> Result<(Option<&'l str>, &'l str), ToolError> {
        if !wanted {
            return Ok((None, rest));
        }
        match (rest.split_once(separator), self.missing) {
            (Some((before, after)), _) => Ok((Some(before), after)),
            (None, Missing::Accepted) => Ok((None, rest)),
            (None, Missing::Refused) => {
                let number = self.line_number;
                Err(ToolError::failed(format!("No {name} found on line number {number}: '{line}'")))
            }
        }
    }

    fn headers(&self, text: &str) -> Result<Vec<RecordHeader>, ToolError> {
        let mut pairs: Vec<&str> = self.headers_separator.split(text).collect();
        // Java's split drops empty pieces at the end, unless nothing was split at all.
        while pairs.len() > 1 && pairs.last().is_some_and(|pair| pair.is_empty()) {
            pairs.pop();
        }
        pairs.into_iter().map(|pair| self.header(pair)).collect()
    }

    fn header(&self, pair: &str) -> Result<RecordHeader, ToolError> {
        let number = self.line_number;
        let Some((key, value)) = pair.split_once(&self.headers_key_separator) else {
            return match self.missing {
                Missing::Accepted => Ok(RecordHeader { key: pair.to_owned(), value: None }),
                Missing::Refused => Err(ToolError::failed(format!(
                    "No header key separator found in pair '{pair}' on line number {number}"
                ))),
            };
        };
        if self.is_null(key) {
            return Err(ToolError::failed(format!(
                "Header keys should not be equal to the null marker '{key}' as they can't be null"
            )));
        }
        let value = (!self.is_null(value)).then(|| value.to_owned().into());
        Ok(RecordHeader { key: key.to_owned(), value })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn reader(properties: &[(&str, &str)]) -> LineReader {
        LineReader::new("t", &Properties::from_iter(properties.iter().copied())).unwrap()
    }

    #[test]
    fn a_line_is_a_value_unless_keys_and_headers_are_asked_for() {
        let record = reader(&[]).read("a\tb").unwrap();
        assert_eq!((record.key, record.value.unwrap()), (None, "a\tb".into()));
        let mut both = reader(&[("parse.key", "true"), ("parse.headers", "TRUE ")]);
        let record = both.read("h1:v1,h2:\tkey\tvalue\tmore").unwrap();
        let header =
            |key: &str, value: &'static str| RecordHeader { key: key.to_owned(), value: Some(value.into()) };
        assert_eq!(record.headers, [header("h1", "v1"), header("h2", "")]);
        assert_eq!((record.key.unwrap(), record.value.unwrap()), ("key".into(), "value\tmore".into()));
    }

    #[test]
    fn the_null_marker_makes_nulls_of_fields() {
        let mut marked = reader(&[("parse.key", "true"), ("parse.headers", "true"), ("null.marker", "NULL")]);
        let record = marked.read("NULL\tNULL\tNULL").unwrap();
        assert_eq!((record.key, record.value, record.headers.len()), (None, None, 0));
        let record = marked.read("h:NULL\tk\tv").unwrap();
        assert_eq!(record.headers, [RecordHeader { key: "h".to_owned(), value: None }]);
        assert!(marked.read("NULL:v\tk\tv").is_err());
        let equal = Properties::from_iter([("null.marker", "\t")]);
        let error = LineReader::new("t", &equal).unwrap_err().to_string();
        assert_eq!(error, "null.marker and key.separator may not be equal");
    }

    #[test]
    fn a_missing_separator_ends_the_tool_unless_errors_are_ignored() {
        let mut strict = reader(&[("parse.key", "true")]);
        strict.read("k\tv").unwrap();
        let error = strict.read("no key").unwrap_err().to_string();
        assert_eq!(error, "No key separator found on line number 2: 'no key'");
        let mut lenient = reader(&[("parse.key", "true"), ("ignore.error", "true")]);
        let record = lenient.read("no key").unwrap();
        assert_eq!((record.key, record.value.unwrap()), (None, "no key".into()));
    }
}
