//! The `kubectl-klamm` binary: on the PATH it is `kubectl klamm`.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use klamm_operator::plugin::{self, Asked};
use kube::config::KubeConfigOptions;

/// Look at the Kafka clusters of the Klamm operator, and tell it what is wanted of them
#[derive(Parser)]
#[command(name = "kubectl klamm", version)]
struct Cli {
    /// Namespace of the cluster; that of the kubeconfig's context if absent
    #[arg(long, short, global = true, value_name = "NAME")]
    namespace: Option<String>,
    /// Namespace of the operator, for who may not list pods in all
    #[arg(long, global = true, value_name = "NAME")]
    operator_namespace: Option<String>,
    /// Context of the kubeconfig
    #[arg(long, global = true, value_name = "NAME")]
    context: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Quorum, nodes, what is under way and what is in the way
    Status {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// What the operator would do next
    Plan {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// What would happen with another number of brokers; changes nothing
    Drain {
        /// Name of the KafkaCluster
        cluster: String,
        /// Brokers that would be left
        #[arg(long, value_name = "COUNT")]
        brokers: u32,
    },
    /// Ask the operator to restart a node as soon as that is safe
    Restart {
        /// Name of the KafkaCluster
        cluster: String,
        /// Id of the node
        node: i32,
        /// Why, for events and plans
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Ask the operator to stop a node and to keep its pod, as soon as that is safe
    Fence {
        /// Name of the KafkaCluster
        cluster: String,
        /// Id of the node
        node: i32,
    },
    /// Let a fenced node run again
    Unfence {
        /// Name of the KafkaCluster
        cluster: String,
        /// Id of the node
        node: i32,
    },
    /// Stop all nodes and keep their volumes
    Hibernate {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// Start the nodes of a cluster that hibernates, or let the operator act on one again
    Resume {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// Let a KafkaTopic take over a topic that others deleted and made anew
    Adopt {
        /// Name of the KafkaCluster
        cluster: String,
        /// Name of the KafkaTopic
        topic: String,
        /// Id of the topic, as the condition of the KafkaTopic names it
        id: String,
    },
    /// How the certificates of the admin service stand
    Certs {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// What nodes that are not well said last, and the commands that show their logs
    Logs {
        /// Name of the KafkaCluster
        cluster: String,
        /// Id of a node; all that are not well if absent
        node: Option<i32>,
    },
    /// Memory, descriptors, threads, connections and partitions of each node
    Diagnose {
        /// Name of the KafkaCluster
        cluster: String,
    },
    /// All objects of the cluster and the ends of its logs as YAML, secrets hidden
    Report {
        /// Name of the KafkaCluster
        cluster: String,
        /// File that gets it; standard output if absent
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = KubeConfigOptions { context: cli.context, ..KubeConfigOptions::default() };
        let config =
            kube::Config::from_kubeconfig(&options).await.context("there is no way to the API server")?;
        let namespace = cli.namespace.unwrap_or_else(|| config.default_namespace.clone());
        let client = kube::Client::try_from(config).context("there is no way to the API server")?;
        let operator_namespace = cli.operator_namespace;
        let asked = |name: String| Asked {
            client: client.clone(),
            namespace: namespace.clone(),
            name,
            operator_namespace: operator_namespace.clone(),
        };
        let text = match cli.command {
            Command::Status { cluster } => plugin::status(&asked(cluster)).await?,
            Command::Plan { cluster } => plugin::plan(&asked(cluster)).await?,
            Command::Drain { cluster, brokers } => plugin::drain(&asked(cluster), brokers).await?,
            Command::Restart { cluster, node, reason } => {
                plugin::restart(&asked(cluster), node, &reason).await?
            }
            Command::Fence { cluster, node } => plugin::fence(&asked(cluster), node).await?,
            Command::Unfence { cluster, node } => plugin::unfence(&asked(cluster), node).await?,
            Command::Hibernate { cluster } => plugin::hibernate(&asked(cluster)).await?,
            Command::Resume { cluster } => plugin::resume(&asked(cluster)).await?,
            Command::Adopt { cluster, topic, id } => plugin::adopt(&asked(cluster), &topic, &id).await?,
            Command::Certs { cluster } => plugin::certs(&asked(cluster)).await?,
            Command::Logs { cluster, node } => plugin::logs(&asked(cluster), node).await?,
            Command::Diagnose { cluster } => plugin::diagnose(&asked(cluster)).await?,
            Command::Report { cluster, output } => {
                let text = plugin::report(&asked(cluster)).await?;
                match output {
                    None => text,
                    Some(path) => {
                        fs::write(&path, text).with_context(|| path.display().to_string())?;
                        format!("wrote {}\n", path.display())
                    }
                }
            }
        };
        io::stdout().write_all(text.as_bytes()).context("standard output")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
