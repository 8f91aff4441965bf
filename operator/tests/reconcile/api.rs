//! An API server in memory, as a tower service: objects by path, optimistic concurrency, preconditions,
//! and faults on demand. It checks no schema.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use klamm_operator::cluster::Context;
use klamm_operator::pages;
use kube::Client;
use kube::client::Body;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::world::{PODS, World};

/// The world behind a lock, shared with the fake wire.
pub type Shared = Arc<Mutex<World>>;

/// As the API server writes times.
pub fn now() -> String {
    k8s_openapi::jiff::Timestamp::now().to_string()
}

/// One answer in place of the right one.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Part of the request line that it waits for, such as `PATCH /apis/apps`.
    pub when: String,
    /// Status code.
    pub code: u16,
    /// How often.
    pub times: u32,
}

/// Objects by path.
#[derive(Default)]
pub struct Store {
    pub objects: BTreeMap<String, Value>,
    version: u64,
    pub faults: Vec<Fault>,
    /// All requests, as method and path.
    pub calls: Vec<String>,
    /// The call, counted from 0, that is answered with 500.
    pub broken_call: Option<usize>,
}

impl Store {
    pub fn put(&mut self, path: &str, mut object: Value) -> Value {
        self.version += 1;
        let version = self.version;
        let metadata = object["metadata"].as_object_mut().expect("an object has metadata");
        metadata.insert("resourceVersion".into(), version.to_string().into());
        metadata.entry("uid").or_insert_with(|| format!("uid-{version}").into());
        metadata.entry("creationTimestamp").or_insert_with(|| now().into());
        metadata.entry("generation").or_insert_with(|| 1.into());
        self.objects.insert(path.to_owned(), object.clone());
        object
    }

    /// Puts what differs from what is there.
    pub fn put_changed(&mut self, path: &str, object: Value) -> Value {
        match self.objects.get(path) {
            Some(present) if *present == object => object,
            Some(_) | None => self.put(path, object),
        }
    }

    pub fn under(&self, folder: &str) -> Vec<(String, Value)> {
        let prefix = format!("{folder}/");
        let of_folder = self.objects.iter().filter(|(path, _)| path.starts_with(&prefix));
        of_folder.map(|(path, object)| (path.clone(), object.clone())).collect()
    }

    /// Removes an object, or marks it where a finalizer keeps it. Pods end later.
    pub fn delete(&mut self, path: &str) {
        let Some(mut object) = self.objects.get(path).cloned() else { return };
        let kept = object["metadata"]["finalizers"].as_array().is_some_and(|all| !all.is_empty());
        if kept || path.contains("/pods/") {
            object["metadata"]["deletionTimestamp"] = json!("2026-01-01T01:00:00Z");
            self.put(path, object);
        } else {
            self.objects.remove(path);
        }
    }

    fn delete_pods_of(&mut self, set: &str) {
        let name = set.rsplit('/').next().unwrap_or_default();
        for (path, _) in self.under(PODS) {
            if path.starts_with(&format!("{PODS}/{name}-")) {
                self.delete(&path);
            }
        }
    }

    fn answer(&mut self, method: &Method, path: &str, query: &str, body: Value) -> (u16, Value) {
        let line = format!("{method} {path}");
        let call = self.calls.len();
        self.calls.push(line.clone());
        if self.broken_call == Some(call) {
            return failure(500, "InternalError", "broken on purpose");
        }
        if let Some(fault) =
            self.faults.iter_mut().find(|fault| fault.times > 0 && line.contains(&fault.when))
        {
            fault.times -= 1;
            return failure(fault.code, "Planted", "planted");
        }
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let at = if parts[0] == "api" { 2 } else { 3 };
        let rest = &parts[at..];
        let folder = format!("/{}", parts[..parts.len().min(at + 3)].join("/"));
        match (method.as_str(), rest) {
            ("GET", [resource]) => (200, self.list_everywhere(resource, query)),
            ("GET", [_, _]) => self.one(method, path, None, (query, body)),
            ("GET", [_, _, _]) => (200, self.list(&folder, query)),
            ("GET", [_, _, "pods", _, "log"]) => (200, "a line\n".into()),
            ("POST", [_, _, "events"]) => (201, body),
            ("POST", [_, _, _]) => {
                let name = body["metadata"]["name"].as_str().unwrap_or_default();
                let path = format!("{folder}/{name}");
                if self.objects.contains_key(&path) {
                    return failure(409, "AlreadyExists", "it exists");
                }
                (201, self.put(&path, body))
            }
            (_, [_, _, _, name, sub @ ..]) => {
                self.one(method, &format!("{folder}/{name}"), sub.first().copied(), (query, body))
            }
            _ => failure(404, "NotFound", "no such path"),
        }
    }

