//! What each node of `/image` and `/local` holds (Kafka: org.apache.kafka.image.node).

use klamm_metadata::MetadataImage;
use klamm_metadata::image::{
    AclsImage, ClusterImage, ConfigResource, ConfigResourceType, ConfigsImage, FeaturesImage, QuotaEntity,
    QuotasImage, ScramImage, ScramMechanism, TokensImage, Topic, TopicsImage,
};
use klamm_model::{BrokerId, NodeId, ProducerId, TopicId, Uuid};

use super::node::Node;
use super::text;
use crate::java;
use crate::options::KAFKA_VERSION;

const IMAGE: [&str; 10] = [
    "acls",
    "clientQuotas",
    "cluster",
    "configs",
    "delegationToken",
    "features",
    "producerIds",
    "provenance",
    "scram",
    "topics",
];
const FINALIZED: &str = "finalized_";

/// The root.
pub(super) fn root(image: &MetadataImage) -> Node<'_> {
    Node::fixed(&["image", "local"], |name| match name {
        "image" => Some(image_node(image)),
        "local" => Some(local()),
        _ => None,
    })
}

/// The shell itself.
fn local<'a>() -> Node<'a> {
    Node::fixed(&["commitId", "version"], |name| match name {
        "version" => Some(Node::Leaf(KAFKA_VERSION.to_owned())),
        // What Kafka shows where its build is not known.
        "commitId" => Some(Node::Leaf("unknown".to_owned())),
        _ => None,
    })
}

fn image_node(image: &MetadataImage) -> Node<'_> {
    Node::fixed(&IMAGE, |name| match name {
        "acls" => Some(acls(image.acls())),
        "clientQuotas" => Some(quotas(image.quotas())),
        "cluster" => Some(cluster(image.cluster())),
        "configs" => Some(configs(image.configs())),
        "delegationToken" => Some(tokens(image.tokens())),
        "features" => Some(features(image.features())),
        "producerIds" => Some(producer_ids(image.next_producer_id())),
        "provenance" => Some(Node::Leaf(text::provenance(image.provenance()))),
        "scram" => Some(scram(image.scram())),
        "topics" => Some(topics(image.topics())),
        _ => None,
    })
}

fn acls(acls: &AclsImage) -> Node<'_> {
    let by_id = || {
        Node::directory(
            || acls.iter().map(|(id, _)| id.to_string()).collect(),
            |name| Some(Node::Leaf(text::acl(acls.get(name.parse().ok()?)?))),
        )
    };
    Node::fixed(&["byId"], move |name| (name == "byId").then(by_id))
}

fn quotas(quotas: &QuotasImage) -> Node<'_> {
    Node::directory(
        || quotas.iter().map(|(entity, _)| entity_name(entity)).collect(),
        |name| {
            let (_, limits) = quotas.iter().find(|(entity, _)| entity_name(entity) == name)?;
            Some(Node::directory(
                || limits.keys().map(|key| key.to_string()).collect(),
                |key| limits.get(key).map(|limit| Node::Leaf(java::double(*limit))),
            ))
        },
    )
}

/// `clientId(a)_user(b)`. A default, which has no name, is left out, as Kafka leaves it out.
fn entity_name(entity: &QuotaEntity) -> String {
    let part = |(kind, shown): (&str, &str)| {
        let name = entity.get(kind)?.as_ref()?;
        let escaped = name.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        Some(format!("{shown}({escaped})"))
    };
    let parts = [("client-id", "clientId"), ("ip", "ip"), ("user", "user")].into_iter().filter_map(part);
    parts.collect::<Vec<_>>().join("_")
}

fn cluster(cluster: &ClusterImage) -> Node<'_> {
    Node::fixed(&["brokers", "controllers"], |name| match name {
        "brokers" => Some(Node::directory(
            || cluster.brokers().map(|broker| broker.id.to_string()).collect(),
            |id| Some(Node::Leaf(text::broker(cluster.broker(BrokerId::new(id.parse().ok()?)?)?))),
        )),
        "controllers" => Some(Node::directory(
            || cluster.controllers().map(|controller| controller.id.to_string()).collect(),
            |id| Some(Node::Leaf(text::controller(cluster.controller(NodeId::new(id.parse().ok()?)?)?))),
        )),
        _ => None,
    })
}

