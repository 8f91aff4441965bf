//! One run of `klamm up`: observe, plan, carry out, tell; again until settled, then watch.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use klamm_client::{Admin, ClientConfig};
use klamm_cluster_ops::{execute_on_cluster, is_serving, observe_topics};
use klamm_lifecycle::{
    Action, ClusterSpec, Observed, ObservedNode, Plan, Process, Step, TopicsView, cluster_status, plan,
};
use klamm_manifest::{KafkaClusterStatus, read_manifest};
use klamm_model::Uuid;

use super::UpArgs;
use super::layout::{Layout, listener_statuses};
use super::local::{self, Processes};

/// Pause between rounds while something is under way, and while all is settled.
const BUSY: Duration = Duration::from_millis(20);
const QUIET: Duration = Duration::from_secs(1);
/// Longest wait for an answer of a node that may be starting.
const PROBE_MS: u64 = 2_000;

pub(super) struct Session {
    spec: ClusterSpec,
    layout: Layout,
    processes: Processes,
    status: KafkaClusterStatus,
    said: BTreeSet<String>,
    admin: Option<Admin>,
}

impl Session {
    pub(super) fn open(args: &UpArgs) -> Result<Session> {
        let text = std::fs::read_to_string(&args.file)
            .with_context(|| format!("{} cannot be read", args.file.display()))?;
        let manifest = read_manifest(&text).with_context(|| args.file.display().to_string())?;
        let spec = ClusterSpec::of_manifest(&manifest)?;
        if spec.nodes.len() > 1 {
            bail!(
                "KafkaCluster/{}: spec asks for {} nodes; this version runs clusters of one combined node \
                 (brokers.replicas: 1, controllers: {{mode: combined, replicas: 1}})",
                spec.name,
                spec.nodes.len()
            );
        }
        let root = args.dir.clone().unwrap_or_else(|| PathBuf::from(".klamm").join(&spec.name));
        let layout = Layout::new(root);
        let status = layout.read_status()?;
        Ok(Session {
            spec,
            layout,
            processes: Processes::default(),
            status,
            said: BTreeSet::new(),
            admin: None,
        })
    }

    pub(super) async fn run(mut self, args: &UpArgs) -> Result<()> {
        if args.plan {
            let observed = self.observe().await;
            print_plan(&plan(&self.spec, &observed));
            return Ok(());
        }
        let stop = crate::start::stop_signal();
        let outcome = tokio::select! {
            outcome = self.converge(args.detach) => outcome,
            signal = stop => signal.map(|()| println!("stopping the nodes")),
        };
        let leave_running = args.detach && outcome.is_ok();
        if !leave_running {
            self.processes.stop_all(&self.layout, &self.spec);
        }
        outcome
    }

    /// Runs rounds for ever, or until settled where the nodes are left alone.
    async fn converge(&mut self, detach: bool) -> Result<()> {
        let mut told_ready = false;
        loop {
            let observed = self.observe().await;
            let plan = plan(&self.spec, &observed);
            self.keep_status(&observed, &plan)?;
            for blocked in &plan.blocked {
                self.say(format!("blocked: {blocked}"));
            }
            if plan.steps.is_empty() && plan.waits.is_empty() && !plan.blocked.is_empty() && !told_ready {
                bail!("the manifest cannot be carried out:\n{}", plan.blocked.join("\n"));
            }
            if plan.is_settled() && !std::mem::replace(&mut told_ready, true) {
                self.print_ready();
                if detach {
                    return Ok(());
                }
            }
            for step in &plan.steps {
                self.execute(step).await?;
            }
            let pause = if plan.is_settled() { QUIET } else { BUSY };
            tokio::time::sleep(pause).await;
        }
    }

    async fn observe(&mut self) -> Observed {
        let mut observed = Observed {
            cluster_id: self.status.cluster_id.as_deref().and_then(|id| id.parse().ok()),
            ..Observed::default()
        };
        for node in self.spec.nodes.clone() {
            let directory = local::observe_directory(&self.layout, &self.spec, node.id);
            let mut process = self.processes.observe(&self.layout, node.id, false);
            if process == Process::Starting && self.serves(node.id).await {
                process = self.processes.observe(&self.layout, node.id, true);
            }
            observed.nodes.insert(node.id, ObservedNode { directory, process });
        }
        if observed.nodes.values().all(|node| node.process == Process::Ready) {
            observed.topics = self.topics().await;
        }
        observed
    }

