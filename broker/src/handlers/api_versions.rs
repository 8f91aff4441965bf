//! ApiVersions (key 18), versions 0-5: what this node serves, and the cluster's features.
//!
//! 3: client software name and version (KIP-511). 4: supported features of version 0 (KIP-1022).
//! 5: cluster and node id the client believes to speak to (KIP-1242).
//! A version not known here is answered with a version 0 body and UNSUPPORTED_VERSION.

use klamm_metadata::views::finalized_features;
use klamm_model::Offset;
use klamm_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse, api_versions_response};
use klamm_protocol::{ErrorCode, Reader, Str};

use crate::features;
use crate::net::reply::{Overlap, Reply, Started};

use super::call::Call;
use super::versions;

/// Serves any version, known or not.
pub fn serve(call: Call, mut body: Reader) -> Started {
    let known = call.key.advertised_versions().contains(&call.version);
    let outcome = if known {
        match call.body::<ApiVersionsRequest>(&mut body) {
            Ok(request) => call.respond(&handle(&call, &request)),
            Err(reason) => return super::session::close(reason),
        }
    } else {
        let mut response =
            ApiVersionsResponse { error_code: ErrorCode::UnsupportedVersion.code(), ..Default::default() };
        response.api_keys = vec![own_versions(call.key)];
        call.respond_at(0, &response, Vec::new())
    };
    Started { reply: Reply::Now(outcome), overlap: Overlap::Alone }
}

fn handle(call: &Call, request: &ApiVersionsRequest) -> ApiVersionsResponse {
    let mut response = ApiVersionsResponse::default();
    if call.version >= 3
        && !(is_software_word(&request.client_software_name)
            && is_software_word(&request.client_software_version))
    {
        response.error_code = ErrorCode::InvalidRequest.code();
        return response;
    }
    if let Some(error) = misrouted(call, request) {
        response.error_code = error.code();
        return response;
    }
    response.api_keys =
        versions::keys(call.peer.listener.serves).iter().map(|key| own_versions(*key)).collect();
    with_features(call, &mut response);
    response
}

/// KIP-1242: a client that means another cluster or node is told to find its way anew; it names both or neither.
fn misrouted(call: &Call, request: &ApiVersionsRequest) -> Option<ErrorCode> {
    if call.version < 5 {
        return None;
    }
    match (&request.cluster_id, request.node_id) {
        (None, -1) => None,
        (None, _) | (Some(_), -1) => Some(ErrorCode::InvalidRequest),
        (Some(cluster), node) => {
            let is_this = **cluster == *call.node.cluster_id && node == call.node.id.get();
            (!is_this).then_some(ErrorCode::RebootstrapRequired)
        }
    }
}

/// Supported and finalized features. Before version 4 a range from 0 cannot be told (KIP-1022).
fn with_features(call: &Call, response: &mut ApiVersionsResponse) {
    let supported = features::supported();
    let tellable =
        supported.iter().filter(|(_, range)| range.max > 0 && (call.version >= 4 || range.min > 0));
    response.supported_features = tellable
        .map(|(name, range)| api_versions_response::SupportedFeatureKey {
            name: Str::from(name.to_string()),
            min_version: range.min,
            max_version: range.max,
            ..Default::default()
        })
        .collect();
    let image = call.node.image.load();
    let kraft_version = i16::try_from(call.node.controller.quorum().kraft_version.level()).unwrap_or(0);
    response.finalized_features = finalized_features(&image, kraft_version);
    response.finalized_features_epoch = image.last_offset().map_or(-1, Offset::get);
}

/// KIP-511: letters, digits, dots and dashes, with a letter or digit at both ends.
fn is_software_word(word: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'-';
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    word.bytes().all(inner) && ends(word.as_bytes().first()) && ends(word.as_bytes().last())
}

fn own_versions(key: klamm_protocol::ApiKey) -> api_versions_response::ApiVersion {
    let range = key.advertised_versions();
    api_versions_response::ApiVersion {
        api_key: key.code(),
        min_version: *range.start(),
        max_version: *range.end(),
        ..Default::default()
    }
}
