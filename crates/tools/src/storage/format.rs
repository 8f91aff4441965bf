//! `format`: gives each log directory an identity, and the metadata directory of a controller what
//! the cluster starts from. The identity is written last: a directory is formatted or it is not.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use klamm_config::NodeConfig;
use klamm_metadata::controller::bootstrap_features;
use klamm_metadata::{CLUSTER_METADATA_TOPIC, MetadataVersion, VersionedRecord};
use klamm_model::{DirectoryId, LeaderEpoch, Offset, OffsetAndEpoch, Timestamp};
use klamm_raft::KraftVersion;
use klamm_storage::disk::{Disk, StdDisk};
use klamm_storage::state::{MetaProperties, MetaPropertiesVersion, MetadataSnapshotStore};

use super::bootstrap::{BootstrapSnapshot, describe};
use super::directories::{Found, of_config};
use super::features::{Levels, QuorumKind, Wanted, levels};
use super::scram;
use super::voters::{InitialVoters, WrittenVoter};
use crate::tool::{Terminal, ToolError, ToolResult};

/// Options of `format`.
#[derive(Args, Debug)]
pub(super) struct Format {
    /// server.properties of the node
    #[arg(short = 'c', long)]
    config: PathBuf,
    /// The cluster's id
    #[arg(short = 't', long)]
    cluster_id: String,
    /// A SCRAM credential of the new cluster, such as 'SCRAM-SHA-256=[name=alice,password=secret]' or
    /// 'SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]'; may be repeated
    #[arg(short = 'S', long)]
    add_scram: Vec<String>,
    /// Skip directories that are formatted already, instead of failing
    #[arg(short = 'g', long)]
    ignore_formatted: bool,
    /// The release whose feature levels the cluster starts with, from 3.3-IV3; the newest unless given
    #[arg(short = 'r', long)]
    release_version: Option<String>,
    /// The level of a feature, as feature=level; may be repeated
    #[arg(short = 'f', long)]
    feature: Vec<String>,
    #[command(flatten)]
    quorum: QuorumOptions,
}

/// How a dynamic quorum begins.
#[derive(Args, Debug)]
#[group(multiple = false)]
struct QuorumOptions {
    /// This controller is the only voter
    #[arg(short = 's', long)]
    standalone: bool,
    /// The voters are not known here: this node learns them from the others
    #[arg(short = 'N', long)]
    no_initial_controllers: bool,
    /// The voters, as id@host:port:directory,...; the same list on each node
    #[arg(short = 'I', long)]
    initial_controllers: Option<String>,
}

/// What formatting writes, decided before anything is written.
struct Plan {
    config: NodeConfig,
    cluster_id: String,
    voters: Option<InitialVoters>,
    levels: Levels,
    records: Vec<VersionedRecord>,
}

/// What a directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DirectoryKind {
    Data,
    StaticMetadata,
    DynamicMetadata,
    DynamicMetadataVoter,
}

impl DirectoryKind {
    fn description(self) -> &'static str {
        match self {
            DirectoryKind::Data => "data directory",
            DirectoryKind::StaticMetadata => "metadata directory",
            DirectoryKind::DynamicMetadata => "dynamic metadata directory",
            DirectoryKind::DynamicMetadataVoter => "dynamic metadata voter directory",
        }
    }
}

impl Format {
    pub(super) fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        let config = super::read_config(&self.config)?;
        let ignore_formatted = self.ignore_formatted;
        let plan = self.plan(config)?;
        let disk: Arc<dyn Disk> = Arc::new(StdDisk);
        let found = Found::read(&*disk, &of_config(&plan.config))?;
        found.verify(&plan.cluster_id, plan.config.node_id)?;
        if let Some(first) = found.formatted.keys().next().filter(|_| !ignore_formatted) {
            return Err(ToolError::Failed(format!(
                "Log directory {first} is already formatted. Use --ignore-formatted to ignore this directory and \
                 format the others."
            )));
        }
        for directory in &found.unreadable {
            writeln!(terminal.out, "I/O error trying to read log directory {directory}. Ignoring...")?;
        }
        if !found.unreadable.is_empty() && found.empty.is_empty() && found.formatted.is_empty() {
            return Err(ToolError::failed("No available log directories to format."));
        }
        if found.empty.is_empty() {
            return Ok(writeln!(terminal.out, "All of the log directories are already formatted.")?);
        }
        let described = describe(&plan.records, plan.levels.metadata_version.level());
        writeln!(terminal.out, "Bootstrap metadata: {described}")?;
        found.empty.iter().try_for_each(|directory| plan.format(&disk, directory, terminal))
    }

    fn plan(self, config: NodeConfig) -> Result<Plan, ToolError> {
        let quorum = if config.quorum.voters.is_empty() { QuorumKind::Dynamic } else { QuorumKind::Static };
        let newest = if config.network.unstable_feature_versions {
            MetadataVersion::LATEST_TESTING
        } else {
            MetadataVersion::LATEST_PRODUCTION
        };
        let voters = self.quorum.voters(&config, quorum)?;
        let release = self.release_version.as_deref();
        let levels = levels(&Wanted { release, features: &self.feature, quorum, newest })?;
        let features: Vec<_> = levels.features.iter().map(|(feature, level)| (*feature, *level)).collect();
        let mut records = bootstrap_features(levels.metadata_version, &features);
        if !self.add_scram.is_empty() && !levels.metadata_version.supports_scram() {
            return Err(ToolError::failed("SCRAM is only supported in metadata.version 3.5-IV2 or later."));
        }
        for argument in &self.add_scram {
            let credential = scram::parse(argument, scram::random_salt).map_err(ToolError::Failed)?;
            records.push(VersionedRecord::v0(credential));
        }
        Ok(Plan { config, cluster_id: self.cluster_id, voters, levels, records })
    }
}

