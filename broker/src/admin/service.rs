//! `klamm.admin.v1.NodeAdmin`: what an operator asks of this node alone.

use std::sync::Arc;

use klamm_admin_api::METHODS;
use klamm_admin_api::v1::node_admin_server::NodeAdmin;
use klamm_admin_api::v1::{
    Certificates as Reported, GetCapabilitiesRequest, GetCapabilitiesResponse, GetDiagnosticsRequest,
    GetDiagnosticsResponse, GetNodeStatusRequest, GetNodeStatusResponse, ReloadCertificatesRequest,
    ReloadCertificatesResponse, ValidateConfigRequest, ValidateConfigResponse,
};
use klamm_config::{NodeConfig, Properties};
use klamm_model::NodeId;
use tonic::{Request, Response, Status};

use super::certificates::{Certificates, Fingerprints};
use super::diagnostics::diagnostics;
use super::server::AdminParts;
use super::status::Watched;

/// The service.
#[derive(Clone)]
pub struct AdminService {
    pub watched: Watched,
    pub certificates: Arc<Certificates>,
    pub parts: AdminParts,
}

fn reported(fingerprints: Fingerprints) -> Option<Reported> {
    let Fingerprints { certificate, trust } = fingerprints;
    Some(Reported { certificate_sha256: certificate, trust_sha256: trust })
}

#[tonic::async_trait]
impl NodeAdmin for AdminService {
    async fn get_capabilities(
        &self,
        _: Request<GetCapabilitiesRequest>,
    ) -> Result<Response<GetCapabilitiesResponse>, Status> {
        Ok(Response::new(GetCapabilitiesResponse {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            methods: METHODS.iter().map(|method| (*method).to_owned()).collect(),
        }))
    }

    async fn get_node_status(
        &self,
        _: Request<GetNodeStatusRequest>,
    ) -> Result<Response<GetNodeStatusResponse>, Status> {
        let certificates = reported(self.certificates.fingerprints());
        Ok(Response::new(GetNodeStatusResponse { certificates, ..self.watched.status().await }))
    }

    async fn validate_config(
        &self,
        request: Request<ValidateConfigRequest>,
    ) -> Result<Response<ValidateConfigResponse>, Status> {
        let properties = request.into_inner().properties;
        let answer = match validate(self.watched.node.id, &properties) {
            Ok(notices) => ValidateConfigResponse { error: None, notices },
            Err(error) => ValidateConfigResponse { error: Some(error), notices: Vec::new() },
        };
        Ok(Response::new(answer))
    }

    async fn reload_certificates(
        &self,
        _: Request<ReloadCertificatesRequest>,
    ) -> Result<Response<ReloadCertificatesResponse>, Status> {
        match self.certificates.reload() {
            Ok(fingerprints) => {
                Ok(Response::new(ReloadCertificatesResponse { certificates: reported(fingerprints) }))
            }
            Err(error) => Err(Status::failed_precondition(error.to_string())),
        }
    }

    async fn get_diagnostics(
        &self,
        _: Request<GetDiagnosticsRequest>,
    ) -> Result<Response<GetDiagnosticsResponse>, Status> {
        Ok(Response::new(diagnostics(&self.parts)))
    }
}

/// The notices of a start with these settings, or the sentence with which it would be refused.
fn validate(id: NodeId, properties: &[u8]) -> Result<Vec<String>, String> {
    let properties = Properties::from_file(properties).map_err(|error| error.to_string())?;
    let notices = properties.notices().iter().map(ToString::to_string).collect();
    let config = NodeConfig::parse(properties).map_err(|error| error.to_string())?;
    if config.node_id != id {
        return Err(format!("node.id is {}, and this is node {id}", config.node_id));
    }
    crate::start::check(&config).map_err(|error| format!("{error:#}"))?;
    Ok(notices)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "node.id=3\nprocess.roles=broker\nlisteners=PLAINTEXT://127.0.0.1:9092\n\
                        controller.listener.names=CONTROLLER\ncontroller.quorum.bootstrap.servers=127.0.0.1:9093\n";

    fn validated(further: &str) -> Result<Vec<String>, String> {
        validate(NodeId::at(3), format!("{GOOD}{further}").as_bytes())
    }

    #[test]
    fn settings_with_which_the_node_would_start_pass_with_what_it_would_say() {
        assert_eq!(validated(""), Ok(Vec::new()));
        let notices = validated("no.such.key=1\n");
        assert!(
            notices.as_ref().is_ok_and(|all| all.len() == 1 && all[0].contains("no.such.key")),
            "{notices:?}"
        );
    }

    #[test]
    fn settings_that_would_stop_the_start_are_told_in_its_own_words() {
        for (further, word) in [
            ("num.partitions=few\n", "num.partitions"),
            (
                "listeners=SSL://127.0.0.1:9092\ninter.broker.listener.name=SSL\n\
                 listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT\n",
                "SSL is not served",
            ),
            ("node.id=4\n", "this is node 3"),
            ("klamm.admin.listener=:9094\n", "klamm.admin.tls.directory"),
            ("a=\\u12\n", "encoding"),
        ] {
            let refused = validated(further).expect_err(further);
            assert!(refused.contains(word), "{further}: {refused}");
        }
    }
}
