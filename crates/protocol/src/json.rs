//! Messages as JSON, letter for letter as Kafka's converters write them: what the dump tools and the request
//! log print.
//!
//! Names start with a small letter; fields that the version lacks and tagged fields at their default are left
//! out; uuids are in their text form, bytes in base64; of records only the size is told.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use klamm_model::Uuid;

use crate::codec::{Records, Str};

/// A value with a JSON form.
pub trait ToJson {
    /// Appends the value as it is at `version`.
    fn write_json(&self, out: &mut String, version: i16);

    /// The value as it is at `version`.
    fn to_json(&self, version: i16) -> String {
        let mut out = String::new();
        self.write_json(&mut out, version);
        out
    }
}

/// An object that is being written.
#[derive(Debug)]
pub struct Object<'a> {
    out: &'a mut String,
    separator: char,
}

impl<'a> Object<'a> {
    /// Opens the brace.
    pub fn begin(out: &'a mut String) -> Object<'a> {
        Object { out, separator: '{' }
    }

    fn name(&mut self, name: &str) {
        self.out.push(self.separator);
        self.separator = ',';
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// Appends a field.
    pub fn field<T: ToJson>(&mut self, name: &str, value: &T, version: i16) {
        self.name(name);
        value.write_json(self.out, version);
    }

    /// Appends the size of records under a name of its own.
    pub fn records(&mut self, name: &str, records: &Option<Records>) {
        match records {
            Some(records) => {
                self.name(&format!("{name}SizeInBytes"));
                append(self.out, records.len());
            }
            None => {
                self.name(name);
                self.out.push_str("null");
            }
        }
    }

    /// Closes the brace.
    pub fn end(self) {
        if self.separator == '{' {
            self.out.push('{');
        }
        self.out.push('}');
    }
}

fn append(out: &mut String, value: impl std::fmt::Display) {
    write!(out, "{value}").expect("strings take all");
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl ToJson for $type {
            fn write_json(&self, out: &mut String, _: i16) {
                append(out, self);
            }
        }
    )*};
}

plain!(bool, i8, i16, u16, i32, u32, i64);

impl ToJson for f64 {
    /// As Java prints doubles: a fraction always, an exponent from ten million and below a thousandth.
    fn write_json(&self, out: &mut String, _: i16) {
        let magnitude = self.abs();
        if self.is_nan() {
            out.push_str("\"NaN\"");
        } else if self.is_infinite() {
            out.push_str(if *self > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" });
        } else if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
            write!(out, "{self:?}").expect("strings take all");
        } else {
            let text = format!("{self:e}");
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let fraction = if digits.contains('.') { "" } else { ".0" };
            write!(out, "{digits}{fraction}E{exponent}").expect("strings take all");
        }
    }
}

impl ToJson for Uuid {
    fn write_json(&self, out: &mut String, _: i16) {
        write!(out, "\"{self}\"").expect("strings take all");
    }
}

impl ToJson for Bytes {
    fn write_json(&self, out: &mut String, _: i16) {
        out.push('"');
        STANDARD.encode_string(self, out);
        out.push('"');
    }
}

impl ToJson for Str {
    fn write_json(&self, out: &mut String, _: i16) {
        out.push('"');
        for letter in self.chars() {
            match letter {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0'..='\u{1f}' => write!(out, "\\u{:04X}", letter as u32).expect("strings take all"),
                _ => out.push(letter),
            }
        }
        out.push('"');
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write_json(&self, out: &mut String, version: i16) {
        match self {
            Some(value) => value.write_json(out, version),
            None => out.push_str("null"),
        }
    }
}

impl<T: ToJson> ToJson for Box<T> {
    fn write_json(&self, out: &mut String, version: i16) {
        self.as_ref().write_json(out, version);
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, out: &mut String, version: i16) {
        out.push('[');
        for (index, value) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            value.write_json(out, version);
        }
        out.push(']');
    }
}
