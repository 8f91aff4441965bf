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

/// All of them. Clones share their values.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    passes: Family<Labels, Counter>,
    errors: Family<Labels, Counter>,
    seconds: Histogram,
    blocked: Family<Labels, Gauge<i64, AtomicI64>>,
    pending: Family<Labels, Gauge<i64, AtomicI64>>,
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
        let labels = vec![("namespace", namespace.to_owned()), ("cluster", cluster.to_owned())];
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.blocked.get_or_create(&labels).set(count(plan.blocked.len()));
        self.pending.get_or_create(&labels).set(count(plan.steps.len() + plan.waits.len()));
    }

    /// Forgets a cluster that is gone.
    pub fn forget(&self, namespace: &str, cluster: &str) {
        let labels = vec![("namespace", namespace.to_owned()), ("cluster", cluster.to_owned())];
        self.blocked.remove(&labels);
        self.pending.remove(&labels);
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

#[cfg(test)]
mod tests {
    use super::*;

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
