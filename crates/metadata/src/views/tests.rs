//! Rules of answers built from an image.
#![allow(clippy::unwrap_used)]

use klamm_model::BrokerId;
use klamm_protocol::messages::describe_client_quotas_request::ComponentData;
use klamm_protocol::messages::describe_user_scram_credentials_request::UserName;
use klamm_protocol::messages::{
    ClientQuotaRecord, DescribeClientQuotasRequest, DescribeUserScramCredentialsRequest,
    UserScramCredentialRecord, client_quota_record,
};

use super::*;
use crate::controller::Command;
use crate::controller::fixture::{Cluster, assigned_topic, topic};
use crate::{Feature, MetadataImage};

fn cluster() -> Cluster {
    let mut cluster = Cluster::with(33, &[(Feature::Group, 1)]);
    for id in 1..=3 {
        cluster.start_broker(id);
    }
    cluster.create(vec![
        assigned_topic("b", &[&[1, 2], &[2, 3], &[3, 1]]),
        topic("a", 2, 1),
        topic("c", 1, 1),
    ]);
    cluster
}

fn ids(nodes: impl Iterator<Item = ClientNode>) -> Vec<i32> {
    nodes.map(|node| node.id.get()).collect()
}

/// The cluster after broker 2 fell silent.
fn with_fenced_broker() -> Cluster {
    let mut cluster = cluster();
    cluster.advance(8_000);
    cluster.heartbeat(1);
    cluster.heartbeat(3);
    cluster.advance(2_000);
    cluster.run(&Command::FenceStaleBroker);
    cluster
}

#[test]
fn clients_are_never_sent_to_fenced_brokers() {
    let cluster = with_fenced_broker();
    let view = ClientView::new(cluster.image(), "PLAINTEXT");
    assert_eq!(ids(view.alive_for_clients()), [1, 3]);
    assert_eq!(ids(view.registered()), [1, 2, 3]);
    assert_eq!(view.alive_node(BrokerId::at(2)), None);
    let partition = cluster.image().topics().by_name("b").unwrap().partition(0).unwrap().clone();
    assert_eq!(ids(view.replica_nodes(&partition).into_iter()), [1]);
    assert_eq!(view.offline_replicas(&partition), [2]);
    assert_eq!(view.leader("b", 1).unwrap().leader, Some(BrokerId::at(3)), "leadership moved");
    assert_eq!(ids(ClientView::new(cluster.image(), "OTHER").alive_for_clients()), [0; 0]);
}

#[test]
fn metadata_names_all_replicas_or_only_those_alive() {
    let cluster = with_fenced_broker();
    let view = ClientView::new(cluster.image(), "PLAINTEXT");
    let topic = cluster.image().topics().by_name("b").unwrap();
    let all = topic_metadata(view, topic, Replicas::All, MissingListener::Named);
    let first = &all.partitions[0];
    assert_eq!((first.error_code, first.leader_id, &*first.replica_nodes), (0, 1, &[1, 2][..]));
    assert_eq!((&*first.isr_nodes, &*first.offline_replicas), (&[1][..], &[2][..]));
    let alive = topic_metadata(view, topic, Replicas::Alive, MissingListener::Named);
    let first = &alive.partitions[0];
    assert_eq!((first.error_code, &*first.replica_nodes), (9, &[1][..]), "REPLICA_NOT_AVAILABLE");
    let other = ClientView::new(cluster.image(), "OTHER");
    for (missing, code) in [(MissingListener::Named, 72), (MissingListener::AsUnavailable, 5)] {
        let told = topic_metadata(other, topic, Replicas::All, missing);
        assert_eq!((told.partitions[0].error_code, told.partitions[0].leader_id), (code, -1));
    }
}

#[test]
fn topics_are_described_page_by_page() {
    let cluster = cluster();
    let view = ClientView::new(cluster.image(), "PLAINTEXT");
    let mut told = Vec::new();
    let mut cursor: Option<(String, i32)> = None;
    loop {
        let page =
            TopicPage { cursor: cursor.as_ref().map(|(name, partition)| (&**name, *partition)), limit: 2 };
        let response = describe_topic_partitions(view, None, page, |name| name != "c");
        for topic in &response.topics {
            let name = topic.name.as_ref().unwrap().to_string();
            told.extend(topic.partitions.iter().map(|p| (name.clone(), p.partition_index)));
        }
        let Some(next) = response.next_cursor else { break };
        cursor = Some((next.topic_name.to_string(), next.partition_index));
    }
    let expected = [("a", 0), ("a", 1), ("b", 0), ("b", 1), ("b", 2)];
    assert_eq!(told, expected.map(|(name, partition)| (name.to_owned(), partition)));
}

