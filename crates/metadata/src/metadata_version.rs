//! The levels of the feature `metadata.version` and what each makes possible.

use std::fmt;

/// Level of the feature `metadata.version`: which records, record versions and requests a cluster
/// may use. Levels 7 to 33 are released; 34 exists in 4.4.0 but is not stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataVersion(i16);

/// (release, sub-version, whether its records cannot be expressed one level below), from level 7.
const LEVELS: [(&str, &str, bool); 28] = [
    ("3.3", "IV3", true),
    ("3.4", "IV0", true),
    ("3.5", "IV0", false),
    ("3.5", "IV1", false),
    ("3.5", "IV2", true),
    ("3.6", "IV0", false),
    ("3.6", "IV1", true),
    ("3.6", "IV2", true),
    ("3.7", "IV0", true),
    ("3.7", "IV1", false),
    ("3.7", "IV2", true),
    ("3.7", "IV3", false),
    ("3.7", "IV4", false),
    ("3.8", "IV0", false),
    ("3.9", "IV0", false),
    ("4.0", "IV0", false),
    ("4.0", "IV1", true),
    ("4.0", "IV2", false),
    ("4.0", "IV3", false),
    ("4.1", "IV0", false),
    ("4.1", "IV1", false),
    ("4.2", "IV0", false),
    ("4.2", "IV1", false),
    ("4.3", "IV0", true),
    ("4.4", "IV0", false),
    ("4.4", "IV1", true),
    ("4.4", "IV2", true),
    ("4.5", "IV0", false),
];

impl MetadataVersion {
    /// Name of the feature.
    pub const FEATURE_NAME: &'static str = "metadata.version";
    /// 3.3-IV3, the oldest level still understood.
    pub const MINIMUM: MetadataVersion = MetadataVersion(7);
    /// 4.4-IV2, the newest level a cluster may be set to.
    pub const LATEST_PRODUCTION: MetadataVersion = MetadataVersion(33);
    /// 4.5-IV0, the newest level known.
    pub const LATEST_TESTING: MetadataVersion = MetadataVersion(34);

    /// The level `level`, if it is known.
    pub const fn from_level(level: i16) -> Option<MetadataVersion> {
        if level >= Self::MINIMUM.0 && level <= Self::LATEST_TESTING.0 {
            Some(MetadataVersion(level))
        } else {
            None
        }
    }

    /// The level of a release such as `3.9` (its newest stable one), `3.9.1` or `3.7-IV2`.
    pub fn from_release(text: &str) -> Option<MetadataVersion> {
        let mut parts = text.splitn(3, '.');
        let key = match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) => format!("{major}.{minor}"),
            _ => text.to_owned(),
        };
        let stable = || (Self::MINIMUM.0..=Self::LATEST_PRODUCTION.0).rev().map(MetadataVersion);
        stable().find(|v| v.release() == key || v.to_string() == key)
    }

    /// The level as records carry it.
    pub const fn level(self) -> i16 {
        self.0
    }

    fn entry(self) -> (&'static str, &'static str, bool) {
        LEVELS[usize::from(self.0.unsigned_abs()) - 7]
    }

    /// The release it came with, such as `4.4`.
    pub fn release(self) -> &'static str {
        self.entry().0
    }

    /// Whether a step from one level to the other passes a level whose records cannot be expressed
    /// below it; such a downgrade is refused.
    pub fn metadata_changed(self, other: MetadataVersion) -> bool {
        let (low, high) = (self.min(other), self.max(other));
        (low.0 + 1..=high.0).any(|level| MetadataVersion(level).entry().2)
    }

    /// SCRAM credentials may be stored.
    pub const fn supports_scram(self) -> bool {
        self.0 >= 11
    }

    /// A shrink of the ISR need not start a new leader epoch.
    pub const fn bumps_leader_epoch_on_isr_shrink(self) -> bool {
        self.0 < 12
    }

    /// Records may be grouped in metadata transactions.
    pub const fn supports_transactions(self) -> bool {
        self.0 >= 13
    }

    /// Delegation tokens may be stored.
    pub const fn supports_delegation_tokens(self) -> bool {
        self.0 >= 14
    }

    /// Controllers register themselves.
    pub const fn supports_controller_registration(self) -> bool {
        self.0 >= 15
    }

    /// Replicas are assigned to log directories.
    pub const fn supports_directory_assignment(self) -> bool {
        self.0 >= 17
    }

    /// Partitions may carry eligible leader replicas.
    pub const fn supports_elr(self) -> bool {
        self.0 >= 23
    }

    /// Log directories may be cordoned.
    pub const fn supports_cordoned_log_dirs(self) -> bool {
        self.0 >= 30
    }

    /// ACL hosts may be address ranges.
    pub const fn supports_cidr_acls(self) -> bool {
        self.0 >= 32
    }

    /// Controllers may be unregistered.
    pub const fn supports_controller_unregistration(self) -> bool {
        self.0 >= 33
    }

    /// Brokers of a ZooKeeper cluster could register (the flag is still read and kept).
    pub const fn supports_zk_migration(self) -> bool {
        self.0 >= 8
    }

    /// Version of `RegisterBrokerRecord` to write.
    pub const fn register_broker_record_version(self) -> i16 {
        if self.supports_cordoned_log_dirs() {
            4
        } else if self.supports_directory_assignment() {
            3
        } else if self.supports_zk_migration() {
            2
        } else {
            1
        }
    }

    /// Version of `PartitionRecord` and of `PartitionChangeRecord` to write.
    pub const fn partition_record_version(self) -> i16 {
        if self.supports_elr() {
            2
        } else if self.supports_directory_assignment() {
            1
        } else {
            0
        }
    }
}

/// The form of Kafka's messages: `4.4-IV2`.
impl fmt::Display for MetadataVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (release, sub_version, _) = self.entry();
        write!(f, "{release}-{sub_version}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(level: i16) -> MetadataVersion {
        MetadataVersion::from_level(level).expect("a known level")
    }

    #[test]
    fn names_belong_to_their_levels() {
        assert_eq!(version(7).to_string(), "3.3-IV3");
        assert_eq!(version(33).to_string(), "4.4-IV2");
        assert_eq!(MetadataVersion::from_level(6), None);
        assert_eq!(MetadataVersion::from_level(35), None);
        assert_eq!(MetadataVersion::from_release("3.9.1"), Some(version(21)));
        assert_eq!(MetadataVersion::from_release("3.7"), Some(version(19)));
        assert_eq!(MetadataVersion::from_release("3.7-IV2"), Some(version(17)));
        assert_eq!(MetadataVersion::from_release("4.5"), None, "not stable");
    }

    #[test]
    fn downgrades_lose_metadata_only_across_marked_levels() {
        assert!(version(33).metadata_changed(version(32)));
        assert!(!version(29).metadata_changed(version(25)));
        assert!(version(30).metadata_changed(version(29)));
        assert!(!version(33).metadata_changed(version(33)));
        assert!(version(22).metadata_changed(version(23)));
        assert!(!version(23).metadata_changed(version(25)));
    }
}