fn configs(configs: &ConfigsImage) -> Node<'_> {
    Node::directory(
        || configs.iter().map(|(resource, _)| resource_name(resource)).collect(),
        |name| {
            let (_, map) = configs.iter().find(|(resource, _)| resource_name(resource) == name)?;
            Some(Node::directory(
                || map.keys().map(|key| key.to_string()).collect(),
                |key| map.get(key).map(|value| Node::Leaf(value.to_string())),
            ))
        },
    )
}

fn resource_name(resource: &ConfigResource) -> String {
    let kind = match resource.kind {
        ConfigResourceType::Topic => "TOPIC",
        ConfigResourceType::Broker => "BROKER",
        ConfigResourceType::BrokerLogger => "BROKER_LOGGER",
        ConfigResourceType::ClientMetrics => "CLIENT_METRICS",
        ConfigResourceType::Group => "GROUP",
        ConfigResourceType::Unknown(_) => "UNKNOWN",
    };
    if resource.name.is_empty() { kind.to_owned() } else { format!("{kind}:{}", resource.name) }
}

fn tokens(tokens: &TokensImage) -> Node<'_> {
    Node::directory(
        || tokens.iter().map(|token| token.id.to_string()).collect(),
        |id| tokens.get(id).map(|token| Node::Leaf(text::token(token))),
    )
}

fn features(features: &FeaturesImage) -> Node<'_> {
    Node::directory(
        || {
            let finalized = features.levels().map(|(name, _)| format!("{FINALIZED}{name}"));
            ["metadataVersion".to_owned()].into_iter().chain(finalized).collect()
        },
        |name| match name.strip_prefix(FINALIZED) {
            Some(feature) => {
                let level = features.levels().find(|(known, _)| &***known == feature);
                Some(Node::Leaf(level.map_or(0, |(_, level)| level).to_string()))
            }
            None if name == "metadataVersion" => {
                let version = features.metadata_version();
                let shown =
                    version.map_or("Optional.empty".to_owned(), |version| format!("Optional[{version}]"));
                Some(Node::Leaf(shown))
            }
            None => None,
        },
    )
}

fn producer_ids<'a>(next: Option<ProducerId>) -> Node<'a> {
    Node::fixed(&["nextProducerId"], move |name| {
        let next = next.map_or(-1, ProducerId::get);
        (name == "nextProducerId").then(|| Node::Leaf(next.to_string()))
    })
}

fn scram(scram: &ScramImage) -> Node<'_> {
    Node::fixed(&["SCRAM-SHA-256", "SCRAM-SHA-512"], move |name| {
        let mechanism = match name {
            "SCRAM-SHA-256" => ScramMechanism::Sha256,
            "SCRAM-SHA-512" => ScramMechanism::Sha512,
            _ => return None,
        };
        Some(Node::directory(
            move || {
                let users = scram.iter().filter(|(known, _, _)| *known == mechanism);
                users.map(|(_, user, _)| user.to_string()).collect()
            },
            move |user| scram.get(mechanism, user).map(|known| Node::Leaf(text::credential(known))),
        ))
    })
}

fn topics(topics: &TopicsImage) -> Node<'_> {
    Node::fixed(&["byId", "byName"], |name| match name {
        "byId" => Some(Node::directory(
            || topics.iter().map(|topic| topic.id().to_string()).collect(),
            |id| topics.by_id(TopicId::new(id.parse::<Uuid>().ok()?)?).map(|known| topic(known)),
        )),
        "byName" => Some(Node::directory(
            || topics.iter_by_name().map(|topic| topic.name().to_string()).collect(),
            |name| topics.by_name(name).map(|known| topic(known)),
        )),
        _ => None,
    })
}

fn topic(topic: &Topic) -> Node<'_> {
    Node::directory(
        || {
            let own = ["id", "name"].map(str::to_owned).into_iter();
            own.chain(topic.partitions().map(|(index, _)| index.to_string())).collect()
        },
        |name| match name {
            "id" => Some(Node::Leaf(topic.id().to_string())),
            "name" => Some(Node::Leaf(topic.name().to_string())),
            index => Some(Node::Leaf(text::partition(topic.partition(index.parse().ok()?)?))),
        },
    )
}