#[test]
fn named_topics_that_do_not_exist_are_answered() {
    let cluster = cluster();
    let view = ClientView::new(cluster.image(), "PLAINTEXT");
    let page = TopicPage { cursor: None, limit: 100 };
    let response = describe_topic_partitions(view, Some(&["a", "no such", "none"]), page, |_| true);
    let codes: Vec<i16> = response.topics.iter().map(|topic| topic.error_code).collect();
    assert_eq!(codes, [0, 17, 3]);
}

#[test]
fn finalized_features_include_those_of_metadata_and_quorum() {
    let cluster = cluster();
    let told = finalized_features(cluster.image(), 1);
    let told: Vec<(&str, i16)> = told.iter().map(|f| (f.name.as_str(), f.max_version_level)).collect();
    assert_eq!(told, [("group.version", 1), ("kraft.version", 1), ("metadata.version", 33)]);
}

fn quotas() -> MetadataImage {
    let mut cluster = cluster();
    for entity in [
        &[("user", Some("alice"))][..],
        &[("user", None)],
        &[("user", Some("alice")), ("client-id", Some("x"))],
    ] {
        let part = |(kind, name): &(&str, Option<&str>)| client_quota_record::EntityData {
            entity_type: (*kind).into(),
            entity_name: name.map(Into::into),
            ..Default::default()
        };
        cluster.force(ClientQuotaRecord {
            entity: entity.iter().map(part).collect(),
            key: "producer_byte_rate".into(),
            value: 10.0,
            ..Default::default()
        });
    }
    cluster.image().clone()
}

#[test]
fn quotas_are_found_by_name_default_and_type() {
    let image = quotas();
    let count = |components: &[(&str, i8, Option<&str>)], strict| {
        let component = |(kind, match_type, name): &(&str, i8, Option<&str>)| ComponentData {
            entity_type: (*kind).into(),
            match_type: *match_type,
            r#match: name.map(Into::into),
            ..Default::default()
        };
        let components = components.iter().map(component).collect();
        let request = DescribeClientQuotasRequest { components, strict, ..Default::default() };
        let found = describe_client_quotas(image.quotas(), &request);
        found.map(|response| response.entries.unwrap().len()).map_err(|error| error.message.unwrap())
    };
    assert_eq!(count(&[], false), Ok(3));
    assert_eq!(count(&[], true), Ok(0));
    assert_eq!(count(&[("user", 0, Some("alice"))], false), Ok(2));
    assert_eq!(count(&[("user", 0, Some("alice"))], true), Ok(1));
    assert_eq!(count(&[("user", 1, None)], false), Ok(1));
    assert_eq!(count(&[("user", 2, None)], false), Ok(3));
    assert_eq!(count(&[("user", 2, None), ("client-id", 2, None)], true), Ok(1));
    let error = |text: &str| Err(text.to_owned());
    let combined = "Invalid entity filter component combination. IP filter component should not be used with user or \
                    clientId filter component.";
    assert_eq!(count(&[("ip", 2, None), ("user", 2, None)], false), error(combined));
    assert_eq!(count(&[("user", 7, None)], false), error("Unknown match type 7"));
    assert_eq!(count(&[("group", 2, None)], false), error("Unsupported entity type group"));
}

#[test]
fn scram_credentials_are_described_without_keys() {
    let mut cluster = cluster();
    cluster.force(UserScramCredentialRecord {
        name: "alice".into(),
        mechanism: 1,
        iterations: 4096,
        ..Default::default()
    });
    let ask = |names: &[&str]| {
        let user = |name: &&str| UserName { name: (*name).into(), ..Default::default() };
        let users = Some(names.iter().map(user).collect());
        let request = DescribeUserScramCredentialsRequest { users, ..Default::default() };
        let response = describe_scram_credentials(cluster.image().scram(), &request);
        let one = |r: &klamm_protocol::messages::describe_user_scram_credentials_response::DescribeUserScramCredentialsResult| {
            (r.user.to_string(), r.error_code, r.credential_infos.len())
        };
        response.results.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!(ask(&[]), [("alice".to_owned(), 0, 1)]);
    assert_eq!(ask(&["bob"]), [("bob".to_owned(), 91, 0)]);
    assert_eq!(ask(&["alice", "alice"]), [("alice".to_owned(), 92, 0)]);
}
