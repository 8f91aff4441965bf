//! Reads typed values of properties, checked as Kafka checks them.

use klamm_config::{Bound, ConfigError, Kind, Properties, Rule, Value, parse_type};

/// The properties of one client, read key by key. A key that is not set leaves the field as it is.
pub(crate) struct Settings<'a> {
    properties: &'a Properties,
}

impl<'a> Settings<'a> {
    pub(crate) fn new(properties: &'a Properties) -> Settings<'a> {
        Settings { properties }
    }

    /// The text of `key` as it was written.
    pub(crate) fn raw(&self, key: &str) -> Option<&'a str> {
        self.properties.get(key)
    }

    fn parse(&self, key: &str, kind: Kind, rule: Rule) -> Result<Option<Value>, ConfigError> {
        let Some(text) = self.properties.get(key) else { return Ok(None) };
        let value = parse_type(key, text, kind)?;
        rule.check(key, &value)?;
        Ok(Some(value))
    }

    /// A whole number of 64 bits, not below `min`.
    pub(crate) fn long<T: TryFrom<i64>>(&self, key: &str, min: i64, into: &mut T) -> Result<(), ConfigError> {
        self.number(key, Kind::Long, Rule::AtLeast(Bound::Int(min)), into)
    }

    /// A whole number of 32 bits, not below `min`.
    pub(crate) fn int<T: TryFrom<i64>>(&self, key: &str, min: i64, into: &mut T) -> Result<(), ConfigError> {
        self.number(key, Kind::Int, Rule::AtLeast(Bound::Int(min)), into)
    }

    fn number<T: TryFrom<i64>>(
        &self,
        key: &str,
        kind: Kind,
        rule: Rule,
        into: &mut T,
    ) -> Result<(), ConfigError> {
        let Some(number) = self.parse(key, kind, rule)?.and_then(|value| value.as_long()) else {
            return Ok(());
        };
        *into = T::try_from(number)
            .map_err(|_| ConfigError::invalid(key, number, "Value is out of this client's range"))?;
        Ok(())
    }

    /// A truth.
    pub(crate) fn boolean(&self, key: &str, into: &mut bool) -> Result<(), ConfigError> {
        if let Some(value) = self.parse(key, Kind::Boolean, Rule::Any)?.and_then(|value| value.as_bool()) {
            *into = value;
        }
        Ok(())
    }

    /// A text.
    pub(crate) fn text(&self, key: &str, rule: Rule) -> Result<Option<String>, ConfigError> {
        let value = self.parse(key, Kind::String, rule)?;
        Ok(value.and_then(|value| value.as_text().map(str::to_owned)))
    }

    /// A list of texts.
    pub(crate) fn list(&self, key: &str) -> Result<Option<Vec<String>>, ConfigError> {
        let value = self.parse(key, Kind::List, Rule::Any)?;
        Ok(value.and_then(|value| value.as_list().map(<[String]>::to_vec)))
    }
}
