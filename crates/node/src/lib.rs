//! The drivers: synchronous steps that own all state of a node; no sockets, no async.
