//! What the next pass would do, and what a drain would move: the plan of an observation made for it. Nothing is
//! written.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use k8s_openapi::jiff::Timestamp;
use klamm_lifecycle::{ClusterSpec, ClusterView, Observed, ObservedCluster, Plan, plan};
use klamm_manifest::Suspend;
use klamm_model::NodeId;
use kube::Api;

use super::pass::{PassError, bare_spec, identity, site, target, topics_of, with_topics};
use super::{Context, local};
use crate::objects::KafkaCluster;
use crate::observe::{Children, Seen, observed_nodes};
use crate::topics::judge;

/// The plan as text. With `brokers`, that of the cluster with so many brokers. `None` if there is no such
/// cluster.
pub async fn preview(
    context: &Context,
    (namespace, name): (&str, &str),
    brokers: Option<u32>,
) -> Result<Option<String>, PassError> {
    let api: Api<KafkaCluster> = Api::namespaced(context.client.clone(), namespace);
    let Some(mut cluster) = api.get_opt(name).await? else { return Ok(None) };
    if let Some(count) = brokers {
        cluster.spec.brokers.replicas = count;
    }
    let bare = match bare_spec(&cluster) {
        Ok(bare) => bare,
        Err(faults) => return Ok(Some(format!("refused: {}\n", faults.join("; ")))),
    };
    let topics = topics_of(context, &cluster).await?;
    let children = Children::read(&context.client, &site(context, &cluster, &bare, None)).await?;
    let cluster_id = identity(&cluster, &children);
    let view = context.wire.observe(&target(&site(context, &cluster, &bare, cluster_id), &children)).await;
    let verdicts = judge(&topics, &view);
    let spec = with_topics(bare, &cluster, (&topics, &verdicts));
    let site = site(context, &cluster, &spec, cluster_id);
    let (files, status) = (children.files(), cluster.status.clone().unwrap_or_default());
    if let Some(refusal) = local::refusal(context, &site, (&children, &files)).await? {
        return Ok(Some(format!("refused: {refusal}\n")));
    }
    let seen = Seen { children: &children, files: &files, status: &status, now: Timestamp::now() };
    let observed = Observed {
        cluster_id,
        has_run: status.quorum.is_some(),
        spread_due: status.operation.as_ref().is_some_and(|operation| operation.spread_due),
        nodes: observed_nodes(&site, seen),
        cluster: view,
    };
    let mut text = told(&plan(&spec, &observed));
    if cluster.spec.suspend == Suspend::Reconcile {
        text.insert_str(0, "nothing is done while spec.suspend is reconcile; else:\n");
    }
    match &observed.cluster {
        ClusterView::Known(known) => text.push_str(&drains(&spec, known)),
        ClusterView::Unknown => text.push_str("the cluster does not answer: what it holds is unknown\n"),
    }
    Ok(Some(text))
}

fn told(plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    if let Some(operation) = plan.operation {
        line(format!("operation: {}", operation.name()));
    }
    plan.steps.iter().for_each(|step| line(format!("step: {step}")));
    plan.waits.iter().for_each(|wait| line(format!("waits: {wait}")));
    plan.blocked.iter().for_each(|blocked| line(format!("blocked: {blocked}")));
    if text.is_empty() {
        text.push_str("nothing: all is as specified\n");
    }
    text
}

/// What is on brokers that the spec does not want.
fn drains(spec: &ClusterSpec, cluster: &ObservedCluster) -> String {
    let stays = |id: NodeId| spec.brokers().any(|node| node.id == id);
    let leaving = cluster.brokers.keys().copied().filter(|id| !stays(*id));
    let mut loads: BTreeMap<NodeId, (usize, usize)> = leaving.map(|id| (id, (0, 0))).collect();
    for partition in cluster.topics.values().flat_map(|topic| &topic.partitions) {
        for replica in &partition.replicas {
            if let Some((replicas, leaders)) = loads.get_mut(replica) {
                *replicas += 1;
                *leaders += usize::from(partition.leader == Some(*replica));
            }
        }
    }
    let mut text = String::new();
    for (id, (replicas, leaders)) in loads {
        writeln!(text, "leaves: broker {id} with {replicas} replicas, of which it leads {leaders}")
            .expect("writing to a string does not fail");
    }
    text
}
