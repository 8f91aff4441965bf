//! gRPC between an operator and one node: package `klamm.admin.v1`, generated from
//! `proto/klamm/admin/v1/node.proto`, where each message says what it means. Nodes never speak it to each
//! other. `docs/decisions/0040-admin-service.md`.

#[allow(missing_docs, clippy::all, unused_qualifications)]
#[path = "generated/klamm.admin.v1.rs"]
#[rustfmt::skip]
pub mod v1;

/// Path prefix of the service's methods.
pub const NODE_ADMIN: &str = "/klamm.admin.v1.NodeAdmin/";

/// The methods that this version knows, as `GetCapabilities` tells them.
pub const METHODS: [&str; 5] =
    ["GetCapabilities", "GetNodeStatus", "ValidateConfig", "ReloadCertificates", "GetDiagnostics"];

/// `grpc.health.v1` of a node: is everything that its roles need in place, and is it caught up? The empty
/// name is this too.
pub const READINESS: &str = "readiness";
/// `grpc.health.v1` of a node: do its threads turn?
pub const LIVENESS: &str = "liveness";