    fn list_everywhere(&self, resource: &str, query: &str) -> Value {
        let is_one = |path: &&String| path.rsplit('/').nth(1) == Some(resource);
        let folder = |path: &String| path.rsplit_once('/').expect("paths have parts").0.to_owned();
        let folders: BTreeSet<String> = self.objects.keys().filter(is_one).map(folder).collect();
        let items = folders
            .iter()
            .flat_map(|folder| self.list(folder, query)["items"].as_array().cloned().unwrap_or_default());
        let items: Vec<Value> = items.collect();
        json!({ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": items })
    }

    fn list(&self, folder: &str, query: &str) -> Value {
        let selector =
            query.split('&').find_map(|part| part.strip_prefix("labelSelector=")).unwrap_or_default();
        let selector = selector.replace("%3D", "=").replace("%2F", "/");
        let fits = |object: &Value| {
            let Some((key, value)) = selector.split_once('=') else { return true };
            object["metadata"]["labels"][key] == value
        };
        let items: Vec<Value> =
            self.under(folder).into_iter().map(|(_, object)| object).filter(fits).collect();
        json!({ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "1" }, "items": items })
    }

    fn one(
        &mut self,
        method: &Method,
        path: &str,
        sub: Option<&str>,
        (query, body): (&str, Value),
    ) -> (u16, Value) {
        let present = self.objects.get(path).cloned();
        if *method == Method::GET {
            return present.map_or_else(|| failure(404, "NotFound", "not found"), |object| (200, object));
        }
        let demands = if *method == Method::DELETE { &body["preconditions"] } else { &body["metadata"] };
        if let Some(present) = &present {
            for key in ["uid", "resourceVersion"] {
                let demanded = demands[key].as_str();
                if demanded.is_some_and(|demanded| present["metadata"][key] != demanded) {
                    return failure(409, "Conflict", "it has changed");
                }
            }
        }
        match method.as_str() {
            "DELETE" if present.is_some() => {
                if body["propagationPolicy"] == "Foreground" {
                    self.delete_pods_of(path);
                }
                self.delete(path);
                (200, json!({ "kind": "Status", "apiVersion": "v1", "status": "Success" }))
            }
            "PATCH" if query.contains("force=true") => self.applied(path, sub, (present, body)),
            "PUT" | "PATCH" => {
                let Some(mut object) = present else { return failure(404, "NotFound", "not found") };
                if *method == Method::PUT {
                    object = body
                } else {
                    merge(&mut object, &body)
                }
                let ends = object["metadata"]["deletionTimestamp"].is_string()
                    && object["metadata"]["finalizers"].as_array().is_none_or(Vec::is_empty);
                if ends {
                    self.objects.remove(path);
                    return (200, object);
                }
                (200, self.put(path, object))
            }
            _ => failure(404, "NotFound", "not found"),
        }
    }

    fn applied(
        &mut self,
        path: &str,
        sub: Option<&str>,
        (present, body): (Option<Value>, Value),
    ) -> (u16, Value) {
        match (present, sub) {
            (Some(mut present), Some("status")) => {
                present["status"] = body["status"].clone();
                (200, self.put_changed(path, present))
            }
            (None, Some(_)) => failure(404, "NotFound", "not found"),
            (Some(present), _) => {
                let mut object = body;
                for key in ["uid", "creationTimestamp", "resourceVersion", "generation", "finalizers"] {
                    if let Some(value) = present["metadata"].get(key) {
                        object["metadata"][key] = value.clone();
                    }
                }
                if let Some(status) = present.get("status") {
                    object["status"] = status.clone();
                }
                (200, self.put_changed(path, object))
            }
            (None, None) => {
                if body["metadata"]["resourceVersion"].is_string() {
                    return failure(409, "Conflict", "it is gone");
                }
                (201, self.put(path, body))
            }
        }
    }
}

fn failure(code: u16, reason: &str, message: &str) -> (u16, Value) {
    let mut status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code,
    });
    if code == 429 {
        status["details"] = json!({ "retryAfterSeconds": 7 });
    }
    (code, status)
}

/// RFC 7386.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let object = target.as_object_mut().expect("it was made one");
    for (key, value) in patch {
        if value.is_null() {
            object.remove(key);
        } else {
            merge(object.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

/// A client of the API server in this world.
pub fn client(shared: &Shared) -> Client {
    client_with(shared, None)
}

/// One whose API server hands requests for an operator's pod on to its pages.
pub fn client_with_operator(shared: &Shared, context: &Arc<Context>) -> Client {
    client_with(shared, Some(Arc::clone(context)))
}

fn client_with(shared: &Shared, operator: Option<Arc<Context>>) -> Client {
    let shared = Arc::clone(shared);
    let service = tower::service_fn(move |request: Request<Body>| {
        let (shared, operator) = (Arc::clone(&shared), operator.clone());
        async move {
            let (head, body) = request.into_parts();
            let bytes = body.collect().await.expect("a body in memory").to_bytes();
            let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
            let query = head.uri.query().unwrap_or_default().to_owned();
            let proxied = head.uri.path().split_once(":8080/proxy").map(|(_, path)| path.to_owned());
            let (code, answer) = match (proxied, operator) {
                (Some(path), Some(operator)) => {
                    let page = pages::page(&operator, &path, &query).await;
                    (page.status.as_u16(), page.body)
                }
                _ => {
                    let (code, answer) =
                        shared.lock().store.answer(&head.method, head.uri.path(), &query, body);
                    (code, answer.to_string())
                }
            };
            let mut response = Response::new(Body::from(answer.into_bytes()));
            *response.status_mut() = StatusCode::from_u16(code).expect("a status code");
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    Client::new(service, "kafka")
}
