//! Bytes as text, as Kafka's deserializers read them and Java prints what they read.

use crate::tool::ToolError;

/// A deserializer that Kafka brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deserializer {
    Text,
    Bytes,
    Short,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Uuid,
    Void,
}

impl Deserializer {
    /// By the name of Kafka's class, with or without its package.
    pub(super) fn of_class(class: &str) -> Result<Deserializer, ToolError> {
        match class.trim().rsplit('.').next().unwrap_or_default() {
            "StringDeserializer" => Ok(Deserializer::Text),
            "BytesDeserializer" => Ok(Deserializer::Bytes),
            "ShortDeserializer" => Ok(Deserializer::Short),
            "IntegerDeserializer" => Ok(Deserializer::Integer),
            "LongDeserializer" => Ok(Deserializer::Long),
            "FloatDeserializer" => Ok(Deserializer::Float),
            "DoubleDeserializer" => Ok(Deserializer::Double),
            "BooleanDeserializer" => Ok(Deserializer::Boolean),
            "UUIDDeserializer" => Ok(Deserializer::Uuid),
            "VoidDeserializer" => Ok(Deserializer::Void),
            _ => Err(ToolError::failed(format!("there is no deserializer {class}"))),
        }
    }

    /// The text of `bytes`.
    pub(super) fn text(self, bytes: &[u8]) -> Result<Vec<u8>, ToolError> {
        let wrong = |name: &str, size: usize| {
            ToolError::failed(format!("Size of data received by {name}Deserializer is not {size}"))
        };
        let text = match self {
            Deserializer::Text => String::from_utf8_lossy(bytes).into_owned(),
            Deserializer::Bytes => escaped(bytes),
            Deserializer::Short => number(bytes, i16::from_be_bytes).ok_or_else(|| wrong("Short", 2))?,
            Deserializer::Integer => number(bytes, i32::from_be_bytes).ok_or_else(|| wrong("Integer", 4))?,
            Deserializer::Long => number(bytes, i64::from_be_bytes).ok_or_else(|| wrong("Long", 8))?,
            Deserializer::Float => {
                java_decimal(&number(bytes, f32::from_be_bytes).ok_or_else(|| wrong("Float", 4))?)
            }
            Deserializer::Double => {
                java_decimal(&number(bytes, f64::from_be_bytes).ok_or_else(|| wrong("Double", 8))?)
            }
            Deserializer::Boolean => match bytes {
                [0] => "false".to_owned(),
                [1] => "true".to_owned(),
                _ => return Err(wrong("Boolean", 1)),
            },
            Deserializer::Uuid => String::from_utf8_lossy(bytes).to_lowercase(),
            Deserializer::Void => {
                return Err(ToolError::failed("Data should be null for a VoidDeserializer."));
            }
        };
        Ok(text.into_bytes())
    }
}

fn number<const N: usize, T: ToString>(bytes: &[u8], read: fn([u8; N]) -> T) -> Option<String> {
    Some(read(bytes.try_into().ok()?).to_string())
}

/// Java always shows a decimal point.
fn java_decimal(text: &str) -> String {
    match text.contains(['.', 'N', 'i']) {
        true => text.replace("inf", "Infinity"),
        false => format!("{text}.0"),
    }
}

/// Printable ASCII as it is, all else as `\xNN`, as Kafka's `Bytes` prints itself.
fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\x5C"),
            0x20..=0x7e => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\x{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_have_their_size_and_bytes_show_what_is_not_printable() {
        let text = |class: &str, bytes: &[u8]| {
            Deserializer::of_class(class).unwrap().text(bytes).map(|text| String::from_utf8(text).unwrap())
        };
        assert_eq!(text("LongDeserializer", &[0xff; 8]).unwrap(), "-1");
        assert_eq!(
            text("org.apache.kafka.common.serialization.IntegerDeserializer", &[0, 0, 1, 0]).unwrap(),
            "256"
        );
        assert_eq!(text("DoubleDeserializer", &2.0_f64.to_be_bytes()).unwrap(), "2.0");
        assert_eq!(text("BytesDeserializer", b"a\\\n").unwrap(), "a\\x5C\\x0A");
        assert!(text("IntegerDeserializer", &[1]).is_err());
        assert!(Deserializer::of_class("com.example.Mine").is_err());
    }
}
