//! What the operator counts, in OpenMetrics.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use klamm_lifecycle::Plan;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

type Labels = Vec<(&'static str, String)>;

/// Upper bounds of the passes' durations, in seconds.
const BOUNDS: [f64; 8] = [0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0];

/// Label of the certificate that a cluster's nodes show.
pub const NODES: &str = "nodes";
/// ... of the authority that issued it.
pub const AUTHORITY: &str = "authority";

/// All of them. Clones share their values.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    passes: Family<Labels, Counter>,
    errors: Family<Labels, Counter>,
    seconds: Histogram,
    blocked: Family<Labels, Gauge<i64, AtomicI64>>,
    pending: Family<Labels, Gauge<i64, AtomicI64>>,
    silent: Family<Labels, Gauge<i64, AtomicI64>>,
    until: Family<Labels, Gauge<i64, AtomicI64>>,
    leads: Gauge<i64, AtomicI64>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("klamm_operator");
        let metrics = Metrics {
            registry: Arc::default(),
            passes: Family::default(),
            errors: Family::default(),
            seconds: Histogram::new(BOUNDS),
            blocked: Family::default(),
            pending: Family::default(),
            silent: Family::default(),
            until: Family::default(),
            leads: Gauge::default(),
        };
        registry.register("passes", "Passes over resources, by kind", metrics.passes.clone());
        registry.register("errors", "Passes that ended early, by kind and reason", metrics.errors.clone());
        registry.register("pass_seconds", "Durations of passes", metrics.seconds.clone());
        registry.register(
            "blocked",
            "What a cluster cannot do until spec or world change",
            metrics.blocked.clone(),
        );
        registry.register("pending", "Steps and waits of a cluster's last plan", metrics.pending.clone());
        registry.register(
            "silent_nodes",
            "Nodes of a cluster whose admin service does not answer",
            metrics.silent.clone(),
        );
        registry.register(
            "certificate_until_seconds",
            "Until when a cluster's certificates are valid, in seconds since 1970: the nodes' and their authority's",
            metrics.until.clone(),
        );
        registry.register("leader", "Whether this process is the one that acts", metrics.leads.clone());
        Metrics { registry: Arc::new(registry), ..metrics }
    }
}

impl Metrics {
    /// Notes a pass that ended.
    pub fn note_pass(&self, kind: &str, took: Duration, error: Option<&str>) {
        self.passes.get_or_create(&vec![("kind", kind.to_owned())]).inc();
        self.seconds.observe(took.as_secs_f64());
        if let Some(reason) = error {
            self.errors.get_or_create(&vec![("kind", kind.to_owned()), ("reason", reason.to_owned())]).inc();
        }
    }

    /// Notes a cluster's plan.
    pub fn note_plan(&self, namespace: &str, cluster: &str, plan: &Plan) {
        let labels = of_cluster(namespace, cluster);
        self.blocked.get_or_create(&labels).set(count(plan.blocked.len()));
        self.pending.get_or_create(&labels).set(count(plan.steps.len() + plan.waits.len()));
    }

    /// Notes how many of a cluster's nodes do not answer.
    pub fn note_silent_nodes(&self, namespace: &str, cluster: &str, nodes: usize) {
        self.silent.get_or_create(&of_cluster(namespace, cluster)).set(count(nodes));
    }

    /// Notes until when a cluster's certificates are valid, in seconds since 1970.
    pub fn note_certificates(&self, namespace: &str, cluster: &str, ends: [(&'static str, i64); 2]) {
        for (certificate, until) in ends {
            self.until.get_or_create(&of_certificate(namespace, cluster, certificate)).set(until);
        }
    }

    /// Forgets a cluster that is gone.
    pub fn forget(&self, namespace: &str, cluster: &str) {
        let labels = of_cluster(namespace, cluster);
        self.blocked.remove(&labels);
        self.pending.remove(&labels);
        self.silent.remove(&labels);
        for certificate in [NODES, AUTHORITY] {
            self.until.remove(&of_certificate(namespace, cluster, certificate));
        }
    }

    /// Notes whether this process leads.
    pub fn note_leader(&self, leads: bool) {
        self.leads.set(i64::from(leads));
    }

    /// All values as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn of_cluster(namespace: &str, cluster: &str) -> Labels {
    vec![("namespace", namespace.to_owned()), ("cluster", cluster.to_owned())]
}

fn of_certificate(namespace: &str, cluster: &str, certificate: &str) -> Labels {
    let mut labels = of_cluster(namespace, cluster);
    labels.push(("certificate", certificate.to_owned()));
    labels
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_that_is_gone_is_told_no_more() {
        let metrics = Metrics::default();
        metrics.note_silent_nodes("kafka", "demo", 2);
        metrics.note_certificates("kafka", "demo", [(NODES, 1_900_000_000), (AUTHORITY, 2_000_000_000)]);
        let text = metrics.text();
        let labels = "namespace=\"kafka\",cluster=\"demo\"";
        assert!(text.contains(&format!("klamm_operator_silent_nodes{{{labels}}} 2")), "{text}");
        let until =
            format!("klamm_operator_certificate_until_seconds{{{labels},certificate=\"nodes\"}} 1900000000");
        assert!(text.contains(&until), "{text}");
        metrics.forget("kafka", "demo");
        assert!(!metrics.text().contains("demo"), "{}", metrics.text());
    }

    #[test]
    fn what_is_noted_is_told() {
        let metrics = Metrics::default();
        metrics.note_leader(true);
        metrics.note_pass("KafkaCluster", Duration::from_millis(20), Some("conflict"));
        let text = metrics.text();
        assert!(text.contains("klamm_operator_leader 1"), "{text}");
        assert!(text.contains("klamm_operator_passes_total{kind=\"KafkaCluster\"} 1"), "{text}");
        assert!(text.contains("reason=\"conflict\""), "{text}");
    }
}
