//! Who of several operators acts: the holder of a Lease, as Kubernetes' own controllers have it. A lease
//! counts as expired once nobody has renewed it for its duration by this process's own clock, so clocks
//! of machines need not agree.

use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta};
use k8s_openapi::jiff::Timestamp;
use kube::api::PostParams;
use kube::{Api, Client, ResourceExt as _};
use tokio::time::Instant;

/// How long a lease holds without being renewed.
const DURATION: Duration = Duration::from_secs(15);
/// How long a holder goes on trying to renew before it takes the lease for lost.
const DEADLINE: Duration = Duration::from_secs(10);
/// Pause between tries.
const PERIOD: Duration = Duration::from_secs(2);

/// A candidate.
pub struct Candidate {
    api: Api<Lease>,
    name: String,
    identity: String,
    /// The lease of another as it was last seen, and since when it has been like that.
    seen: Option<(String, Instant)>,
}

impl Candidate {
    /// A candidate of that identity, unique among all.
    pub fn new(client: Client, namespace: &str, name: &str, identity: &str) -> Candidate {
        Candidate {
            api: Api::namespaced(client, namespace),
            name: name.to_owned(),
            identity: identity.to_owned(),
            seen: None,
        }
    }

    /// Waits until this one holds the lease.
    pub async fn acquire(&mut self) {
        loop {
            match tokio::time::timeout(DEADLINE, self.try_once()).await {
                Ok(Ok(true)) => return,
                Ok(Ok(false)) => {}
                Ok(Err(error)) => tracing::info!(%error, "the lease cannot be asked for"),
                Err(_) => tracing::info!("the API server does not answer about the lease"),
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    /// Renews the lease for as long as that works, and returns once it must be taken for lost.
    pub async fn hold(&mut self) {
        let mut renewed = Instant::now();
        loop {
            tokio::time::sleep(PERIOD).await;
            let left = DEADLINE.saturating_sub(renewed.elapsed());
            match tokio::time::timeout(left, self.try_once()).await {
                Ok(Ok(true)) => renewed = Instant::now(),
                Ok(Ok(false)) => return,
                Ok(Err(error)) => tracing::warn!(%error, "the lease cannot be renewed"),
                Err(_) => return,
            }
            if renewed.elapsed() >= DEADLINE {
                return;
            }
        }
    }

    /// Gives the lease up, so that another need not wait for its end.
    pub async fn release(&self) {
        let Ok(Some(mut lease)) = self.api.get_opt(&self.name).await else { return };
        let spec = lease.spec.get_or_insert_default();
        if spec.holder_identity.as_deref() == Some(&self.identity) {
            spec.holder_identity = None;
            if let Err(error) = self.api.replace(&self.name, &PostParams::default(), &lease).await {
                tracing::info!(%error, "the lease could not be given up");
            }
        }
    }

    /// One try to take or renew the lease. Whether it is held now.
    pub async fn try_once(&mut self) -> Result<bool, kube::Error> {
        let Some(lease) = self.api.get_opt(&self.name).await? else {
            let metadata = ObjectMeta { name: Some(self.name.clone()), ..ObjectMeta::default() };
            let lease = Lease { metadata, spec: Some(self.held(0, None)) };
            return won(self.api.create(&PostParams::default(), &lease).await);
        };
        let spec = lease.spec.clone().unwrap_or_default();
        let holder = spec.holder_identity.as_deref().filter(|holder| !holder.is_empty());
        let is_ours = holder == Some(self.identity.as_str());
        if !is_ours && holder.is_some() && !self.has_expired(&lease) {
            return Ok(false);
        }
        let transitions = spec.lease_transitions.unwrap_or(0) + i32::from(!is_ours);
        let acquired = spec.acquire_time.filter(|_| is_ours);
        let renewed = Lease { spec: Some(self.held(transitions, acquired)), ..lease };
        won(self.api.replace(&self.name, &PostParams::default(), &renewed).await)
    }

    fn held(&self, transitions: i32, acquired: Option<MicroTime>) -> LeaseSpec {
        let now = MicroTime(Timestamp::now());
        LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: i32::try_from(DURATION.as_secs()).ok(),
            acquire_time: Some(acquired.unwrap_or_else(|| now.clone())),
            renew_time: Some(now),
            lease_transitions: Some(transitions),
            ..LeaseSpec::default()
        }
    }

    /// Whether another's lease has not changed for as long as it holds.
    fn has_expired(&mut self, lease: &Lease) -> bool {
        let version = lease.resource_version().unwrap_or_default();
        let said = lease.spec.as_ref().and_then(|spec| spec.lease_duration_seconds);
        let holds =
            said.and_then(|seconds| u64::try_from(seconds).ok()).map_or(DURATION, Duration::from_secs);
        match &self.seen {
            Some((known, since)) if *known == version => since.elapsed() >= holds,
            Some(_) | None => {
                self.seen = Some((version, Instant::now()));
                false
            }
        }
    }
}

/// Somebody else may have been quicker.
fn won(written: Result<Lease, kube::Error>) -> Result<bool, kube::Error> {
    match written {
        Ok(_) => Ok(true),
        Err(kube::Error::Api(status)) if status.code == 409 => Ok(false),
        Err(error) => Err(error),
    }
}
