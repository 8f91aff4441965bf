//! What Kafka's tools show of Java: exceptions by class and message, and the order of its hash maps.

use klamm_client::ClientError;

/// The message of the exception that Java's client throws for `error`.
pub(crate) fn message(error: &ClientError) -> String {
    match error {
        ClientError::Kafka { error, message } => {
            message.clone().unwrap_or_else(|| error.message().to_owned())
        }
        other => other.to_string(),
    }
}

/// The name of that exception without its package.
pub(crate) fn simple_class(error: &ClientError) -> &'static str {
    match error {
        ClientError::Kafka { error, .. } => error.exception(),
        ClientError::UnsupportedVersion { .. } => "UnsupportedVersionException",
        error if error.is_connection_error() => "TimeoutException",
        _ => "KafkaException",
    }
}

/// The exception as Java prints it: `org.apache.kafka.common.errors.Class: message`.
pub(crate) fn exception(error: &ClientError) -> String {
    format!("org.apache.kafka.common.errors.{}: {}", simple_class(error), message(error))
}

/// What Kafka says about a file that cannot be read.
pub(crate) fn unreadable(file: &str) -> String {
    format!("Unable to read file {file}")
}

/// What `Uuid.fromString` says about a text that is none.
pub(crate) fn uuid_refusal(text: &str) -> String {
    if text.len() > 24 {
        let start: String = text.chars().take(24).collect();
        return format!("Input string with prefix `{start}` is too long to be decoded as a base64 UUID");
    }
    let letters = text.trim_end_matches('=');
    let is_letter = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if let Some(odd) = letters.chars().find(|letter| !is_letter(letter)) {
        return format!("Illegal base64 character {:x}", u32::from(odd));
    }
    if letters.len() % 4 == 1 {
        return "Last unit does not have enough valid bits".to_owned();
    }
    let bytes = letters.len() * 3 / 4;
    format!(
        "Input string `{text}` decoded as {bytes} bytes, which is not equal to the expected 16 bytes of a \
         base64-encoded UUID"
    )
}

/// `Double.toString`, for values that quotas have.
pub(crate) fn double(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}

/// `items` in the order of a Java `HashMap` whose keys they are, put in this order into an empty map.
pub(crate) fn hash_map_order<T>(items: Vec<T>, key: impl Fn(&T) -> &str) -> Vec<T> {
    let mut buckets = 16_usize;
    while items.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let bucket = |item: &T| {
        let hash = hash_code(key(item));
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    };
    let mut items = items;
    items.sort_by_key(bucket);
    items
}

/// `String.hashCode`.
fn hash_code(text: &str) -> u32 {
    text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_walked_as_java_walks_them() {
        assert_eq!(hash_code("abc"), 96_354);
        assert_eq!((double(1024.0), double(1.5e7)), ("1024.0".to_owned(), "1.5E7".to_owned()));
        assert_eq!(hash_map_order(vec!["c", "b", "a", "q"], |key| key), ["a", "q", "b", "c"]);
    }
}
