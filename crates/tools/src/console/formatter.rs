//! Records to text (Kafka: `DefaultMessageFormatter` and its siblings).
//!
//! The default form is what is asked for, in this order, with the key separator between and the line separator
//! after it: timestamp, partition, offset, delivery, epoch, headers, key, value.

use std::io::Write;

use klamm_client::ConsumerRecord;
use klamm_config::Properties;
use klamm_protocol::records::TimestampType;

use super::coordinator_records::CoordinatorRecords;
use super::deserializer::Deserializer;
use crate::tool::ToolError;

/// How records are shown.
#[derive(Debug)]
pub(super) enum Formatter {
    /// As text.
    Default(Text),
    /// As text, and logged.
    Logging(Text),
    /// Not at all.
    Nothing,
    /// As JSON of one of Kafka's own topics.
    Coordinator(CoordinatorRecords),
}

impl Formatter {
    /// By the name of Kafka's class, with or without its package. `err` is told of deserializers that are not known.
    pub(super) fn new(
        class: &str,
        properties: &Properties,
        err: &mut dyn Write,
    ) -> Result<Formatter, ToolError> {
        match class.rsplit('.').next().unwrap_or_default() {
            "DefaultMessageFormatter" => Text::new(properties, err).map(Formatter::Default),
            "LoggingMessageFormatter" => Text::new(properties, err).map(Formatter::Logging),
            "NoOpMessageFormatter" => Ok(Formatter::Nothing),
            "OffsetsMessageFormatter" => Ok(Formatter::Coordinator(CoordinatorRecords::Offsets)),
            "GroupMetadataMessageFormatter" => Ok(Formatter::Coordinator(CoordinatorRecords::GroupMetadata)),
            "TransactionLogMessageFormatter" => Ok(Formatter::Coordinator(CoordinatorRecords::Transactions)),
            "ShareGroupStateMessageFormatter" | "ShareGroupMessageFormatter" => {
                Ok(Formatter::Coordinator(CoordinatorRecords::ShareGroups))
            }
            _ => Err(ToolError::usage(class)),
        }
    }

    /// Shows `record`.
    pub(super) fn write(&self, record: &ConsumerRecord, out: &mut dyn Write) -> Result<(), ToolError> {
        match self {
            Formatter::Default(text) => text.write(record, out),
            Formatter::Logging(text) => {
                text.write(record, out)?;
                let (key, value) = (shown(record.key.as_deref()), shown(record.value.as_deref()));
                tracing::info!(timestamp = timestamp(record), key, value, "a record");
                Ok(())
            }
            Formatter::Nothing => Ok(()),
            Formatter::Coordinator(records) => {
                if let Some(text) = records.text(record)? {
                    out.write_all(text.as_bytes())?;
                }
                Ok(())
            }
        }
    }
}

fn shown(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "null".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn timestamp(record: &ConsumerRecord) -> String {
    let millis = record.timestamp.map_or(-1, |time| time.as_millis());
    match record.timestamp_type {
        Some(TimestampType::CreateTime) => format!("CreateTime:{millis}"),
        Some(TimestampType::LogAppendTime) => format!("LogAppendTime:{millis}"),
        None => "NO_TIMESTAMP".to_owned(),
    }
}

/// A part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Timestamp,
    Partition,
    Offset,
    Delivery,
    Epoch,
    Headers,
    Key,
    Value,
}

/// All parts by their properties, in their order.
const PARTS: [(Part, &str); 8] = [
    (Part::Timestamp, "print.timestamp"),
    (Part::Partition, "print.partition"),
    (Part::Offset, "print.offset"),
    (Part::Delivery, "print.delivery"),
    (Part::Epoch, "print.epoch"),
    (Part::Headers, "print.headers"),
    (Part::Key, "print.key"),
    (Part::Value, "print.value"),
];

/// The default form.
#[derive(Debug)]
pub(super) struct Text {
    parts: Vec<Part>,
    key_separator: String,
    line_separator: String,
    headers_separator: String,
    null_literal: String,
    key: Option<Deserializer>,
    value: Option<Deserializer>,
    headers: Option<Deserializer>,
}

impl Text {
    /// A deserializer that is not known is told and left out, as Kafka does.
    fn new(properties: &Properties, err: &mut dyn Write) -> Result<Text, ToolError> {
        let shows = |(part, property): &(Part, &str)| match properties.get(property) {
            Some(text) => text.trim().eq_ignore_ascii_case("true"),
            None => *part == Part::Value,
        };
        let text = |key, default: &str| properties.get(key).unwrap_or(default).to_owned();
        let mut deserializer = |key| {
            let Some(class) = properties.get(key) else { return Ok(None) };
            match Deserializer::of_class(class) {
                Ok(known) => Ok(Some(known)),
                Err(error) => {
                    writeln!(err, "ERROR {error}; such fields are shown as they are").map(|()| None)
                }
            }
        };
        Ok(Text {
            parts: PARTS.iter().filter(|part| shows(part)).map(|(part, _)| *part).collect(),
            key_separator: text("key.separator", "\t"),
            line_separator: text("line.separator", "\n"),
            headers_separator: text("headers.separator", ","),
            null_literal: text("null.literal", "null"),
            key: deserializer("key.deserializer")?,
            value: deserializer("value.deserializer")?,
            headers: deserializer("headers.deserializer")?,
        })
    }

