//! Which requests exist, at which versions, and who serves them.

use std::fmt;
use std::ops::RangeInclusive;

pub use crate::messages::generated::apis::ApiKey;
use crate::messages::generated::apis::FACTS;

/// The kinds of listeners a request is served on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listeners {
    /// Brokers only.
    Broker,
    /// Controllers only.
    Controller,
    /// Either.
    Both,
}

/// A row of the generated table.
#[derive(Debug)]
pub(crate) struct ApiFacts {
    pub(crate) key: ApiKey,
    pub(crate) name: &'static str,
    pub(crate) versions: RangeInclusive<i16>,
    pub(crate) advertised: RangeInclusive<i16>,
    pub(crate) request_flexible_from: Option<i16>,
    pub(crate) response_flexible_from: Option<i16>,
    pub(crate) listeners: Listeners,
    pub(crate) forwardable: bool,
    pub(crate) cluster_action: bool,
}

impl ApiKey {
    /// The request of a key on the wire. `None` for keys that never existed and for 4 to 7, which lost all
    /// their versions with ZooKeeper.
    pub fn from_i16(key: i16) -> Option<ApiKey> {
        FACTS.binary_search_by_key(&key, |facts| facts.key as i16).ok().map(|row| FACTS[row].key)
    }

    /// The key on the wire.
    pub const fn code(self) -> i16 {
        self as i16
    }

    fn facts(self) -> &'static ApiFacts {
        let row = FACTS.binary_search_by_key(&self, |facts| facts.key);
        &FACTS[row.expect("every key has a row: both are generated from one list")]
    }

    /// Kafka's name, such as `ApiVersions`.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The versions that can be read and written, an unstable newest one included.
    pub fn versions(self) -> RangeInclusive<i16> {
        self.facts().versions.clone()
    }

    /// The versions to tell in an ApiVersions response. Two requests differ from [`ApiKey::versions`]:
    /// Produce is advertised from 0, because librdkafka takes a higher minimum for a broker too old for
    /// compression, and a newest version that is still unstable is left out.
    pub fn advertised_versions(self) -> RangeInclusive<i16> {
        self.facts().advertised.clone()
    }

    /// Whether the request is served on broker listeners.
    pub fn on_brokers(self) -> bool {
        self.facts().listeners != Listeners::Controller
    }

    /// Whether the request is served on controller listeners.
    pub fn on_controllers(self) -> bool {
        self.facts().listeners != Listeners::Broker
    }

    /// Whether a broker passes the request on to the active controller.
    pub fn is_forwardable(self) -> bool {
        self.facts().forwardable
    }

    /// Kafka's mark of requests between nodes: a sender that lacks the right to them is throttled, and others
    /// are not throttled at all. It is not the rule of authorization, which each handler has.
    pub fn is_cluster_action(self) -> bool {
        self.facts().cluster_action
    }

    /// Whether requests at `version` have varint lengths and tagged fields.
    pub fn is_flexible(self, version: i16) -> bool {
        self.facts().request_flexible_from.is_some_and(|first| version >= first)
    }

    /// The version of the header in front of a request at `version`: 1, or 2 with tagged fields.
    pub fn request_header_version(self, version: i16) -> i16 {
        if self.is_flexible(version) { 2 } else { 1 }
    }

    /// The version of the header in front of a response at `version`: 0, or 1 with tagged fields.
    ///
    /// ApiVersions always has 0: a client that is newer than the broker gets its answer at version 0, and has
    /// to read it before it knows what the broker speaks.
    pub fn response_header_version(self, version: i16) -> i16 {
        let flexible = self.facts().response_flexible_from.is_some_and(|first| version >= first);
        i16::from(flexible && self != ApiKey::ApiVersions)
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_finds_its_row() {
        for key in ApiKey::ALL {
            assert_eq!((key.facts().key, ApiKey::from_i16(key.code())), (key, Some(key)));
        }
        assert_eq!(ApiKey::from_i16(4), None, "LeaderAndIsr has no version left");
    }

    #[test]
    fn advertised_versions_differ_only_for_produce_and_an_unstable_version() {
        let differs = |key: &ApiKey| key.versions() != key.advertised_versions();
        let differing: Vec<_> = ApiKey::ALL.into_iter().filter(differs).collect();
        assert_eq!(differing, [ApiKey::Produce, ApiKey::InitProducerId]);
        assert_eq!(ApiKey::Produce.advertised_versions(), 0..=13);
        assert_eq!(ApiKey::InitProducerId.advertised_versions(), 0..=5);
    }

    #[test]
    fn headers_become_flexible_with_the_body_except_before_api_versions() {
        assert_eq!(
            (ApiKey::Fetch.request_header_version(11), ApiKey::Fetch.request_header_version(12)),
            (1, 2)
        );
        assert_eq!(
            (ApiKey::Fetch.response_header_version(11), ApiKey::Fetch.response_header_version(12)),
            (0, 1)
        );
        assert_eq!(ApiKey::ApiVersions.request_header_version(3), 2);
        assert_eq!(ApiKey::ApiVersions.response_header_version(5), 0);
    }
}
