//! The `klamm-operator` binary.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand, ValueEnum};
use klamm_operator::cluster::Context;
use klamm_operator::leader::Candidate;
use klamm_operator::nodes::GrpcNodes;
use klamm_operator::run::Scope;
use klamm_operator::wire::KafkaWire;
use klamm_operator::{crd, pages, run};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The Kubernetes operator of Klamm
#[derive(Parser)]
#[command(name = "klamm-operator", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Look after the KafkaClusters and KafkaTopics of a Kubernetes cluster
    Run(RunArgs),
    /// Write the custom resource definitions
    Crds {
        /// Folders that get kafkaclusters.yaml and kafkatopics.yaml
        #[arg(long, value_name = "DIR", required = true)]
        to: Vec<PathBuf>,
    },
}

#[derive(clap::Args)]
struct RunArgs {
    /// Namespaces to look after, separated by commas; all if absent
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    watch_namespaces: Vec<String>,
    /// Image of nodes whose spec names none
    #[arg(long, value_name = "IMAGE")]
    image: String,
    /// Act without asking whether another operator does
    #[arg(long)]
    no_leader_election: bool,
    /// Namespace of the lease; the operator's own if absent
    #[arg(long, value_name = "NAME")]
    lease_namespace: Option<String>,
    /// Where /metrics, /healthz and /readyz are served
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8080")]
    metrics_addr: SocketAddr,
    /// How log lines look
    #[arg(long, value_enum, default_value = "text")]
    log_format: LogFormat,
    /// Make plans, log them, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Passes at a time, over different resources
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    concurrency: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Crds { to } => write_crds(&to),
        Command::Run(arguments) => {
            start_log(arguments.log_format);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(operate(arguments))
        }
    }
}

fn write_crds(folders: &[PathBuf]) -> Result<()> {
    for folder in folders {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        for (name, content) in crd::files() {
            let path = folder.join(name);
            fs::write(&path, content).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn start_log(format: LogFormat) {
    let filter = EnvFilter::try_from_env("KLAMM_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(false).init(),
        LogFormat::Json => log.json().init(),
    }
}

async fn operate(arguments: RunArgs) -> Result<()> {
    let mut config = kube::Config::infer().await.context("there is no way to the API server")?;
    config.write_timeout = Some(Duration::from_secs(30));
    let own_namespace = config.default_namespace.clone();
    let client = kube::Client::try_from(config).context("there is no way to the API server")?;
    let identity =
        env::var("POD_NAME").or_else(|_| env::var("HOSTNAME")).unwrap_or_else(|_| "operator".to_owned());
    let identity = format!("{identity}-{:08x}", rand::random::<u32>());
    let (wire, nodes) = (Arc::new(KafkaWire::default()), Arc::new(GrpcNodes::default()));
    let mut context = Context::new(client.clone(), (wire, nodes), arguments.image, Some(identity.clone()));
    context.dry_run = arguments.dry_run;
    let context = Arc::new(context);
    let listener = pages::bind(arguments.metrics_addr).await;
    let listener = listener.with_context(|| format!("--metrics-addr {}", arguments.metrics_addr))?;
    let pages = pages::serve(listener, Arc::clone(&context));
    let scope = Scope { namespaces: arguments.watch_namespaces, concurrency: arguments.concurrency };
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let signals = async move {
        tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
    };
    let work = async {
        if arguments.no_leader_election || arguments.dry_run {
            return act(Arc::clone(&context), &scope, signals).await;
        }
        let namespace = arguments.lease_namespace.unwrap_or(own_namespace);
        let mut candidate = Candidate::new(client, &namespace, "klamm-operator", &identity);
        lead(&context, &scope, &mut candidate, signals).await
    };
    tokio::select! {
        outcome = work => outcome,
        () = pages => bail!("the pages ended"),
    }
}

/// Acts for as long as the lease is held. A process whose lease is lost ends: what it had under way may
/// be another's by now.
async fn lead(
    context: &Arc<Context>,
    scope: &Scope,
    candidate: &mut Candidate,
    signals: impl Future<Output = ()>,
) -> Result<()> {
    tokio::pin!(signals);
    tokio::select! {
        () = candidate.acquire() => {}
        () = &mut signals => return Ok(()),
    }
    tracing::info!("this operator holds the lease");
    context.metrics.note_leader(true);
    tokio::select! {
        outcome = act(Arc::clone(context), scope, signals) => outcome?,
        () = candidate.hold() => bail!("the lease is lost"),
    }
    candidate.release().await;
    Ok(())
}

/// Longest wait for passes under way, which are safe to be broken off: less than the 30 s after which a pod is killed,
/// so that the lease is given back. Controllers that are stopped before their first list came never end by themselves.
const PASSES_END: Duration = Duration::from_secs(10);

/// Runs the controllers until a signal, and then until their passes have ended or the time for that is over.
async fn act(context: Arc<Context>, scope: &Scope, signals: impl Future<Output = ()>) -> Result<()> {
    let (tell, stop) = watch::channel(false);
    let controllers = run::run(context, scope, stop);
    tokio::pin!(controllers);
    tokio::select! {
        () = &mut controllers => bail!("the controllers ended"),
        () = signals => {}
    }
    tracing::info!("stopping");
    tell.send_replace(true);
    if tokio::time::timeout(PASSES_END, controllers).await.is_err() {
        tracing::warn!("what was under way is broken off; the next operator goes on with it");
    }
    Ok(())
}
