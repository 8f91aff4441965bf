//! The operator is killed while a broker leaves and while settings roll: after each change that it makes, and in
//! between after its first call, its second, and so on. What is half done is gone on with. The API server's audit log
//! tells what it did.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use serde_json::Value;

use super::cluster::{Cluster, text};
use crate::kube::audit::Audit;
use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::{Kubectl, items};
use crate::kube::process::Process;

/// Where the operator's chart is installed, and its account there.
const OWN: &str = "klamm";
const ACCOUNT: &str = "system:serviceaccount:klamm:klamm-operator";
/// Between two looks at what it asked for.
const LOOK: Duration = Duration::from_millis(2);
/// After this many calls there is nothing new: a pass has fewer.
const MOST_CALLS: usize = 48;
/// More kills mean that it does the same over and over.
const MOST_KILLS: usize = 600;
/// What every pass applies, and what is told besides: none of it is a step, unless a StatefulSet's spec changes by it.
const ASIDE: [&str; 6] =
    ["leases", "events", "services", "serviceaccounts", "networkpolicies", "poddisruptionbudgets"];

pub(super) fn survives_its_operators(bed: &mut Bed, cluster: &Cluster) -> Result<()> {
    cluster.kubectl(&["scale", "kafkacluster", cluster.name, "--replicas", "4"])?;
    cluster.settles("4 brokers before the operators are killed")?.ensure_at_most(0)?;
    let replicas = ["scale", "deployment", "klamm-operator", "--namespace", OWN, "--replicas"];
    cluster.admin.run(&[&replicas[..], &["0"]].concat())?;
    let pods = ["pods", "--selector", "app.kubernetes.io/name=klamm-operator"];
    cluster.admin.await_object((OWN, &pods), "are gone", |pods| match items(pods).count() {
        0 => Ok(()),
        some => Err(format!("{some} are there")),
    })?;
    let mut mortal = Mortal::new(bed)?;
    let survived = drains_and_rolls(cluster, &mut mortal);
    drop(mortal);
    cluster.admin.run(&[&replicas[..], &["2"]].concat())?;
    survived?;
    cluster.settles("operators from their chart again").map(|_| ())
}

fn drains_and_rolls(cluster: &Cluster, mortal: &mut Mortal) -> Result<()> {
    let drained = mortal.is_killed_while(|| {
        cluster.kubectl(&["scale", "kafkacluster", cluster.name, "--replicas", "3"])?;
        cluster.settles("4 to 3 brokers under a mortal operator")?.ensure_at_most(0)
    })?;
    println!("  killed in a drain: {drained}");
    ensure!(cluster.holders("orders")? == [0, 1, 2], "broker 3 still holds replicas");
    let before = cluster.ready_pods()?;
    let rolled = mortal.is_killed_while(|| {
        cluster.edit(r#"{"config":{"queued.max.requests":"300"}}"#)?;
        cluster.settles("a roll under a mortal operator")?.ensure_at_most(1)
    })?;
    println!("  killed in a roll: {rolled}");
    let after = cluster.ready_pods()?;
    let kept: Vec<_> = before.iter().filter(|(pod, uid)| after.get(*pod) == Some(uid)).collect();
    ensure!(kept.is_empty(), "not restarted: {kept:?}");
    let changes = [(&drained, "patch statefulsets"), (&rolled, "patch configmaps"), (&rolled, "delete pods")];
    for (kills, change) in changes {
        ensure!(kills.after_changes.contains_key(change), "it was not killed after {change}: {kills}");
    }
    Ok(())
}

/// After what the operator was killed.
#[derive(Debug, Default)]
struct Kills {
    /// After the first change of its life, by what it changed.
    after_changes: BTreeMap<String, usize>,
    /// After that many calls, of whatever kind.
    after_calls: BTreeSet<usize>,
    all: usize,
}

impl std::fmt::Display for Kills {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Kills { after_changes, after_calls, all } = self;
        write!(f, "{all} times, after the changes {after_changes:?} and after so many calls: {after_calls:?}")
    }
}

/// When the present operator is to be killed.
enum Fate {
    /// After its first change.
    AfterChange,
    /// After that many calls of whatever kind.
    AfterCalls(usize),
}

/// The operator as a process on the bed itself.
struct Mortal {
    program: PathBuf,
    folder: PathBuf,
    account: Kubectl,
    admin: Kubectl,
    audit: Audit,
    process: Option<Process>,
    /// Of StatefulSets, by their uids.
    generations: BTreeMap<String, Value>,
}

impl Mortal {
    fn new(bed: &Bed) -> Result<Mortal> {
        let account = bed.as_account(OWN, "klamm-operator")?;
        let (program, folder) = (bed.programs.operator.clone(), bed.folder.clone());
        let audit = bed.control.audit()?;
        let process = Some(start(&program, &account, &folder)?);
        let admin = bed.admin().clone();
        Ok(Mortal { program, folder, account, admin, audit, process, generations: BTreeMap::new() })
    }

