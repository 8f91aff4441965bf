//! The node side: what each node tells of itself alone, over gRPC and mutual TLS. What is safe to do to a
//! cluster never follows from it: that comes from the cluster (`wire`) and from the pods.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::BoxFuture;
use k8s_openapi::jiff::Timestamp;
use klamm_admin_api::v1::node_admin_client::NodeAdminClient;
use klamm_admin_api::v1::{
    GetDiagnosticsRequest, GetDiagnosticsResponse, GetNodeStatusRequest, GetNodeStatusResponse,
    ReloadCertificatesRequest, ValidateConfigRequest,
};
use parking_lot::Mutex;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Status};

use crate::certificates::{Authority, sha256};

/// Longest wait for a connection, its TLS handshake included.
const CONNECT: Duration = Duration::from_secs(2);
/// Longest wait for an answer.
const ANSWER: Duration = Duration::from_secs(4);
/// The operator's own certificate is used for so many seconds; it is valid for twice as long.
const RENEWAL_SECONDS: i64 = 86_400;

/// Whom to trust and as whom to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Uid of the cluster's resource.
    pub uid: String,
    /// `ca.crt`.
    pub roots: String,
    /// Issues the operator's certificate.
    pub authority: Authority,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NodeAt {
    /// `host:port` of its pod.
    pub address: String,
    /// The name in its certificate.
    pub host: String,
}

/// What a reconciler needs of nodes.
pub trait NodeWire: Send + Sync {
    /// What the node tells of itself.
    fn status<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetNodeStatusResponse, String>>;
    /// Lets the node take its certificates from their files: SHA-256 of `tls.crt` and `ca.crt`.
    fn reload<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<(String, String), String>>;
    /// Why the node would not start with these settings, if it would not.
    fn validate<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
        properties: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, String>>;
    /// What helps people to understand the node.
    fn diagnostics<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetDiagnosticsResponse, String>>;
    /// Closes what is open to a cluster that is gone.
    fn forget(&self, uid: &str);
}

/// gRPC, with one channel for each node.
#[derive(Default)]
pub struct GrpcNodes {
    clusters: Mutex<HashMap<String, Open>>,
}

/// What is open to one cluster.
struct Open {
    /// What it was opened with.
    trust: Trust,
    tls: ClientTlsConfig,
    /// By the clock that certificates go by: it goes on while a machine sleeps.
    since: Timestamp,
    channels: HashMap<NodeAt, Channel>,
}

impl GrpcNodes {
    fn client(&self, trust: &Trust, node: &NodeAt) -> Result<NodeAdminClient<Channel>, String> {
        let mut clusters = self.clusters.lock();
        let now = Timestamp::now();
        let age = |open: &Open| now.as_second() - open.since.as_second();
        let fits = |open: &Open| open.trust == *trust && (0..RENEWAL_SECONDS).contains(&age(open));
        if !clusters.get(&trust.uid).is_some_and(fits) {
            clusters.insert(trust.uid.clone(), Open::new(trust, now)?);
        }
        let open = clusters.get_mut(&trust.uid).ok_or("it was inserted")?;
        // Pods come and go, each with an address of its own.
        open.channels.retain(|known, _| known.host != node.host || known.address == node.address);
        if let Some(channel) = open.channels.get(node) {
            return Ok(NodeAdminClient::new(channel.clone()));
        }
        let endpoint = Endpoint::from_shared(format!("https://{}", node.address));
        let endpoint = endpoint.map_err(|error| error.to_string())?;
        let tls = open.tls.clone().domain_name(&node.host);
        let endpoint = endpoint.connect_timeout(CONNECT).timeout(ANSWER).tls_config(tls);
        let channel = endpoint.map_err(|error| error.to_string())?.connect_lazy();
        open.channels.insert(node.clone(), channel.clone());
        Ok(NodeAdminClient::new(channel))
    }
}

impl Open {
    fn new(trust: &Trust, now: Timestamp) -> Result<Open, String> {
        let own = trust.authority.issue_for_operator(now).map_err(|error| error.to_string())?;
        let tls = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(&trust.roots))
            .identity(Identity::from_pem(own.certificate, own.key));
        Ok(Open { trust: trust.clone(), tls, since: now, channels: HashMap::new() })
    }
}

/// What went wrong, in one line.
fn text(status: &Status) -> String {
    let source = std::error::Error::source(status).map(|source| innermost(source).to_string());
    match (status.code(), source) {
        (Code::FailedPrecondition, _) | (_, None) => status.message().to_owned(),
        (_, Some(source)) => format!("{}: {source}", status.message()),
    }
}

fn innermost<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

/// An answer, bounded also where a connection is made anew again and again.
async fn bounded<T>(asked: impl Future<Output = Result<tonic::Response<T>, Status>>) -> Result<T, String> {
    match tokio::time::timeout(CONNECT + ANSWER, asked).await {
        Ok(Ok(answer)) => Ok(answer.into_inner()),
        Ok(Err(status)) => Err(text(&status)),
        Err(_) => Err("it does not answer in time".to_owned()),
    }
}

impl NodeWire for GrpcNodes {
    fn status<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetNodeStatusResponse, String>> {
        Box::pin(async move {
            let mut client = self.client(trust, node)?;
            bounded(client.get_node_status(GetNodeStatusRequest {})).await
        })
    }

    fn reload<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<(String, String), String>> {
        Box::pin(async move {
            let mut client = self.client(trust, node)?;
            let answer = bounded(client.reload_certificates(ReloadCertificatesRequest {})).await?;
            let certificates = answer.certificates.unwrap_or_default();
            Ok((certificates.certificate_sha256, certificates.trust_sha256))
        })
    }

    fn validate<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
        properties: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, String>> {
        Box::pin(async move {
            let mut client = self.client(trust, node)?;
            let request = ValidateConfigRequest { properties: properties.as_bytes().to_vec() };
            Ok(bounded(client.validate_config(request)).await?.error)
        })
    }

    fn diagnostics<'a>(
        &'a self,
        trust: &'a Trust,
        node: &'a NodeAt,
    ) -> BoxFuture<'a, Result<GetDiagnosticsResponse, String>> {
        Box::pin(async move {
            let mut client = self.client(trust, node)?;
            bounded(client.get_diagnostics(GetDiagnosticsRequest {})).await
        })
    }

    fn forget(&self, uid: &str) {
        self.clusters.lock().remove(uid);
    }
}

/// The certificates that a node reports, if it reports any.
pub fn reported(status: &GetNodeStatusResponse) -> Option<(String, String)> {
    let certificates = status.certificates.as_ref()?;
    Some((certificates.certificate_sha256.clone(), certificates.trust_sha256.clone()))
}

/// What a node that took these files would report.
pub fn expected(certificate: &str, trust: &str) -> (String, String) {
    (sha256(certificate), sha256(trust))
}
