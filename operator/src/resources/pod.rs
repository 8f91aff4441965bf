//! The pods of a role: `prepare` copies the settings and looks at the volumes, `klamm` is the node.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Affinity, Capabilities, ConfigMapVolumeSource, Container, ContainerPort, EmptyDirVolumeSource, EnvVar,
    EnvVarSource, GRPCAction, LocalObjectReference, ObjectFieldSelector, PodAffinityTerm, PodAntiAffinity,
    PodSecurityContext, PodSpec, PodTemplateSpec, Probe, ResourceRequirements, SeccompProfile,
    SecretVolumeSource, SecurityContext, Toleration, TopologySpreadConstraint, Volume, VolumeMount,
    WeightedPodAffinityTerm,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use klamm_admin_api::{LIVENESS, READINESS};
use klamm_manifest::{PodTemplate, RawObject, Resources};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::settings::{DATA, TLS, short_hash};
use super::{
    ADMIN_PORT, ANNOTATION_POD_HASH, CONTROLLER_PORT, HEALTH_PORT, Site, StatefulRole, client_listeners,
    volumes_of,
};

/// Name of the container that is the node.
pub const MAIN: &str = "klamm";
/// Name of the container that goes before it.
pub const PREPARE: &str = "prepare";
/// Name of the volume with the certificates of the admin service.
pub const ADMIN_VOLUME: &str = "admin-tls";
/// Where the ConfigMap is mounted.
const CONFIG: &str = "/etc/klamm";
/// Where the settings of this start are.
const RUN: &str = "/run/klamm";
/// User and group of the processes; the volumes are made writable for the group.
const USER: i64 = 65_532;
/// Seconds a node has to hand over its leaders and end.
const GRACE_SECONDS: i64 = 120;
/// Changed when a new operator builds pods that take a restart.
const HASH_VERSION: u32 = 1;

/// The pods of a role.
pub fn pod_template(site: &Site<'_>, role: StatefulRole) -> PodTemplateSpec {
    let (_, template) = parts(site, role);
    let mut labels = template.labels.clone();
    labels.extend(site.labels(Some(role)));
    let mut annotations = template.annotations.clone();
    annotations.insert(ANNOTATION_POD_HASH.to_owned(), pod_hash(site, role));
    let spec = PodSpec {
        init_containers: Some(vec![prepare(site, role)]),
        containers: vec![main(site, role)],
        service_account_name: Some(site.name().to_owned()),
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        termination_grace_period_seconds: Some(GRACE_SECONDS),
        security_context: Some(PodSecurityContext {
            run_as_non_root: Some(true),
            run_as_user: Some(USER),
            run_as_group: Some(USER),
            fs_group: Some(USER),
            fs_group_change_policy: Some("OnRootMismatch".to_owned()),
            seccomp_profile: Some(SeccompProfile {
                type_: "RuntimeDefault".to_owned(),
                localhost_profile: None,
            }),
            ..PodSecurityContext::default()
        }),
        affinity: Some(affinity(site, role, template)),
        tolerations: passed_list::<Toleration>(&template.tolerations),
        topology_spread_constraints: passed_list::<TopologySpreadConstraint>(
            &template.topology_spread_constraints,
        ),
        node_selector: (!template.node_selector.is_empty()).then(|| template.node_selector.clone()),
        priority_class_name: template.priority_class_name.clone(),
        image_pull_secrets: pull_secrets(template),
        volumes: Some(vec![
            Volume {
                name: "config".to_owned(),
                config_map: Some(ConfigMapVolumeSource {
                    name: site.set_name(role),
                    ..ConfigMapVolumeSource::default()
                }),
                ..Volume::default()
            },
            Volume {
                name: ADMIN_VOLUME.to_owned(),
                secret: Some(SecretVolumeSource {
                    secret_name: Some(site.leaf_name()),
                    default_mode: Some(0o440),
                    ..SecretVolumeSource::default()
                }),
                ..Volume::default()
            },
            Volume {
                name: "run".to_owned(),
                empty_dir: Some(EmptyDirVolumeSource {
                    medium: Some("Memory".to_owned()),
                    size_limit: Some(Quantity("1Mi".to_owned())),
                }),
                ..Volume::default()
            },
        ]),
        ..PodSpec::default()
    };
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(labels),
            annotations: Some(annotations),
            ..ObjectMeta::default()
        }),
        spec: Some(spec),
    }
}

