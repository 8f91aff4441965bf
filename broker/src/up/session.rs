//! One run of `klamm up`: observe, plan, carry out, tell; again for as long as it runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use klamm_client::{Admin, ClientConfig};
use klamm_cluster_ops::{answers, execute_on_cluster, observe_cluster, observe_controllers, observe_disks};
use klamm_lifecycle::{
    Action, ClusterSpec, ClusterView, Directory, NodeRole, Observed, ObservedNode, Plan, Step,
    cluster_status, plan,
};
use klamm_manifest::{KafkaClusterStatus, Suspend};
use klamm_model::{NodeId, Uuid};

use super::UpArgs;
use super::layout::Layout;
use super::manifest_file::ManifestFile;
use super::ports::{client_listeners, controller_endpoint, controller_port, listener_statuses};
use super::processes::Processes;
use super::{clock, hints, local};

/// Pause between rounds while something is under way, and while all is settled.
const BUSY: Duration = Duration::from_millis(50);
const QUIET: Duration = Duration::from_secs(1);
/// Pause between two looks at nodes that stop.
const STOP_LOOK: Duration = Duration::from_millis(10);
/// Pause after a step that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Longest wait for the first answer of a node that may be starting.
const PROBE: Duration = Duration::from_millis(500);
/// Longest wait for an answer of the cluster.
const CALL_MS: u64 = 5_000;
/// A node that never answers and ends this often in a row makes `--detach` give up.
const HOPELESS: u32 = 3;

pub(super) struct Session {
    file: ManifestFile,
    spec: ClusterSpec,
    layout: Layout,
    /// This program, as a shell calls it.
    program: String,
    processes: Processes,
    status: KafkaClusterStatus,
    /// What the last round awaited and could not do: told once.
    told: Vec<String>,
    /// The client of the brokers, and that of the controllers.
    admin: Option<(Vec<NodeId>, Admin)>,
    controllers: Option<(Vec<NodeId>, Admin)>,
    began: Instant,
}

impl Session {
    pub(super) fn open(args: &UpArgs) -> Result<Session> {
        let (file, spec) = ManifestFile::open(&args.file)?;
        let root = args.dir.clone().unwrap_or_else(|| PathBuf::from(".klamm").join(&spec.name));
        let layout = Layout::new(&root);
        let status = layout.read_status()?;
        Ok(Session {
            file,
            spec,
            layout,
            program: hints::this_program(),
            processes: Processes::default(),
            status,
            told: Vec::new(),
            admin: None,
            controllers: None,
            began: Instant::now(),
        })
    }

    pub(super) async fn run(mut self, args: &UpArgs) -> Result<()> {
        if args.plan {
            self.processes = Processes::adopt(&self.layout);
            let observed = self.observe().await;
            print!("{}", plan(&self.spec, &observed));
            return Ok(());
        }
        let _lock: File = self.layout.lock()?;
        self.processes = Processes::adopt(&self.layout);
        self.processes.note_pids(&self.layout);
        let stop = crate::start::stop_signal();
        let outcome = tokio::select! {
            outcome = self.converge(args.detach) => outcome,
            signal = stop => signal.map(|()| println!("stopping the nodes; once more to kill them")),
        };
        let leave_running = args.detach && outcome.is_ok();
        if !leave_running {
            self.stop_all().await;
        }
        outcome
    }

    /// Brokers first: they ask the controllers for leave. A second signal kills what is left.
    async fn stop_all(&mut self) {
        let nodes = self.layout.known_nodes();
        let votes = |node: &NodeId| self.layout.written_role(*node).is_some_and(NodeRole::is_controller);
        let (controllers, brokers): (Vec<NodeId>, Vec<NodeId>) = nodes.into_iter().partition(votes);
        let mut impatient = std::pin::pin!(crate::start::stop_signal());
        let mut kills = false;
        for group in [brokers, controllers] {
            for node in &group {
                self.processes.stop(*node);
            }
            while group.iter().any(|node| self.processes.observe(&self.layout, *node).lives()) {
                tokio::select! {
                    _ = &mut impatient, if !kills => kills = true,
                    () = tokio::time::sleep(STOP_LOOK) => {}
                }
                if kills {
                    group.iter().for_each(|node| self.processes.kill(*node));
                }
            }
        }
    }

