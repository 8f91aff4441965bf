//! The cluster as clients of one listener see it. Every answer that names brokers goes through
//! this view, so that none sends clients to a fenced one.

use std::sync::Arc;

use klamm_model::{BrokerId, LeaderEpoch, TopicId};

use crate::MetadataImage;
use crate::image::{BrokerRegistration, Partition};

/// A broker as clients of a listener reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientNode {
    /// Its id.
    pub id: BrokerId,
    /// Host of the listener.
    pub host: Arc<str>,
    /// Port of the listener.
    pub port: u16,
    /// Its rack.
    pub rack: Option<Arc<str>>,
    /// Whether it is fenced; only where fenced brokers are asked for.
    pub fenced: bool,
}

/// Who leads a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionLeader {
    /// The topic's id.
    pub topic_id: TopicId,
    /// The leader, if one is elected.
    pub leader: Option<BrokerId>,
    /// The epoch of its leadership.
    pub epoch: LeaderEpoch,
}

/// An image seen through one listener.
#[derive(Clone, Copy, Debug)]
pub struct ClientView<'a> {
    image: &'a MetadataImage,
    listener: &'a str,
}

impl<'a> ClientView<'a> {
    /// `image` as clients of `listener` see it.
    pub const fn new(image: &'a MetadataImage, listener: &'a str) -> ClientView<'a> {
        ClientView { image, listener }
    }

    /// The image.
    pub const fn image(&self) -> &'a MetadataImage {
        self.image
    }

    /// The brokers clients may be sent to, by ascending id: unfenced, with this listener.
    pub fn alive_for_clients(&self) -> impl Iterator<Item = ClientNode> + use<'a> {
        let listener = self.listener;
        let unfenced = self.image.cluster().brokers().filter(|broker| !broker.fenced);
        unfenced.filter_map(move |broker| node_of(broker, listener))
    }

    /// All registered brokers with this listener, fenced ones too, for answers that mark them.
    pub fn registered(&self) -> impl Iterator<Item = ClientNode> + use<'a> {
        let listener = self.listener;
        self.image.cluster().brokers().filter_map(move |broker| node_of(broker, listener))
    }

    /// One broker, if clients may be sent to it.
    pub fn alive_node(&self, id: BrokerId) -> Option<ClientNode> {
        let broker = self.image.cluster().broker(id).filter(|broker| !broker.fenced)?;
        node_of(broker, self.listener)
    }

    /// Whether clients may be sent to a broker.
    pub fn is_alive(&self, id: BrokerId) -> bool {
        let broker = self.image.cluster().broker(id);
        broker.is_some_and(|broker| !broker.fenced && broker.endpoint(self.listener).is_some())
    }

    /// Who leads a partition; `None` if there is no such partition.
    pub fn leader(&self, topic: &str, partition: i32) -> Option<PartitionLeader> {
        let topic = self.image.topics().by_name(topic)?;
        let partition = topic.partition(partition)?;
        let (leader, epoch) = (partition.leader(), partition.leader_epoch());
        Some(PartitionLeader { topic_id: topic.id(), leader, epoch })
    }

    /// The replicas of a partition that clients may be sent to, to read from the nearest.
    pub fn replica_nodes(&self, partition: &Partition) -> Vec<ClientNode> {
        partition.replicas().iter().filter_map(|id| self.alive_node(*id)).collect()
    }

    /// The leader's node, even where the leader is just being fenced: the partition's next
    /// registration names another.
    pub(crate) fn leader_node(&self, partition: &Partition) -> Option<ClientNode> {
        let broker = self.image.cluster().broker(partition.leader()?)?;
        node_of(broker, self.listener)
    }

    /// Replicas that cannot be read: their broker is gone, fenced or without this listener, or
    /// their directory is offline.
    pub(crate) fn offline_replicas(&self, partition: &Partition) -> Vec<i32> {
        let online = |id: &BrokerId| {
            let broker = self.image.cluster().broker(*id);
            self.is_alive(*id)
                && broker.zip(partition.directory(*id)).is_some_and(|(broker, dir)| broker.has_online(dir))
        };
        partition.replicas().iter().filter(|id| !online(id)).map(|id| id.get()).collect()
    }
}

fn node_of(broker: &BrokerRegistration, listener: &str) -> Option<ClientNode> {
    let endpoint = broker.endpoint(listener)?;
    Some(ClientNode {
        id: broker.id,
        host: Arc::clone(&endpoint.host),
        port: endpoint.port,
        rack: broker.rack.clone(),
        fenced: broker.fenced,
    })
}
