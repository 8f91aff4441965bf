//! The registered brokers and controllers.

use std::sync::Arc;

use imbl::OrdMap;
use klamm_model::{BrokerId, NodeId};

use super::registration::{BrokerRegistration, ControllerRegistration};

/// The nodes of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterImage {
    brokers: OrdMap<BrokerId, Arc<BrokerRegistration>>,
    controllers: OrdMap<NodeId, Arc<ControllerRegistration>>,
}

impl ClusterImage {
    /// The registration of a broker.
    pub fn broker(&self, id: BrokerId) -> Option<&Arc<BrokerRegistration>> {
        self.brokers.get(&id)
    }

    /// All registered brokers, fenced ones included, by ascending id.
    pub fn brokers(&self) -> impl Iterator<Item = &Arc<BrokerRegistration>> {
        self.brokers.values()
    }

    /// The registration of a controller.
    pub fn controller(&self, id: NodeId) -> Option<&Arc<ControllerRegistration>> {
        self.controllers.get(&id)
    }

    /// All registered controllers, by ascending id.
    pub fn controllers(&self) -> impl Iterator<Item = &Arc<ControllerRegistration>> {
        self.controllers.values()
    }

    /// Whether a broker is registered, unfenced and not stopping.
    pub fn is_active(&self, id: BrokerId) -> bool {
        self.broker(id).is_some_and(|broker| broker.is_active())
    }

    pub(crate) fn set_broker(&mut self, broker: BrokerRegistration) {
        self.brokers.insert(broker.id, Arc::new(broker));
    }

    pub(crate) fn remove_broker(&mut self, id: BrokerId) {
        self.brokers.remove(&id);
    }

    pub(crate) fn set_controller(&mut self, controller: ControllerRegistration) {
        self.controllers.insert(controller.id, Arc::new(controller));
    }

    pub(crate) fn remove_controller(&mut self, id: NodeId) {
        self.controllers.remove(&id);
    }
}
