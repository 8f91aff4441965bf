//! FindCoordinator (key 10), versions 0-6: which broker coordinates a group. 4: many keys at once. 6:
//! share groups.

use klamm_metadata::views::ClientView;
use klamm_protocol::messages::find_coordinator_response::Coordinator;
use klamm_protocol::messages::{FindCoordinatorRequest, FindCoordinatorResponse};
use klamm_protocol::{ErrorCode, Str};

use super::auto_create;
use super::call::Call;
use super::errors::REFUSED_TRANSACTIONAL_ID;
use crate::pumps::groups::OFFSETS_TOPIC;

const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;
const SHARE: i8 = 2;

/// Looks up each key; creates the offsets topic if it is not there yet.
pub async fn handle(call: Call, request: FindCoordinatorRequest) -> FindCoordinatorResponse {
    let keys = if call.version < 4 { vec![request.key.clone()] } else { request.coordinator_keys.clone() };
    let mut coordinators = Vec::with_capacity(keys.len());
    for key in keys {
        coordinators.push(find(&call, request.key_type, key).await);
    }
    if call.version >= 4 {
        return FindCoordinatorResponse { coordinators, ..FindCoordinatorResponse::default() };
    }
    let one = coordinators.pop().unwrap_or_default();
    // Where one coordinator is asked for, Kafka says in words that there is no error.
    let error_message = if one.error_code == 0 { Some(Str::from("NONE")) } else { one.error_message };
    FindCoordinatorResponse {
        error_code: one.error_code,
        error_message,
        node_id: one.node_id,
        host: one.host,
        port: one.port,
        ..FindCoordinatorResponse::default()
    }
}

async fn find(call: &Call, kind: i8, key: Str) -> Coordinator {
    match kind {
        GROUP => {}
        TRANSACTION => return no_transactions(key),
        // Share groups are off.
        SHARE => return failed(key, ErrorCode::InvalidRequest),
        _ => return failed(key, ErrorCode::InvalidRequest),
    }
    let image = call.node.image.load();
    let Some(topic) = image.topics().by_name(OFFSETS_TOPIC) else {
        auto_create::create_offsets_topic(call).await;
        return failed(key, ErrorCode::CoordinatorNotAvailable);
    };
    let partition = call.node.groups.partition_of(&image, &key);
    let leader = topic.partition(partition).and_then(|partition| partition.leader());
    let view = ClientView::new(&image, &call.peer.listener.name);
    match leader.and_then(|leader| view.alive_node(leader)) {
        Some(node) => Coordinator {
            key,
            node_id: node.id.get(),
            host: Str::from(node.host.to_string()),
            port: i32::from(node.port),
            error_message: Some(Str::from("")),
            ..Coordinator::default()
        },
        None => failed(key, ErrorCode::CoordinatorNotAvailable),
    }
}

/// A client surfaces this code at once; another would let it look for a coordinator for ever.
fn no_transactions(key: Str) -> Coordinator {
    let text = "This node serves no transactions: use a producer without a transactional id.";
    Coordinator { error_message: Some(Str::from(text)), ..failed(key, REFUSED_TRANSACTIONAL_ID) }
}

fn failed(key: Str, error: ErrorCode) -> Coordinator {
    Coordinator {
        key,
        node_id: -1,
        host: Str::from(""),
        port: -1,
        error_code: error.code(),
        error_message: Some(Str::from(error.message())),
        ..Coordinator::default()
    }
}
