//! The broker under test, and topics of a test's own.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use klamm_client::{Admin, ClientConfig};
use klamm_protocol::messages::CreateTopicsRequest;
use klamm_protocol::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use tokio::time::{Instant, sleep};

/// Longest wait for anything.
pub const LIMIT: Duration = Duration::from_secs(30);

/// The address of the broker that `cargo xtask compat client` started.
pub fn bootstrap() -> String {
    std::env::var("KLAMM_TEST_BOOTSTRAP").expect("run `cargo xtask compat client`")
}

/// A name no other test uses.
pub fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn admin(bootstrap: &str) -> Admin {
    Admin::new(ClientConfig::new(bootstrap).unwrap())
}

/// Creates a topic of its own and waits until it has leaders.
pub async fn topic(admin: &Admin, name: &str, partitions: i32, configs: &[(&str, &str)]) -> String {
    let name = unique(name);
    let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
        name: (*name).into(),
        value: Some((*value).into()),
        ..CreatableTopicConfig::default()
    });
    let topic = CreatableTopic {
        name: name.as_str().into(),
        num_partitions: partitions,
        replication_factor: 1,
        configs: configs.collect(),
        ..CreatableTopic::default()
    };
    let request = CreateTopicsRequest { topics: vec![topic], ..CreateTopicsRequest::default() };
    let answer = admin.create_topics(&request).await.unwrap();
    assert_eq!(answer.topics[0].error_code, 0, "{answer:?}");
    let deadline = Instant::now() + LIMIT;
    loop {
        let described = admin.describe_topics(&[name.as_str().into()]).await.unwrap();
        let ready = described[name.as_str()].as_ref().is_ok_and(|topic| {
            topic.partitions.len() == partitions as usize
                && topic.partitions.iter().all(|partition| partition.leader.is_some())
        });
        if ready {
            return name;
        }
        assert!(Instant::now() < deadline, "{name} has no leader: {described:?}");
        sleep(Duration::from_millis(20)).await;
    }
}
