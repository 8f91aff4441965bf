//! The texts of leaves, as Kafka's classes write themselves.

use std::fmt::{Display, Write as _};

use klamm_metadata::image::{
    AclEntry, BrokerRegistration, ControllerRegistration, DelegationToken, Endpoint, LeaderRecoveryState,
    Partition, Provenance, ScramCredential, SecurityProtocol, SupportedFeatures,
};
use klamm_model::BrokerId;

use crate::perf::date::DateFormat;

/// `[a, b]`.
fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

pub(super) fn provenance(provenance: Option<Provenance>) -> String {
    let Some(provenance) = provenance else {
        return "offset -1, epoch -1, time 1969-12-31T23:59:59.999Z[UTC]".to_owned();
    };
    let millis = u64::try_from(provenance.timestamp.as_millis()).unwrap_or(0);
    let day =
        DateFormat::new("yyyy-MM-dd'T'HH:mm:ss").map(|format| format.format(millis)).unwrap_or_default();
    let fraction = match millis % 1_000 {
        0 => String::new(),
        rest => format!(".{rest:03}").trim_end_matches('0').to_owned(),
    };
    format!("offset {}, epoch {}, time {day}{fraction}Z[UTC]", provenance.last_offset, provenance.epoch)
}

pub(super) fn broker(broker: &BrokerRegistration) -> String {
    let rack = broker.rack.as_ref().map_or("Optional.empty".to_owned(), |rack| format!("Optional[{rack}]"));
    format!(
        "BrokerRegistration(id={}, epoch={}, incarnationId={}, listeners={}, supportedFeatures={}, rack={rack}, \
         fenced={}, inControlledShutdown={}, isMigratingZkBroker={}, directories={}, cordonedDirectories={})",
        broker.id,
        broker.epoch,
        broker.incarnation,
        listeners(&broker.endpoints),
        features(&broker.features),
        broker.fenced,
        broker.in_controlled_shutdown,
        broker.migrating_zk,
        list(&broker.directories),
        broker.cordoned.as_ref().map_or("null".to_owned(), list),
    )
}

pub(super) fn controller(controller: &ControllerRegistration) -> String {
    format!(
        "ControllerRegistration(id={}, incarnationId={}, zkMigrationReady={}, listeners={}, supportedFeatures={})",
        controller.id,
        controller.incarnation,
        controller.zk_migration_ready,
        listeners(&controller.endpoints),
        features(&controller.features),
    )
}

fn listeners(endpoints: &[Endpoint]) -> String {
    let mut sorted: Vec<&Endpoint> = endpoints.iter().collect();
    sorted.sort_by(|a, b| a.listener.cmp(&b.listener));
    list(sorted.into_iter().map(|at| {
        let protocol = match at.protocol {
            SecurityProtocol::Plaintext => "PLAINTEXT",
            SecurityProtocol::Ssl => "SSL",
            SecurityProtocol::SaslPlaintext => "SASL_PLAINTEXT",
            SecurityProtocol::SaslSsl => "SASL_SSL",
        };
        format!(
            "Endpoint(listenerName='{}', securityProtocol={protocol}, host='{}', port={})",
            at.listener, at.host, at.port
        )
    }))
}

fn features(features: &SupportedFeatures) -> String {
    let features: Vec<String> = features.iter().map(|(name, range)| format!("{name}: {range}")).collect();
    format!("{{{}}}", features.join(", "))
}

pub(super) fn partition(partition: &Partition) -> String {
    let recovery = match partition.recovery() {
        LeaderRecoveryState::Recovered => "RECOVERED",
        LeaderRecoveryState::Recovering => "RECOVERING",
    };
    format!(
        "PartitionRegistration(replicas={}, directories={}, isr={}, removingReplicas={}, addingReplicas={}, elr={}, \
         lastKnownElr={}, leader={}, leaderRecoveryState={recovery}, leaderEpoch={}, partitionEpoch={})",
        list(partition.replicas()),
        list(partition.directories()),
        list(partition.isr()),
        list(partition.removing()),
        list(partition.adding()),
        list(partition.elr()),
        list(partition.last_known_elr()),
        partition.leader().map_or(-1, BrokerId::get),
        partition.leader_epoch(),
        partition.partition_epoch(),
    )
}

pub(super) fn acl(acl: &AclEntry) -> String {
    format!(
        "StandardAcl(resourceType={}, resourceName={}, patternType={}, principal={}, host={}, operation={}, \
         permissionType={})",
        acl.resource_type.name(),
        acl.resource_name,
        acl.pattern_type.name(),
        acl.principal,
        acl.host,
        acl.operation.name(),
        acl.permission.name(),
    )
}

pub(super) fn credential(credential: &ScramCredential) -> String {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    format!(
        "ScramCredentialData(salt={}, storedKey={}, serverKey={}, iterations={})",
        hex(&credential.salt),
        hex(&credential.stored_key),
        hex(&credential.server_key),
        credential.iterations,
    )
}

/// With Kafka's brackets, of which more open than close.
pub(super) fn token(token: &DelegationToken) -> String {
    let renewers: Vec<&str> = token.renewers.iter().map(|renewer| &**renewer).collect();
    format!(
        "DelegationTokenDatatokenId={}(owner={}(tokenRequester={}(renewers={}, issueTimestamp={}, maxTimestamp={}), \
         expiryTimestamp={}",
        token.id,
        token.owner,
        token.requester,
        renewers.join(" "),
        token.issued.as_millis(),
        token.max.as_millis(),
        token.expires.as_millis(),
    )
}