    fn write(&self, record: &ConsumerRecord, out: &mut dyn Write) -> Result<(), ToolError> {
        for (index, part) in self.parts.iter().enumerate() {
            match part {
                Part::Timestamp => write!(out, "{}", timestamp(record))?,
                Part::Partition => write!(out, "Partition:{}", record.partition)?,
                Part::Offset => write!(out, "Offset:{}", record.offset)?,
                // Only share groups count deliveries.
                Part::Delivery => write!(out, "Delivery:NOT_PRESENT")?,
                Part::Epoch => match record.leader_epoch {
                    Some(epoch) => write!(out, "Epoch:{epoch}")?,
                    None => write!(out, "Epoch:NOT_PRESENT")?,
                },
                Part::Headers => self.write_headers(record, out)?,
                Part::Key => out.write_all(&self.read(self.key, record.key.as_deref())?)?,
                Part::Value => out.write_all(&self.read(self.value, record.value.as_deref())?)?,
            }
            let is_last = index + 1 == self.parts.len();
            let separator = if is_last { &self.line_separator } else { &self.key_separator };
            out.write_all(separator.as_bytes())?;
        }
        Ok(())
    }

    fn write_headers(&self, record: &ConsumerRecord, out: &mut dyn Write) -> Result<(), ToolError> {
        if record.headers.is_empty() {
            write!(out, "NO_HEADERS")?;
        }
        for (index, header) in record.headers.iter().enumerate() {
            if index > 0 {
                out.write_all(self.headers_separator.as_bytes())?;
            }
            write!(out, "{}:", header.key)?;
            out.write_all(&self.read(self.headers, header.value.as_deref())?)?;
        }
        Ok(())
    }

    /// What a field shows. Kafka gives the null literal to the deserializer, too.
    fn read(&self, deserializer: Option<Deserializer>, bytes: Option<&[u8]>) -> Result<Vec<u8>, ToolError> {
        let bytes = bytes.unwrap_or(self.null_literal.as_bytes());
        deserializer.map_or_else(|| Ok(bytes.to_vec()), |deserializer| deserializer.text(bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use klamm_client::producer::RecordHeader;
    use klamm_model::{LeaderEpoch, Offset, Timestamp};

    use super::*;

    fn record() -> ConsumerRecord {
        ConsumerRecord {
            topic: "t".into(),
            partition: 3,
            offset: Offset::at(7),
            leader_epoch: Some(LeaderEpoch::at(2)),
            timestamp: Some(Timestamp::from_millis(1)),
            timestamp_type: Some(TimestampType::CreateTime),
            key: None,
            value: Some("v".into()),
            headers: vec![
                RecordHeader { key: "a".to_owned(), value: Some("1".into()) },
                RecordHeader { key: "b".to_owned(), value: None },
            ],
        }
    }

    fn shown(properties: &[(&str, &str)]) -> String {
        let properties = Properties::from_iter(properties.iter().copied());
        let mut out = Vec::new();
        let formatter = Formatter::new(
            "org.apache.kafka.tools.consumer.DefaultMessageFormatter",
            &properties,
            &mut Vec::new(),
        );
        formatter.unwrap().write(&record(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_the_value_is_shown_unless_more_is_asked_for() {
        assert_eq!(shown(&[]), "v\n");
        let all = PARTS.map(|(_, property)| (property, "true"));
        assert_eq!(
            shown(&all),
            "CreateTime:1\tPartition:3\tOffset:7\tDelivery:NOT_PRESENT\tEpoch:2\ta:1,b:null\tnull\tv\n"
        );
        assert_eq!(shown(&[("print.value", "false"), ("print.key", "true"), ("null.literal", "-")]), "-\n");
        assert_eq!(
            shown(&[("print.offset", "true"), ("key.separator", "|"), ("line.separator", ";")]),
            "Offset:7|v;"
        );
    }

    #[test]
    fn an_unknown_deserializer_is_left_out_and_an_unknown_formatter_refused() {
        assert_eq!(shown(&[("value.deserializer", "org.example.None")]), "v\n");
        let refused = Formatter::new("org.example.None", &Properties::new(), &mut Vec::new()).unwrap_err();
        assert!(matches!(refused, ToolError::Usage(class) if class == "org.example.None"));
    }
}
