//! Dynamic configs of one resource, wherever they are kept.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::properties::Properties;

/// Keys with their texts.
pub trait Overrides {
    /// The text of `key`.
    fn get(&self, key: &str) -> Option<&str>;

    /// All keys with their texts, sorted by key.
    fn entries(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_>;

    /// Whether `key` is set.
    fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }
}

impl<K: Borrow<str> + Ord, V: AsRef<str>> Overrides for BTreeMap<K, V> {
    fn get(&self, key: &str) -> Option<&str> {
        BTreeMap::get(self, key).map(AsRef::as_ref)
    }

    fn entries(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_> {
        Box::new(self.iter().map(|(key, value)| (key.borrow(), value.as_ref())))
    }
}

impl Overrides for Properties {
    fn get(&self, key: &str) -> Option<&str> {
        Properties::get(self, key)
    }

    fn entries(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_> {
        Box::new(self.iter())
    }
}

/// No overrides.
impl Overrides for () {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }

    fn entries(&self) -> Box<dyn Iterator<Item = (&str, &str)> + '_> {
        Box::new(std::iter::empty())
    }
}
