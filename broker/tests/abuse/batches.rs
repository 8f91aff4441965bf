//! Batches that must not be stored.

use klamm_protocol::records::{Batches, Codec};
use klamm_protocol::{ErrorCode, Records};
use klamm_testkit::poison::{Craft, Record, Target, cases};

use crate::victim::{Victim, create_topic, fetch_request, produce_request};

/// The error of a case, by the end of its name.
fn expected(fault: &str) -> Option<ErrorCode> {
    Some(match fault {
        "crc off by a bit" | "crc inverted" => ErrorCode::CorruptMessage,
        // No whole batch is there: Kafka says so before it looks at checksums.
        "one byte less" | "cut in the header" => ErrorCode::InvalidRecord,
        "control batch" | "count one less" | "count one more" => ErrorCode::InvalidRecord,
        "two batches" | "no batch" => ErrorCode::InvalidRecord,
        "topic \"no-such-topic\" of 13 bytes" => ErrorCode::UnknownTopicOrPartition,
        "partition 1" => ErrorCode::UnknownTopicOrPartition,
        "acks 2" => ErrorCode::InvalidRequiredAcks,
        "a value of 1000 bytes" => ErrorCode::MessageTooLarge,
        _ => return None,
    })
}

#[test]
fn poison_gets_its_error_and_is_never_stored() {
    let mut victim = Victim::start("auto.create.topics.enable=false\n");
    let mut target = Target::prepare(victim.address()).unwrap();
    let (mut refused, mut judged) = (0, 0);
    for case in cases().unwrap() {
        let outcome = target.send(&case).unwrap();
        let code = outcome.answer.as_ref().and_then(|answer| answer.first()).map(|answer| answer.error_code);
        refused += usize::from(code != Some(0));
        let fault = case.name.rsplit_once(": ").map_or(case.name.as_str(), |(_, fault)| fault);
        // Kafka refuses zstd in versions before 7 before it looks further.
        let is_judged = !(3..7).any(|version| case.name.starts_with(&format!("zstd, version {version}:")));
        if let Some(expected) = expected(fault).filter(|_| is_judged) {
            judged += 1;
            assert_eq!(code, Some(expected.code()), "{}", case.name);
        }
    }
    assert!(refused > 300 && judged > 50, "{refused} refused, {judged} judged");
    for topic in ["plain", "compacted", "small", "stamped"] {
        is_sound(&mut victim, topic);
    }
    victim.end(&[]);
}

/// All that is stored can be read.
fn is_sound(victim: &mut Victim, topic: &str) {
    let response = victim.connect().ask(&fetch_request(topic, 8 << 20), 12).unwrap();
    let partition = &response.responses[0].partitions[0];
    let Some(Records::Bytes(bytes)) = &partition.records else { panic!("{topic}: {partition:?}") };
    let mut next = 0;
    for batch in Batches::new(bytes) {
        let batch = batch.unwrap();
        batch.verify_crc().unwrap();
        assert_eq!(batch.header().base_offset().get(), next, "{topic}");
        assert!(!batch.header().is_control());
        next = batch.header().next_offset().get();
        let mut records = batch.records(klamm_protocol::records::Limits::NONE).unwrap();
        while let Some(record) = records.next() {
            record.unwrap();
        }
    }
    assert_eq!(next, partition.high_watermark, "{topic}");
}

#[test]
fn decompression_bombs_are_passed_through_or_refused_in_bounded_memory() {
    let mut victim = Victim::start("");
    let address = victim.address();
    create_topic(address, "bombed", 1);
    let zeros = Record { value: Some(vec![0; 70 << 20]), ..Record::sound(0) };
    for codec in [Codec::Gzip, Codec::Lz4, Codec::Zstd] {
        let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
        let sound = Craft::sound(codec, std::slice::from_ref(&zeros), now).bytes();
        assert!(sound.len() < 1 << 20, "{codec}: {}", sound.len());
        let mut connection = victim.connect();
        let answer = connection.ask(&produce_request("bombed", sound), 9).unwrap();
        assert_eq!(answer.responses[0].partition_responses[0].error_code, 0, "{codec}: as Kafka takes it");
        // A record that claims more than there is, behind the same zeros.
        let mut lies = zeros.clone();
        lies.size_off_by = 1 << 20;
        let poison = Craft::sound(codec, std::slice::from_ref(&lies), now).bytes();
        let answer = connection.ask(&produce_request("bombed", poison), 9).unwrap();
        assert_ne!(answer.responses[0].partition_responses[0].error_code, 0, "{codec}");
        victim.use_it();
        victim.check_memory();
    }
    victim.end(&[]);
}
