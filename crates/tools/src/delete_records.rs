//! `kafka-delete-records`: drops records below an offset (Kafka: DeleteRecordsCommand).

use std::collections::BTreeMap;

use klamm_client::ClientError;
use klamm_model::{Offset, TopicPartition};
use serde_json::{Value, json};

use crate::admin_client::{settings_of, with_admin};
use crate::java;
use crate::options::{BOOTSTRAP_SERVER, COMMAND_CONFIG, Given, OUTPUT, Opt, OptionTool, value};
use crate::tool::{Terminal, ToolError, ToolResult};

/// The tool.
pub(crate) struct DeleteRecords;

impl OptionTool for DeleteRecords {
    const ABOUT: &'static str = "Delete the records of partitions below offsets";
    const OPTIONS: &'static [Opt] = &[
        BOOTSTRAP_SERVER,
        value(
            "offset-json-file",
            "FILE",
            r#"{"partitions": [{"topic": "t", "partition": 0, "offset": 5}], "version": 1}"#,
        ),
        COMMAND_CONFIG,
        OUTPUT,
    ];

    fn run(given: &Given, terminal: &mut Terminal<'_>) -> ToolResult {
        given.require(&["bootstrap-server", "offset-json-file"])?;
        let config = settings_of(given)?;
        let file = given.value("offset-json-file")?.unwrap_or_default();
        let text = std::fs::read_to_string(file).map_err(|_| ToolError::Failed(java::unreadable(file)))?;
        let before = parse(&text)?;
        let wants_json = given.wants_json()?;
        if !wants_json {
            writeln!(terminal.out, "Executing records delete operation")?;
        }
        let deleted = with_admin(config, async |admin| {
            admin.delete_records(before).await.map_err(|error| ToolError::Failed(java::message(&error)))
        })?;
        if wants_json {
            return Ok(writeln!(terminal.out, "{}", to_json(&deleted))?);
        }
        writeln!(terminal.out, "Records delete operation completed:")?;
        let order = deleted.into_iter().map(|(at, result)| (at.to_string(), result)).collect::<Vec<_>>();
        for (at, result) in order {
            match result {
                Ok(low) => writeln!(terminal.out, "partition: {at}\tlow_watermark: {}", low.get())?,
                Err(error) => {
                    writeln!(terminal.out, "partition: {at}\terror: {}", java::exception(&error))?;
                }
            }
        }
        Ok(())
    }
}

/// What became of each partition.
fn to_json(deleted: &BTreeMap<TopicPartition, Result<Offset, ClientError>>) -> Value {
    let rows = deleted.iter().map(|(at, result)| match result {
        Ok(low) => json!({"topic": &*at.topic, "partition": at.partition, "low_watermark": low.get()}),
        Err(error) => {
            json!({"topic": &*at.topic, "partition": at.partition, "error": java::exception(error)})
        }
    });
    rows.collect()
}

/// Reads the file; an offset of -1 stands for the high watermark.
fn parse(text: &str) -> Result<BTreeMap<TopicPartition, Option<Offset>>, ToolError> {
    let refuse = |reason: &str| ToolError::failed(reason);
    let root: Value =
        serde_json::from_str(text).map_err(|_| refuse("The input string is not a valid JSON"))?;
    let version = root.get("version").map_or(Some(1), Value::as_i64);
    if version != Some(1) {
        let shown = root.get("version").map(Value::to_string).unwrap_or_default();
        return Err(ToolError::Failed(format!("Not supported version field value {shown}")));
    }
    let partitions = root.get("partitions").ok_or_else(|| refuse("Missing partitions field"))?;
    let mut before = BTreeMap::new();
    let mut twice = Vec::new();
    for row in partitions.as_array().into_iter().flatten() {
        let missing = |field: &str| ToolError::Failed(format!("No such field exists: `{field}`"));
        let topic = row.get("topic").and_then(Value::as_str).ok_or_else(|| missing("topic"))?;
        let partition = row.get("partition").and_then(Value::as_i64).ok_or_else(|| missing("partition"))?;
        let offset = row.get("offset").and_then(Value::as_i64).ok_or_else(|| missing("offset"))?;
        let at = TopicPartition::new(topic, i32::try_from(partition).unwrap_or(-1));
        if before.insert(at.clone(), Offset::new(offset)).is_some() {
            twice.push(at.to_string());
        }
    }
    if twice.is_empty() {
        return Ok(before);
    }
    Err(ToolError::Failed(format!(
        "Offset json file contains duplicate topic partitions: {}",
        twice.join(",")
    )))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn json_tells_the_low_watermark_or_the_error_of_each_partition() {
        let refused = ClientError::kafka(klamm_protocol::ErrorCode::OffsetOutOfRange);
        let deleted = BTreeMap::from([
            (TopicPartition::new("t", 0), Ok(Offset::at(5))),
            (TopicPartition::new("t", 1), Err(refused.clone())),
        ]);
        let expected = format!(
            r#"[{{"topic":"t","partition":0,"low_watermark":5}},{{"topic":"t","partition":1,"error":{}}}]"#,
            Value::from(java::exception(&refused))
        );
        assert_eq!(to_json(&deleted).to_string(), expected);
    }

    #[test]
    fn the_file_is_read_and_refused_in_kafkas_words() {
        let row = r#"{"topic":"t","partition":1,"offset":-1}"#;
        let read = parse(&format!(r#"{{"partitions":[{row}]}}"#)).unwrap();
        assert_eq!(read, BTreeMap::from([(TopicPartition::new("t", 1), None)]));
        let refusal = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(refusal("x"), "The input string is not a valid JSON");
        assert_eq!(refusal("{}"), "Missing partitions field");
        assert_eq!(refusal(r#"{"version":2}"#), "Not supported version field value 2");
        assert_eq!(
            refusal(&format!(r#"{{"partitions":[{row},{row}]}}"#)),
            "Offset json file contains duplicate topic partitions: t-1"
        );
    }
}
