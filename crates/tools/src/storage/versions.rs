//! `version-mapping` and `feature-dependencies`: what Apache Kafka's releases come with.

use klamm_metadata::{Feature, MetadataVersion};

use crate::tool::{Terminal, ToolError, ToolResult};

/// Prints the level of each feature that a release starts new clusters with.
pub(crate) fn print_mapping(release: Option<&str>, terminal: &mut Terminal<'_>) -> ToolResult {
    let newest = MetadataVersion::LATEST_PRODUCTION.to_string();
    let release = release.unwrap_or(&newest);
    let version = metadata_version(release, MetadataVersion::LATEST_TESTING)?;
    writeln!(terminal.out, "metadata.version={} ({release})", version.level())?;
    for feature in Feature::ALL {
        writeln!(terminal.out, "{}={}", feature.name(), feature.default_level(version))?;
    }
    Ok(())
}

/// The level a release has, at most `newest`.
pub(crate) fn metadata_version(text: &str, newest: MetadataVersion) -> Result<MetadataVersion, ToolError> {
    let stable = MetadataVersion::from_release(text);
    let testing = || known(newest).find(|version| version.to_string() == text);
    stable.or_else(testing).ok_or_else(|| {
        let names: Vec<String> = known(newest).map(|version| version.to_string()).collect();
        let names = names.join(", ");
        ToolError::Failed(format!(
            "Unknown metadata.version '{text}'. Supported metadata.version are: {names}"
        ))
    })
}

fn known(newest: MetadataVersion) -> impl Iterator<Item = MetadataVersion> {
    (MetadataVersion::MINIMUM.level()..=newest.level()).filter_map(MetadataVersion::from_level)
}

/// Prints what each `feature=level` depends on.
pub(super) fn print_dependencies(features: &[String], terminal: &mut Terminal<'_>) -> ToolResult {
    features.iter().try_for_each(|written| print_dependencies_of(written, terminal))
}

fn print_dependencies_of(written: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    let (name, level) = written.split_once('=').ok_or_else(|| {
        ToolError::Failed(format!(
            "Invalid feature format: {written}. Expected format: 'feature=version' (e.g. 'group.version=1')"
        ))
    })?;
    let (name, level) = (name.trim(), level.trim());
    let level: i16 = level
        .parse()
        .map_err(|_| ToolError::Failed(format!("Invalid version format: {level} for feature {name}")))?;
    if name == MetadataVersion::FEATURE_NAME {
        let version = MetadataVersion::from_level(level)
            .ok_or_else(|| ToolError::Failed(format!("Unknown metadata.version {level}")))?;
        writeln!(terminal.out, "{name}={level} ({version}) has no dependencies.")?;
        return Ok(());
    }
    let feature =
        Feature::from_name(name).ok_or_else(|| ToolError::Failed(format!("Unknown feature: {name}")))?;
    if !(0..=feature.max_level()).contains(&level) {
        let text = format!("Feature level {level} is not supported for feature {name}");
        return Err(ToolError::Failed(text));
    }
    let required = feature.required_metadata_version(level).and_then(MetadataVersion::from_level);
    match required {
        None => writeln!(terminal.out, "{name}={level} has no dependencies.")?,
        Some(version) => {
            writeln!(terminal.out, "{name}={level} requires:")?;
            writeln!(terminal.out, "    metadata.version={} ({version})", version.level())?;
        }
    }
    Ok(())
}
