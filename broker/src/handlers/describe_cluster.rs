//! DescribeCluster (key 60), versions 0-2: brokers or controllers and where they listen.
//!
//! 1: endpoint type (KIP-919). 2: fenced brokers.

use klamm_metadata::views::{ClientNode, ClientView};
use klamm_model::NodeId;
use klamm_protocol::messages::describe_cluster_response::DescribeClusterBroker;
use klamm_protocol::messages::{DescribeClusterRequest, DescribeClusterResponse};
use klamm_protocol::{ErrorCode, Str};

use super::call::Call;
use super::operations;
use super::versions::Serves;

const BROKERS: i8 = 1;
const CONTROLLERS: i8 = 2;

/// Answers for the kind of nodes that this listener serves.
pub fn handle(call: &Call, request: DescribeClusterRequest) -> DescribeClusterResponse {
    let serves = match call.peer.listener.serves {
        Serves::Broker => BROKERS,
        Serves::Controller => CONTROLLERS,
    };
    if request.endpoint_type != serves {
        let (code, text) = mismatch(request.endpoint_type, serves);
        return DescribeClusterResponse {
            error_code: code.code(),
            error_message: Some(Str::from(text)),
            endpoint_type: BROKERS,
            controller_id: -1,
            cluster_authorized_operations: operations::NOT_ASKED,
            ..DescribeClusterResponse::default()
        };
    }
    let mut response = DescribeClusterResponse {
        cluster_id: Str::from(call.node.cluster_id.to_string()),
        endpoint_type: request.endpoint_type,
        controller_id: -1,
        cluster_authorized_operations: if request.include_cluster_authorized_operations {
            operations::CLUSTER
        } else {
            operations::NOT_ASKED
        },
        ..DescribeClusterResponse::default()
    };
    let image = call.node.image.load();
    if serves == CONTROLLERS {
        let quorum = call.node.controller.quorum();
        response.controller_id = quorum.leader.map_or(-1, |leader| leader.get());
        let listener = &call.peer.listener.name;
        let registered = image.cluster().controllers().filter_map(|registration| {
            let at = registration.endpoints.iter().find(|at| *at.listener == **listener)?;
            Some(controller(registration.id, &at.host, at.port))
        });
        response.brokers = registered.collect();
        if response.brokers.is_empty() {
            // Below metadata.version 15 controllers do not register.
            let voters = quorum.voters.iter().filter_map(|voter| {
                let (_, at) = voter.endpoints.iter().next()?;
                Some(controller(voter.key.id, &at.host, at.port))
            });
            response.brokers = voters.collect();
        }
        return response;
    }
    let view = ClientView::new(&image, &call.peer.listener.name);
    response.brokers = if request.include_fenced_brokers {
        view.registered().map(broker).collect()
    } else {
        view.alive_for_clients().map(broker).collect()
    };
    let alive = view.alive_for_clients().next();
    response.controller_id = alive.map_or(-1, |node| node.id.get());
    response
}

fn mismatch(asked: i8, serves: i8) -> (ErrorCode, String) {
    if asked != BROKERS && asked != CONTROLLERS {
        return (ErrorCode::UnsupportedEndpointType, format!("Unsupported endpoint type {asked}"));
    }
    let side = if serves == BROKERS { "broker" } else { "controller" };
    let other = if asked == BROKERS { "BROKER" } else { "CONTROLLER" };
    let text = format!(
        "The request was sent to an endpoint of type {}, but we wanted an endpoint of type {other}",
        if side == "broker" { "BROKER" } else { "CONTROLLER" }
    );
    (ErrorCode::MismatchedEndpointType, text)
}

fn controller(id: NodeId, host: &str, port: u16) -> DescribeClusterBroker {
    DescribeClusterBroker {
        broker_id: id.get(),
        host: Str::from(host.to_owned()),
        port: i32::from(port),
        ..DescribeClusterBroker::default()
    }
}

fn broker(node: ClientNode) -> DescribeClusterBroker {
    DescribeClusterBroker {
        broker_id: node.id.get(),
        host: Str::from(node.host.to_string()),
        port: i32::from(node.port),
        rack: node.rack.map(|rack| Str::from(rack.to_string())),
        is_fenced: node.fenced,
        ..DescribeClusterBroker::default()
    }
}
