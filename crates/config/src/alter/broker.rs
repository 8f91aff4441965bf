//! Changes of a broker's dynamic configs, as the broker itself checks them before it passes them on
//! to the controller (Kafka's `DynamicBrokerConfig.validate` and its reconfigurable parts).

use std::collections::BTreeSet;

use super::AlterError;
use super::reconfigure;
use crate::java;
use crate::layers::{BrokerTarget, LayeredConfig, check_type, is_per_broker, needs_listener_prefix};
use crate::node::NodeConfig;
use crate::overrides::Overrides;
use crate::table;

/// Whether `new` may be all dynamic configs of `target`, on top of what `config` has otherwise.
/// Names that Kafka does not know are allowed: they may be of a plug-in.
pub fn check_broker(
    config: &LayeredConfig,
    target: BrokerTarget,
    new: &dyn Overrides,
) -> Result<(), AlterError> {
    refuse(new, "Cannot update these configs dynamically", |name| {
        table::BROKER.get(name).is_some_and(|key| !key.is_dynamic())
    })?;
    refuse(
        new,
        "These security configs can be dynamically updated only per-listener using the listener prefix",
        needs_listener_prefix,
    )?;
    for (name, text) in new.entries() {
        check_type(name, text).map_err(request)?;
    }
    if target == BrokerTarget::ClusterDefault {
        refuse(
            new,
            "Cannot update these configs at default cluster level, broker id must be specified",
            is_per_broker,
        )?;
    }
    let current = config.effective();
    let proposed = NodeConfig::parse(config.proposed(target, new)).map_err(request)?;
    let changed = changed_keys(current, &proposed);
    reconfigure::check(current, &proposed, &changed).map_err(|sentence| {
        AlterError::Request(format!(
            "Invalid value org.apache.kafka.common.config.ConfigException: {sentence} for configuration Invalid \
             dynamic configuration"
        ))
    })
}

/// Whether `name` names a broker, or with the empty name all of them, as the controller judges it.
pub fn check_broker_name(name: &str) -> Result<(), AlterError> {
    if name.is_empty() {
        return Ok(());
    }
    match name.parse::<i32>() {
        Err(_) => Err(AlterError::Request("Unable to parse broker name as a base 10 number.".to_owned())),
        Ok(id) if id < 0 => Err(AlterError::Request("Invalid negative broker ID.".to_owned())),
        Ok(_) => Ok(()),
    }
}

/// A broker answers a wrong config with INVALID_REQUEST, unlike a controller.
fn request(error: impl ToString) -> AlterError {
    AlterError::Request(error.to_string())
}

fn refuse(new: &dyn Overrides, sentence: &str, is_wrong: impl Fn(&str) -> bool) -> Result<(), AlterError> {
    let wrong: Vec<&str> = new.entries().map(|(name, _)| name).filter(|name| is_wrong(name)).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(AlterError::Request(format!("{sentence}: {}", java::list_to_string(&wrong))))
}

/// Keys that are set, unset or set otherwise by the change.
fn changed_keys(current: &NodeConfig, proposed: &NodeConfig) -> BTreeSet<String> {
    let (old, new) = (current.static_config().originals(), proposed.static_config().originals());
    let differs = |key: &str| old.get(key) != new.get(key);
    old.iter().chain(new.iter()).map(|(key, _)| key).filter(|key| differs(key)).map(str::to_owned).collect()
}
