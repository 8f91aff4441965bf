//! All tools: their names, the scripts and classes of Kafka that they stand for.

use std::ffi::OsString;

use clap::Command;

use crate::cluster::{BrokerApiVersions, ClusterTool};
use crate::configs::Configs;
use crate::console::{ConsoleConsumer, ConsoleProducer};
use crate::consumer_groups::ConsumerGroups;
use crate::delete_records::DeleteRecords;
use crate::dump_log::DumpLog;
use crate::features::Features;
use crate::get_offsets::GetOffsets;
use crate::groups::Groups;
use crate::leader_election::LeaderElection;
use crate::log_dirs::LogDirs;
use crate::metadata_quorum::MetadataQuorum;
use crate::metadata_shell::MetadataShell;
use crate::options::{self, commands};
use crate::perf::{ConsumerPerf, ProducerPerf};
use crate::reassign_partitions::ReassignPartitions;
use crate::storage::Storage;
use crate::tool::{self, Terminal};
use crate::topics::Topics;
use crate::verifiable::{VerifiableConsumer, VerifiableProducer};

/// One tool.
pub struct ToolEntry {
    /// Name of the subcommand: that of Kafka's script without `kafka-`.
    pub name: &'static str,
    /// Java classes that run it by way of `kafka-run-class`.
    pub classes: &'static [&'static str],
    /// Its options.
    pub options: fn(&'static str) -> Command,
    /// Runs it on its name and its arguments; gives the exit code.
    pub run: fn(&'static str, Vec<OsString>, &mut Terminal<'_>) -> u8,
}

// A row begins with the dialect of the options: `tool` (clap's), `options` or `commands` (Kafka's two).
macro_rules! tools {
    ($($dialect:ident $tool:ty: $name:literal $(| $class:literal)*,)*) => {
        &[$(ToolEntry {
            name: $name,
            classes: &[$($class),*],
            options: $dialect::options::<$tool>,
            run: $dialect::run::<$tool>,
        },)*]
    };
}

/// All tools, in the order of the help.
pub const TOOLS: &[ToolEntry] = tools! {
    tool Storage: "storage" | "kafka.tools.StorageTool",
    options Topics: "topics" | "org.apache.kafka.tools.TopicCommand" | "kafka.admin.TopicCommand",
    options Configs: "configs" | "kafka.admin.ConfigCommand" | "org.apache.kafka.tools.ConfigCommand",
    options ConsumerGroups: "consumer-groups" | "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
        | "kafka.admin.ConsumerGroupCommand",
    options Groups: "groups" | "org.apache.kafka.tools.GroupsCommand",
    options GetOffsets: "get-offsets" | "org.apache.kafka.tools.GetOffsetShell" | "kafka.tools.GetOffsetShell",
    options DeleteRecords: "delete-records" | "org.apache.kafka.tools.DeleteRecordsCommand",
    options LogDirs: "log-dirs" | "org.apache.kafka.tools.LogDirsCommand",
    options LeaderElection: "leader-election" | "org.apache.kafka.tools.LeaderElectionCommand",
    options ReassignPartitions: "reassign-partitions"
        | "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
    commands MetadataQuorum: "metadata-quorum" | "org.apache.kafka.tools.MetadataQuorumCommand",
    commands Features: "features" | "org.apache.kafka.tools.FeatureCommand",
    commands ClusterTool: "cluster" | "org.apache.kafka.tools.ClusterTool" | "kafka.tools.ClusterTool",
    options BrokerApiVersions: "broker-api-versions" | "org.apache.kafka.tools.BrokerApiVersionsCommand",
    tool DumpLog: "dump-log" | "org.apache.kafka.tools.DumpLogSegments" | "kafka.tools.DumpLogSegments",
    tool MetadataShell: "metadata-shell" | "org.apache.kafka.shell.MetadataShell",
    tool ConsoleProducer: "console-producer" | "org.apache.kafka.tools.ConsoleProducer",
    tool ConsoleConsumer: "console-consumer" | "org.apache.kafka.tools.consumer.ConsoleConsumer",
    tool ProducerPerf: "producer-perf-test" | "org.apache.kafka.tools.ProducerPerformance",
    tool ConsumerPerf: "consumer-perf-test" | "org.apache.kafka.tools.ConsumerPerformance",
    tool VerifiableProducer: "verifiable-producer" | "org.apache.kafka.tools.VerifiableProducer",
    tool VerifiableConsumer: "verifiable-consumer" | "org.apache.kafka.tools.VerifiableConsumer",
};

/// The tool called `name`.
pub fn find_tool(name: &str) -> Option<&'static ToolEntry> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// The tool that the Java class `class` is.
pub fn find_class(class: &str) -> Option<&'static ToolEntry> {
    TOOLS.iter().find(|tool| tool.classes.contains(&class))
}
