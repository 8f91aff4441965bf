//! The operator as a process, with the rights of its chart and no more, before a real API server: what it makes of a
//! cluster, what it says of it, and that it comes to rest. No controller of Kubernetes' runs, so no pod does.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use rustix::process::Signal;
use serde_json::Value;

use crate::kube::bed::{Bed, NODE_IMAGES};
use crate::kube::kubectl::{Kubectl, PATIENCE, condition, has_condition, items};
use crate::kube::process::{Process, await_some, output};
use crate::oracle::cache;

const OWN: &str = "operator";
const NAMESPACE: &str = "reconcile";
const ACCOUNT: &str = "system:serviceaccount:operator:klamm-operator";
/// What a cluster is made of, by kind and name.
const OBJECTS: [&str; 10] = [
    "configmap/demo-broker",
    "configmap/demo-controller",
    "networkpolicy.networking.k8s.io/demo",
    "poddisruptionbudget.policy/demo-broker",
    "poddisruptionbudget.policy/demo-controller",
    "service/demo-bootstrap",
    "service/demo-nodes",
    "serviceaccount/demo",
    "statefulset.apps/demo-broker",
    "statefulset.apps/demo-controller",
];
const KINDS: &str =
    "configmap,networkpolicy,poddisruptionbudget,secret,service,serviceaccount,statefulset,kfc,kft";
/// Secrets of its admin service, and what is in each.
const SECRETS: [(&str, &[&str]); 2] =
    [("demo-admin-ca", &["tls.crt", "tls.key"]), ("demo-admin-tls", &["ca.crt", "tls.crt", "tls.key"])];

/// Clusters that the API server takes and the operator does not, and what their condition Ready says.
const INVALID: [(&str, &str, &str); 4] = [
    ("owned", "{config: {node.id: \"7\"}}", "node.id"),
    ("value", "{config: {log.retention.hours: soon}}", "log.retention.hours"),
    ("unknown", "{config: {num.partition: \"3\"}}", "num.partitions is one"),
    ("affinity", "{brokers: {template: {affinity: {nodeAffinity: 3}}}}", "spec.brokers.template.affinity"),
];

pub(super) fn run(bed: &mut Bed) -> Result<()> {
    let admin = bed.admin().clone();
    let charts = cache::workspace().join("charts/klamm-operator").display().to_string();
    let install = ["install", "klamm-operator", &charts, "--namespace", OWN, "--create-namespace"];
    admin.helm(&install)?;
    let account = bed.as_account(OWN, "klamm-operator")?;
    admin.run(&["create", "namespace", NAMESPACE])?;
    let mut first = start(bed, &account, 1)?;
    makes_objects(&admin, &mut first)?;
    issues_certificates(&admin)?;
    tells(&admin)?;
    comes_to_rest(&admin, &mut first)?;
    undoes_edits(&admin)?;
    refuses(&admin)?;
    says_goodbye(&admin)?;
    let second = hands_over(bed, &account, first)?;
    keeps_within_its_rights(bed)?;
    // Finalizers of topics need an operator.
    admin.run(&["delete", "--namespace", NAMESPACE, "kft,kfc", "--all", "--timeout=60s"])?;
    second.stop()?;
    admin.helm(&["uninstall", "klamm-operator", "--namespace", OWN]).map(|_| ())
}

/// Starts operator `number` of several.
fn start(bed: &Bed, account: &Kubectl, number: u16) -> Result<Process> {
    let mut command = Command::new(&bed.programs.operator);
    command.env("KUBECONFIG", account.config()).env("POD_NAME", format!("operator-{number}"));
    command.args(["run", "--image", NODE_IMAGES[0], "--lease-namespace", OWN, "--metrics-addr"]);
    command.arg(format!("127.0.0.1:{}", port(number)));
    Process::start(&format!("operator-{number}"), &mut command, &bed.folder)
}

fn port(number: u16) -> u16 {
    8080 + number
}

/// A value of the operator's metrics; 0 where it is not told.
fn metric(number: u16, name: &str) -> Result<f64> {
    let url = format!("http://127.0.0.1:{}/metrics", port(number));
    let text = output(Command::new("curl").args(["--silent", "--fail", "--max-time", "5", &url]))?;
    let values = text.lines().filter_map(|line| line.strip_prefix(name)?.rsplit_once(' '));
    Ok(values.filter_map(|(_, value)| value.parse::<f64>().ok()).sum())
}

