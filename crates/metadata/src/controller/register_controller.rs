//! ControllerRegistration and UnregisterController.

use klamm_model::NodeId;
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::register_controller_record::{ControllerEndpoint, ControllerFeature};
use klamm_protocol::messages::{
    ControllerRegistrationRequest, ControllerRegistrationResponse, RegisterControllerRecord,
    UnregisterControllerRecord, UnregisterControllerResponse,
};

use super::view::View;
use super::{Append, Outcome};
use crate::image::SecurityProtocol;
use crate::{ApiError, VersionedRecord};

impl View<'_> {
    pub(crate) fn register_controller(
        &self,
        request: &ControllerRegistrationRequest,
    ) -> Outcome<ControllerRegistrationResponse> {
        if !self.state.metadata_version().supports_controller_registration() {
            let text = "The current MetadataVersion is too old to support controller registrations.";
            return Outcome::refuse(ApiError::new(ErrorCode::UnsupportedVersion, text));
        }
        if NodeId::new(request.controller_id).is_none() {
            return Outcome::refuse(ApiError::new(ErrorCode::InvalidRequest, "Negative controller id."));
        }
        let mut record = RegisterControllerRecord {
            controller_id: request.controller_id,
            incarnation_id: request.incarnation_id,
            zk_migration_ready: false,
            ..RegisterControllerRecord::default()
        };
        for listener in &request.listeners {
            let known = SecurityProtocol::from_code(listener.security_protocol).is_some();
            if !known || listener.port == 0 || listener.host.trim().is_empty() {
                let text = format!("Listener {} has no usable endpoint", listener.name);
                return Outcome::refuse(ApiError::new(ErrorCode::UnknownServerError, text));
            }
            record.end_points.push(ControllerEndpoint {
                name: listener.name.clone(),
                host: listener.host.clone(),
                port: listener.port,
                security_protocol: listener.security_protocol,
                ..ControllerEndpoint::default()
            });
        }
        for feature in &request.features {
            record.features.push(ControllerFeature {
                name: feature.name.clone(),
                min_supported_version: feature.min_supported_version,
                max_supported_version: feature.max_supported_version,
                ..ControllerFeature::default()
            });
        }
        let reply = ControllerRegistrationResponse::default();
        Outcome::of(vec![VersionedRecord::v0(record)], Append::Atomic, reply)
    }

    pub(crate) fn unregister_controller(&self, id: NodeId) -> Outcome<UnregisterControllerResponse> {
        let refuse = |code, text: String| Outcome::refuse(ApiError::new(code, text));
        if id == self.settings.node_id {
            let text = "Controller cannot unregister itself while it is active.";
            return refuse(ErrorCode::InvalidRequest, text.to_owned());
        }
        if !self.state.metadata_version().supports_controller_unregistration() {
            let text = "The current MetadataVersion is too old to support controller unregistration.";
            return refuse(ErrorCode::UnsupportedVersion, text.to_owned());
        }
        if self.cluster().controller(id).is_none() {
            let text = format!("Controller ID {id} is not currently registered.");
            return refuse(ErrorCode::ControllerIdNotRegistered, text);
        }
        let record =
            UnregisterControllerRecord { controller_id: id.get(), ..UnregisterControllerRecord::default() };
        let reply = UnregisterControllerResponse::default();
        Outcome::of(vec![VersionedRecord::v0(record)], Append::Atomic, reply)
    }
}
