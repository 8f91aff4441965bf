//! Random commands that change quotas, credentials and ACLs.

use klamm_protocol::messages::{
    AlterClientQuotasRequest, AlterUserScramCredentialsRequest, CreateAclsRequest, DeleteAclsRequest,
    alter_client_quotas_request, alter_user_scram_credentials_request, create_acls_request,
    delete_acls_request,
};

use super::{Asked, asked};
use crate::controller::{AlterClientQuotas, Command, Names};
use crate::oracle::Random;

pub(super) fn quotas(random: &mut Random) -> Asked {
    let entries = (0..=random.below(2))
        .map(|_| {
            let kinds = ["user", "client-id", "ip", "group"];
            let entity = (0..=random.below(2))
                .map(|_| alter_client_quotas_request::EntityData {
                    entity_type: (*random.pick(&kinds)).into(),
                    entity_name: random
                        .pick(&[Some("alice"), Some("10.0.0.1"), Some(""), None])
                        .map(Into::into),
                    ..Default::default()
                })
                .collect();
            let keys =
                ["producer_byte_rate", "connection_creation_rate", "request_percentage", "unknown_rate"];
            let ops = (0..=random.below(2))
                .map(|_| alter_client_quotas_request::OpData {
                    key: (*random.pick(&keys)).into(),
                    value: *random.pick(&[1.0, 2.5, 0.0, -1.0, 1e12, f64::INFINITY]),
                    remove: random.once_in(4),
                    ..Default::default()
                })
                .collect();
            alter_client_quotas_request::EntryData { entity, ops, ..Default::default() }
        })
        .collect();
    let request = AlterClientQuotasRequest { entries, ..Default::default() };
    let command = AlterClientQuotas { request: request.clone(), resolvable: Names::Only([].into()) };
    // Kafka asks the name service about names; "alice" is none.
    asked(Command::AlterClientQuotas(command), &request)
}

pub(super) fn credentials(random: &mut Random) -> Asked {
    let users = ["alice", "bob", ""];
    let deletions = (0..random.below(3))
        .map(|_| alter_user_scram_credentials_request::ScramCredentialDeletion {
            name: (*random.pick(&users)).into(),
            mechanism: i8::try_from(random.below(4)).unwrap(),
            ..Default::default()
        })
        .collect();
    let upsertions = (0..random.below(3))
        .map(|_| alter_user_scram_credentials_request::ScramCredentialUpsertion {
            name: (*random.pick(&users)).into(),
            mechanism: i8::try_from(random.below(4)).unwrap(),
            iterations: *random.pick(&[4095, 4096, 16_384, 16_385]),
            salt: b"salt".as_ref().into(),
            salted_password: b"salted password".as_ref().into(),
            ..Default::default()
        })
        .collect();
    let request = AlterUserScramCredentialsRequest { deletions, upsertions, ..Default::default() };
    asked(Command::AlterUserScramCredentials(request.clone()), &request)
}

pub(super) fn acls(random: &mut Random) -> Asked {
    let code = |random: &mut Random, bound| i8::try_from(1 + random.below(bound)).unwrap();
    if random.once_in(3) {
        let filter = delete_acls_request::DeleteAclsFilter {
            resource_type_filter: code(random, 3),
            resource_name_filter: random.pick(&[Some("a"), Some("ab"), None]).map(Into::into),
            pattern_type_filter: code(random, 4),
            principal_filter: random.pick(&[Some("User:alice"), None]).map(Into::into),
            host_filter: random.pick(&[Some("*"), None]).map(Into::into),
            operation: code(random, 4),
            permission_type: code(random, 3),
            ..Default::default()
        };
        let request = DeleteAclsRequest { filters: vec![filter], ..Default::default() };
        return asked(Command::DeleteAcls(request.clone()), &request);
    }
    let creation = |random: &mut Random| create_acls_request::AclCreation {
        // Kafka's requests hold no unknown codes and none that only filters have.
        resource_type: *random.pick(&[2, 3, 5]),
        resource_name: (*random.pick(&["a", "ab", "*"])).into(),
        resource_pattern_type: *random.pick(&[3, 4]),
        principal: (*random.pick(&["User:alice", "User:bob", "nobody"])).into(),
        host: (*random.pick(&["*", "10.0.0.1", "10.0.0.0/8", ""])).into(),
        operation: *random.pick(&[2, 3, 4, 5]),
        permission_type: *random.pick(&[2, 3]),
        ..Default::default()
    };
    let creations = (0..=random.below(2)).map(|_| creation(random)).collect();
    let request = CreateAclsRequest { creations, ..Default::default() };
    asked(Command::CreateAcls(request.clone()), &request)
}
