//! Tests of the layout of control records.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::replica::Endpoints;

fn voter_set_of(ids: &[i32]) -> VoterSet {
    let voter = |id: &i32| Voter {
        key: ReplicaKey::new(NodeId::at(*id), DirectoryId::new(Uuid::from_u128(7 << 64)).unwrap()),
        endpoints: Endpoints::single(ListenerName::new("controller"), HostPort::new("localhost", 9093)),
        kraft_versions: KraftVersion::SUPPORTED,
    };
    ids.iter().map(voter).collect()
}

fn round_trip(record: ControlRecord) {
    let key = record.control_type().key();
    assert_eq!(ControlRecord::decode(Some(&key), Some(&record.encode())).unwrap(), Some(record));
}

#[test]
fn every_control_record_reads_what_it_wrote() {
    let change = LeaderChange {
        leader: NodeId::at(1),
        voters: vec![NodeId::at(1)],
        granting_voters: vec![NodeId::at(1)],
    };
    round_trip(ControlRecord::LeaderChange(change));
    round_trip(ControlRecord::SnapshotHeader { last_contained_log_timestamp: Timestamp::from_millis(5) });
    round_trip(ControlRecord::SnapshotFooter);
    round_trip(ControlRecord::KraftVersion(KraftVersion::Dynamic));
    round_trip(ControlRecord::Voters(voter_set_of(&[1, 2])));
}

/// Layout of KAFKA's VotersRecord v0, field by field.
#[test]
fn voters_are_laid_out_as_kafka_does() {
    let mut expected = vec![0, 0, 2]; // version, one voter
    expected.extend([0, 0, 0, 1]); // id
    expected.extend((7_u128 << 64).to_be_bytes());
    expected.push(2); // one endpoint
    expected.push(11);
    expected.extend(b"CONTROLLER");
    expected.push(10);
    expected.extend(b"localhost");
    expected.extend(9093_u16.to_be_bytes());
    expected.push(0); // tags of the endpoint
    expected.extend([0, 0, 0, 1, 0]); // kraft.version 0 to 1, tags
    expected.extend([0, 0]); // tags of the voter, of the record
    assert_eq!(ControlRecord::Voters(voter_set_of(&[1])).encode(), expected);
}

#[test]
fn leader_change_is_laid_out_as_kafka_does() {
    let change = LeaderChange {
        leader: NodeId::at(3),
        voters: vec![NodeId::at(1), NodeId::at(3)],
        granting_voters: vec![NodeId::at(3)],
    };
    let expected = [0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 2, 0, 0, 0, 3, 0, 0];
    assert_eq!(ControlRecord::LeaderChange(change).encode(), expected[..]);
}

#[test]
fn damaged_and_later_records_are_errors_or_none_and_never_a_panic() {
    let key = ControlType::KraftVoters.key();
    let whole = ControlRecord::Voters(voter_set_of(&[1, 2, 3])).encode();
    for end in 0..whole.len() {
        assert!(ControlRecord::decode(Some(&key), Some(&whole.slice(..end))).is_err(), "{end}");
    }
    assert!(ControlRecord::decode(Some(&key), None).is_err());
    assert!(ControlRecord::decode(None, None).is_err());
    assert_eq!(ControlRecord::decode(Some(&[0, 0, 0, 99]), None), Ok(None));
    let version_9 = Bytes::from_static(&[0, 0, 0, 9, 0]);
    assert_eq!(
        ControlRecord::decode(Some(&ControlType::KraftVersion.key()), Some(&version_9)),
        Err(ControlRecordError::UnknownKraftVersion(9))
    );
}
