//! Against a directory that Kafka's own tool formatted.
#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use klamm_metadata::controller::bootstrap_features;
use klamm_metadata::{Feature, MetadataVersion, VersionedRecord};
use klamm_model::{NodeId, Timestamp};
use klamm_raft::KraftVersion;

use super::bootstrap::{BootstrapSnapshot, describe};
use super::scram;
use super::voters::InitialVoters;
use crate::testing::run;

/// Written by Apache Kafka 4.4.0: `kafka-storage format --standalone`, `--feature F=0` for group,
/// share, streams and transaction, and the credential below.
const GOLDEN: &[u8] = include_bytes!("golden/bootstrap-4.4.0.checkpoint");
const CREDENTIAL: &str = r#"SCRAM-SHA-256=[name=alice,salt="N3E=",iterations=8192,password=alice-secret]"#;

fn records() -> Vec<VersionedRecord> {
    let levels = Feature::ALL.map(|feature| (feature, feature.served_level()));
    let mut records = bootstrap_features(MetadataVersion::LATEST_PRODUCTION, &levels);
    records.push(VersionedRecord::v0(scram::parse(CREDENTIAL, Vec::new).unwrap()));
    records
}

#[test]
fn the_bootstrap_snapshot_is_kafkas_byte_for_byte() {
    let voters =
        InitialVoters::parse("1@127.0.0.1:19093:QgQm1oPgSWqp7gU5TEdydQ").unwrap().to_voter_set("controller");
    let snapshot = BootstrapSnapshot {
        kraft_version: KraftVersion::Dynamic,
        voters: Some(&voters),
        records: &records(),
    };
    let base = 0x01a2_0acb_17f8;
    let mut times = [base, base + 0x26, base + 0x59, base + 0x5d].into_iter();
    let written = snapshot.encode(&mut || Timestamp::from_millis(times.next().unwrap())).unwrap();
    assert_eq!(written, GOLDEN);
}

#[test]
fn records_are_described_as_java_prints_them() {
    let text = describe(&records(), 33);
    let start = "BootstrapMetadata(records=[ApiMessageAndVersion(FeatureLevelRecord(name='metadata.version', featureLevel=33) at version 0), ApiMessageAndVersion(FeatureLevelRecord(name='eligible.leader.replicas.version', featureLevel=1) at version 0), ApiMessageAndVersion(UserScramCredentialRecord(name='alice', mechanism=1, salt=[55, 113], storedKey=[-104, -120, 72,";
    assert!(text.starts_with(start), "{text}");
    assert!(
        text.ends_with(", iterations=8192) at version 0)], metadataVersionLevel=33, source=format command)")
    );
}

#[test]
fn what_is_wrong_with_a_credential_is_said_as_kafka_says_it() {
    for (argument, message) in [
        ("x", "Failed to find equals sign in SCRAM argument 'x'"),
        ("MD5=[]", "The add-scram mechanism MD5 is not supported."),
        ("SCRAM-SHA-256=name=a]", "Expected configuration string to start with ["),
        ("SCRAM-SHA-256=[name=a", "Expected configuration string to end with ]"),
        ("SCRAM-SHA-256=[name]", "No equals sign found in SCRAM component: name"),
        ("SCRAM-SHA-256=[password=a]", "You must supply 'name' to add-scram"),
        ("SCRAM-SHA-256=[name=a]", "You must supply one of 'password' or 'saltedpassword' to add-scram"),
        (
            "SCRAM-SHA-256=[name=a,saltedpassword=YCE=]",
            "You must supply 'salt' with 'saltedpassword' to add-scram",
        ),
        ("SCRAM-SHA-256=[name=a,password=b,salt=!]", "Failed to decode given salt: !"),
        ("SCRAM-SHA-256=[name=a,password=b,iterations=x]", "Failed to parse iterations count: x"),
        (
            "SCRAM-SHA-256=[name=a,password=b,iterations=1]",
            "The 'iterations' value must be >= 4096 for add-scram using SCRAM_SHA_256",
        ),
        (
            "SCRAM-SHA-512=[name=a,password=b,iterations=99999]",
            "The 'iterations' value must be <= 16384 for add-scram using SCRAM_SHA_512",
        ),
        ("SCRAM-SHA-256=[name=a,password=b,zzz=1,yyy=2]", "Unknown SCRAM configurations: yyy, zzz"),
    ] {
        assert_eq!(scram::parse(argument, Vec::new).unwrap_err(), message, "{argument}");
    }
}

