//! Operations of IncrementalAlterConfigs on a broker's configs, as the broker carries them out to
//! check their outcome (Kafka's `ConfigAdminManager.prepareIncrementalConfigs`).

use std::collections::BTreeMap;

use super::AlterError;
use crate::java;
use crate::layers::{BrokerTarget, keep_valid};
use crate::overrides::Overrides;
use crate::table;

/// What to do with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Replace its value.
    Set,
    /// Unset it.
    Delete,
    /// Add to its list what is not there yet.
    Append,
    /// Take from its list.
    Subtract,
}

impl Operation {
    /// The operation with the number `code` on the wire.
    pub const fn from_code(code: i8) -> Option<Operation> {
        match code {
            0 => Some(Operation::Set),
            1 => Some(Operation::Delete),
            2 => Some(Operation::Append),
            3 => Some(Operation::Subtract),
            _ => None,
        }
    }
}

/// All dynamic configs of `target` after `operations` (key, what, operand) on the `persisted` ones,
/// of which the invalid ones count as unset.
pub fn apply_broker_operations<'o>(
    target: BrokerTarget,
    persisted: &dyn Overrides,
    operations: impl IntoIterator<Item = (&'o str, Operation, &'o str)>,
) -> Result<BTreeMap<String, String>, AlterError> {
    let mut configs = keep_valid(target, persisted, &mut Vec::new());
    for (key, operation, operand) in operations {
        match operation {
            Operation::Set => drop(configs.insert(key.to_owned(), operand.to_owned())),
            Operation::Delete => drop(configs.remove(key)),
            Operation::Append => {
                let mut items = items_of(&configs, key, "append")?;
                for item in java::split(operand, ',') {
                    if !items.iter().any(|present| present == item) {
                        items.push(item.to_owned());
                    }
                }
                configs.insert(key.to_owned(), items.join(","));
            }
            Operation::Subtract => {
                let mut items = items_of(&configs, key, "subtract")?;
                for item in java::split(operand, ',') {
                    if let Some(at) = items.iter().position(|present| present == item) {
                        items.remove(at);
                    }
                }
                configs.insert(key.to_owned(), items.join(","));
            }
        }
    }
    Ok(configs)
}

/// The elements of a list that `what` is to change: its default where it is not set.
fn items_of(configs: &BTreeMap<String, String>, key: &str, what: &str) -> Result<Vec<String>, AlterError> {
    let Some(known) = table::BROKER.get(key) else {
        return Err(AlterError::config(format!("Unknown config name: {key}")));
    };
    if !known.is_list() {
        return Err(AlterError::config(format!("Config value {what} is not allowed for config key: {key}")));
    }
    let text = configs.get(key).cloned().or_else(|| known.default_text()).unwrap_or_default();
    Ok(java::split(&text, ',').into_iter().filter(|item| !item.is_empty()).map(str::to_owned).collect())
}
