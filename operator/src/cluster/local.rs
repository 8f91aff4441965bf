//! What a pass asks of each node alone, by its admin service: what it tells of itself, and whether it would
//! start with new settings; and the certificates that this takes, kept and rotated. A node that cannot be asked
//! holds nothing back but the rotation: what is safe to do follows from the cluster and the pods.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use k8s_openapi::api::core::v1::{ObjectReference, Pod, Secret};
use k8s_openapi::jiff::Timestamp;
use klamm_admin_api::v1::{GetDiagnosticsResponse, GetNodeStatusResponse};
use klamm_manifest::CertificatesStatus;
use klamm_model::NodeId;
use kube::Api;
use kube::api::PostParams;

use super::apply::apply;
use super::pass::PassError;
use super::{Context, EventType, MANAGER, rfc3339};
use crate::certificates::{
    Authority, Certificates, Leaf, Need, Phase, Reports, authority_secret, leaf_secret, need, read_authority,
    read_leaf, valid_until,
};
use crate::metrics::{AUTHORITY, NODES};
use crate::nodes::{NodeAt, Trust, expected, reported};
use crate::observe::Children;
use crate::resources::{
    ADMIN_PORT, ADMIN_VOLUME, ANNOTATION_POD_HASH, LABEL_CLUSTER, NodeFile, Site, node_settings, pod_hash,
    render, restart_hash,
};

/// More steps than a pass can need: an authority that is founded, a certificate, and a phase.
const MOST_STEPS: usize = 6;

/// What the nodes told, and how the certificates stand.
#[derive(Debug, Default)]
pub(super) struct Local {
    /// Of each node that runs with the admin service: its status, or why it could not be asked.
    pub(super) statuses: BTreeMap<NodeId, Result<GetNodeStatusResponse, String>>,
    /// For the resource's status.
    pub(super) certificates: Option<CertificatesStatus>,
    /// What the rotation waits for.
    pub(super) waits: Vec<String>,
    trust: Option<Trust>,
}

/// The Secrets as they are.
struct Stored {
    authority: Option<Secret>,
    leaf: Option<Secret>,
}

