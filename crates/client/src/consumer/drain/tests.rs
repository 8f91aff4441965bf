//! Records out of answers: from the middle of batches, over markers and aborted transactions.
#![allow(clippy::unwrap_used)]

use klamm_model::{Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::BatchBuilder;
use klamm_protocol::records::control::{EndTxnMarker, TransactionEnd};

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1);

fn filled(mut builder: BatchBuilder, values: &[&str]) -> Bytes {
    for value in values {
        builder.append(NOW, Some(b"k"), Some(value.as_bytes()), &[]).unwrap();
    }
    builder.finish()
}

fn plain(base: i64, codec: Codec, values: &[&str]) -> Bytes {
    filled(BatchBuilder::new().compression(codec).base_offset(Offset::at(base)), values)
}

fn drain(offset: i64, parts: &[Bytes], aborted: &[(i64, i64)], isolation: IsolationLevel) -> Drain {
    let aborted = aborted.iter().map(|(producer_id, first_offset)| Aborted {
        producer_id: *producer_id,
        first_offset: *first_offset,
    });
    let position = Position { offset: Offset::at(offset), epoch: None };
    let rules = Rules { isolation, check_crcs: CheckCrcs::Always };
    let at = TopicPartition::new("t", 0);
    Drain::new((at, 1), position, Bytes::from(parts.concat()), aborted.collect(), rules)
}

fn values(drain: &mut Drain) -> Vec<(i64, String)> {
    let mut found = Vec::new();
    while let Some(record) = drain.next().unwrap() {
        found.push((record.offset.get(), String::from_utf8(record.value.unwrap().to_vec()).unwrap()));
    }
    found
}

fn owned(list: &[(i64, &str)]) -> Vec<(i64, String)> {
    list.iter().map(|(offset, value)| (*offset, (*value).to_owned())).collect()
}

#[test]
fn records_begin_at_the_place_asked_for_in_every_codec() {
    for codec in Codec::ALL {
        let parts = [plain(10, codec, &["a", "b", "c"]), plain(13, codec, &["d"])];
        let mut drain = drain(11, &parts, &[], IsolationLevel::ReadUncommitted);
        assert_eq!(values(&mut drain), owned(&[(11, "b"), (12, "c"), (13, "d")]), "{codec}");
        assert_eq!(drain.next_position().offset, Offset::at(14));
    }
}

#[test]
fn a_batch_that_is_cut_off_ends_the_answer() {
    let whole = plain(0, Codec::None, &["a"]);
    let mut drain = drain(0, &[whole.clone(), whole.slice(..30)], &[], IsolationLevel::ReadUncommitted);
    assert_eq!(values(&mut drain), owned(&[(0, "a")]));
}

#[test]
fn the_place_after_a_compacted_batch_is_its_end() {
    let compacted = filled(BatchBuilder::new().last_offset_delta(9), &["a"]);
    let mut drain = drain(0, &[compacted], &[], IsolationLevel::ReadUncommitted);
    assert_eq!(values(&mut drain), owned(&[(0, "a")]));
    assert_eq!(drain.next_position().offset, Offset::at(10));
}

#[test]
fn a_damaged_batch_is_an_error_with_its_place_unless_checksums_are_not_looked_at() {
    let mut bytes = plain(0, Codec::None, &["a"]).to_vec();
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    let mut checked = drain(0, &[Bytes::from(bytes.clone())], &[], IsolationLevel::ReadUncommitted);
    assert!(matches!(checked.next(), Err(ClientError::CorruptBatch { offset: 0, .. })));
    assert_eq!(checked.next_position().offset, Offset::ZERO);
    let mut trusting = drain(0, &[Bytes::from(bytes)], &[], IsolationLevel::ReadUncommitted);
    trusting.rules.check_crcs = CheckCrcs::Never;
    assert!(trusting.next().unwrap().is_some());
}

#[test]
fn aborted_transactions_are_passed_over_until_their_marker_and_markers_are_never_handed_out() {
    let (id, epoch) = (ProducerId::at(7), ProducerEpoch::at(0));
    let of = |base: i64, values: &[&str]| {
        let builder = BatchBuilder::new().transactional(id, epoch, Some(0)).base_offset(Offset::at(base));
        filled(builder, values)
    };
    let marker = |base: i64, end| {
        let mut bytes = klamm_protocol::records::control::marker_batch(
            (id, epoch),
            end,
            EndTxnMarker { coordinator_epoch: 0 },
            NOW,
        )
        .to_vec();
        bytes[..8].copy_from_slice(&base.to_be_bytes());
        Bytes::from(bytes)
    };
    let parts = [
        of(0, &["aborted"]),
        plain(1, Codec::None, &["plain"]),
        marker(2, TransactionEnd::Abort),
        of(3, &["committed"]),
        marker(4, TransactionEnd::Commit),
    ];
    let mut committed = drain(0, &parts, &[(7, 0)], IsolationLevel::ReadCommitted);
    assert_eq!(values(&mut committed), owned(&[(1, "plain"), (3, "committed")]));
    assert_eq!(committed.next_position().offset, Offset::at(5));
    let mut all = drain(0, &parts, &[], IsolationLevel::ReadUncommitted);
    assert_eq!(values(&mut all), owned(&[(0, "aborted"), (1, "plain"), (3, "committed")]));
}