/// Changes exactly when pods of the role must be restarted to be as the spec has them, and not with a
/// new operator that builds other details.
pub fn pod_hash(site: &Site<'_>, role: StatefulRole) -> String {
    let (resources, template) = parts(site, role);
    let volumes: Vec<Value> =
        volumes_of(site.spec).iter().map(|volume| json!([volume.name, volume.purpose])).collect();
    let relevant = json!([HASH_VERSION, image(site), resources, template, volumes, ports(site, role)]);
    let mut hash = Sha256::new();
    hash.update(relevant.to_string().as_bytes());
    short_hash(hash)
}

fn parts<'a>(site: &'a Site<'_>, role: StatefulRole) -> (&'a Resources, &'a PodTemplate) {
    let resource = &site.spec.resource;
    match role {
        StatefulRole::Brokers => (&resource.brokers.resources, &resource.brokers.template),
        StatefulRole::Controllers => (&resource.controllers.resources, &resource.controllers.template),
    }
}

/// The image of the spec; else the default one, with the spec's version as its tag.
fn image(site: &Site<'_>) -> String {
    let resource = &site.spec.resource;
    match (&resource.image, &resource.version) {
        (Some(image), _) => image.clone(),
        (None, None) => site.default_image.to_owned(),
        (None, Some(version)) => {
            let name = site.default_image.split('@').next().unwrap_or_default();
            // A colon before a slash belongs to a registry's port.
            let repository = match name.rsplit_once(':') {
                Some((repository, tag)) if !tag.contains('/') => repository,
                Some(_) | None => name,
            };
            format!("{repository}:{version}")
        }
    }
}

fn prepare(site: &Site<'_>, role: StatefulRole) -> Container {
    Container {
        name: PREPARE.to_owned(),
        args: Some(vec![
            "pod-prepare".to_owned(),
            format!("--from={CONFIG}"),
            "--node-id=$(NODE_ID)".to_owned(),
            format!("--to={RUN}"),
            "--report=/dev/termination-log".to_owned(),
        ]),
        ..container(site, role)
    }
}

fn main(site: &Site<'_>, role: StatefulRole) -> Container {
    let mut ports = ports(site, role);
    ports.extend([("admin".to_owned(), ADMIN_PORT), ("health".to_owned(), HEALTH_PORT)]);
    let shared = container(site, role);
    let certificates = VolumeMount {
        name: ADMIN_VOLUME.to_owned(),
        mount_path: TLS.to_owned(),
        read_only: Some(true),
        ..VolumeMount::default()
    };
    let mounts = shared.volume_mounts.into_iter().flatten().chain([certificates]);
    Container {
        name: MAIN.to_owned(),
        args: Some(vec!["server-start".to_owned(), format!("{RUN}/server.properties")]),
        ports: Some(
            ports
                .into_iter()
                .map(|(name, port)| ContainerPort {
                    name: Some(name),
                    container_port: i32::from(port),
                    ..ContainerPort::default()
                })
                .collect(),
        ),
        // Until its metadata log is loaded a node answers nobody: half an hour for the largest.
        startup_probe: Some(Probe {
            grpc: Some(health(LIVENESS)),
            period_seconds: Some(1),
            timeout_seconds: Some(8),
            failure_threshold: Some(1_800),
            ..Probe::default()
        }),
        // Caught up and unfenced.
        readiness_probe: Some(Probe {
            grpc: Some(health(READINESS)),
            period_seconds: Some(2),
            timeout_seconds: Some(2),
            failure_threshold: Some(3),
            ..Probe::default()
        }),
        // From then on it answers, however long it recovers. What gives no sign for a minute is stuck.
        liveness_probe: Some(Probe {
            grpc: Some(health(LIVENESS)),
            period_seconds: Some(10),
            timeout_seconds: Some(8),
            failure_threshold: Some(6),
            ..Probe::default()
        }),
        volume_mounts: Some(mounts.collect()),
        ..shared
    }
}

fn health(service: &str) -> GRPCAction {
    GRPCAction { port: i32::from(HEALTH_PORT), service: Some(service.to_owned()) }
}

