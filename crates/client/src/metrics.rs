//! What a client counts, under the names that Kafka's clients give to the same.

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Kafka's group of it.
    pub group: &'static str,
    /// Kafka's name.
    pub name: &'static str,
    /// Counts since the client began, or a level now.
    pub value: f64,
}

impl Metric {
    pub(crate) fn of(group: &'static str, name: &'static str, value: u64) -> Metric {
        Metric { group, name, value: value as f64 }
    }
}
