//! Which topic names are legal, and which ones collide.

/// Longest legal name: a partition's directory, with its suffixes, must fit a file name.
const MAX_LEN: usize = 249;

/// The log of cluster metadata; clients cannot create, delete or configure it.
pub const CLUSTER_METADATA_TOPIC: &str = "__cluster_metadata";

/// Topics that Kafka itself writes.
const INTERNAL: [&str; 3] = ["__consumer_offsets", "__transaction_state", "__share_group_state"];

/// Whether brokers own the topic: clients see it marked as internal.
pub fn is_internal_topic(name: &str) -> bool {
    INTERNAL.contains(&name)
}

/// Why `name` is not a legal topic name, in Kafka's words; `None` if it is one.
pub fn topic_name_error(name: &str) -> Option<String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let reason = if name.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if name == "." || name == ".." {
        format!("'{name}' is not allowed")
    } else if name.encode_utf16().count() > MAX_LEN {
        format!("the length of '{name}' is longer than the max allowed length {MAX_LEN}")
    } else if !name.chars().all(legal) {
        format!("'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
    } else {
        return None;
    };
    Some(format!("Topic name is invalid: {reason}"))
}

/// The name that all names colliding with `name` share; `None` if it collides with none. Metric
/// names turn '.' into '_', so names that differ in these alone cannot both exist.
pub(crate) fn collision_key(name: &str) -> Option<String> {
    name.contains(['.', '_']).then(|| name.replace('.', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn illegal_names_are_refused_in_kafkas_words() {
        let error = |name: &str| topic_name_error(name).unwrap_or_default();
        assert_eq!(error(""), "Topic name is invalid: the empty string is not allowed");
        assert_eq!(error(".."), "Topic name is invalid: '..' is not allowed");
        let long = "x".repeat(250);
        assert_eq!(
            error(&long),
            format!(
                "Topic name is invalid: the length of '{long}' is longer than the max allowed length 249"
            )
        );
        assert_eq!(
            error("a b"),
            "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, \
             '.', '_' and '-'"
        );
        assert_eq!(topic_name_error(&"x".repeat(249)), None);
        assert_eq!(topic_name_error("A-z_0.9"), None);
    }

    #[test]
    fn names_that_differ_in_dots_and_underscores_collide() {
        assert_eq!(collision_key("a.b_c"), Some("a_b_c".to_owned()));
        assert_eq!(collision_key("abc"), None);
    }
}