/// What both containers have.
fn container(site: &Site<'_>, role: StatefulRole) -> Container {
    let (resources, template) = parts(site, role);
    let mount = |name: &str, path: String, read_only: bool| VolumeMount {
        name: name.to_owned(),
        mount_path: path,
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    };
    let mut mounts = vec![mount("config", CONFIG.to_owned(), true), mount("run", RUN.to_owned(), false)];
    let volumes = volumes_of(site.spec);
    mounts.extend(volumes.iter().map(|volume| mount(&volume.name, format!("{DATA}/{}", volume.name), false)));
    let node_id = EnvVar {
        name: "NODE_ID".to_owned(),
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                field_path: "metadata.labels['apps.kubernetes.io/pod-index']".to_owned(),
                ..ObjectFieldSelector::default()
            }),
            ..EnvVarSource::default()
        }),
        value: None,
    };
    let further = template.env.iter().map(|(name, value)| EnvVar {
        name: name.clone(),
        value: Some(value.clone()),
        value_from: None,
    });
    let env = std::iter::once(node_id).chain(further).collect();
    let quantities = |map: &BTreeMap<String, String>| {
        let all = map.iter().map(|(key, value)| (key.clone(), Quantity(value.clone())));
        (!map.is_empty()).then(|| all.collect::<BTreeMap<_, _>>())
    };
    Container {
        image: Some(image(site)),
        env: Some(env),
        resources: Some(ResourceRequirements {
            requests: quantities(&resources.requests),
            limits: quantities(&resources.limits),
            claims: None,
        }),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            read_only_root_filesystem: Some(true),
            capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
            ..SecurityContext::default()
        }),
        volume_mounts: Some(mounts),
        ..Container::default()
    }
}

/// Names and ports that a role's pods have for Kafka's protocol.
fn ports(site: &Site<'_>, role: StatefulRole) -> Vec<(String, u16)> {
    let controller = ("controller".to_owned(), CONTROLLER_PORT);
    match role {
        StatefulRole::Controllers => vec![controller],
        StatefulRole::Brokers => {
            let listeners = client_listeners(site).into_iter();
            let mut ports: Vec<_> = listeners.map(|(name, port)| (name.to_lowercase(), port)).collect();
            if site.roles().count() == 1 {
                ports.push(controller);
            }
            ports
        }
    }
}

/// The template's, or that pods of one role rather do not share a Kubernetes node.
fn affinity(site: &Site<'_>, role: StatefulRole, template: &PodTemplate) -> Affinity {
    if let Some(given) = template.affinity.as_ref().and_then(passed::<Affinity>) {
        return given;
    }
    let apart = WeightedPodAffinityTerm {
        weight: 100,
        pod_affinity_term: PodAffinityTerm {
            label_selector: Some(site.label_selector(Some(role))),
            topology_key: "kubernetes.io/hostname".to_owned(),
            ..PodAffinityTerm::default()
        },
    };
    Affinity {
        pod_anti_affinity: Some(PodAntiAffinity {
            preferred_during_scheduling_ignored_during_execution: Some(vec![apart]),
            ..PodAntiAffinity::default()
        }),
        ..Affinity::default()
    }
}

fn pull_secrets(template: &PodTemplate) -> Option<Vec<LocalObjectReference>> {
    let secrets = template.image_pull_secrets.iter().map(|name| LocalObjectReference { name: name.clone() });
    (!template.image_pull_secrets.is_empty()).then(|| secrets.collect())
}

/// An object that is passed on; what Kubernetes' type does not know is dropped. `None` if it is not of
/// that type, which is told where the spec is checked.
fn passed<T: DeserializeOwned>(raw: &RawObject) -> Option<T> {
    serde_json::from_value(Value::Object(raw.0.clone())).ok()
}

fn passed_list<T: DeserializeOwned>(raw: &[RawObject]) -> Option<Vec<T>> {
    (!raw.is_empty()).then(|| raw.iter().filter_map(passed).collect())
}

/// What in a template Kubernetes would not take, each as a sentence.
pub(super) fn template_faults(field: &str, template: &PodTemplate) -> Vec<String> {
    let fault = |name: &str, error: serde_json::Error| format!("{field}.template.{name}: {error}");
    let affinity =
        template.affinity.iter().filter_map(|raw| Some(fault("affinity", check::<Affinity>(raw)?)));
    let tolerations = template.tolerations.iter();
    let tolerations = tolerations.filter_map(|raw| Some(fault("tolerations", check::<Toleration>(raw)?)));
    let spread = template.topology_spread_constraints.iter();
    let spread = spread
        .filter_map(|raw| Some(fault("topologySpreadConstraints", check::<TopologySpreadConstraint>(raw)?)));
    affinity.chain(tolerations).chain(spread).collect()
}

fn check<T: DeserializeOwned>(raw: &RawObject) -> Option<serde_json::Error> {
    serde_json::from_value::<T>(Value::Object(raw.0.clone())).err()
}
