//! Which level of `metadata.version` a release finalizes (Kafka: MetadataVersion), as far as manifests
//! name releases. The meaning of the levels is the metadata crate's, which this crate may not use.

/// Each release and its newest level, oldest first.
const RELEASES: [(&str, i16); 12] = [
    ("3.3", 7),
    ("3.4", 8),
    ("3.5", 11),
    ("3.6", 14),
    ("3.7", 19),
    ("3.8", 20),
    ("3.9", 21),
    ("4.0", 25),
    ("4.1", 27),
    ("4.2", 29),
    ("4.3", 30),
    ("4.4", 33),
];
/// The lowest and the highest level that a cluster can be set to.
const LEVELS: std::ops::RangeInclusive<i16> = 7..=33;

/// The level of a release such as `4.4` or `4.4.0`, or of a level written as a number.
pub fn level_of_release(text: &str) -> Option<i16> {
    if let Ok(level) = text.parse::<i16>() {
        return LEVELS.contains(&level).then_some(level);
    }
    let mut parts = text.splitn(3, '.');
    let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next());
    if patch.is_some_and(|patch| patch.parse::<u16>().is_err()) {
        return None;
    }
    let release = format!("{major}.{minor}");
    RELEASES.iter().find(|(name, _)| *name == release).map(|(_, level)| *level)
}

/// The release whose newest level this is.
pub(crate) fn release_of(level: i16) -> Option<&'static str> {
    RELEASES.iter().find(|(_, newest)| *newest == level).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_and_levels_are_those_of_the_metadata() {
        for (release, level) in RELEASES {
            let known = klamm_metadata::MetadataVersion::from_release(release).map(|version| version.level());
            assert_eq!(known, Some(level), "{release}");
        }
        assert_eq!(*LEVELS.start(), klamm_metadata::MetadataVersion::MINIMUM.level());
        assert_eq!(*LEVELS.end(), klamm_metadata::MetadataVersion::LATEST_PRODUCTION.level());
    }

    #[test]
    fn a_release_stands_for_its_newest_level() {
        let levels = ["4.4", "4.4.0", "3.9.2", "33", "4.5", "4.4-IV0", "4", "34"].map(level_of_release);
        assert_eq!(levels, [Some(33), Some(33), Some(21), Some(33), None, None, None, None]);
    }
}
