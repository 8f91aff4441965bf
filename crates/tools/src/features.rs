//! `kafka-features`: levels of features, raised and lowered (Kafka: FeatureCommand).

use std::collections::BTreeMap;

use klamm_client::{Admin, ClientError};
use klamm_metadata::{Feature, MetadataVersion};
use klamm_protocol::messages::UpdateFeaturesRequest;
use klamm_protocol::messages::update_features_request::FeatureUpdateKey;

use crate::admin_client::{Bootstrap, settings, with_admin};
use crate::java;
use crate::options::commands::{
    CommandEntry, CommandOption, CommandTool, Complaint, Does, Exclusive, GivenCommand, OptionTable, option,
};
use crate::storage::{metadata_version, print_mapping};
use crate::tool::{Terminal, ToolError, ToolResult};

const UPGRADE: i8 = 1;
const SAFE_DOWNGRADE: i8 = 2;
const UNSAFE_DOWNGRADE: i8 = 3;

const METADATA: CommandOption = option("--metadata", Does::Keep, "Deprecated: a release, such as 4.4-IV2");
const RELEASE: CommandOption = option("--release-version", Does::Keep, "A release whose levels to take");
const FEATURE: CommandOption = option("--feature", Does::Collect, "feature=level; may be repeated");
const UNSAFE: CommandOption = option("--unsafe", Does::Switch, "Even if metadata is lost");
const DRY_RUN: CommandOption = option("--dry-run", Does::Switch, "Only check");

/// The tool.
pub(crate) struct Features;

