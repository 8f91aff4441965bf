//! Machines with local volumes that go for good: their nodes begin anew elsewhere, if others have all that they had.

use klamm_model::NodeId;
use serde_json::json;

use crate::site::{SMALL, Site};
use crate::world::{CLAIMS, PODS, World};

const MACHINES: &str = "/api/v1/nodes";
const VOLUMES: &str = "/api/v1/persistentvolumes";
const BUDGETS: &str = "/apis/policy/v1/namespaces/kafka/poddisruptionbudgets";
const HOSTNAME: &str = "kubernetes.io/hostname";

impl World {
    pub fn make_machine(&mut self, name: &str) {
        let labels = json!({ HOSTNAME: name, "topology.kubernetes.io/zone": "z" });
        self.store
            .put(&format!("{MACHINES}/{name}"), json!({ "metadata": { "name": name, "labels": labels } }));
    }

    /// The volume of a pod is on that machine's disk.
    pub fn put_on_machine(&mut self, pod: &str, machine: &str) {
        self.bind(pod, HOSTNAME, machine);
    }

    /// The volume of a pod can be used on machines with that label only.
    fn bind(&mut self, pod: &str, key: &str, value: &str) {
        let volume = format!("volume-of-{pod}");
        let path = format!("{CLAIMS}/data-{pod}");
        let mut claim = self.store.objects[&path].clone();
        claim["spec"]["volumeName"] = volume.clone().into();
        self.store.put(&path, claim);
        let term = json!({ "matchExpressions": [{ "key": key, "operator": "In", "values": [value] }] });
        let object = json!({
            "metadata": { "name": volume },
            "spec": { "nodeAffinity": { "required": { "nodeSelectorTerms": [term] } } },
        });
        self.store.put(&format!("{VOLUMES}/{volume}"), object);
    }

    /// The machine is no more, and so are its pods.
    pub fn lose_machine(&mut self, name: &str) {
        self.store.objects.remove(&format!("{MACHINES}/{name}"));
        for (path, _) in self.store.under(PODS) {
            let pod = path.rsplit('/').next().unwrap().to_owned();
            if self.finds_no_place(&pod) {
                self.store.objects.remove(&path);
            }
        }
    }

    /// Whether no machine has what the pod's volume asks for.
    pub fn finds_no_place(&self, pod: &str) -> bool {
        let Some(claim) = self.store.objects.get(&format!("{CLAIMS}/data-{pod}")) else { return false };
        let Some(volume) = claim["spec"]["volumeName"].as_str() else { return false };
        let volume = &self.store.objects[&format!("{VOLUMES}/{volume}")];
        let term = &volume["spec"]["nodeAffinity"]["required"]["nodeSelectorTerms"][0]["matchExpressions"][0];
        let key = term["key"].as_str().unwrap();
        let machines = self.store.under(MACHINES);
        !machines.iter().any(|(_, machine)| machine["metadata"]["labels"][key] == term["values"][0])
    }
}

fn claim_of(site: &Site, pod: &str) -> Option<String> {
    let world = site.world.lock();
    let claim = world.store.objects.get(&format!("{CLAIMS}/data-{pod}"))?;
    Some(claim["metadata"]["uid"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn nodes_whose_machine_is_gone_begin_anew_elsewhere_one_after_the_other() {
    let site = Site::new(SMALL);
    site.settle().await;
    {
        let mut world = site.world.lock();
        world.make_topic("safe", 3, 3);
        world.make_machine("m-1");
        world.put_on_machine("demo-broker-1", "m-1");
        world.put_on_machine("demo-controller-1001", "m-1");
    }
    let before = claim_of(&site, "demo-broker-1");
    site.world.lock().lose_machine("m-1");
    site.settle().await;
    assert_ne!(claim_of(&site, "demo-broker-1"), before);
    assert_eq!(site.world.lock().running().len(), 6);
    assert_eq!(site.world.lock().voters.len(), 3, "the new directory votes in place of the old");
    site.no_harm();
}

#[tokio::test]
async fn the_only_copy_is_not_given_up_with_its_machine() {
    let site = Site::new(SMALL);
    site.settle().await;
    {
        let mut world = site.world.lock();
        world.make_topic("single", 3, 1);
        world.make_machine("m-1");
        world.put_on_machine("demo-broker-1", "m-1");
    }
    let before = claim_of(&site, "demo-broker-1");
    site.world.lock().lose_machine("m-1");
    site.passes(20).await;
    let degraded = site.condition("Degraded");
    assert!(degraded["message"].as_str().unwrap().contains("single-"), "{degraded}");
    assert_eq!(claim_of(&site, "demo-broker-1"), before);
    site.world.lock().make_machine("m-1");
    site.settle().await;
    assert_eq!(claim_of(&site, "demo-broker-1"), before, "it came back with its volume");
}

#[tokio::test]
async fn a_volume_that_is_not_bound_to_single_machines_outlives_them() {
    let site = Site::new(SMALL);
    site.settle().await;
    {
        let mut world = site.world.lock();
        world.make_topic("safe", 3, 3);
        world.make_machine("m-1");
        world.bind("demo-broker-1", "topology.kubernetes.io/zone", "z");
    }
    let before = claim_of(&site, "demo-broker-1");
    site.world.lock().lose_machine("m-1");
    site.passes(20).await;
    assert_eq!(claim_of(&site, "demo-broker-1"), before);
    assert!(!site.world.lock().running().contains(&NodeId::at(1)));
    site.world.lock().make_machine("m-2");
    site.settle().await;
    assert_eq!(claim_of(&site, "demo-broker-1"), before);
}

#[tokio::test]
async fn no_broker_may_be_evicted_while_another_is_out_of_sync() {
    let site = Site::new(SMALL);
    site.settle().await;
    site.world.lock().make_topic("safe", 3, 3);
    let allowed = |set: &str| {
        let world = site.world.lock();
        let budget = &world.store.objects[&format!("{BUDGETS}/demo-{set}")];
        budget["spec"]["maxUnavailable"].as_i64().unwrap()
    };
    site.passes(1).await;
    assert_eq!((allowed("broker"), allowed("controller")), (1, 1));
    site.world.lock().store.delete(&format!("{PODS}/demo-broker-1"));
    // One in which its pod ends, and one that sees it.
    site.passes(2).await;
    assert_eq!((allowed("broker"), allowed("controller")), (0, 1));
    site.settle().await;
    site.passes(1).await;
    assert_eq!(allowed("broker"), 1);
}
