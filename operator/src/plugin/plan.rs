//! `plan`, `drain` and `diagnose`: what the next pass would do and what nodes tell of themselves, told by the operator,
//! who alone sees the cluster. Its pages are read through the API server's proxy to its pod.

use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;
use kube::{Api, ResourceExt as _};

use super::{Asked, PluginError};

/// Selects the operator's pods.
const OPERATORS: &str = "app.kubernetes.io/name=klamm-operator";
/// Port of its pages.
const PORT: u16 = 8080;

/// What the next pass would do.
pub async fn plan(asked: &Asked) -> Result<String, PluginError> {
    asked.cluster().await?;
    preview(asked, None).await
}

/// What would happen with so many brokers. Nothing is changed.
pub async fn drain(asked: &Asked, brokers: u32) -> Result<String, PluginError> {
    let present = asked.cluster().await?.spec.brokers.replicas;
    let mut text = format!("with {brokers} brokers instead of {present}:\n");
    text.push_str(&preview(asked, Some(brokers)).await?);
    Ok(text)
}

/// What helps to understand the nodes.
pub async fn diagnose(asked: &Asked) -> Result<String, PluginError> {
    asked.cluster().await?;
    page(asked, "diagnostics", "").await
}

async fn preview(asked: &Asked, brokers: Option<u32>) -> Result<String, PluginError> {
    let query = brokers.map(|count| format!("?brokers={count}")).unwrap_or_default();
    page(asked, "preview", &query).await
}

/// A page of an operator that is ready.
async fn page(asked: &Asked, page: &str, query: &str) -> Result<String, PluginError> {
    let all: Api<Pod> = match &asked.operator_namespace {
        Some(namespace) => Api::namespaced(asked.client.clone(), namespace),
        None => Api::all(asked.client.clone()),
    };
    let pods = all.list(&ListParams::default().labels(OPERATORS)).await?.items;
    let is_ready = |pod: &&Pod| {
        let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
        conditions.is_some_and(|all| all.iter().any(|one| one.type_ == "Ready" && one.status == "True"))
    };
    let Some(pod) = pods.iter().find(is_ready) else {
        let sentence = format!("no operator is ready: there is no such pod with the label {OPERATORS}");
        return Err(PluginError::Refused(sentence));
    };
    let operator = format!(
        "/api/v1/namespaces/{}/pods/{}:{PORT}/proxy",
        pod.namespace().unwrap_or_default(),
        pod.name_any()
    );
    let path = format!("{operator}/{page}/{}/{}{query}", asked.namespace, asked.name);
    let request = http::Request::get(path).body(Vec::new());
    let request = request.map_err(|error| PluginError::Refused(error.to_string()))?;
    Ok(asked.client.request_text(request).await?)
}
