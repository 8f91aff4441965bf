//! Rules over several keys, in the order and words of Kafka's `KafkaConfig.validateValues`.

use super::{NodeConfig, Roles, network};
use crate::endpoint::is_valid_host;
use crate::error::ConfigError;
use crate::java;

/// Fails with Scala's words for a broken `require`.
fn require(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), ConfigError> {
    if holds { Ok(()) } else { Err(ConfigError::rule(format!("requirement failed: {}", sentence()))) }
}

fn fail<T>(sentence: &str) -> Result<T, ConfigError> {
    Err(ConfigError::rule(sentence))
}

pub(super) fn check(node: &NodeConfig) -> Result<(), ConfigError> {
    check_protocols(node)?;
    check_log(node)?;
    check_replication(node)?;
    check_quorum(node)?;
    match node.roles {
        Roles::Broker => check_broker_only(node)?,
        Roles::Controller => check_controller_only(node)?,
        Roles::BrokerAndController => check_controller(node)?,
    }
    if node.roles.is_broker() {
        check_advertised(node)?;
        check_cordoned(node)?;
    }
    check_addresses(node)?;
    check_network(node)
}

fn check_protocols(node: &NodeConfig) -> Result<(), ConfigError> {
    if !node.groups.protocols.iter().any(|protocol| protocol == "classic") {
        return fail("Disabling the 'classic' protocol is not supported.");
    }
    Ok(())
}

fn check_log(node: &NodeConfig) -> Result<(), ConfigError> {
    let config = &node.static_config;
    if config.long("node.id") != config.long("broker.id") {
        return fail(
            "`node.id` and `broker.id` must be set to the same value. `broker.id` is deprecated, please use \
             `node.id` instead.",
        );
    }
    let ages = &node.log_ages;
    require(ages.roll >= 1, || "log.roll.ms must be greater than or equal to 1".to_owned())?;
    require(ages.roll_jitter >= 0, || "log.roll.jitter.ms must be greater than or equal to 0".to_owned())?;
    require(ages.retention >= 1 || ages.retention == -1, || {
        "log.retention.ms must be unlimited (-1) or, greater than or equal to 1".to_owned()
    })?;
    if node.cleaner.threads == 0 {
        return fail("log.cleaner.threads must be at least 1.");
    }
    require(node.cleaner.dedupe_buffer_bytes / u64::from(node.cleaner.threads) > 1 << 20, || {
        "log.cleaner.dedupe.buffer.size must be at least 1MB per cleaner thread.".to_owned()
    })
}

fn check_replication(node: &NodeConfig) -> Result<(), ConfigError> {
    let replication = &node.replication;
    require(replication.fetch_wait_max <= replication.socket_timeout, || {
        "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary \
         socket timeouts"
            .to_owned()
    })?;
    require(replication.fetch_wait_max <= replication.lag_time_max, || {
        "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent \
         frequent changes in ISR"
            .to_owned()
    })
}

fn check_quorum(node: &NodeConfig) -> Result<(), ConfigError> {
    if node.quorum.voters.is_empty() && node.quorum.bootstrap_servers.is_empty() {
        return fail(
            "If using process.roles, either controller.quorum.bootstrap.servers must contain the set of \
             bootstrap controllers or controller.quorum.voters must contain a parseable set of controllers.",
        );
    }
    Ok(())
}

fn voters_of(node: &NodeConfig) -> String {
    let mut ids: Vec<i32> = node.quorum.voters.iter().map(|voter| voter.id).collect();
    ids.sort_unstable();
    let ids: Vec<String> = ids.iter().map(i32::to_string).collect();
    format!("controller.quorum.voters=Set({})", ids.join(", "))
}

fn is_voter(node: &NodeConfig) -> bool {
    node.quorum.voters.iter().any(|voter| voter.id == node.node_id.get())
}