    /// Kills it over and over until `work` is done.
    fn is_killed_while(&mut self, work: impl FnOnce() -> Result<()>) -> Result<Kills> {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            let killer = scope.spawn(|| self.kill_until(&is_over));
            let worked = work();
            is_over.store(true, Ordering::Relaxed);
            let kills = killer.join().map_err(|_| anyhow!("the killer panicked"))?;
            worked.and(kills)
        })
    }

    fn kill_until(&mut self, is_over: &AtomicBool) -> Result<Kills> {
        let mut kills = Kills::default();
        // What was asked for before is no call of this life.
        self.read_changes()?;
        while !is_over.load(Ordering::Relaxed) {
            // Every second life lasts until a change, so that the work comes to an end.
            let fate = match kills.all % 2 {
                0 => Fate::AfterChange,
                _ => Fate::AfterCalls(1 + kills.all / 2 % MOST_CALLS),
            };
            if !self.live(&fate, is_over, &mut kills)? {
                break;
            }
            // A process is killed with its owner.
            drop(self.process.take());
            kills.all += 1;
            ensure!(kills.all < MOST_KILLS, "it comes to no end: {kills}");
            self.free_lease()?;
            // What it still asked for is no call of the next one.
            self.read_changes()?;
            self.process = Some(start(&self.program, &self.account, &self.folder)?);
        }
        Ok(kills)
    }

    /// The dead one's lease would keep the next one waiting for 15 s; that this is so, other stories show.
    fn free_lease(&self) -> Result<()> {
        let free = r#"{"spec":{"holderIdentity":""}}"#;
        let lease =
            ["patch", "lease", "klamm-operator", "--namespace", OWN, "--type", "merge", "--patch", free];
        self.admin.run(&lease).map(|_| ())
    }

    /// Waits for the end of one life. Whether it came before the end of the work.
    fn live(&mut self, fate: &Fate, is_over: &AtomicBool, kills: &mut Kills) -> Result<bool> {
        let mut calls = 0;
        while !is_over.load(Ordering::Relaxed) {
            let (asked, change) = self.read_changes()?;
            calls += asked;
            match (fate, change) {
                (Fate::AfterChange, Some(change)) => {
                    *kills.after_changes.entry(change).or_default() += 1;
                    return Ok(true);
                }
                (Fate::AfterCalls(most), _) if calls >= *most => {
                    kills.after_calls.insert(calls);
                    return Ok(true);
                }
                (Fate::AfterChange | Fate::AfterCalls(_), _) => {}
            }
            self.process.iter_mut().try_for_each(Process::ensure_alive)?;
            thread::sleep(LOOK);
        }
        Ok(false)
    }

    /// How many calls it has made since the last look, and the first change among them.
    fn read_changes(&mut self) -> Result<(usize, Option<String>)> {
        let requests = self.audit.requests_of(ACCOUNT)?;
        let changes: Vec<Option<String>> = requests.iter().map(|request| self.change(request)).collect();
        Ok((requests.len(), changes.into_iter().flatten().next()))
    }

    /// What a request has changed: its verb and the kind of object.
    fn change(&mut self, request: &Value) -> Option<String> {
        let verb = request["verb"].as_str()?;
        let resource = request["objectRef"]["resource"].as_str()?;
        let asks = matches!(verb, "create" | "update" | "patch" | "delete");
        let is_done = request["responseStatus"]["code"].as_u64().is_some_and(|code| code < 300);
        if !asks || !is_done || ASIDE.contains(&resource) || !self.is_new(request) {
            return None;
        }
        let part = request["objectRef"]["subresource"].as_str().map(|part| format!("/{part}"));
        Some(format!("{verb} {resource}{}", part.unwrap_or_default()))
    }

    /// Whether a StatefulSet has another spec than after the last request; of other objects each request is a change.
    fn is_new(&mut self, request: &Value) -> bool {
        let metadata = &request["responseObject"]["metadata"];
        if metadata["generation"].is_null() {
            return true;
        }
        let before = self.generations.insert(text(&metadata["uid"]), metadata["generation"].clone());
        before.is_some_and(|before| before != metadata["generation"])
    }
}

fn start(program: &Path, account: &Kubectl, folder: &Path) -> Result<Process> {
    let mut command = Command::new(program);
    command.env("KUBECONFIG", account.config()).env("POD_NAME", "mortal");
    command.args(["run", "--image", NODE_IMAGES[0], "--lease-namespace", OWN]);
    command.args(["--metrics-addr", "127.0.0.1:8099"]);
    Process::start("operator-mortal", &mut command, folder)
}
