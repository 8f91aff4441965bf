//! The configs of this broker, and the defaults of all brokers.

use super::{ConfigEntry, ConfigSource, broker_names, layered_synonyms};
use crate::key::ConfigKey;
use crate::layers::{BrokerTarget, LayeredConfig};
use crate::table;

/// Every public config of this broker, then the others that are set.
pub fn describe_broker(config: &LayeredConfig) -> Vec<ConfigEntry> {
    let effective = config.effective().static_config();
    let set = effective.originals();
    let is_public = |key: &&ConfigKey| !key.is_internal();
    let public = table::BROKER.keys().iter().filter(is_public);
    let public = public.map(|key| broker_entry(config, key.name, effective.value(key.name).to_text()));
    let is_other = |name: &str| table::BROKER.get(name).is_none_or(ConfigKey::is_internal);
    let others = set.iter().filter(|(name, _)| is_other(name));
    let others = others.map(|(name, text)| broker_entry(config, name, Some(text.to_owned())));
    public.chain(others).collect()
}

/// The dynamic defaults of all brokers, as this broker has them in force.
pub fn describe_cluster_default(config: &LayeredConfig) -> Vec<ConfigEntry> {
    let set = config.dynamic(BrokerTarget::ClusterDefault).iter();
    set.map(|(name, text)| {
        let mut entry = broker_entry(config, name, Some(text.clone()));
        entry.synonyms.retain(|synonym| synonym.source == ConfigSource::DynamicDefaultBroker);
        entry.source = entry.synonyms.first().map_or(ConfigSource::Default, |strongest| strongest.source);
        entry
    })
    .collect()
}

fn broker_entry(config: &LayeredConfig, name: &str, value: Option<String>) -> ConfigEntry {
    let names = broker_names(name);
    let own = table::BROKER.get(name).or_else(|| table::BROKER_QUOTA.get(name));
    // The key behind a listener prefix gives type and secrecy, but not the doc.
    let key = own.or_else(|| names.iter().find_map(|name| table::BROKER.get(name)));
    let is_sensitive = key.is_none_or(ConfigKey::is_sensitive);
    let synonyms = layered_synonyms(config, name, &names, is_sensitive);
    let mut entry = ConfigEntry::new(name, key, value, synonyms);
    entry.is_read_only = !own.is_some_and(|key| key.is_dynamic());
    entry.doc = table::BROKER.get(name).map(|key| key.doc);
    entry
}