fn makes_objects(admin: &Kubectl, operator: &mut Process) -> Result<()> {
    let example = cache::workspace().join("examples/kubernetes.yaml").display().to_string();
    admin.run(&["apply", "--namespace", NAMESPACE, "--filename", &example])?;
    let cluster = admin.await_object((NAMESPACE, &["kfc", "demo"]), "has an identity", |cluster| {
        match cluster["status"]["clusterId"].as_str() {
            Some(_) => Ok(()),
            None => Err(format!("its status: {}", cluster["status"])),
        }
    })?;
    let made = |kinds: &str| admin.run(&["get", "--namespace", NAMESPACE, kinds, "--output", "name"]);
    await_some("the cluster's objects", PATIENCE, || {
        operator.ensure_alive()?;
        let made = made(KINDS)?;
        let missing: Vec<&str> =
            OBJECTS.into_iter().filter(|object| !made.lines().any(|line| line == *object)).collect();
        Ok(if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} are missing")) })
    })?;
    for object in OBJECTS {
        let object = admin.get(NAMESPACE, &[object])?;
        let metadata = &object["metadata"];
        ensure!(metadata["ownerReferences"][0]["uid"] == cluster["metadata"]["uid"], "its owner: {metadata}");
        let shown = admin.run(&[
            "get",
            "--namespace",
            NAMESPACE,
            "--show-managed-fields",
            "--output",
            "json",
            &format!(
                "{}/{}",
                object["kind"].as_str().unwrap_or_default(),
                metadata["name"].as_str().unwrap_or_default()
            ),
        ])?;
        let shown: Value = serde_json::from_str(&shown).context("kubectl prints JSON")?;
        let managers = shown["metadata"]["managedFields"].as_array().context("managed fields")?;
        let applied = |field: &Value| field["manager"] == "klamm-operator" && field["operation"] == "Apply";
        ensure!(managers.iter().any(applied), "it is applied by klamm-operator: {managers:?}");
    }
    let set = admin.get(NAMESPACE, &["statefulset", "demo-controller"])?;
    ensure!(set["spec"]["ordinals"]["start"] == 1000, "ids of controllers: {}", set["spec"]["ordinals"]);
    ensure!(set["spec"]["updateStrategy"]["type"] == "OnDelete", "nobody but a plan restarts a pod");
    let pod = &set["spec"]["template"]["spec"];
    ensure!(pod["automountServiceAccountToken"] == false, "pods have no token: {pod}");
    Ok(())
}

/// The nodes' certificate and its authority are there before any pod is, and are made again by themselves.
fn issues_certificates(admin: &Kubectl) -> Result<()> {
    let cluster = admin.get(NAMESPACE, &["kfc", "demo"])?;
    for (name, files) in SECRETS {
        let secret = admin.get(NAMESPACE, &["secret", name])?;
        let metadata = &secret["metadata"];
        ensure!(metadata["ownerReferences"][0]["uid"] == cluster["metadata"]["uid"], "its owner: {metadata}");
        let found: Vec<&str> =
            secret["data"].as_object().into_iter().flatten().map(|(file, _)| file.as_str()).collect();
        ensure!(found == files, "{name} has {found:?}");
    }
    let before = admin.get(NAMESPACE, &["secret", "demo-admin-tls"])?["data"]["tls.crt"].clone();
    admin.run(&["delete", "secret", "demo-admin-tls", "--namespace", NAMESPACE])?;
    admin.await_object((NAMESPACE, &["secret", "demo-admin-tls"]), "is made anew", |secret| {
        let certificate = &secret["data"]["tls.crt"];
        if certificate.is_string() && *certificate != before {
            Ok(())
        } else {
            Err("it is not there".to_owned())
        }
    })?;
    Ok(())
}

