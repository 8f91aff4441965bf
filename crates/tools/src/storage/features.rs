//! The feature levels a new cluster starts with: those asked for, else the highest that the release
//! has by default and Klamm serves.

use std::collections::BTreeMap;

use klamm_metadata::{Feature, MetadataVersion};

use super::versions::metadata_version;
use crate::tool::ToolError;

/// How the voters of the new quorum are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuorumKind {
    /// In `controller.quorum.voters`.
    Static,
    /// In the metadata log.
    Dynamic,
}

/// What the user asked for.
pub(super) struct Wanted<'a> {
    /// `--release-version`.
    pub(super) release: Option<&'a str>,
    /// Each `--feature`.
    pub(super) features: &'a [String],
    /// How the voters are kept.
    pub(super) quorum: QuorumKind,
    /// Newest metadata.version allowed.
    pub(super) newest: MetadataVersion,
}

/// Levels of a new cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) metadata_version: MetadataVersion,
    pub(super) features: BTreeMap<Feature, i16>,
}

impl Levels {
    /// The level of kraft.version.
    pub(super) fn kraft_version(&self) -> i16 {
        self.features[&Feature::KRaft]
    }
}

/// Decides on the levels.
pub(super) fn levels(wanted: &Wanted<'_>) -> Result<Levels, ToolError> {
    let release = wanted.release.map(|release| metadata_version(release, wanted.newest)).transpose()?;
    let mut written = written_levels(wanted.features)?;
    let version = match (written.remove(MetadataVersion::FEATURE_NAME), release) {
        (Some(_), Some(_)) => {
            let text = "Use --release-version instead of --feature metadata.version=X to avoid ambiguity.";
            return Err(ToolError::failed(text));
        }
        (Some(level), None) => of_level(level, wanted.newest)?,
        (None, release) => release.unwrap_or(wanted.newest),
    };
    let mut features = BTreeMap::new();
    for (name, level) in &written {
        let feature = Feature::from_name(name).ok_or_else(|| unsupported(name))?;
        features.insert(feature, *level);
    }
    let kraft = kraft_level(features.get(&Feature::KRaft).copied(), wanted.quorum)?;
    features.insert(Feature::KRaft, kraft);
    for feature in Feature::ALL {
        features.entry(feature).or_insert_with(|| feature.default_level(version).min(feature.served_level()));
    }
    features.iter().try_for_each(|(feature, level)| check(*feature, *level, version))?;
    Ok(Levels { metadata_version: version, features })
}

fn written_levels(features: &[String]) -> Result<BTreeMap<String, i16>, ToolError> {
    let parse = |written: &String| {
        let bad =
            |what: String| ToolError::Failed(format!("Can't parse feature=level string {written}: {what}"));
        let (name, level) = written.split_once('=').ok_or_else(|| bad("equals sign not found.".into()))?;
        let (name, level) = (name.trim(), level.trim());
        let number = level.parse().map_err(|_| bad(format!("unable to parse {level} as a short.")))?;
        Ok((name.to_owned(), number))
    };
    features.iter().map(parse).collect()
}

fn of_level(level: i16, newest: MetadataVersion) -> Result<MetadataVersion, ToolError> {
    let version = MetadataVersion::from_level(level).ok_or_else(|| {
        ToolError::Failed(format!(
            "No MetadataVersion with feature level {level}. Valid feature levels are from {} to {}.",
            MetadataVersion::MINIMUM.level(),
            MetadataVersion::LATEST_TESTING.level()
        ))
    })?;
    if version > newest {
        return Err(ToolError::Failed(format!("metadata.version {version} is not yet stable.")));
    }
    Ok(version)
}

fn unsupported(name: &str) -> ToolError {
    let mut names = Feature::ALL.map(Feature::name);
    names.sort_unstable();
    ToolError::Failed(format!("Unsupported feature: {name}. Supported features are: {}", names.join(", ")))
}