impl QuorumOptions {
    fn voters(&self, config: &NodeConfig, kind: QuorumKind) -> Result<Option<InitialVoters>, ToolError> {
        let given = self.standalone || self.initial_controllers.is_some();
        if kind == QuorumKind::Static && given {
            return Err(ToolError::failed(
                "You cannot specify controller.quorum.voters and format the node with --initial-controllers or \
                 --standalone. If you want to use dynamic quorum, please remove controller.quorum.voters and specify \
                 controller.quorum.bootstrap.servers instead.",
            ));
        }
        if let Some(text) = &self.initial_controllers {
            return InitialVoters::parse(text).map(Some).map_err(ToolError::Failed);
        }
        if self.standalone {
            return standalone(config).map(Some);
        }
        if kind == QuorumKind::Dynamic && config.roles.is_controller() && !self.no_initial_controllers {
            return Err(ToolError::failed(
                "Because controller.quorum.voters is not set on this controller, you must specify one of the \
                 following: --standalone, --initial-controllers, or --no-initial-controllers.",
            ));
        }
        Ok(None)
    }
}

/// The node itself as the only voter, at the first controller address it tells others.
fn standalone(config: &NodeConfig) -> Result<InitialVoters, ToolError> {
    if !config.roles.is_controller() {
        return Err(ToolError::failed("You can only use --standalone on a controller."));
    }
    let listener = config.listeners.advertised_as_controller.first();
    let listener = listener.ok_or_else(|| ToolError::failed("No controller listeners found."))?;
    let host = listener.host.clone().unwrap_or_else(|| "localhost".into());
    let voter = WrittenVoter { directory: new_directory_id(), host, port: listener.port };
    Ok(InitialVoters::single(config.node_id, voter))
}

impl Plan {
    fn format(&self, disk: &Arc<dyn Disk>, directory: &str, terminal: &mut Terminal<'_>) -> ToolResult {
        let kind = self.kind_of(directory);
        let version = self.levels.metadata_version;
        let description = kind.description();
        writeln!(terminal.out, "Formatting {description} {directory} with metadata.version {version}.")?;
        let path = Path::new(directory);
        disk.create_dir(path)?;
        if kind != DirectoryKind::Data && self.config.roles.is_controller() {
            self.write_snapshot(disk, path)?;
        }
        let voter = self.voters.as_ref().and_then(|voters| voters.directory(self.config.node_id));
        let directory_id = match kind {
            DirectoryKind::DynamicMetadataVoter => voter.expect("the kind says so"),
            DirectoryKind::Data | DirectoryKind::StaticMetadata | DirectoryKind::DynamicMetadata => {
                new_directory_id()
            }
        };
        let properties = MetaProperties {
            version: MetaPropertiesVersion::V1,
            cluster_id: Some(self.cluster_id.clone()),
            node_id: Some(self.config.node_id),
            directory_id: Some(directory_id),
        };
        properties.write(&**disk, path, now()).map_err(|error| {
            ToolError::Failed(format!("Error while writing meta.properties file {directory}: {error}"))
        })
    }

    fn kind_of(&self, directory: &str) -> DirectoryKind {
        if directory != self.config.metadata_log_dir {
            return DirectoryKind::Data;
        }
        match &self.voters {
            None => DirectoryKind::StaticMetadata,
            Some(voters) if voters.directory(self.config.node_id).is_some() => {
                DirectoryKind::DynamicMetadataVoter
            }
            Some(_) => DirectoryKind::DynamicMetadata,
        }
    }

    fn write_snapshot(&self, disk: &Arc<dyn Disk>, directory: &Path) -> ToolResult {
        let directory = directory.join(format!("{CLUSTER_METADATA_TOPIC}-0"));
        let listener = &self.config.listeners.controller_names[0];
        let voters = self.voters.as_ref().map(|voters| voters.to_voter_set(listener));
        let kraft_version = KraftVersion::from_level(self.levels.kraft_version()).expect("it was checked");
        let snapshot = BootstrapSnapshot { kraft_version, voters: voters.as_ref(), records: &self.records };
        let content = snapshot.encode(&mut now)?;
        disk.create_dir(&directory)?;
        let store = MetadataSnapshotStore::new(disk.clone(), &directory);
        let id = OffsetAndEpoch { offset: Offset::ZERO, epoch: LeaderEpoch::ZERO };
        let mut writer = store.begin(id, rand::random()).map_err(ToolError::failed)?;
        writer.append(&content).map_err(ToolError::failed)?;
        writer.finish().map_err(ToolError::failed)
    }
}

fn new_directory_id() -> DirectoryId {
    DirectoryId::new(super::random_uuid()).expect("a random uuid is not zero")
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