fn tells(admin: &Kubectl) -> Result<()> {
    admin.await_object((NAMESPACE, &["kfc", "demo"]), "tells what is under way", |cluster| {
        has_condition(cluster, "Progressing")?;
        let ready = condition(cluster, "Ready").ok_or("there is no condition Ready")?;
        let generation = &cluster["metadata"]["generation"];
        if ready["status"] != "False" || ready["observedGeneration"] != *generation {
            return Err(format!("Ready: {ready}"));
        }
        Ok(())
    })?;
    admin.await_object((NAMESPACE, &["events.events.k8s.io"]), "tell what was done", |events| {
        let notes: Vec<&str> = items(events).filter_map(|event| event["note"].as_str()).collect();
        // Each node has its own, also where many are alike.
        let wanted = [
            "choose an identity",
            "format node 1000",
            "format node 1 (broker)",
            "start node 1000",
            "start node 2",
        ];
        let missing: Vec<&str> =
            wanted.into_iter().filter(|wanted| !notes.iter().any(|note| note.starts_with(wanted))).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} are missing in {notes:?}")) }
    })?;
    let topic = "apiVersion: klamm.dev/v1alpha1\nkind: KafkaTopic\nmetadata: {name: lone}\nspec: {clusterRef: {name: \
                 nobody}}\n";
    admin.apply(NAMESPACE, topic)?;
    admin.await_object((NAMESPACE, &["kft", "lone"]), "is told that it has no cluster", |topic| {
        match condition(topic, "Ready") {
            Some(ready) if ready["reason"] == "ClusterNotFound" => Ok(()),
            other => Err(format!("Ready: {other:?}")),
        }
    })?;
    Ok(())
}

/// Versions of all objects, by kind and name.
fn versions(admin: &Kubectl) -> Result<BTreeMap<String, String>> {
    let list = admin.get(NAMESPACE, &[KINDS])?;
    let versions = items(&list).map(|object| {
        let metadata = &object["metadata"];
        (format!("{} {}", object["kind"], metadata["name"]), metadata["resourceVersion"].to_string())
    });
    Ok(versions.collect())
}

/// Passes go by while the first node does not come, and each leaves everything as it is.
fn comes_to_rest(admin: &Kubectl, operator: &mut Process) -> Result<()> {
    const PASSES: &str = "klamm_operator_passes_total{kind=\"KafkaCluster\"}";
    await_some("passes leave everything as it is", PATIENCE, || {
        operator.ensure_alive()?;
        let before = versions(admin)?;
        let passed = metric(1, PASSES)?;
        await_some("three more passes", PATIENCE, || {
            let now = metric(1, PASSES)?;
            Ok(if now >= passed + 3.0 { Ok(()) } else { Err(format!("{now} after {passed}")) })
        })?;
        let after = versions(admin)?;
        let changed: Vec<_> =
            after.iter().filter(|(name, version)| before.get(*name) != Some(version)).collect();
        Ok(if changed.is_empty() { Ok(()) } else { Err(format!("changed: {changed:?}")) })
    })
}

fn undoes_edits(admin: &Kubectl) -> Result<()> {
    let patch = r#"{"spec":{"publishNotReadyAddresses":false}}"#;
    admin.run(&[
        "patch",
        "service",
        "demo-nodes",
        "--namespace",
        NAMESPACE,
        "--type",
        "merge",
        "--patch",
        patch,
    ])?;
    admin.await_object((NAMESPACE, &["service", "demo-nodes"]), "is as the operator has it", |service| {
        let publishes = service["spec"]["publishNotReadyAddresses"] == true;
        if publishes { Ok(()) } else { Err("the edit stays".to_owned()) }
    })?;
    admin.run(&["delete", "service", "demo-bootstrap", "--namespace", NAMESPACE])?;
    admin.await_object((NAMESPACE, &["service", "demo-bootstrap"]), "is made anew", |service| {
        if service.is_null() { Err("it is gone".to_owned()) } else { Ok(()) }
    })?;
    Ok(())
}

fn refuses(admin: &Kubectl) -> Result<()> {
    for (name, spec, word) in INVALID {
        let manifest = format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        );
        admin.apply(NAMESPACE, &manifest)?;
        let told = admin.await_object((NAMESPACE, &["kfc", name]), "is told what is wrong", |cluster| {
            match condition(cluster, "Ready") {
                Some(ready) if ready["reason"] == "InvalidSpec" => Ok(()),
                other => Err(format!("Ready: {other:?}")),
            }
        })?;
        let message =
            condition(&told, "Ready").and_then(|ready| ready["message"].as_str()).unwrap_or_default();
        ensure!(message.contains(word), "KafkaCluster {name}: {message} does not name {word}");
        println!("  invalid: {message}");
        admin.run(&["delete", "--namespace", NAMESPACE, "kfc", name, "--timeout=60s"])?;
    }
    Ok(())
}

