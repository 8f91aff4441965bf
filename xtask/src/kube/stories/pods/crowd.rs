//! Twenty clusters at rest under one operator: what it takes of memory and processor to watch them. Told, not judged:
//! a busy machine says little of a quiet one.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::kube::bed::Bed;
use crate::kube::kubectl::{PATIENCE, has_condition, items};
use crate::kube::process::await_some;

const NAMESPACE: &str = "crowd";
const CLUSTERS: usize = 20;
/// What the last change made the operator do is over.
const SETTLES: Duration = Duration::from_secs(30);
const RESTS: Duration = Duration::from_secs(60);
/// Ticks of `/proc/PID/stat` in a second.
const TICKS: f64 = 100.0;

pub(in crate::kube::stories) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin().clone();
    admin.run(&["create", "namespace", NAMESPACE])?;
    let mut manifest = String::new();
    for number in 0..CLUSTERS {
        write!(
            manifest,
            "---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: c{number}}}\nspec:\n  brokers: \
             {{replicas: 1}}\n  controllers: {{mode: combined, replicas: 1}}\n  storage: {{onDelete: Delete, volumes: \
             [{{name: data, size: 1Gi}}]}}\n---\napiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {{name: \
             t{number}}}\nspec: {{clusterRef: {{name: c{number}}}, partitions: 3, replicationFactor: 1}}\n"
        )?;
    }
    admin.apply(NAMESPACE, &manifest)?;
    await_some("all clusters and topics are ready", PATIENCE, || {
        let all = admin.get(NAMESPACE, &["kfc,kft"])?;
        let ready = items(&all).filter(|object| has_condition(object, "Ready").is_ok()).count();
        Ok(if ready == 2 * CLUSTERS { Ok(()) } else { Err(format!("{ready} are ready")) })
    })?;
    thread::sleep(SETTLES);
    let before = operators()?;
    ensure!(!before.is_empty(), "no operator runs");
    thread::sleep(RESTS);
    for (process, ticks) in before {
        let used = (ticks_of(&process)? - ticks) as f64 / TICKS / RESTS.as_secs_f64() * 100.0;
        let memory = anonymous_kib(&process)? as f64 / 1024.0;
        println!(
            "  an operator beside {CLUSTERS} clusters: {memory:.1} MiB of memory, {used:.2} % of a core"
        );
    }
    admin.run(&["delete", "--namespace", NAMESPACE, "kft,kfc", "--all", "--timeout=240s"]).map(|_| ())
}

/// The operators' processes and what each has used so far; the bed sees no others.
fn operators() -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let process = entry.file_name().to_string_lossy().into_owned();
        // A process may have ended meanwhile.
        let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
        if process.bytes().all(|byte| byte.is_ascii_digit()) && program.ends_with("klamm-operator") {
            let ticks = ticks_of(&process)?;
            found.push((process, ticks));
        }
    }
    Ok(found)
}

fn ticks_of(process: &str) -> Result<u64> {
    let stat = fs::read_to_string(Path::new("/proc").join(process).join("stat"))?;
    let fields: Vec<&str> = stat.rsplit_once(')').context("its name")?.1.split_whitespace().collect();
    let field = |at: usize| Ok::<u64, anyhow::Error>(fields.get(at).context("a field")?.parse()?);
    Ok(field(11)? + field(12)?)
}

fn anonymous_kib(process: &str) -> Result<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(process).join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("its memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
