//! A cluster `demo` in the fake world, edited and reconciled until it is settled.

use std::sync::Arc;

use klamm_model::NodeId;
use klamm_operator::cluster::{Context, PassError, reconcile};
use serde_json::{Value, json};

use crate::api::{Shared, client};
use crate::nodes::FakeNodes;
use crate::world::{CLUSTERS, FakeWire, TOPICS, World};

pub const SMALL: &str = "{brokers: {replicas: 3}, controllers: {replicas: 3}}";

pub struct Site {
    pub world: Shared,
    pub context: Arc<Context>,
}

impl Site {
    /// A world with one resource.
    pub fn new(spec: &str) -> Site {
        let world = Shared::default();
        let ways = (Arc::new(FakeWire(Arc::clone(&world))), Arc::new(FakeNodes(Arc::clone(&world))));
        let context = Context::new(client(&world), (ways.0, ways.1), "klamm:1.0.0".to_owned(), None);
        let site = Site { world, context: Arc::new(context) };
        site.edit(spec);
        site
    }

    /// Creates the resource, or gives it another spec. Defaults are filled in as the API server does.
    pub fn edit(&self, spec: &str) {
        let text = format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: demo}}\nspec: {spec}\n"
        );
        let manifest = klamm_manifest::read_manifest(&text).unwrap();
        let spec = serde_json::to_value(&manifest.clusters[0].spec).unwrap();
        let path = format!("{CLUSTERS}/demo");
        let mut world = self.world.lock();
        let mut object = world.store.objects.get(&path).cloned().unwrap_or_else(|| {
            json!({
                "apiVersion": "klamm.dev/v1alpha1", "kind": "KafkaCluster",
                "metadata": { "name": "demo", "namespace": "kafka" },
            })
        });
        object["spec"] = spec;
        let generation = object["metadata"]["generation"].as_i64().unwrap_or(0);
        object["metadata"]["generation"] = (generation + 1).into();
        world.store.put(&path, object);
    }

    /// Creates a KafkaTopic of the cluster, or gives it another spec.
    pub fn topic(&self, name: &str, fields: Value) {
        let path = format!("{TOPICS}/{name}");
        let mut world = self.world.lock();
        let count = world.store.objects.len();
        let mut object = world.store.objects.get(&path).cloned().unwrap_or_else(|| {
            json!({
                "apiVersion": "klamm.dev/v1alpha1", "kind": "KafkaTopic",
                "metadata": {
                    "name": name, "namespace": "kafka",
                    "creationTimestamp": format!("2026-01-01T00:00:{:02}Z", count % 60),
                },
            })
        });
        object["spec"] = json!({ "clusterRef": { "name": "demo" } });
        for (key, value) in fields.as_object().unwrap() {
            object["spec"][key] = value.clone();
        }
        world.store.put(&path, object);
    }

    pub fn topic_condition(&self, name: &str) -> (String, String) {
        let world = self.world.lock();
        let ready = &world.store.objects[&format!("{TOPICS}/{name}")]["status"]["conditions"][0];
        (ready["reason"].as_str().unwrap().to_owned(), ready["message"].as_str().unwrap().to_owned())
    }

    /// The status of the cluster's resource.
    pub fn status(&self) -> Value {
        self.world.lock().store.objects[&format!("{CLUSTERS}/demo")]["status"].clone()
    }

    pub fn condition(&self, kind: &str) -> Value {
        let status = self.status();
        let conditions = status["conditions"].as_array().unwrap();
        conditions.iter().find(|condition| condition["type"] == kind).cloned().unwrap_or(Value::Null)
    }

    pub async fn pass(&self) -> Result<(), PassError> {
        let outcome = reconcile(&self.context, "kafka", "demo").await.map(|_| ());
        self.world.lock().turn();
        outcome
    }

    /// Passes until the cluster is as specified; the most nodes that were away at once meanwhile, of
    /// those that served at the beginning.
    pub async fn settle(&self) -> usize {
        let served = self.world.lock().running();
        let mut most_away = 0;
        for _ in 0..300 {
            // A pass that the API server broke is tried again.
            let outcome = self.pass().await;
            let running = self.world.lock().running();
            let wanted: Vec<NodeId> = served.iter().copied().filter(|id| self.is_wanted(*id)).collect();
            most_away = most_away.max(wanted.iter().filter(|id| !running.contains(id)).count());
            if outcome.is_ok() && self.is_settled() {
                return most_away;
            }
        }
        panic!("not settled:\n{}", serde_json::to_string_pretty(&self.status()).unwrap());
    }

    /// Passes as often, settled or not.
    pub async fn passes(&self, count: u32) {
        for _ in 0..count {
            self.pass().await.unwrap();
        }
    }

    fn is_settled(&self) -> bool {
        let world = self.world.lock();
        let cluster = &world.store.objects[&format!("{CLUSTERS}/demo")];
        let status = &cluster["status"];
        status["observedGeneration"] == cluster["metadata"]["generation"]
            && status["conditions"][0]["status"] == "True"
            && status["conditions"].as_array().is_some_and(|all| {
                all.iter().any(|one| one["type"] == "Progressing" && one["status"] == "False")
            })
    }

    fn is_wanted(&self, id: NodeId) -> bool {
        let world = self.world.lock();
        let spec = &world.store.objects[&format!("{CLUSTERS}/demo")]["spec"];
        let brokers = spec["brokers"]["replicas"].as_i64().unwrap();
        i64::from(id.get()) < brokers || id.get() >= 1000
    }

    /// All objects but events, with their versions.
    pub fn versions(&self) -> Vec<(String, String)> {
        let world = self.world.lock();
        let version = |object: &Value| object["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
        world.store.objects.iter().map(|(path, object)| (path.clone(), version(object))).collect()
    }

    pub fn no_harm(&self) {
        let world: &World = &self.world.lock();
        assert!(world.harm.is_empty(), "{:#?}", world.harm);
        assert!(world.founded <= 1, "{} quorums were founded", world.founded);
    }
}