fn check_broker_only(node: &NodeConfig) -> Result<(), ConfigError> {
    let listeners = &node.listeners;
    require(!is_voter(node), || {
        format!(
            "If process.roles contains just the 'broker' role, the node id {} must not be included in the set \
             of voters {}",
            node.node_id,
            voters_of(node)
        )
    })?;
    require(listeners.controller().next().is_none(), || {
        "controller.listener.names must not contain a value appearing in the 'listeners' configuration when \
         running KRaft with just the broker role"
            .to_owned()
    })?;
    for name in &listeners.controller_names {
        let name = name.to_uppercase();
        if !listeners.protocols.contains_key(&name) {
            return Err(ConfigError::rule(format!(
                "Controller listener with name {name} defined in controller.listener.names not found in \
                 listener.security.protocol.map  (an explicit security mapping for each controller listener is \
                 required if listener.security.protocol.map is non-empty, or if there are security protocols \
                 other than PLAINTEXT in use)"
            )));
        }
    }
    require(!node.quorum.timeouts.auto_join, || {
        "controller.quorum.auto.join.enable is only supported when process.roles contains the 'controller' role."
            .to_owned()
    })
}

fn check_controller_only(node: &NodeConfig) -> Result<(), ConfigError> {
    let listeners = &node.listeners;
    require(listeners.advertised_as_controller.len() == listeners.all.len(), || {
        "The listeners config must only contain KRaft controller listeners from controller.listener.names when \
         process.roles=controller"
            .to_owned()
    })?;
    if node.static_config.text("inter.broker.listener.name").is_some() {
        require(!listeners.is_controller(&listeners.inter_broker_name), || {
            "controller.listener.names must not contain an explicitly set inter.broker.listener.name \
             configuration value when process.roles=controller'"
                .to_owned()
        })?;
    }
    check_controller(node)
}

fn check_controller(node: &NodeConfig) -> Result<(), ConfigError> {
    let listeners = &node.listeners;
    require(node.quorum.voters.is_empty() || is_voter(node), || {
        format!(
            "If process.roles contains the 'controller' role, the node id {} must be included in the set of \
             voters {}",
            node.node_id,
            voters_of(node)
        )
    })?;
    require(!listeners.advertised_as_controller.is_empty(), || {
        "controller.listener.names must contain at least one value appearing in the 'listeners' configuration \
         when running the KRaft controller role"
            .to_owned()
    })?;
    let is_listened = |name: &String| listeners.all.iter().any(|listener| listener.name == *name);
    require(listeners.controller_names.iter().all(is_listened), || {
        "controller.listener.names must only contain values appearing in the 'listeners' configuration when \
         running the KRaft controller role"
            .to_owned()
    })
}

fn check_advertised(node: &NodeConfig) -> Result<(), ConfigError> {
    let listeners = &node.listeners;
    let told: Vec<&str> =
        listeners.advertised_to_clients.iter().map(|listener| listener.name.as_str()).collect();
    let all: Vec<&str> = listeners.all.iter().map(|listener| listener.name.as_str()).collect();
    require(!told.is_empty(), || {
        "There must be at least one broker advertised listener. Perhaps all listeners appear in \
         controller.listener.names?"
            .to_owned()
    })?;
    require(told.contains(&listeners.inter_broker_name.as_str()), || {
        format!(
            "inter.broker.listener.name must be a listener name defined in advertised.listeners. The valid \
             options based on currently configured listeners are {}",
            told.join(",")
        )
    })?;
    require(told.iter().all(|name| all.contains(name)), || {
        format!(
            "advertised.listeners listener names must be equal to or a subset of the ones defined in listeners. \
             Found {}. The valid options based on the current configuration are {}",
            told.join(","),
            all.join(",")
        )
    })
}

fn check_cordoned(node: &NodeConfig) -> Result<(), ConfigError> {
    let written = node.static_config.list("cordoned.log.dirs").unwrap_or_default();
    if written.iter().any(|dir| dir == "*") {
        return require(written.len() == 1, || {
            "When cordoned.log.dirs is set to *, it must not contain other values".to_owned()
        });
    }
    let unknown: Vec<&str> =
        written.iter().filter(|dir| !node.log_dirs.contains(dir)).map(String::as_str).collect();
    require(unknown.is_empty(), || {
        format!(
            "All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : {}",
            unknown.join(", ")
        )
    })
}