fn config(dir: &Path) -> String {
    let path = dir.join("server.properties");
    let (a, b) = (dir.join("a"), dir.join("b"));
    let text = format!(
        "process.roles=broker,controller\nnode.id=1\ncontroller.listener.names=CONTROLLER\n\
         listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\n\
         advertised.listeners=PLAINTEXT://127.0.0.1:9092\n\
         controller.quorum.bootstrap.servers=127.0.0.1:9093\nlog.dirs={},{}\n",
        a.display(),
        b.display()
    );
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn a_formatted_directory_is_found_again_and_not_formatted_twice() {
    let dir = tempfile::tempdir().unwrap();
    let file = config(dir.path());
    let id = "4L6g3nShT-eMCtK--X86sw";
    let format = ["storage", "format", "-t", id, "-c", &file, "--standalone"];
    let formatted = run(&format);
    assert_eq!(formatted.code, 0, "{}", formatted.err);
    let at = |name| dir.path().join(name).display().to_string();
    let expected = [
        format!("Formatting dynamic metadata voter directory {} with metadata.version 4.4-IV2.", at("a")),
        format!("Formatting data directory {} with metadata.version 4.4-IV2.", at("b")),
    ];
    assert_eq!(formatted.out.lines().skip(1).collect::<Vec<_>>(), expected);
    let snapshot = dir.path().join("a/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint");
    assert_eq!(std::fs::metadata(&snapshot).unwrap().permissions().mode() & 0o777, 0o400);

    let again = run(&format);
    let refusal =
        "is already formatted. Use --ignore-formatted to ignore this directory and format the others.";
    assert_eq!((again.code, again.err), (1, format!("Log directory {} {refusal}\n", at("a"))));
    let skipped = run(&[&format[..], &["-g"]].concat());
    assert_eq!((skipped.code, &*skipped.out), (0, "All of the log directories are already formatted.\n"));
    let other = run(&["storage", "format", "-t", "zzz", "-c", &file, "--standalone", "-g"]);
    let expected =
        format!("Invalid cluster.id in: {}/meta.properties. Expected zzz, but read {id}\n", at("a"));
    assert_eq!((other.code, other.err), (1, expected));

    let info = run(&["storage", "info", "-c", &file]);
    let start = format!(
        "Found log directories:\n  {}\n  {}\n\nFound metadata: {{cluster.id={id}, directory.id=",
        at("a"),
        at("b")
    );
    assert_eq!(info.code, 0);
    assert!(info.out.starts_with(&start), "{}", info.out);
    assert!(info.out.ends_with(", node.id=1, version=1}\n\n"), "{}", info.out);
}

#[test]
fn a_controller_must_say_how_its_quorum_begins() {
    let dir = tempfile::tempdir().unwrap();
    let file = config(dir.path());
    let outcome = run(&["storage", "format", "-t", "x", "-c", &file]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.starts_with("Because controller.quorum.voters is not set on this controller,"));
    let both = run(&["storage", "format", "-t", "x", "-c", &file, "--standalone", "-N"]);
    assert_eq!(both.code, 2);
    let info = run(&["storage", "info", "-c", &file]);
    assert_eq!((info.code, info.out.lines().next()), (1, Some("Found problems:")));
}

#[test]
fn releases_and_dependencies_are_printed_as_kafka_prints_them() {
    let mapping = run(&["storage", "version-mapping"]);
    let expected = "metadata.version=33 (4.4-IV2)\nkraft.version=1\ntransaction.version=2\ngroup.version=1\neligible.leader.replicas.version=1\nshare.version=2\nstreams.version=1\n";
    assert_eq!(mapping.out, expected);
    let old = run(&["storage", "version-mapping", "-r", "3.9"]);
    assert!(old.out.starts_with("metadata.version=21 (3.9)\nkraft.version=1\ntransaction.version=0\n"));
    let unknown = run(&["storage", "version-mapping", "-r", "9.9"]);
    assert!(
        unknown.err.starts_with("Unknown metadata.version '9.9'. Supported metadata.version are: 3.3-IV3, ")
    );
    assert!(unknown.err.ends_with("4.4-IV2, 4.5-IV0\n"));
    let depends = run(&[
        "storage",
        "feature-dependencies",
        "-f",
        "eligible.leader.replicas.version=1",
        "-f",
        "metadata.version=33",
        "-f",
        "group.version=1",
    ]);
    let expected = "eligible.leader.replicas.version=1 requires:\n    metadata.version=23 (4.0-IV1)\nmetadata.version=33 (4.4-IV2) has no dependencies.\ngroup.version=1 has no dependencies.\n";
    assert_eq!(depends.out, expected);
    let beyond = run(&["storage", "feature-dependencies", "-f", "group.version=9"]);
    assert_eq!(
        (beyond.code, &*beyond.err),
        (1, "Feature level 9 is not supported for feature group.version\n")
    );
}

#[test]
fn node_ids_do_not_collide_with_voters_of_others() {
    let voters = InitialVoters::parse("7@h:1:QgQm1oPgSWqp7gU5TEdydQ").unwrap();
    assert_eq!(voters.directory(NodeId::at(1)), None);
    assert!(voters.directory(NodeId::at(7)).is_some());
}
