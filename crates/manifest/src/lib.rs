//! Spec and status types of KafkaCluster and KafkaTopic, read from YAML.
