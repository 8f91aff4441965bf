//! gRPC stubs between the operator and one node.
