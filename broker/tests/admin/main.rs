//! The admin service of a real node: who is let in, what it tells, how certificates change, and that none of it
//! is there unless it is configured.
#![allow(clippy::unwrap_used, missing_docs)]

mod certificates;
mod site;

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use klamm_admin_api::v1::{
    GetCapabilitiesRequest, GetDiagnosticsRequest, GetNodeStatusRequest, NodeState,
    ReloadCertificatesRequest, ValidateConfigRequest,
};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;

use site::Site;

#[test]
fn without_its_keys_nothing_is_served_and_no_thread_runs() {
    let site = Site::bare();
    assert!(!site.log().contains("klamm.admin.listener") && !site.log().contains("klamm.health.listener"));
    assert!(!site.threads().contains(&"klamm-admin".to_owned()));
}

#[test]
fn an_operator_learns_what_the_node_is_and_how_far() {
    let site = Site::start();
    site.run(async |site| {
        let mut client = site.operator();
        let capabilities = client.get_capabilities(GetCapabilitiesRequest {}).await.unwrap().into_inner();
        assert_eq!(capabilities.methods, klamm_admin_api::METHODS);
        let status = client.get_node_status(GetNodeStatusRequest {}).await.unwrap().into_inner();
        assert_eq!((status.node_id, status.state(), &status.not_ready), (1, NodeState::Running, &None));
        assert_eq!(status.roles, ["broker", "controller"]);
        assert_eq!(status.rack.as_deref(), Some("attic"));
        assert!(status.is_voter && status.leader_id == Some(1) && status.metadata_offset.is_some());
        assert_eq!(status.directories.len(), 1);
        let directory = &status.directories[0];
        assert!(
            directory.failure.is_none() && directory.free_bytes.unwrap() <= directory.total_bytes.unwrap()
        );
        assert_eq!(status.certificates.unwrap(), site.files());
    });
}

#[test]
fn people_learn_what_the_process_uses_and_holds() {
    let site = Site::start();
    site.run(async |site| {
        let answer = site.operator().get_diagnostics(GetDiagnosticsRequest {}).await.unwrap().into_inner();
        assert!(answer.resident_bytes.unwrap() <= answer.peak_resident_bytes.unwrap());
        assert!(answer.open_files.unwrap() <= answer.most_open_files.unwrap());
        assert!(answer.threads.iter().any(|thread| thread.name == "klamm-admin"), "{:?}", answer.threads);
        assert!(!answer.connections.is_empty());
        assert_eq!((answer.partitions_led, answer.partitions_damaged), (0, 0));
    });
}

#[test]
fn settings_are_checked_without_being_used() {
    let site = Site::start();
    site.run(async |site| {
        let mut client = site.operator();
        let mut ask = async |properties: Vec<u8>| {
            let request = ValidateConfigRequest { properties };
            client.validate_config(request).await.unwrap().into_inner()
        };
        let present = std::fs::read(site.properties()).unwrap();
        assert_eq!(ask(present.clone()).await.error, None);
        let wrong = [present, b"\nnum.partitions=few\n".to_vec()].concat();
        assert!(ask(wrong).await.error.unwrap().contains("num.partitions"));
    });
}

#[test]
fn who_shows_no_certificate_or_that_of_a_node_or_of_a_stranger_is_not_let_in() {
    let site = Site::start();
    site.run(async |site| {
        let stranger = certificates::Authority::found();
        let own_leaf = site.authority.issue_for_server();
        for identity in [None, Some(own_leaf), Some(stranger.issue_for_client())] {
            let mut client = site.client(identity);
            let refused = client.get_capabilities(GetCapabilitiesRequest {}).await.unwrap_err();
            assert_ne!(refused.code(), Code::Ok);
        }
        // The listener is none the worse for it.
        site.operator().get_capabilities(GetCapabilitiesRequest {}).await.unwrap();
    });
}

