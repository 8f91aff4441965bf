//! The features a cluster finalizes besides `metadata.version`, their levels and dependencies.

use crate::MetadataVersion;

/// The levels of one feature that a node supports, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeatureRange {
    /// Lowest level.
    pub min: i16,
    /// Highest level.
    pub max: i16,
}

impl FeatureRange {
    /// What a node supports of a feature it does not name: level 0, that is, its absence.
    pub const DISABLED: FeatureRange = FeatureRange { min: 0, max: 0 };

    /// Whether `level` lies in the range.
    pub const fn contains(self, level: i16) -> bool {
        self.min <= level && level <= self.max
    }
}

/// `7-33`, `1`, or `3+` for an open end.
impl std::fmt::Display for FeatureRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.min == self.max {
            write!(f, "{}", self.min)
        } else if self.max == i16::MAX {
            write!(f, "{}+", self.min)
        } else {
            write!(f, "{}-{}", self.min, self.max)
        }
    }
}

/// A feature with levels of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// `kraft.version`: kept by the quorum in control records, not in feature records.
    KRaft,
    /// `transaction.version`.
    Transaction,
    /// `group.version`.
    Group,
    /// `eligible.leader.replicas.version`.
    EligibleLeaderReplicas,
    /// `share.version`.
    Share,
    /// `streams.version`.
    Streams,
}

impl Feature {
    /// All features.
    pub const ALL: [Feature; 6] = [
        Feature::KRaft,
        Feature::Transaction,
        Feature::Group,
        Feature::EligibleLeaderReplicas,
        Feature::Share,
        Feature::Streams,
    ];

    /// Its name on the wire and in records.
    pub const fn name(self) -> &'static str {
        match self {
            Feature::KRaft => "kraft.version",
            Feature::Transaction => "transaction.version",
            Feature::Group => "group.version",
            Feature::EligibleLeaderReplicas => "eligible.leader.replicas.version",
            Feature::Share => "share.version",
            Feature::Streams => "streams.version",
        }
    }

    /// The feature of that name.
    pub fn from_name(name: &str) -> Option<Feature> {
        Feature::ALL.into_iter().find(|feature| feature.name() == name)
    }

    /// By level, from 0: the lowest metadata.version whose default it is in a new cluster.
    const fn default_since(self) -> &'static [i16] {
        match self {
            Feature::KRaft => &[7, 21],
            Feature::Transaction => &[7, 24, 24],
            Feature::Group => &[7, 22],
            Feature::EligibleLeaderReplicas => &[7, 26],
            Feature::Share => &[7, 28, 31],
            Feature::Streams => &[7, 29],
        }
    }

    /// Highest level of the feature in 4.4.0.
    pub fn max_level(self) -> i16 {
        i16::try_from(self.default_since().len()).expect("a handful of levels") - 1
    }

    /// Highest level that this version of Klamm serves, and a cluster formatted by it starts with. A
    /// feature raised here must be served whole.
    pub const fn served_level(self) -> i16 {
        match self {
            Feature::KRaft | Feature::EligibleLeaderReplicas => 1,
            Feature::Transaction | Feature::Group | Feature::Share | Feature::Streams => 0,
        }
    }

    /// Level of a new cluster at `version`, unless told otherwise.
    pub fn default_level(self, version: MetadataVersion) -> i16 {
        let reached = self.default_since().iter().take_while(|since| **since <= version.level()).count();
        i16::try_from(reached).expect("a handful of levels") - 1
    }

    /// The metadata.version without which the feature cannot be at `level`, beyond the minimum one.
    pub const fn required_metadata_version(self, level: i16) -> Option<i16> {
        match self {
            Feature::EligibleLeaderReplicas if level >= 1 => Some(23),
            Feature::EligibleLeaderReplicas
            | Feature::KRaft
            | Feature::Transaction
            | Feature::Group
            | Feature::Share
            | Feature::Streams => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_metadata_version() {
        let at = |level| {
            let version = MetadataVersion::from_level(level).expect("a known level");
            Feature::ALL.map(|feature| feature.default_level(version))
        };
        assert_eq!(at(7), [0, 0, 0, 0, 0, 0]);
        assert_eq!(at(25), [1, 2, 1, 0, 0, 0]);
        assert_eq!(at(33), [1, 2, 1, 1, 2, 1]);
    }

    #[test]
    fn ranges_print_as_kafka_prints_them() {
        assert_eq!(FeatureRange { min: 7, max: 33 }.to_string(), "7-33");
        assert_eq!(FeatureRange { min: 1, max: 1 }.to_string(), "1");
        assert_eq!(FeatureRange { min: 0, max: i16::MAX }.to_string(), "0+");
    }
}
