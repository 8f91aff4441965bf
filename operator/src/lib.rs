//! The Kubernetes operator: KafkaClusters and KafkaTopics as their resources want them. Observes, plans
//! with `lifecycle`, carries out; nothing is remembered between passes but what the API server keeps.

pub mod certificates;
pub mod cluster;
pub mod crd;
pub mod leader;
pub mod metrics;
pub mod nodes;
pub mod objects;
pub mod observe;
pub mod pages;
pub mod plugin;
pub mod resources;
pub mod retry;
pub mod run;
pub mod topics;
pub mod wire;