#[test]
fn a_certificate_that_has_ended_or_begins_later_lets_nobody_in() {
    let site = Site::start();
    site.run(async |site| {
        for years in [(1990, 2000), (4000, 4010)] {
            let mut client = site.client(Some(site.authority.issue_for_client_of(years)));
            assert!(client.get_capabilities(GetCapabilitiesRequest {}).await.is_err(), "{years:?}");
        }
        site.operator().get_capabilities(GetCapabilitiesRequest {}).await.unwrap();
    });
}

#[test]
fn strangers_who_take_all_places_keep_neither_probes_nor_the_operator_out() {
    let site = Site::start();
    let idle = site.idle_connections(100);
    site.run(async |site| {
        let request = HealthCheckRequest { service: "liveness".to_owned() };
        let answer = site.health().check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving);
        site.operator().get_node_status(GetNodeStatusRequest {}).await.unwrap();
    });
    drop(idle);
}

#[test]
fn certificates_are_taken_when_asked_for_and_unusable_ones_are_refused_with_the_reason() {
    let site = Site::start();
    site.run(async |site| {
        let before = site.files();
        let mut client = site.operator();
        site.write_leaf();
        let answer = client.reload_certificates(ReloadCertificatesRequest {}).await.unwrap().into_inner();
        let after = answer.certificates.unwrap();
        assert_eq!(after, site.files());
        assert_ne!(after.certificate_sha256, before.certificate_sha256);
        site.operator().get_node_status(GetNodeStatusRequest {}).await.unwrap();
        site.write_file("tls.key", "nothing");
        let refused = client.reload_certificates(ReloadCertificatesRequest {}).await.unwrap_err();
        assert_eq!(refused.code(), Code::FailedPrecondition);
        assert!(refused.message().contains("tls.key"), "{refused}");
        site.operator().get_node_status(GetNodeStatusRequest {}).await.unwrap();
    });
}

#[test]
fn a_node_whose_authority_was_replaced_unseen_takes_the_new_files_by_itself() {
    let mut site = Site::start();
    site.replace_authority();
    site.run(async |site| {
        // Once the files are looked at again, within a second.
        let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
        loop {
            if site.operator().get_node_status(GetNodeStatusRequest {}).await.is_ok() {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "the node keeps its former authority");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
}

#[test]
fn probes_learn_readiness_and_liveness_in_plaintext_and_nothing_else() {
    let site = Site::start();
    site.run(async |site| {
        let mut health = site.health();
        for service in ["", "readiness", "liveness"] {
            let request = HealthCheckRequest { service: service.to_owned() };
            let answer = health.check(request).await.unwrap().into_inner();
            assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
        }
        let unknown = HealthCheckRequest { service: "other".to_owned() };
        assert_eq!(health.check(unknown.clone()).await.unwrap_err().code(), Code::NotFound);
        let mut watched = health.watch(unknown).await.unwrap().into_inner();
        let first = watched.message().await.unwrap().unwrap();
        assert_eq!(first.status(), ServingStatus::ServiceUnknown);
        let mut admin = site.plaintext_admin();
        let refused = admin.get_node_status(GetNodeStatusRequest {}).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unimplemented);
    });
}

#[test]
fn a_start_without_usable_certificates_is_refused_with_the_file() {
    let ended = Site::refused(|dir| std::fs::write(dir.join("ca.crt"), "").unwrap());
    assert!(ended.contains("ca.crt") && ended.contains("no certificate"), "{ended}");
    let ended = Site::refused(|dir| std::fs::remove_file(dir.join("tls.key")).unwrap());
    assert!(ended.contains("tls.key"), "{ended}");
    let readable = std::fs::Permissions::from_mode(0o644);
    let ended = Site::refused(|dir| std::fs::set_permissions(dir.join("tls.key"), readable).unwrap());
    assert!(ended.contains("tls.key") && ended.contains("0644"), "{ended}");
}
