//! The nodes' admin services in the fake world: each uses the certificates that it last took from its Secret.

use futures_util::future::BoxFuture;
use klamm_admin_api::v1::{Certificates, GetDiagnosticsResponse, GetNodeStatusResponse, ThreadUse};
use klamm_model::NodeId;
use klamm_operator::certificates::sha256;
use klamm_operator::nodes::{NodeAt, NodeWire, Trust};
use serde_json::Value;

use crate::api::Shared;
use crate::world::World;

pub const SECRETS: &str = "/api/v1/namespaces/kafka/secrets";

pub struct FakeNodes(pub Shared);

/// A file of the nodes' Secret.
pub fn secret_file(world: &World, secret: &str, file: &str) -> String {
    let secret = &world.store.objects[&format!("{SECRETS}/{secret}")];
    let encoded: k8s_openapi::ByteString = serde_json::from_value(secret["data"][file].clone()).unwrap();
    String::from_utf8(encoded.0).unwrap()
}

impl World {
    fn node_at(&self, node: &NodeAt) -> NodeId {
        World::id_of(node.host.split('.').next().unwrap_or_default())
    }

    /// Lets a node take what is in the Secret.
    pub fn take_files(&mut self, id: NodeId) {
        let files = (
            sha256(&secret_file(self, "demo-admin-tls", "tls.crt")),
            sha256(&secret_file(self, "demo-admin-tls", "ca.crt")),
        );
        self.in_use.insert(id, files);
    }

    fn ask(&mut self, trust: &Trust, node: &NodeAt) -> Result<NodeId, String> {
        let id = self.node_at(node);
        if self.silent.contains(&id) {
            return Err("it does not answer".to_owned());
        }
        // A pod begins with the files of its time.
        if !self.in_use.contains_key(&id) {
            self.take_files(id);
        }
        assert!(trust.roots.contains("BEGIN CERTIFICATE"), "{trust:?}");
        Ok(id)
    }
}

impl NodeWire for FakeNodes {
    fn status<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetNodeStatusResponse, String>> {
        Box::pin(async move {
            let mut world = self.0.lock();
            let id = world.ask(trust, node)?;
            let (certificate_sha256, trust_sha256) = world.in_use[&id].clone();
            Ok(GetNodeStatusResponse {
                node_id: id.get(),
                version: "9.8.7".to_owned(),
                certificates: Some(Certificates { certificate_sha256, trust_sha256 }),
                ..GetNodeStatusResponse::default()
            })
        })
    }

    fn reload<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<(String, String), String>> {
        Box::pin(async move {
            let mut world = self.0.lock();
            let id = world.ask(trust, node)?;
            if !world.late.contains(&id) {
                world.take_files(id);
            }
            Ok(world.in_use[&id].clone())
        })
    }

    fn validate<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
        properties: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, String>> {
        Box::pin(async move {
            let mut world = self.0.lock();
            world.ask(trust, node)?;
            let refused = world.refuses_setting.clone().filter(|setting| properties.contains(setting));
            Ok(refused.map(|setting| format!("{setting} is nothing that it knows")))
        })
    }

    fn diagnostics<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetDiagnosticsResponse, String>> {
        Box::pin(async move {
            self.0.lock().ask(trust, node)?;
            let threads = vec![ThreadUse { name: "klamm-shard-0".to_owned(), cpu_millis: 1_500 }];
            let connections = vec![3, 4];
            Ok(GetDiagnosticsResponse {
                uptime_seconds: 61,
                resident_bytes: Some(12 << 20),
                threads,
                connections,
                partitions_led: 5,
                ..GetDiagnosticsResponse::default()
            })
        })
    }

    fn forget(&self, _: &str) {}
}

/// The volumes of a pod by their names.
pub fn volume_names(pod: &Value) -> Vec<&str> {
    let volumes = pod["spec"]["volumes"].as_array().unwrap();
    volumes.iter().map(|volume| volume["name"].as_str().unwrap()).collect()
}
