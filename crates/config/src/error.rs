//! What is wrong with a config: sentences equal to Kafka's, since clients and users see them.

/// A value, or a set of values, that Kafka refuses. Displays exactly as Kafka's message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value that breaks the rule of its key.
    #[error("Invalid value {value} for configuration {key}: {rule}")]
    Invalid {
        /// Name of the key.
        key: String,
        /// The value as Kafka prints it; passwords are hidden.
        value: String,
        /// The rule that it breaks.
        rule: String,
    },
    /// A value that is refused without further words.
    #[error("Invalid value {value} for configuration {key}")]
    Refused {
        /// Name of the key.
        key: String,
        /// The value as Kafka prints it.
        value: String,
    },
    /// A list with a wrong element, or one too few.
    #[error("Configuration '{key}' {rule}")]
    List {
        /// Name of the key.
        key: String,
        /// The rule that it breaks.
        rule: String,
    },
    /// A key without default that was not given.
    #[error("Missing required configuration \"{key}\" which has no default value.")]
    Missing {
        /// Name of the key.
        key: String,
    },
    /// A rule over several keys, or over a part of a value.
    #[error("{0}")]
    Rule(String),
}

impl ConfigError {
    /// `value` breaks `rule` of `key`.
    pub fn invalid(key: &str, value: impl ToString, rule: impl ToString) -> ConfigError {
        ConfigError::Invalid { key: key.to_owned(), value: value.to_string(), rule: rule.to_string() }
    }

    /// A rule over several keys is broken, in the words `sentence`.
    pub fn rule(sentence: impl Into<String>) -> ConfigError {
        ConfigError::Rule(sentence.into())
    }
}