    /// Runs rounds for ever, or until settled where the nodes are left alone.
    async fn converge(&mut self, detach: bool) -> Result<()> {
        let mut was_settled = false;
        loop {
            self.take_edit();
            let observed = self.observe().await;
            let plan = plan(&self.spec, &observed);
            self.keep_status(&observed, &plan)?;
            self.tell(&plan);
            if plan.is_settled() && !was_settled {
                self.print_ready();
            }
            was_settled = plan.is_settled();
            if detach && was_settled {
                return Ok(());
            }
            let is_stuck = plan.steps.is_empty() && plan.waits.is_empty() && !plan.blocked.is_empty();
            if is_stuck && (detach || self.processes.running(true).is_empty()) {
                bail!("the manifest cannot be carried out:\n{}", plan.blocked.join("\n"));
            }
            if let Some((node, how)) = self.processes.hopeless(HOPELESS).filter(|_| detach) {
                bail!("node {node} does not come up: {how}");
            }
            let mut pause = if plan.steps.is_empty() && plan.waits.is_empty() { QUIET } else { BUSY };
            for step in &plan.steps {
                self.say(&step.to_string());
                if let Err(error) = self.execute(step).await {
                    self.say(&format!("  not done, and tried again: {error:#}"));
                    pause = AFTER_FAILURE;
                    break;
                }
            }
            tokio::time::sleep(pause).await;
        }
    }

    fn take_edit(&mut self) {
        match self.file.changed(&self.spec) {
            None => {}
            Some(Ok(spec)) => {
                self.say("the manifest has changed");
                self.spec = spec;
                self.admin = None;
                self.controllers = None;
            }
            Some(Err(error)) => {
                self.say(&format!(
                    "the manifest has changed and cannot be used; the old one holds: {error:#}"
                ));
            }
        }
    }

