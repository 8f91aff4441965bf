//! Rules of tiered storage that a topic's configs and a broker's defaults for logs share: what is kept locally is a part
//! of what is kept, and long enough to be copied (Kafka: `LogConfig`, `DynamicLogConfig`).

use crate::error::ConfigError;

/// A key and its value, in milliseconds or in bytes.
pub(super) type Told<'a> = (&'a str, i64);

/// What a retention is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Millis,
    Bytes,
}

impl Unit {
    /// The end of the keys.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Unit::Millis => "ms",
            Unit::Bytes => "bytes",
        }
    }
}

/// Local retention is at most the whole retention; -2 means as long as that, -1 without limit.
pub(super) fn check_local(
    unit: Unit,
    (whole_key, whole): Told<'_>,
    (local_key, local): Told<'_>,
) -> Result<(), ConfigError> {
    // Kafka's two rules differ for a retention below -1, which only bytes can have.
    let is_limited = match unit {
        Unit::Millis => whole != -1,
        Unit::Bytes => whole > -1,
    };
    if !is_limited || local == -2 {
        return Ok(());
    }
    if local == -1 {
        let rule = format!("Value must not be -1 as {whole_key} value is set as {whole}.");
        return Err(ConfigError::invalid(local_key, local, rule));
    }
    if local > whole {
        let rule = format!("Value must not be more than {whole_key} property value: {whole}");
        return Err(ConfigError::invalid(local_key, local, rule));
    }
    Ok(())
}

/// A segment is copied before it is deleted locally.
pub(super) fn check_copy_lag(
    whole: i64,
    (local_key, local): Told<'_>,
    (lag_key, lag): Told<'_>,
) -> Result<(), ConfigError> {
    let local = if local == -2 { whole } else { local };
    if lag > 0 && local >= 0 && lag > local {
        let rule = format!("Value must not exceed {local_key} (effective value: {local})");
        return Err(ConfigError::invalid(lag_key, lag, rule));
    }
    Ok(())
}
