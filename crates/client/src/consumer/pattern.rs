//! Topics by pattern.

use regex::Regex;

/// A regular expression that a topic's whole name has to match.
#[derive(Clone, Debug)]
pub struct TopicPattern(Regex);

impl TopicPattern {
    /// Reads a pattern.
    pub fn new(pattern: &str) -> Result<TopicPattern, regex::Error> {
        // Anchored, not searched: of two alternatives the search takes the first that begins to match, though the
        // second would match the whole name.
        Regex::new(&format!("^(?:{pattern})$")).map(TopicPattern)
    }

    /// Whether the whole of `topic` matches.
    pub fn matches(&self, topic: &str) -> bool {
        self.0.is_match(topic)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whole_names_match_whatever_the_order_of_the_alternatives() {
        let pattern = TopicPattern::new("a|ab|c.*").unwrap();
        for name in ["a", "ab", "c", "cab"] {
            assert!(pattern.matches(name), "{name}");
        }
        for name in ["abc", "ba", "xc", "a\nb"] {
            assert!(!pattern.matches(name), "{name}");
        }
        assert!(TopicPattern::new("[").is_err());
    }
}