    async fn observe(&mut self) -> Observed {
        let mut ids = self.layout.known_nodes();
        ids.extend(self.spec.nodes.iter().map(|node| node.id));
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            self.processes.observe(&self.layout, *id);
        }
        for id in self.processes.running(false) {
            if self.probe(id).await {
                self.processes.note_answer(id);
            }
        }
        let cluster = self.observe_cluster().await;
        let nodes: BTreeMap<NodeId, ObservedNode> =
            ids.into_iter().map(|id| (id, self.observe_node(id))).collect();
        let in_directories = nodes.values().find_map(|node| match &node.directory {
            Directory::Formatted { cluster_id, .. } => Some(*cluster_id),
            Directory::Empty | Directory::Foreign(_) => None,
        });
        let recorded = self.status.cluster_id.as_deref().and_then(|id| id.parse().ok());
        Observed {
            cluster_id: recorded.or(in_directories),
            has_run: self.status.quorum.is_some(),
            spread_due: self.status.operation.as_ref().is_some_and(|operation| operation.spread_due),
            nodes,
            cluster,
        }
    }

    fn observe_node(&mut self, id: NodeId) -> ObservedNode {
        let wanted = self.spec.node(id).map(|node| node.role);
        let replaced = self.processes.is_replaced(id).then(|| "its program was replaced".to_owned());
        let differs = wanted.and_then(|role| self.layout.outdated(&self.spec, (id, role)));
        ObservedNode {
            directory: local::observe_directory(&self.layout, &self.spec, id),
            process: self.processes.observe(&self.layout, id),
            role: self.layout.written_role(id),
            outdated: differs.or(replaced),
            controller_endpoint: Some(controller_endpoint(&self.spec, id)),
        }
    }

    /// Whether the process of `node` answers on its own listener.
    async fn probe(&self, node: NodeId) -> bool {
        let role = self.layout.written_role(node).unwrap_or(NodeRole::Broker);
        let config = if role.is_broker() {
            let port = client_listeners(&self.spec, node)[0].1;
            ClientConfig::new(&format!("127.0.0.1:{port}"))
        } else {
            let port = controller_port(&self.spec, node);
            ClientConfig::for_controllers(&format!("127.0.0.1:{port}"))
        };
        let Ok(config) = config else { return false };
        tokio::time::timeout(PROBE, answers(config)).await.unwrap_or(false)
    }

    async fn observe_cluster(&mut self) -> ClusterView {
        let Some(admin) = self.admin() else { return ClusterView::Unknown };
        let Ok(mut cluster) = observe_cluster(&admin).await else { return ClusterView::Unknown };
        if cluster.brokers.keys().any(|id| !self.spec.wants_broker(*id)) {
            observe_disks(&admin, &mut cluster).await;
        }
        if let Some(controllers) = self.controllers() {
            cluster.controllers = observe_controllers(&controllers).await.ok();
        }
        ClusterView::Known(cluster)
    }

    /// A client of the controllers that answer.
    fn controllers(&mut self) -> Option<Admin> {
        let is_controller =
            |node: &NodeId| self.layout.written_role(*node).is_some_and(NodeRole::is_controller);
        let nodes: Vec<NodeId> = self.processes.running(true).into_iter().filter(is_controller).collect();
        let address = |node: &NodeId| format!("127.0.0.1:{}", controller_port(&self.spec, *node));
        let addresses = nodes.iter().map(address).collect::<Vec<_>>().join(",");
        client(&mut self.controllers, nodes, || ClientConfig::for_controllers(&addresses).ok())
    }

    /// A client of the brokers that answer; `None` while none does.
    fn admin(&mut self) -> Option<Admin> {
        let is_broker = |node: &NodeId| self.layout.written_role(*node).is_some_and(NodeRole::is_broker);
        let brokers: Vec<NodeId> = self.processes.running(true).into_iter().filter(is_broker).collect();
        let address = |node: &NodeId| format!("127.0.0.1:{}", client_listeners(&self.spec, *node)[0].1);
        let addresses = brokers.iter().map(address).collect::<Vec<_>>().join(",");
        client(&mut self.admin, brokers, || ClientConfig::new(&addresses).ok())
    }

    async fn execute(&mut self, step: &Step) -> Result<()> {
        let layout = &self.layout;
        match &step.action {
            Action::ChooseClusterId => {
                let id = (0..).find_map(|_: u32| Uuid::random_from(rand::random()));
                self.status.cluster_id = id.map(|id| id.to_string());
                layout.write_status(&self.status)
            }
            Action::FormatNode { node, role, cluster_id, founding } => {
                local::format(layout, &self.spec, (*node, *role), (*cluster_id, *founding))
            }
            Action::StartNode { node, role } => {
                layout.write_properties(&self.spec, (*node, *role))?;
                self.processes.start(layout, *node)
            }
            Action::RestartNode { node } | Action::StopNode { node } => {
                self.processes.stop(*node);
                Ok(())
            }
            Action::DeleteVolumes { node } => local::delete_volumes(layout, *node),
            Action::AddVoter { .. }
            | Action::RemoveVoter { .. }
            | Action::Cordon { .. }
            | Action::Uncordon { .. }
            | Action::Reassign { .. }
            | Action::ElectPreferredLeaders { .. }
            | Action::UnregisterBroker { .. }
            | Action::UnregisterController { .. }
            | Action::FinalizeMetadataVersion { .. }
            | Action::ConfigureBrokers { .. }
            | Action::CreateTopic { .. }
            | Action::DeleteTopic { .. }
            | Action::GrowTopic { .. }
            | Action::ConfigureTopic { .. } => {
                let admin = self.admin().context("no broker answers")?;
                execute_on_cluster(&admin, &step.action).await?;
                Ok(())
            }
        }
    }

    fn keep_status(&mut self, observed: &Observed, plan: &Plan) -> Result<()> {
        let listeners = listener_statuses(&self.spec);
        let status = cluster_status((&self.spec, &self.status), observed, plan, listeners, &clock::now());
        if status == self.status || status.cluster_id.is_none() {
            return Ok(());
        }
        self.status = status;
        self.layout.write_status(&self.status)
    }

    /// Tells what is awaited and what is blocked, where that is new.
    fn tell(&mut self, plan: &Plan) {
        let waits = plan.waits.iter().map(|wait| format!("  waiting: {wait}"));
        let blocked = plan.blocked.iter().map(|blocked| format!("  blocked: {blocked}"));
        let now: Vec<String> = blocked.chain(waits).collect();
        for sentence in now.iter().filter(|sentence| !self.told.contains(sentence)) {
            self.say(sentence);
        }
        self.told = now;
    }

    fn say(&self, sentence: &str) {
        println!("[{:>6.1}] {sentence}", self.began.elapsed().as_secs_f64());
    }

    fn print_ready(&self) {
        match self.spec.suspend {
            Suspend::None => {}
            Suspend::Reconcile => {
                return println!(
                    "\ncluster {} is left as it is: spec.suspend is reconcile\n",
                    self.spec.name
                );
            }
            Suspend::Cluster => {
                return println!(
                    "\ncluster {} is suspended: its nodes are stopped, its data stay\n",
                    self.spec.name
                );
            }
        }
        // What is typed has no key, and a compacted topic takes no such records.
        let takes_lines = |config: &BTreeMap<String, String>| {
            !config.get("cleanup.policy").is_some_and(|it| it.contains("compact"))
        };
        let topic = self.spec.topics.iter().find(|topic| takes_lines(&topic.config));
        let topic = topic.map(|topic| topic.name.as_str());
        println!("{}", hints::ready(&self.program, &self.spec.name, topic, &listener_statuses(&self.spec)));
    }
}

/// The client of `nodes` that was made before, or a new one; `None` without nodes.
fn client(
    kept: &mut Option<(Vec<NodeId>, Admin)>,
    nodes: Vec<NodeId>,
    config: impl FnOnce() -> Option<ClientConfig>,
) -> Option<Admin> {
    if nodes.is_empty() {
        return None;
    }
    if let Some((known, admin)) = kept
        && *known == nodes
    {
        return Some(admin.clone());
    }
    let mut config = config()?;
    config.client_id = "klamm-up".to_owned();
    config.default_api_timeout_ms = CALL_MS;
    config.request_timeout_ms = CALL_MS;
    config.reconnect_backoff_ms = 10;
    config.reconnect_backoff_max_ms = 50;
    config.retry_backoff_ms = 10;
    let admin = Admin::new(config);
    *kept = Some((nodes, admin.clone()));
    Some(admin)
}