    async fn serves(&mut self, node: klamm_model::NodeId) -> bool {
        match self.admin() {
            Ok(admin) => is_serving(&admin, node).await.unwrap_or(false),
            Err(_) => false,
        }
    }

    async fn topics(&mut self) -> TopicsView {
        let Ok(admin) = self.admin() else { return TopicsView::Unknown };
        observe_topics(&admin).await.unwrap_or_default()
    }

    fn admin(&mut self) -> Result<Admin> {
        if let Some(admin) = &self.admin {
            return Ok(admin.clone());
        }
        let listeners = listener_statuses(&self.spec);
        let bootstrap = &listeners.first().context("a cluster has a listener")?.bootstrap;
        let mut config = ClientConfig::new(bootstrap)?;
        config.client_id = "klamm-up".to_owned();
        config.default_api_timeout_ms = PROBE_MS;
        config.request_timeout_ms = PROBE_MS;
        config.reconnect_backoff_ms = 10;
        config.reconnect_backoff_max_ms = 50;
        config.retry_backoff_ms = 10;
        let admin = Admin::new(config);
        self.admin = Some(admin.clone());
        Ok(admin)
    }

    async fn execute(&mut self, step: &Step) -> Result<()> {
        self.say(step.reason.clone());
        match &step.action {
            Action::ChooseClusterId => {
                let id = (0..).find_map(|_: u32| Uuid::random_from(rand::random()));
                self.status.cluster_id = id.map(|id| id.to_string());
                self.layout.write_status(&self.status)
            }
            Action::FormatNode { node, cluster_id, .. } => {
                let spec = self.spec.nodes.iter().find(|spec| spec.id == *node);
                let spec = spec.context("the plan names wanted nodes only")?;
                local::format(&self.layout, &self.spec, spec, *cluster_id)
            }
            Action::StartNode { node } => {
                let spec = self.spec.nodes.iter().find(|spec| spec.id == *node);
                let spec = spec.context("the plan names wanted nodes only")?;
                self.layout.write_properties(&self.spec, spec)?;
                self.processes.start(&self.layout, *node)
            }
            Action::CreateTopic { .. } | Action::GrowTopic { .. } | Action::ConfigureTopic { .. } => {
                let admin = self.admin()?;
                execute_on_cluster(&admin, &step.action).await?;
                Ok(())
            }
        }
    }

    fn keep_status(&mut self, observed: &Observed, plan: &Plan) -> Result<()> {
        let now = humantime_now();
        let mut status = cluster_status(&self.spec, observed, plan, listener_statuses(&self.spec), &now);
        status.cluster_id = self.status.cluster_id.clone();
        let unchanged = without_times(&status) == without_times(&self.status);
        if unchanged || status.cluster_id.is_none() {
            return Ok(());
        }
        self.status = status;
        self.layout.write_status(&self.status)
    }

    fn say(&mut self, sentence: String) {
        if self.said.insert(sentence.clone()) {
            println!("{sentence}");
        }
    }

    fn print_ready(&self) {
        let listeners = listener_statuses(&self.spec);
        println!("\ncluster {} is ready", self.spec.name);
        for listener in &listeners {
            println!("  {:<12} {}", listener.name, listener.bootstrap);
        }
        let Some(first) = listeners.first() else { return };
        let topic = self.spec.topics.first().map_or("my-topic", |topic| &topic.name);
        println!("\nproduce:  klamm console-producer --bootstrap-server {} --topic {topic}", first.bootstrap);
        println!(
            "consume:  klamm console-consumer --bootstrap-server {} --topic {topic} --from-beginning",
            first.bootstrap
        );
        println!("stop:     Ctrl-C\n");
    }
}

fn without_times(status: &KafkaClusterStatus) -> KafkaClusterStatus {
    let mut status = status.clone();
    for condition in &mut status.conditions {
        condition.last_transition_time.clear();
    }
    status
}

/// RFC 3339, in seconds, UTC.
fn humantime_now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(i64::try_from(days).unwrap_or(0));
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn print_plan(plan: &Plan) {
    for step in &plan.steps {
        println!("{}: {:?}", step.reason, step.action);
    }
    for wait in &plan.waits {
        println!("waits: {wait}");
    }
    for blocked in &plan.blocked {
        println!("blocked: {blocked}");
    }
    if plan.is_settled() {
        println!("the cluster is as the manifest says");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates_of_the_gregorian_calendar() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_781), (2026, 11, 24));
    }
}