fn check_addresses(node: &NodeConfig) -> Result<(), ConfigError> {
    let listeners = &node.listeners;
    for told in [&listeners.advertised_to_clients, &listeners.advertised_as_controller] {
        require(!told.iter().any(network::is_all_interfaces), || {
            "advertised.listeners cannot use the nonroutable meta-address 0.0.0.0. Use a routable IP address."
                .to_owned()
        })?;
    }
    Ok(())
}

fn check_network(node: &NodeConfig) -> Result<(), ConfigError> {
    let (listeners, network) = (&node.listeners, &node.network);
    if listeners.inter_broker_protocol.uses_sasl() {
        let enabled =
            node.static_config.listener_value(&listeners.inter_broker_name, "sasl.enabled.mechanisms")?;
        let mechanism = node.static_config.text("sasl.mechanism.inter.broker.protocol").unwrap_or_default();
        require(enabled.as_list().is_some_and(|enabled| enabled.contains(&mechanism)), || {
            "sasl.mechanism.inter.broker.protocol must be included in sasl.enabled.mechanisms when SASL is used \
             for inter-broker communication"
                .to_owned()
        })?;
    }
    let queued = network.queued_max_request_bytes.unwrap_or(0);
    require(queued == 0 || queued >= u64::from(network.socket_request_max_bytes), || {
        "queued.max.request.bytes must be larger or equal to socket.request.max.bytes".to_owned()
    })?;
    let overrides = &node.max_connections_per_ip_overrides;
    require(network.max_connections_per_ip > 0 || !overrides.is_empty(), || {
        "max.connections.per.ip can be set to zero only if max.connections.per.ip.overrides property is set."
            .to_owned()
    })?;
    let wrong: Vec<&str> =
        overrides.keys().filter(|address| !is_valid_host(address)).map(String::as_str).collect();
    if !wrong.is_empty() {
        let wrong = wrong.join(",");
        return fail(&format!("max.connections.per.ip.overrides contains invalid addresses : {wrong}"));
    }
    let (delay, idle) = (network.failed_authentication_delay, network.connections_max_idle);
    require(idle.is_none_or(|idle| delay < idle), || {
        format!(
            "connection.failed.authentication.delay.ms={} should always be less than connections.max.idle.ms={} \
             to prevent failed authentication responses from timing out",
            delay.as_millis(),
            idle.unwrap_or_default().as_millis()
        )
    })
}

/// What is allowed but worth a line in the log.
pub(super) fn advice(node: &NodeConfig) -> Vec<String> {
    let mut advice = Vec::new();
    let (heartbeat, session) = (node.broker.heartbeat_interval, node.controller.broker_session_timeout);
    if heartbeat * 2 > session {
        advice.push(format!(
            "broker.heartbeat.interval.ms ({}) should be at most half of broker.session.timeout.ms ({}), or a \
             single lost heartbeat fences the broker",
            heartbeat.as_millis(),
            session.as_millis()
        ));
    }
    let names = &node.listeners.controller_names;
    if node.roles == Roles::Broker && names.len() > 1 {
        let names = java::list_to_string(names);
        advice.push(format!(
            "of controller.listener.names {names} a node that is only a broker uses the first"
        ));
    }
    if node.static_config.is_set("group.coordinator.rebalance.protocols") {
        advice.push(
            "group.coordinator.rebalance.protocols is deprecated: the features group.version, share.version and \
             streams.version decide which kinds of groups there are"
                .to_owned(),
        );
    }
    if !node.cleaner.enabled {
        advice.push("log.cleaner.enable=false is deprecated: compacted topics grow without bound".to_owned());
    }
    if node.roles == Roles::Broker {
        let of_controllers = ["create.topic.policy.class.name", "alter.config.policy.class.name"];
        let misplaced = of_controllers.into_iter().filter(|key| node.static_config.is_set(key));
        advice.extend(misplaced.map(|key| format!("{key} has an effect on controllers only")));
    }
    advice
}
