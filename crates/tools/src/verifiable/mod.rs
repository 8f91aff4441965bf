//! `kafka-verifiable-producer` and `kafka-verifiable-consumer`: what happens to each record, as JSON lines for
//! programs that check it.

mod consumer;
mod producer;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

pub(crate) use consumer::VerifiableConsumer;
pub(crate) use producer::VerifiableProducer;

use crate::tool::{Terminal, ToolResult};

/// Prints one event: its time and name first, then `fields`.
fn tell(terminal: &mut Terminal<'_>, name: &str, fields: Value) -> ToolResult {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let mut event = Map::new();
    event.insert("timestamp".to_owned(), millis.into());
    event.insert("name".to_owned(), name.into());
    if let Value::Object(fields) = fields {
        event.extend(fields);
    }
    writeln!(terminal.out, "{}", Value::Object(event))?;
    // Whoever checks must see an event when it happens.
    Ok(terminal.out.flush()?)
}
