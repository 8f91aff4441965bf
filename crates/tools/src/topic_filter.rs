//! Topics by pattern, as `--topic` of several tools takes it (Kafka: TopicFilter.IncludeList).

use klamm_client::consumer::TopicPattern;

use crate::tool::ToolError;

/// A pattern that a topic's whole name has to match; a comma separates alternatives.
#[derive(Clone, Debug)]
pub(crate) struct TopicFilter(TopicPattern);

impl TopicFilter {
    /// Reads a pattern; quotes around it and blanks in it do not count.
    pub(crate) fn new(raw: &str) -> Result<TopicFilter, ToolError> {
        let pattern = raw.trim().replace(',', "|").replace(' ', "");
        let pattern = pattern.trim_start_matches(['"', '\'']).trim_end_matches(['"', '\'']);
        let whole = TopicPattern::new(pattern);
        whole.map(TopicFilter).map_err(|_| ToolError::Failed(format!("{pattern} is an invalid regex.")))
    }

    /// Whether `topic` matches.
    pub(crate) fn allows(&self, topic: &str) -> bool {
        self.0.matches(topic)
    }
}

/// Kafka's own topics, which `--exclude-internal` leaves out.
pub(crate) fn is_internal(topic: &str) -> bool {
    matches!(topic, "__consumer_offsets" | "__transaction_state" | "__share_group_state")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whole_names_match_and_commas_separate_alternatives() {
        let filter = TopicFilter::new(" 'a.*, b' ").unwrap();
        assert!(filter.allows("ab") && filter.allows("b"));
        assert!(!filter.allows("bb") && !filter.allows("cab"));
        assert_eq!(TopicFilter::new("[").unwrap_err().to_string(), "[ is an invalid regex.");
    }
}
