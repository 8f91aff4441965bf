//! One value: reading it from text as Kafka does, and printing it as Kafka does.

use std::fmt;

use crate::error::ConfigError;
use crate::java;
use crate::key::{ConfigKey, DefaultValue, Kind};

/// Text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// A parsed value. Displays as Java's `String.valueOf`, which error messages quote.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Of [`Kind::Boolean`].
    Boolean(bool),
    /// Of [`Kind::Int`].
    Int(i32),
    /// Of [`Kind::Short`].
    Short(i16),
    /// Of [`Kind::Long`].
    Long(i64),
    /// Of [`Kind::Double`].
    Double(f64),
    /// Of [`Kind::String`] and [`Kind::Class`].
    Text(String),
    /// Of [`Kind::List`].
    List(Vec<String>),
    /// Of [`Kind::Password`].
    Password(Secret),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Boolean(value) => value.fmt(f),
            Value::Int(value) => value.fmt(f),
            Value::Short(value) => value.fmt(f),
            Value::Long(value) => value.fmt(f),
            Value::Double(value) => f.write_str(&java::double_to_string(*value)),
            Value::Text(value) => f.write_str(value),
            Value::List(value) => f.write_str(&java::list_to_string(value)),
            Value::Password(value) => value.fmt(f),
        }
    }
}

impl Value {
    /// The value as files and responses show it; `None` for null. Lists are joined by commas.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Value::Null => None,
            Value::List(items) => Some(items.join(",")),
            other => Some(other.to_string()),
        }
    }

    /// The text of a String or Class.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a List.
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// A Boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number of any width.
    pub fn as_long(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(i64::from(*value)),
            Value::Short(value) => Some(i64::from(*value)),
            Value::Long(value) => Some(*value),
            _ => None,
        }
    }

    /// Any number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Double(value) => Some(*value),
            other => other.as_long().map(|value| value as f64),
        }
    }
}

/// Reads `text` as a value of `kind`; `key` is named in the error. Rules are not checked.
pub fn parse_type(key: &str, text: &str, kind: Kind) -> Result<Value, ConfigError> {
    let trimmed = java::trim(text);
    let not_a_number = || ConfigError::invalid(key, text, format!("Not a number of type {}", kind.name()));
    match kind {
        Kind::Boolean if trimmed.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
        Kind::Boolean if trimmed.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
        Kind::Boolean => Err(ConfigError::invalid(key, text, "Expected value to be either true or false")),
        Kind::String | Kind::Class => Ok(Value::Text(trimmed.to_owned())),
        Kind::Password => Ok(Value::Password(Secret(trimmed.to_owned()))),
        Kind::Int => trimmed.parse().map(Value::Int).map_err(|_| not_a_number()),
        Kind::Short => trimmed.parse().map(Value::Short).map_err(|_| not_a_number()),
        Kind::Long => trimmed.parse().map(Value::Long).map_err(|_| not_a_number()),
        Kind::Double => java::parse_double(trimmed).map(Value::Double).ok_or_else(not_a_number),
        Kind::List => Ok(Value::List(parse_list(trimmed))),
    }
}

fn parse_list(trimmed: &str) -> Vec<String> {
    if trimmed.is_empty() {
        return Vec::new();
    }
    java::split_commas(trimmed).into_iter().map(str::to_owned).collect()
}

impl DefaultValue {
    /// The default as a value of `kind`; `None` where there is none.
    pub fn value(self, kind: Kind) -> Option<Value> {
        match self {
            DefaultValue::Required => None,
            DefaultValue::Null => Some(Value::Null),
            DefaultValue::Boolean(value) => Some(Value::Boolean(value)),
            DefaultValue::Int(value) => Some(Value::Int(value)),
            DefaultValue::Short(value) => Some(Value::Short(value)),
            DefaultValue::Long(value) => Some(Value::Long(value)),
            DefaultValue::Double(value) => Some(Value::Double(value)),
            DefaultValue::Text(text) if kind == Kind::List => Some(Value::List(parse_list(text))),
            DefaultValue::Text(text) => Some(Value::Text(text.to_owned())),
        }
    }
}

impl ConfigKey {
    /// Reads and checks a value that somebody set.
    pub fn parse(&self, text: &str) -> Result<Value, ConfigError> {
        let mut value = parse_type(self.name, text, self.kind)?;
        if let Value::List(items) = &mut value
            && self.rule.removes_duplicates()
        {
            remove_duplicates(items);
        }
        self.rule.check(self.name, &value)?;
        Ok(value)
    }

    /// The value of `set`, or the default where nobody set one.
    pub fn parse_or_default(&self, set: Option<&str>) -> Result<Value, ConfigError> {
        match set {
            Some(text) => self.parse(text),
            None => self.default_value().ok_or_else(|| ConfigError::Missing { key: self.name.to_owned() }),
        }
    }

    /// The default; `None` where there is none.
    pub fn default_value(&self) -> Option<Value> {
        self.default.value(self.kind)
    }

    /// The default as files show it; `None` for null and where there is none.
    pub fn default_text(&self) -> Option<String> {
        self.default_value().and_then(|value| value.to_text())
    }
}

fn remove_duplicates(items: &mut Vec<String>) {
    let mut kept: Vec<String> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *items = kept;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn error(kind: Kind, text: &str) -> String {
        parse_type("k", text, kind).unwrap_err().to_string()
    }

    #[test]
    fn errors_quote_the_value_untrimmed() {
        assert_eq!(
            error(Kind::Int, " x "),
            "Invalid value  x  for configuration k: Not a number of type INT"
        );
        assert_eq!(
            error(Kind::Boolean, "yes"),
            "Invalid value yes for configuration k: Expected value to be either true or false"
        );
    }

    #[test]
    fn numbers_must_fit_their_type() {
        assert_eq!(parse_type("k", " +7\n", Kind::Short), Ok(Value::Short(7)));
        assert!(parse_type("k", "32768", Kind::Short).is_err());
        assert!(parse_type("k", "2147483648", Kind::Int).is_err());
        assert_eq!(parse_type("k", "2147483648", Kind::Long), Ok(Value::Long(1 << 31)));
    }

    #[test]
    fn lists_are_trimmed_around_commas_and_keep_empty_elements() {
        let list = |text| parse_type("k", text, Kind::List).unwrap().to_string();
        assert_eq!(list(" a , b,c "), "[a, b, c]");
        assert_eq!(list("a,,"), "[a, , ]");
        assert_eq!(list("  "), "[]");
    }

    #[test]
    fn passwords_are_never_printed() {
        let value = parse_type("k", "hunter2", Kind::Password).unwrap();
        assert_eq!(
            format!("{value} {value:?} {:?}", value.to_text()),
            "[hidden] Password([hidden]) Some(\"[hidden]\")"
        );
    }
}