impl CommandTool for Features {
    const ABOUT: &'static str = "Show and change the levels of features";
    const OPTIONS: OptionTable = OptionTable {
        options: &[
            option("--bootstrap-server", Does::Keep, "Brokers to ask first"),
            option("--bootstrap-controller", Does::Keep, "Controllers to ask first"),
            option("--command-config", Does::Keep, "Properties of the client that speaks to the cluster"),
        ],
        exclusive: Exclusive::AtMostOne,
    };
    const COMMANDS: &'static [CommandEntry] = &[
        CommandEntry {
            name: "describe",
            help: "Show supported and finalized levels",
            table: OptionTable {
                options: &[
                    option("--node-id", Does::KeepNumber, "The node to ask"),
                    option("--output", Does::Keep, "Form of the output: text or json").short("-o"),
                ],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "upgrade",
            help: "Raise levels",
            table: OptionTable {
                options: &[METADATA, RELEASE, FEATURE, DRY_RUN],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "downgrade",
            help: "Lower levels",
            table: OptionTable {
                options: &[METADATA, RELEASE, FEATURE, UNSAFE, DRY_RUN],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "disable",
            help: "Lower levels to 0",
            table: OptionTable {
                options: &[option("--feature", Does::Collect, "A feature; may be repeated"), UNSAFE, DRY_RUN],
                exclusive: Exclusive::None,
            },
        },
        CommandEntry {
            name: "version-mapping",
            help: "Show the levels of a release",
            table: OptionTable { options: &[RELEASE], exclusive: Exclusive::None },
        },
        CommandEntry {
            name: "feature-dependencies",
            help: "Show what levels depend on",
            table: OptionTable { options: &[FEATURE.required()], exclusive: Exclusive::None },
        },
    ];
    const COMPLAINT: Complaint = Complaint::Sentence;

    fn run(given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
        match given.command {
            "version-mapping" => return print_mapping(given.value("release-version"), terminal),
            "feature-dependencies" => {
                let features = given.values("feature");
                return features.into_iter().try_for_each(|written| print_dependencies(written, terminal));
            }
            _ => {}
        }
        let bootstrap = Bootstrap::of(given.value("bootstrap-server"), given.value("bootstrap-controller"));
        let config = settings(bootstrap.map_err(ToolError::Usage)?, given.value("command-config"))?;
        with_admin(config, async |admin| match given.command {
            "describe" => describe(&admin, given, terminal).await,
            "disable" => {
                let updates = disabled(given)?;
                update(&admin, "disable", &updates, given, terminal).await
            }
            operation => {
                let updates = updates(operation, given, terminal)?;
                update(&admin, operation, &updates, given, terminal).await
            }
        })
    }
}

/// A level as the output shows it: that of metadata.version by its name.
fn level_text(feature: &str, level: i16) -> String {
    if feature == MetadataVersion::FEATURE_NAME {
        let known = MetadataVersion::from_level(level);
        return known.map_or_else(|| format!("UNKNOWN {level}"), |version| version.to_string());
    }
    level.to_string()
}

async fn describe(admin: &Admin, given: &GivenCommand, terminal: &mut Terminal<'_>) -> ToolResult {
    let failed = |error: ClientError| ToolError::Failed(java::exception(&error));
    let versions = match given.number("node-id") {
        Some(id) if id < 0 => {
            return Err(ToolError::Failed(format!("Invalid node id {id}: must be non-negative.")));
        }
        Some(id) => admin.api_versions(id).await.map_err(failed)?,
        None => admin.describe_features().await.map_err(failed)?,
    };
    let response = versions.response();
    let supported: BTreeMap<&str, (i16, i16)> = response
        .supported_features
        .iter()
        .map(|feature| (feature.name.as_str(), (feature.min_version, feature.max_version)))
        .collect();
    let epoch = response.finalized_features_epoch;
    if given.value("output") == Some("json") {
        let rows = supported.iter().map(|(name, (min, max))| {
            let finalized = versions.finalized_feature(name);
            serde_json::json!({"feature": name, "min": min, "max": max, "finalized": finalized, "epoch": epoch})
        });
        return Ok(writeln!(terminal.out, "{}", serde_json::Value::from_iter(rows))?);
    }
    let epoch = if epoch >= 0 { epoch.to_string() } else { "-".to_owned() };
    for (name, (min, max)) in supported {
        writeln!(
            terminal.out,
            "Feature: {name:40}  SupportedMinVersion: {:15}  SupportedMaxVersion: {:15}  FinalizedVersionLevel: {:15}  \
             Epoch: {epoch}",
            level_text(name, min),
            level_text(name, max),
            level_text(name, versions.finalized_feature(name))
        )?;
    }
    Ok(())
}

/// `feature=level`.
fn parse(written: &str) -> Result<(&str, i16), ToolError> {
    let refused =
        |reason: String| ToolError::Failed(format!("Can't parse feature=level string {written}: {reason}"));
    let (name, level) = written.split_once('=').ok_or_else(|| refused("equals sign not found.".into()))?;
    let (name, level) = (name.trim(), level.trim());
    let level = level.parse().map_err(|_| refused(format!("unable to parse {level} as a short.")))?;
    Ok((name, level))
}

/// New levels by feature.
type Updates = BTreeMap<String, i16>;

fn add(updates: &mut Updates, name: &str, level: i16) -> ToolResult {
    match updates.insert(name.to_owned(), level) {
        None => Ok(()),
        Some(_) => Err(ToolError::Failed(format!("Feature {name} was specified more than once."))),
    }
}

fn disabled(given: &GivenCommand) -> Result<Updates, ToolError> {
    let mut updates = Updates::new();
    for name in given.values("feature") {
        add(&mut updates, name, 0)?;
    }
    Ok(updates)
}

fn updates(operation: &str, given: &GivenCommand, terminal: &mut Terminal<'_>) -> Result<Updates, ToolError> {
    let mut updates = Updates::new();
    if let Some(release) = given.value("release-version") {
        if given.has("metadata") || given.has("feature") {
            return Err(ToolError::failed("Can not specify `release-version` with other feature flags."));
        }
        let version = metadata_version(release, MetadataVersion::LATEST_TESTING)?;
        updates.insert(MetadataVersion::FEATURE_NAME.to_owned(), version.level());
        for feature in Feature::ALL {
            let level = feature.default_level(version);
            if operation != "upgrade" || level > 0 {
                updates.insert(feature.name().to_owned(), level);
            }
        }
        return Ok(updates);
    }
    if let Some(metadata) = given.value("metadata") {
        writeln!(terminal.out, " `metadata` flag is deprecated and may be removed in a future release.")?;
        let version = metadata_version(metadata, MetadataVersion::LATEST_TESTING)?;
        updates.insert(MetadataVersion::FEATURE_NAME.to_owned(), version.level());
    }
    for written in given.values("feature") {
        let (name, level) = parse(written)?;
        if operation == "upgrade" && level < 1 {
            return Err(ToolError::Failed(format!(
                "The upgradeType flag should be set to SAFE_DOWNGRADE or UNSAFE_DOWNGRADE when the provided \
                 maxVersionLevel:{level} is < 1."
            )));
        }
        add(&mut updates, name, level)?;
    }
    Ok(updates)
}

async fn update(
    admin: &Admin,
    operation: &str,
    updates: &Updates,
    given: &GivenCommand,
    terminal: &mut Terminal<'_>,
) -> ToolResult {
    if updates.is_empty() {
        return Err(ToolError::Failed(format!("You must specify at least one feature to {operation}")));
    }
    let upgrade_type = match operation {
        "upgrade" => UPGRADE,
        _ if given.has("unsafe") => UNSAFE_DOWNGRADE,
        _ => SAFE_DOWNGRADE,
    };
    let keys = updates.iter().map(|(name, level)| FeatureUpdateKey {
        feature: name.as_str().into(),
        max_version_level: *level,
        upgrade_type,
        ..FeatureUpdateKey::default()
    });
    let is_dry_run = given.has("dry-run");
    let request = UpdateFeaturesRequest {
        timeout_ms: admin.timeout_ms(),
        feature_updates: keys.collect(),
        validate_only: is_dry_run,
        ..UpdateFeaturesRequest::default()
    };
    let response = admin.update_features(&request).await;
    let whole = response.and_then(|response| {
        ClientError::check_with(response.error_code, response.error_message.as_deref()).map(|()| response)
    });
    let mut failures = 0;
    for (name, level) in updates {
        let result = match &whole {
            Err(error) => Err(java::message(error)),
            Ok(response) => {
                let found = response.results.iter().find(|result| result.feature == *name.as_str());
                let checked = found.map_or(Ok(()), |result| {
                    ClientError::check_with(result.error_code, result.error_message.as_deref())
                });
                checked.map_err(|error| java::message(&error))
            }
        };
        let disables = operation == "disable";
        match result {
            Ok(()) => {
                let verb = if is_dry_run { "can be" } else { "was" };
                let what =
                    if disables { "disabled.".to_owned() } else { format!("{operation}d to {level}.") };
                writeln!(terminal.out, "{name} {verb} {what}")?;
            }
            Err(reason) => {
                failures += 1;
                let verb = if is_dry_run { "Can not" } else { "Could not" };
                let what = if disables {
                    format!("disable {name}")
                } else {
                    format!("{operation} {name} to {level}")
                };
                writeln!(terminal.out, "{verb} {what}. {reason}")?;
            }
        }
    }
    if failures == 0 {
        return Ok(());
    }
    Err(ToolError::Failed(format!("{failures} out of {} operation(s) failed.", updates.len())))
}

fn print_dependencies(written: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    let (name, level) = parse(written)?;
    if name == MetadataVersion::FEATURE_NAME {
        let version = MetadataVersion::from_level(level)
            .ok_or_else(|| ToolError::Failed(format!("Unknown metadata.version {level}")))?;
        return Ok(writeln!(terminal.out, "{name}={level} ({version}) has no dependencies.")?);
    }
    let feature =
        Feature::from_name(name).ok_or_else(|| ToolError::Failed(format!("Unknown feature: {name}")))?;
    if !(0..=feature.max_level()).contains(&level) {
        return Err(ToolError::Failed(format!("No feature:{name} with feature level {level}")));
    }
    match feature.required_metadata_version(level).and_then(MetadataVersion::from_level) {
        None => writeln!(terminal.out, "{name}={level} has no dependencies.")?,
        Some(version) => {
            writeln!(terminal.out, "{name}={level} requires:")?;
            writeln!(terminal.out, "    metadata.version={} ({version})", version.level())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn levels_are_read_and_refused_in_kafkas_words() {
        assert_eq!(parse("group.version = 1").unwrap(), ("group.version", 1));
        let refusal = |text| parse(text).unwrap_err().to_string();
        assert_eq!(refusal("a"), "Can't parse feature=level string a: equals sign not found.");
        assert_eq!(refusal("a=x"), "Can't parse feature=level string a=x: unable to parse x as a short.");
    }
}
