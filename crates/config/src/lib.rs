//! Every config of Apache Kafka 4.4: type, default, validator, scope, doc; server.properties and overrides.