/// A cluster whose volumes go with it is kept by a finalizer until they have gone.
fn says_goodbye(admin: &Kubectl) -> Result<()> {
    let manifest = "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {name: going}\nspec: {brokers: \
                    {replicas: 1}, controllers: {mode: combined, replicas: 1}, storage: {onDelete: Delete}}\n";
    admin.apply(NAMESPACE, manifest)?;
    admin.await_object((NAMESPACE, &["kfc", "going"]), "has a finalizer", |cluster| {
        let finalizers = &cluster["metadata"]["finalizers"];
        if finalizers[0] == "klamm.dev/volumes" { Ok(()) } else { Err(format!("finalizers: {finalizers}")) }
    })?;
    admin.await_object((NAMESPACE, &["statefulset", "going-broker"]), "is made", |set| {
        if set.is_null() { Err("it is not there".to_owned()) } else { Ok(()) }
    })?;
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data-going-broker-0, labels: \
                 {klamm.dev/cluster: going}, finalizers: []}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: \
                 {storage: 1Gi}}}\n";
    admin.apply(NAMESPACE, claim)?;
    // The API server protects claims, and the controller that takes the protection back does not run here.
    let unprotect = r#"{"metadata":{"finalizers":null}}"#;
    let claim = ["pvc", "data-going-broker-0", "--namespace", NAMESPACE];
    admin.run(&[&["patch"], &claim[..], &["--type", "merge", "--patch", unprotect]].concat())?;
    admin.run(&["delete", "--namespace", NAMESPACE, "kfc", "going", "--timeout=120s"])?;
    let left = admin.get(NAMESPACE, &["pvc", "data-going-broker-0"])?;
    ensure!(left.is_null(), "its volume is left: {left}");
    Ok(())
}

/// A second operator waits, and takes over from the first that was killed, and from one that ends in order at once.
fn hands_over(bed: &Bed, account: &Kubectl, first: Process) -> Result<Process> {
    let second = start(bed, account, 2)?;
    let is_up =
        || Command::new("curl").args(["--silent", &format!("http://127.0.0.1:{}/healthz", port(2))]).output();
    await_some("the second operator is up", PATIENCE, || {
        Ok(if is_up()?.status.success() { Ok(()) } else { Err("no answer".to_owned()) })
    })?;
    ensure!(metric(2, "klamm_operator_leader")? == 0.0, "two operators lead");
    first.signal(Signal::KILL)?;
    let leads = |number| {
        await_some("the other operator leads", PATIENCE, || {
            let leads = metric(number, "klamm_operator_leader")? > 0.0;
            Ok(if leads { Ok(()) } else { Err("it waits".to_owned()) })
        })
    };
    leads(2)?;
    drop(first);
    let first = start(bed, account, 1)?;
    await_some("the first operator is up again", PATIENCE, || {
        Ok(metric(1, "klamm_operator_leader").map(|_| ()).map_err(|error| error.to_string()))
    })?;
    second.stop()?;
    leads(1)?;
    Ok(first)
}

/// Nothing was forbidden to it, so the chart grants what a real server asks for; that it grants no more is shown
/// where calls can be counted (`operator/tests/reconcile/rights.rs`).
fn keeps_within_its_rights(bed: &Bed) -> Result<()> {
    let requests = bed.control.audit()?.requests_of(ACCOUNT)?;
    ensure!(requests.len() > 20, "the operator asked {} times only", requests.len());
    let code = |request: &Value| request["responseStatus"]["code"].as_u64().unwrap_or_default();
    let refused: Vec<String> = requests
        .iter()
        .filter(|request| matches!(code(request), 400 | 401 | 403 | 405 | 415 | 422))
        .map(|request| format!("{} {} {}", code(request), request["verb"], request["requestURI"]))
        .collect();
    ensure!(refused.is_empty(), "refused to the operator: {refused:#?}");
    println!("  {} requests of the operator, none refused", requests.len());
    Ok(())
}
