//! Names of environment variables that set keys, as in Apache Kafka's container image.

/// Variables for the image's scripts and the Java machine, which set no key.
const NOT_KEYS: [&str; 11] = [
    "KAFKA_VERSION",
    "KAFKA_HEAP_OPTS",
    "KAFKA_LOG4J_OPTS",
    "KAFKA_OPTS",
    "KAFKA_JMX_OPTS",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_LOG4J_ROOT_LOGLEVEL",
    "KAFKA_LOG4J_LOGGERS",
    "KAFKA_TOOLS_LOG4J_LOGLEVEL",
    "KAFKA_JMX_HOSTNAME",
];

/// The key that the variable `name` sets: `KAFKA_` is taken off, the rest lower-cased, and `___`
/// becomes `-`, `__` becomes `_`, `_` becomes `.`. So `KAFKA_LOG_DIRS` sets `log.dirs`.
pub fn environment_key(name: &str) -> Option<String> {
    if NOT_KEYS.contains(&name) {
        return None;
    }
    let rest = name.strip_prefix("KAFKA_")?;
    Some(rest.to_lowercase().replace('_', ".").replace("...", "-").replace("..", "_"))
}
