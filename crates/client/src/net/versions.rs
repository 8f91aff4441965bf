//! Which versions a broker speaks, as it told after the connection was made.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use klamm_protocol::messages::ApiVersionsResponse;
use klamm_protocol::{ApiKey, Request};

use crate::error::ClientError;

/// A broker's answer to ApiVersions.
#[derive(Clone, Debug, Default)]
pub struct BrokerVersions {
    ranges: BTreeMap<i16, RangeInclusive<i16>>,
    response: ApiVersionsResponse,
}

impl BrokerVersions {
    /// What `response` says.
    pub fn new(response: ApiVersionsResponse) -> BrokerVersions {
        let ranges = response.api_keys.iter().map(|row| (row.api_key, row.min_version..=row.max_version));
        BrokerVersions { ranges: ranges.collect(), response }
    }

    /// The whole answer: requests and features, unknown ones included.
    pub fn response(&self) -> &ApiVersionsResponse {
        &self.response
    }

    /// The versions the broker serves of a request; `None` where it serves none.
    pub fn range(&self, api: ApiKey) -> Option<RangeInclusive<i16>> {
        self.ranges.get(&api.code()).cloned()
    }

    /// The highest version of `R` that both sides speak, at most `most`.
    pub fn highest<R: Request>(&self, most: i16) -> Result<i16, ClientError> {
        let ours = R::KEY.advertised_versions();
        let theirs = self.range(R::KEY);
        let highest = theirs.and_then(|theirs| {
            let highest = (*theirs.end()).min(*ours.end()).min(*R::VERSIONS.end()).min(most);
            let lowest = (*theirs.start()).max(*R::VERSIONS.start());
            (lowest <= highest).then_some(highest)
        });
        highest.ok_or(ClientError::UnsupportedVersion { api: R::KEY })
    }

    /// The level the cluster has finalized of a feature, 0 where it has none.
    pub fn finalized_feature(&self, name: &str) -> i16 {
        let found = self.response.finalized_features.iter().find(|feature| feature.name == name);
        found.map_or(0, |feature| feature.max_version_level)
    }
}
