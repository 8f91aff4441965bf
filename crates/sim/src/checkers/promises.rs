//! What the controllers promised an administrator: topics that were created stay until they are
//! deleted, configs are the ones that were set last.

use std::collections::{BTreeMap, BTreeSet};

use klamm_metadata::MetadataImage;
use klamm_metadata::image::ConfigResource;

use super::must;

/// The name of this checker.
const NAME: &str = "promises";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    /// It may be there or not.
    #[default]
    Unknown,
    There,
    Gone,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    topics: BTreeMap<String, Fate>,
    /// By topic, the values its config may have.
    configs: BTreeMap<String, BTreeSet<String>>,
    kept: u64,
}

impl Promises {
    /// Promises made so far.
    pub(crate) fn count(&self) -> u64 {
        self.kept
    }

    /// A topic is about to be created or deleted.
    pub(crate) fn topic_is_changing(&mut self, topic: &str) {
        self.topics.insert(topic.to_owned(), Fate::Unknown);
    }

    /// A topic was created.
    pub(crate) fn topic_created(&mut self, topic: &str) {
        self.topics.insert(topic.to_owned(), Fate::There);
        self.kept += 1;
    }

    /// A topic was deleted.
    pub(crate) fn topic_deleted(&mut self, topic: &str) {
        self.topics.insert(topic.to_owned(), Fate::Gone);
        self.configs.remove(topic);
        self.kept += 1;
    }

    /// A topic's config is about to be set.
    pub(crate) fn config_is_changing(&mut self, topic: &str, value: &str) {
        self.configs.entry(topic.to_owned()).or_default().insert(value.to_owned());
    }

    /// It was set.
    pub(crate) fn config_set(&mut self, topic: &str, value: &str) {
        self.configs.insert(topic.to_owned(), BTreeSet::from([value.to_owned()]));
        self.kept += 1;
    }

    /// In the end, all nodes have this image.
    pub(crate) fn judge(&self, image: &MetadataImage, config: &str) {
        for (topic, fate) in &self.topics {
            let is_there = image.topics().by_name(topic).is_some();
            let is_kept = match fate {
                Fate::Unknown => true,
                Fate::There => is_there,
                Fate::Gone => !is_there,
            };
            must!(is_kept, NAME, "topic {topic} is there: {is_there}; promised was {fate:?}");
        }
        for (topic, values) in &self.configs {
            if self.topics.get(topic) != Some(&Fate::There) {
                continue;
            }
            let configs = image.configs().get(&ConfigResource::topic(topic.as_str()));
            let value = configs.and_then(|configs| configs.get(config)).map(|value| value.to_string());
            let is_kept = value.as_ref().is_none_or(|value| values.contains(value));
            must!(is_kept, NAME, "{config} of {topic} is {value:?}; promised was one of {values:?}");
            must!(
                value.is_some() || values.len() != 1,
                NAME,
                "{config} of {topic} is not set; promised was {values:?}"
            );
        }
    }
}
