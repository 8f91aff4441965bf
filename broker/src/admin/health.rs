//! `grpc.health.v1`: readiness (also under the empty name) and liveness, looked at when they are asked for.

use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, stream};
use klamm_admin_api::{LIVENESS, READINESS};
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use super::liveness::Liveness;
use super::status::Watched;

/// How often a watched status is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The service.
#[derive(Clone)]
pub struct HealthService {
    pub watched: Watched,
    pub liveness: Liveness,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aspect {
    Readiness,
    Liveness,
}

impl Aspect {
    fn of(name: &str) -> Option<Aspect> {
        match name {
            "" | READINESS => Some(Aspect::Readiness),
            LIVENESS => Some(Aspect::Liveness),
            _ => None,
        }
    }
}

impl HealthService {
    async fn look(&self, aspect: Aspect) -> ServingStatus {
        let serves = match aspect {
            Aspect::Readiness => self.watched.not_ready().is_none(),
            Aspect::Liveness => self.liveness.turns().await,
        };
        if serves { ServingStatus::Serving } else { ServingStatus::NotServing }
    }
}

type Watching = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

#[tonic::async_trait]
impl Health for HealthService {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let name = request.into_inner().service;
        let aspect = Aspect::of(&name).ok_or_else(|| {
            Status::not_found(format!("there are {READINESS} and {LIVENESS}, not {name:?}"))
        })?;
        Ok(Response::new(HealthCheckResponse { status: self.look(aspect).await.into() }))
    }

    type WatchStream = Watching;

    /// Tells the status now, and each that differs from the one before. An unknown name is told so, and may
    /// become known: the protocol's rule.
    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Watching>, Status> {
        let (service, aspect) = (self.clone(), Aspect::of(&request.into_inner().service));
        let told = None::<ServingStatus>;
        let changes = stream::unfold((service, told), move |(service, told)| async move {
            loop {
                let now = match aspect {
                    Some(aspect) => service.look(aspect).await,
                    None => ServingStatus::ServiceUnknown,
                };
                if told != Some(now) {
                    return Some((Ok(HealthCheckResponse { status: now.into() }), (service, Some(now))));
                }
                tokio::time::sleep(LOOK).await;
            }
        });
        Ok(Response::new(Box::pin(changes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_name_is_readiness_and_others_are_unknown() {
        assert_eq!(Aspect::of(""), Some(Aspect::Readiness));
        assert_eq!(Aspect::of("readiness"), Some(Aspect::Readiness));
        assert_eq!(Aspect::of("liveness"), Some(Aspect::Liveness));
        assert_eq!(Aspect::of("klamm.admin.v1.NodeAdmin"), None);
    }
}
