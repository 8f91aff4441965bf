//! Configs: those of a broker are read and set on that broker, all others anywhere.

use std::collections::BTreeMap;

use klamm_protocol::messages::describe_configs_response::DescribeConfigsResult;
use klamm_protocol::messages::{
    AlterConfigsRequest, DescribeConfigsRequest, IncrementalAlterConfigsRequest, ListConfigResourcesRequest,
    ListConfigResourcesResponse, alter_configs_response, incremental_alter_configs_response,
};

use super::Admin;
use crate::error::ClientError;

/// The wire's numbers of the resources that live on one broker.
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;

/// The broker that a resource must be asked of. The default of all brokers has an empty name.
fn home(kind: i8, name: &str) -> Option<i32> {
    matches!(kind, BROKER | BROKER_LOGGER).then(|| name.parse().ok()).flatten()
}

/// `resources` by the broker to ask.
fn by_home<T>(resources: &[T], of: impl Fn(&T) -> (i8, &str)) -> BTreeMap<Option<i32>, Vec<T>>
where
    T: Clone,
{
    let mut homes: BTreeMap<Option<i32>, Vec<T>> = BTreeMap::new();
    for resource in resources {
        let (kind, name) = of(resource);
        homes.entry(home(kind, name)).or_default().push(resource.clone());
    }
    homes
}

impl Admin {
    /// DescribeConfigs.
    pub async fn describe_configs(
        &self,
        request: &DescribeConfigsRequest,
    ) -> Result<Vec<DescribeConfigsResult>, ClientError> {
        let mut results = Vec::with_capacity(request.resources.len());
        let homes = by_home(&request.resources, |of| (of.resource_type, of.resource_name.as_str()));
        for (home, resources) in homes {
            let part = DescribeConfigsRequest { resources, ..request.clone() };
            let response = match self.unless_controllers(home) {
                Some(broker) => self.call_broker(broker, &part).await?,
                None => self.call(&part).await?,
            };
            results.extend(response.results);
        }
        Ok(results)
    }

    /// AlterConfigs: replaces all configs of each resource.
    pub async fn alter_configs(
        &self,
        request: &AlterConfigsRequest,
    ) -> Result<Vec<alter_configs_response::AlterConfigsResourceResponse>, ClientError> {
        let mut results = Vec::with_capacity(request.resources.len());
        let homes = by_home(&request.resources, |of| (of.resource_type, of.resource_name.as_str()));
        for (home, resources) in homes {
            let part = AlterConfigsRequest { resources, ..request.clone() };
            let response = match self.unless_controllers(home) {
                Some(broker) => self.call_broker(broker, &part).await?,
                None => self.call(&part).await?,
            };
            results.extend(response.responses);
        }
        Ok(results)
    }

    /// IncrementalAlterConfigs.
    pub async fn incremental_alter_configs(
        &self,
        request: &IncrementalAlterConfigsRequest,
    ) -> Result<Vec<incremental_alter_configs_response::AlterConfigsResourceResponse>, ClientError> {
        let mut results = Vec::with_capacity(request.resources.len());
        let homes = by_home(&request.resources, |of| (of.resource_type, of.resource_name.as_str()));
        for (home, resources) in homes {
            let part = IncrementalAlterConfigsRequest { resources, ..request.clone() };
            let response = match self.unless_controllers(home) {
                Some(broker) => self.call_broker(broker, &part).await?,
                None => self.call(&part).await?,
            };
            results.extend(response.responses);
        }
        Ok(results)
    }

    /// ListConfigResources.
    pub async fn list_config_resources(
        &self,
        request: &ListConfigResourcesRequest,
    ) -> Result<ListConfigResourcesResponse, ClientError> {
        self.call(request).await
    }

    /// Through controllers, everything goes to the active one: brokers are not reached from there.
    fn unless_controllers(&self, home: Option<i32>) -> Option<i32> {
        home.filter(|_| self.cluster.config().bootstrap_controllers.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_brokers_are_asked_themselves_and_all_else_anywhere() {
        assert_eq!(home(BROKER, "3"), Some(3));
        assert_eq!(home(BROKER_LOGGER, "4"), Some(4));
        assert_eq!(home(BROKER, ""), None);
        assert_eq!(home(2, "7"), None, "a topic may be named like a broker");
    }
}
