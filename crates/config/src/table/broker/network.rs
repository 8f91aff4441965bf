//! Broker keys of listeners, connections and request queues.

use crate::key::{ConfigKey, Kind, int, keys, list, long, required, string, unset};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "advertised.listeners": unset(Kind::List).items_or_null(Empty::Refused).high() =>
        "Addresses that clients and other nodes are told to use, in the form of `listeners`, for where \
         they cannot reach the bound address. Unset means the same as `listeners`; `0.0.0.0` is refused.";
    "connection.failed.authentication.delay.ms": int(100).at_least(0).low() =>
        "Milliseconds by which the answer to a failed login is held back, which slows guessing. Must be \
         below `connections.max.idle.ms`.";
    "connections.max.idle.ms": long(600_000) =>
        "Milliseconds without traffic after which a connection is closed; -1 never closes.";
    "connections.max.reauth.ms": long(0) =>
        "Longest time in milliseconds a SASL session lasts before the client must log in again; 0 sets no \
         limit.";
    "controller.listener.names": required(Kind::List).items(&[], Empty::Refused).high() =>
        "Names of the listeners that controllers serve. On a broker-only node the first one names the \
         protocol to reach controllers and must not appear in `listeners`.";
    "inter.broker.listener.name": unset(Kind::String) =>
        "Listener over which brokers speak to each other. Unset, the listener named after \
         `security.inter.broker.protocol` is used; set only one of the two.";
    "listener.security.protocol.map": string("SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT")
        .low().per_broker() =>
        "Pairs `NAME:PROTOCOL` that give each listener name its protocol: PLAINTEXT, SSL, SASL_PLAINTEXT \
         or SASL_SSL.";
    "listeners": list("PLAINTEXT://:9092").items(&[], Empty::Refused).high().per_broker() =>
        "Addresses to listen on, as `NAME://host:port` separated by commas. An empty host means the \
         default interface, `0.0.0.0` all of them, port 0 any free one; names and ports must differ.";
    "max.connection.creation.rate": int(i32::MAX).at_least(0).cluster_wide() =>
        "Most new connections per second, over the broker or with a listener prefix on one listener; above \
         it, accepting slows down.";
    "max.connections": int(i32::MAX).at_least(0).cluster_wide() =>
        "Most connections at a time over all listeners, or over one with the prefix `listener.name.NAME.`. \
         At the limit, accepting waits; the inter-broker listener is served first.";
    "max.connections.per.ip": int(i32::MAX).at_least(0).cluster_wide() =>
        "Most connections at a time from one address. 0 is allowed only where \
         `max.connections.per.ip.overrides` lists exceptions.";
    "max.connections.per.ip.overrides": string("").cluster_wide() =>
        "Exceptions to `max.connections.per.ip` as `address:count` pairs; the address may be a host name.";
    "num.io.threads": int(8).at_least(1).high().cluster_wide() =>
        "Threads that carry out requests; at least 1.";
    "num.network.threads": int(3).at_least(1).high().cluster_wide() =>
        "Threads that read requests and write answers, per listener; at least 1.";
    "queued.max.request.bytes": long(-1) =>
        "Bytes of requests that may wait before the network stops reading more; -1 sets no limit, else at \
         least `socket.request.max.bytes`.";
    "queued.max.requests": int(500).at_least(1).high() =>
        "Requests that may wait for a free thread before the network stops reading more.";
    "security.inter.broker.protocol": string("PLAINTEXT")
        .one_of(&["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]) =>
        "Protocol for traffic between brokers when `inter.broker.listener.name` is not set.";
    "socket.connection.setup.timeout.max.ms": long(30_000) =>
        "Upper bound in milliseconds for the growing time that an attempt to connect to another node may \
         take.";
    "socket.connection.setup.timeout.ms": long(10_000) =>
        "Milliseconds the first attempt to connect to another node may take. Each further attempt gets up \
         to twice as long.";
    "socket.listen.backlog.size": int(50).at_least(1) =>
        "Connections that may wait to be accepted per listener; the system's own limit caps it.";
    "socket.receive.buffer.bytes": int(102_400).high() =>
        "Size in bytes of the kernel's receive buffer of an accepted connection (SO_RCVBUF); -1 leaves it \
         to the system.";
    "socket.request.max.bytes": int(104_857_600).at_least(1).high() =>
        "Largest request in bytes that a connection may send; a larger one closes the connection.";
    "socket.send.buffer.bytes": int(102_400).high() =>
        "Size in bytes of the kernel's send buffer of an accepted connection (SO_SNDBUF); -1 leaves it to \
         the system.";
};
