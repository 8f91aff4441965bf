//! `partition.metadata`: the topic id of a partition's directory.

use klamm_model::{TopicId, Uuid};

pub(crate) const PARTITION_METADATA: &str = "partition.metadata";

/// Content of the file; no newline at its end.
pub(crate) fn encode_topic_id(topic_id: TopicId) -> Vec<u8> {
    format!("version: 0\ntopic_id: {topic_id}").into_bytes()
}

/// Reads the content; says what is wrong with it.
pub(crate) fn decode_topic_id(content: &[u8]) -> Result<TopicId, String> {
    let text = std::str::from_utf8(content).map_err(|_| "not UTF-8".to_owned())?;
    let mut lines = text.lines();
    let version = field(lines.next(), "version")?;
    if !version.parse::<i32>().is_ok_and(|version| version >= 0) {
        return Err("unknown version".into());
    }
    let uuid: Uuid = field(lines.next(), "topic_id")?.parse().map_err(|error| format!("{error}"))?;
    TopicId::new(uuid).ok_or_else(|| "the zero uuid is no topic id".into())
}

fn field<'a>(line: Option<&'a str>, name: &str) -> Result<&'a str, String> {
    let value = line.and_then(|line| line.strip_prefix(name)).and_then(|rest| rest.strip_prefix(':'));
    value.map(str::trim).ok_or_else(|| format!("no line \"{name}: ...\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_form_is_kafkas() {
        let content = b"version: 0\ntopic_id: WZ7xMUqTTQqnVXqdyDBg_A";
        let topic_id = decode_topic_id(content).unwrap();
        assert_eq!(encode_topic_id(topic_id), content);
    }

    #[test]
    fn damage_is_named() {
        for bad in [
            &b""[..],
            b"version: 0",
            b"version: -1\ntopic_id: x",
            b"version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA",
        ] {
            decode_topic_id(bad).unwrap_err();
        }
    }
}