/// Asks every node for its status, takes the next steps of the rotation, and lets nodes take new certificates. Events
/// are about `about`.
pub(super) async fn look(
    context: &Context,
    (site, about): (&Site<'_>, &ObjectReference),
    children: &Children,
    now: Timestamp,
) -> Result<Local, PassError> {
    let (authority, leaf) = tokio::try_join!(
        own_secret(context, site, site.authority_name()),
        own_secret(context, site, site.leaf_name())
    )?;
    let mut stored = Stored { authority, leaf };
    let nodes = askable(site, children);
    let mut certificates = stored.authority.as_ref().and_then(read_authority);
    let mut local = Local::default();
    if let Some(known) = &certificates {
        local.ask_all(context, &trust(site, known), &nodes).await;
    }
    let mut reports = local.reports(&nodes);
    if !context.dry_run {
        rotate(context, (site, about), (&mut stored, &mut certificates), &reports, now).await?;
    }
    let leaf = stored.leaf.as_ref().and_then(read_leaf);
    let (Some(certificates), Some(leaf)) = (certificates, leaf) else { return Ok(local) };
    let trust = trust(site, &certificates);
    if !context.dry_run {
        reload(context, &trust, (&nodes, &leaf), &mut reports).await;
    }
    local.tell(&certificates, &leaf, &reports);
    let until = |pem: &str| valid_until(pem).map_or(0, |until| until.as_second());
    let ends =
        [(NODES, until(&leaf.certificate)), (AUTHORITY, until(&certificates.present.pair.certificate))];
    context.metrics.note_certificates(site.namespace, site.name(), ends);
    let silent = local.statuses.values().filter(|answer| answer.is_err()).count();
    context.metrics.note_silent_nodes(site.namespace, site.name(), silent);
    local.trust = Some(trust);
    Ok(local)
}

/// The Secret of that name, which must be of this cluster.
async fn own_secret(context: &Context, site: &Site<'_>, name: String) -> Result<Option<Secret>, PassError> {
    let secrets: Api<Secret> = Api::namespaced(context.client.clone(), site.namespace);
    let Some(secret) = secrets.get_opt(&name).await? else { return Ok(None) };
    let cluster = secret.metadata.labels.as_ref().and_then(|labels| labels.get(LABEL_CLUSTER));
    if cluster.is_some_and(|cluster| cluster == site.name()) {
        Ok(Some(secret))
    } else {
        Err(PassError::ForeignSecret(name))
    }
}

/// Why a node would not start with the settings that a roll would give it. Nothing is written.
pub(super) async fn refusal(
    context: &Context,
    site: &Site<'_>,
    (children, files): (&Children, &BTreeMap<NodeId, NodeFile>),
) -> Result<Option<String>, PassError> {
    let authority = own_secret(context, site, site.authority_name()).await?;
    let Some(certificates) = authority.as_ref().and_then(read_authority) else { return Ok(None) };
    let mut local = Local::default();
    let trust = trust(site, &certificates);
    local.ask_all(context, &trust, &askable(site, children)).await;
    local.trust = Some(trust);
    Ok(local.refusal(context, site, (children, files)).await)
}

/// What helps people to understand each node, or why it could not be asked. Empty before there are certificates.
pub(super) async fn diagnostics(
    context: &Context,
    site: &Site<'_>,
    children: &Children,
) -> Result<BTreeMap<NodeId, Result<GetDiagnosticsResponse, String>>, PassError> {
    let authority = own_secret(context, site, site.authority_name()).await?;
    let Some(certificates) = authority.as_ref().and_then(read_authority) else { return Ok(BTreeMap::new()) };
    let (trust, nodes) = (trust(site, &certificates), askable(site, children));
    let asked = nodes.iter().map(|(id, node)| {
        let answer = context.nodes.diagnostics(&trust, node);
        async move { (*id, answer.await) }
    });
    Ok(join_all(asked).await.into_iter().collect())
}

fn trust(site: &Site<'_>, certificates: &Certificates) -> Trust {
    Trust {
        uid: site.owner.uid.clone(),
        roots: certificates.trust(),
        authority: certificates.present.clone(),
    }
}

/// Pods that run with the certificates mounted, and so with the admin service.
fn askable(site: &Site<'_>, children: &Children) -> BTreeMap<NodeId, NodeAt> {
    let address = |pod: &Pod| {
        let volumes = pod.spec.as_ref()?.volumes.as_ref()?;
        let status = pod.status.as_ref().filter(|_| pod.metadata.deletion_timestamp.is_none())?;
        let serves = status.phase.as_deref() == Some("Running")
            && volumes.iter().any(|volume| volume.name == ADMIN_VOLUME);
        let ip = status.pod_ip.as_ref().filter(|_| serves)?;
        Some(if ip.contains(':') { format!("[{ip}]:{ADMIN_PORT}") } else { format!("{ip}:{ADMIN_PORT}") })
    };
    let pods = children.pods.iter();
    pods.filter_map(|(id, pod)| Some((*id, NodeAt { address: address(pod)?, host: site.host(*id) })))
        .collect()
}

impl Local {
    async fn ask_all(&mut self, context: &Context, trust: &Trust, nodes: &BTreeMap<NodeId, NodeAt>) {
        let asked = nodes.iter().map(|(id, node)| {
            let status = context.nodes.status(trust, node);
            async move { (*id, status.await) }
        });
        for (id, answer) in join_all(asked).await {
            if let Err(error) = &answer {
                tracing::info!(node = id.get(), error, "a node's admin service does not answer");
            }
            self.statuses.insert(id, answer);
        }
    }

    fn reports(&self, nodes: &BTreeMap<NodeId, NodeAt>) -> Reports {
        let report = |id: &NodeId| reported(self.statuses.get(id)?.as_ref().ok()?);
        nodes.keys().map(|id| (*id, report(id))).collect()
    }

    fn tell(&mut self, certificates: &Certificates, leaf: &Leaf, reports: &Reports) {
        let wanted = Some(expected(&leaf.certificate, &leaf.trust));
        let behind: Vec<String> =
            reports.iter().filter(|(_, report)| **report != wanted).map(|(id, _)| id.to_string()).collect();
        let phase = match certificates.phase() {
            Phase::Steady => "Steady",
            Phase::Overlap => "Overlap",
            Phase::Reissue => "Reissue",
        };
        if !behind.is_empty() {
            self.waits
                .push(format!("nodes that do not use their new certificates yet: {}", behind.join(", ")));
        } else if certificates.phase() != Phase::Steady {
            self.waits.push(format!("the change of the certificates' authority is in its phase {phase}"));
        }
        let until = |pem: &str| valid_until(pem).map(rfc3339).unwrap_or_default();
        self.certificates = Some(CertificatesStatus {
            phase: phase.to_owned(),
            nodes_until: until(&leaf.certificate),
            authority_until: until(&certificates.present.pair.certificate),
        });
    }

    /// Why a node would not start with the settings that a roll is about to give it, told by such a node
    /// itself. One is asked: those of a role differ in names only. Where a new image comes along, the old
    /// program's word would not count.
    pub(super) async fn refusal(
        &self,
        context: &Context,
        site: &Site<'_>,
        (children, files): (&Children, &BTreeMap<NodeId, NodeFile>),
    ) -> Option<String> {
        let trust = self.trust.as_ref()?;
        let nodes = askable(site, children);
        for node in &site.spec.nodes {
            let (Some(at), Some(Ok(_))) = (nodes.get(&node.id), self.statuses.get(&node.id)) else {
                continue;
            };
            let annotations = children.pods.get(&node.id).and_then(|pod| pod.metadata.annotations.as_ref());
            let hash = annotations.and_then(|all| all.get(ANNOTATION_POD_HASH));
            let told = files.get(&node.id).map(|file| &file.instruction);
            let settings = node_settings(site, (node.id, node.role));
            let changes = told
                .is_some_and(|told| told.role == node.role && told.settings_hash != restart_hash(&settings));
            if !changes || hash != Some(&pod_hash(site, site.role_of(node.id))) {
                continue;
            }
            match context.nodes.validate(trust, at, &render(&settings)).await {
                Ok(refused) => {
                    return refused.map(|error| format!("spec.config: node {} refuses it: {error}", node.id));
                }
                Err(error) => {
                    tracing::info!(
                        node = node.id.get(),
                        error,
                        "a node could not be asked about its settings"
                    );
                }
            }
        }
        None
    }
}

/// Takes steps until none is needed or nodes have to follow.
async fn rotate(
    context: &Context,
    (site, about): (&Site<'_>, &ObjectReference),
    (stored, certificates): (&mut Stored, &mut Option<Certificates>),
    reports: &Reports,
    now: Timestamp,
) -> Result<(), PassError> {
    let hosts = site.certificate_hosts();
    // Those of a new cluster are no news.
    let is_change = stored.authority.is_some();
    for _ in 0..MOST_STEPS {
        let leaf = stored.leaf.as_ref().and_then(read_leaf);
        let needed = need(certificates.as_ref(), leaf.as_ref(), (&hosts, reports), now);
        if needed == Need::Nothing {
            return Ok(());
        }
        tracing::info!(cluster = site.name(), namespace = site.namespace, ?needed, "certificates");
        match (needed, certificates.as_mut()) {
            (Need::Issue, Some(all)) => {
                let pair = all.present.issue_for_nodes(&hosts, now)?;
                let leaf = Leaf {
                    certificate: pair.certificate,
                    trust: all.trust(),
                    issuer: all.issuer(),
                    hosts: hosts.clone(),
                };
                write(context, leaf_secret(site, &leaf, &pair.key), &mut stored.leaf).await?;
            }
            (Need::Announce, Some(all)) => all.next = Some(Authority::found(site.name(), now)?),
            (Need::Succeed, Some(all)) => {
                let Some(next) = all.next.take() else { return Ok(()) };
                all.former = Some(std::mem::replace(&mut all.present, next).pair.certificate);
            }
            (Need::Forget, Some(all)) => all.former = None,
            (Need::Found, _) | (_, None) => {
                let present = Authority::found(site.name(), now)?;
                *certificates = Some(Certificates { present, next: None, former: None });
            }
            (Need::Nothing, Some(_)) => return Ok(()),
        }
        if let Some(all) = certificates.as_ref().filter(|_| needed != Need::Issue) {
            write(context, authority_secret(site, all), &mut stored.authority).await?;
        }
        if is_change {
            tell(context, about, needed).await;
        }
    }
    Ok(())
}

/// Tells people of a step that changes certificates which are in use.
async fn tell(context: &Context, about: &ObjectReference, step: Need) {
    let note = match step {
        Need::Found => "a new authority took the place of one that cannot be used",
        Need::Announce => "the next authority is made known to the nodes",
        Need::Succeed => "the next authority issues from now on",
        Need::Forget => "the former authority is trusted no more",
        Need::Issue => "the nodes get a new certificate, or others to trust",
        Need::Nothing => return,
    };
    context.tell(about, EventType::Normal, "CertificateRotated", note.to_owned()).await;
}

/// Writes a Secret, if nobody else has made or changed it since it was read.
async fn write(context: &Context, mut secret: Secret, known: &mut Option<Secret>) -> Result<(), PassError> {
    let written = match known {
        Some(known) => {
            secret.metadata.resource_version.clone_from(&known.metadata.resource_version);
            apply(&context.client, &secret).await?
        }
        None => {
            let namespace = secret.metadata.namespace.clone().unwrap_or_default();
            let api: Api<Secret> = Api::namespaced(context.client.clone(), &namespace);
            let parameters = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
            api.create(&parameters, &secret).await?
        }
    };
    *known = Some(written);
    Ok(())
}

/// Lets nodes that report other certificates than those of the Secret read them anew. The kubelet brings files within
/// a minute or so; until then they report the former.
async fn reload(
    context: &Context,
    trust: &Trust,
    (nodes, leaf): (&BTreeMap<NodeId, NodeAt>, &Leaf),
    reports: &mut Reports,
) {
    let wanted = expected(&leaf.certificate, &leaf.trust);
    let is_behind = |report: &Option<(String, String)>| report.as_ref().is_some_and(|has| *has != wanted);
    let behind = reports.iter().filter(|(_, report)| is_behind(report));
    let asked = behind.filter_map(|(id, _)| Some((*id, nodes.get(id)?)));
    let asked = asked.map(|(id, node)| {
        let (id, reloaded) = (id, context.nodes.reload(trust, node));
        async move { (id, reloaded.await) }
    });
    let asked: Vec<_> = asked.collect();
    for (id, answer) in join_all(asked).await {
        match answer {
            Ok(report) => drop(reports.insert(id, Some(report))),
            Err(error) => tracing::info!(node = id.get(), error, "a node did not take new certificates"),
        }
    }
}