fn kraft_level(written: Option<i16>, quorum: QuorumKind) -> Result<i16, ToolError> {
    const FLAGS: &str = "controller.quorum.voters is empty and one of the flags --standalone, \
                         --initial-controllers, or --no-initial-controllers is used.";
    match (written, quorum) {
        (Some(0), QuorumKind::Dynamic) => Err(ToolError::Failed(format!(
            "Cannot set kraft.version to 0 if {FLAGS} For dynamic controllers support, try removing the \
             --feature flag for kraft.version."
        ))),
        (Some(level), QuorumKind::Static) if level != 0 => Err(ToolError::Failed(format!(
            "Cannot set kraft.version to {level} unless {FLAGS} For dynamic controllers support, try using one \
             of --standalone, --initial-controllers, or --no-initial-controllers and removing \
             controller.quorum.voters."
        ))),
        (Some(level), QuorumKind::Static | QuorumKind::Dynamic) => Ok(level),
        (None, QuorumKind::Static) => Ok(0),
        (None, QuorumKind::Dynamic) => Ok(1),
    }
}

fn check(feature: Feature, level: i16, version: MetadataVersion) -> Result<(), ToolError> {
    let name = feature.name();
    if !(0..=feature.max_level()).contains(&level) {
        return Err(ToolError::Failed(format!("No feature:{name} with feature level {level}")));
    }
    if let Some(required) = feature.required_metadata_version(level)
        && version.level() < required
    {
        return Err(ToolError::Failed(format!(
            "{name} could not be set to {level} because it depends on metadata.version level {required}"
        )));
    }
    let served = feature.served_level();
    if level > served {
        return Err(ToolError::Failed(format!(
            "{name} could not be set to {level}: a node of this version of Klamm serves it up to level {served}."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn decide(release: Option<&str>, features: &[&str], quorum: QuorumKind) -> Result<Levels, String> {
        let features: Vec<String> = features.iter().map(|&text| text.to_owned()).collect();
        let newest = MetadataVersion::LATEST_PRODUCTION;
        levels(&Wanted { release, features: &features, quorum, newest }).map_err(|error| error.to_string())
    }

    #[test]
    fn a_new_cluster_starts_with_what_is_served() {
        let levels = decide(None, &[], QuorumKind::Dynamic).unwrap();
        assert_eq!(levels.metadata_version.level(), 33);
        for (feature, level) in &levels.features {
            assert_eq!(*level, feature.served_level(), "{}", feature.name());
        }
    }

    #[test]
    fn an_older_release_starts_with_its_own_levels() {
        let levels = decide(Some("3.9"), &[], QuorumKind::Static).unwrap();
        assert_eq!(levels.metadata_version.level(), 21);
        assert!(levels.features.values().all(|level| *level == 0));
    }

    #[test]
    fn what_cannot_be_is_said_as_kafka_says_it() {
        for (release, features, message) in [
            (Some("4.4"), &["metadata.version=30"][..], "Use --release-version instead of --feature"),
            (None, &["metadata.version=34"], "metadata.version 4.5-IV0 is not yet stable."),
            (
                None,
                &["metadata.version=99"],
                "No MetadataVersion with feature level 99. Valid feature levels are from 7 to 34.",
            ),
            (
                None,
                &["foo.version=1"],
                "Unsupported feature: foo.version. Supported features are: eligible.leader.replicas.version, group.version, kraft.version, share.version, streams.version, transaction.version",
            ),
            (None, &["group.version=9"], "No feature:group.version with feature level 9"),
            (
                None,
                &["group.version"],
                "Can't parse feature=level string group.version: equals sign not found.",
            ),
            (
                None,
                &["group.version=x"],
                "Can't parse feature=level string group.version=x: unable to parse x as a short.",
            ),
            (None, &["kraft.version=0"], "Cannot set kraft.version to 0 if"),
            (
                Some("4.0-IV0"),
                &["eligible.leader.replicas.version=1"],
                "eligible.leader.replicas.version could not be set to 1 because it depends on metadata.version level 23",
            ),
            (
                Some("9.9"),
                &[],
                "Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, 3.4-IV0",
            ),
        ] {
            let error = decide(release, features, QuorumKind::Dynamic).unwrap_err();
            assert!(error.starts_with(message), "{error}");
        }
        let error = decide(None, &["kraft.version=1"], QuorumKind::Static).unwrap_err();
        assert!(error.starts_with("Cannot set kraft.version to 1 unless"), "{error}");
    }
}
