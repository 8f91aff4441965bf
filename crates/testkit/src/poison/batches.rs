//! Batches with one thing wrong each.

use klamm_protocol::records::Codec;

use super::craft::{Craft, Fault, Record, varint};

/// A batch and what is wrong with it.
pub(super) struct Poison {
    pub(super) fault: String,
    pub(super) bytes: Vec<u8>,
}

fn poison(fault: impl Into<String>, bytes: Vec<u8>) -> Poison {
    Poison { fault: fault.into(), bytes }
}

/// Changes to the header of a sound batch.
const HEADER_FAULTS: [Fault<Craft>; 37] = [
    ("nothing wrong", |_| {}),
    ("crc off by a bit", |batch| batch.crc_mask = 1),
    ("crc inverted", |batch| batch.crc_mask = u32::MAX),
    ("count 0", |batch| batch.count = 0),
    ("count one less", |batch| batch.count -= 1),
    ("count one more", |batch| batch.count += 1),
    ("count negative", |batch| batch.count = -1),
    ("count huge", |batch| batch.count = i32::MAX),
    ("count smallest", |batch| batch.count = i32::MIN),
    ("last offset delta 0", |batch| batch.last_offset_delta = 0),
    ("last offset delta too large", |batch| batch.last_offset_delta += 1),
    ("last offset delta negative", |batch| batch.last_offset_delta = -1),
    ("last offset delta huge", |batch| batch.last_offset_delta = i32::MAX),
    ("count and last offset delta too large", |batch| (batch.count, batch.last_offset_delta) = (9, 8)),
    ("base offset 1", |batch| batch.base_offset = 1),
    ("base offset negative", |batch| batch.base_offset = -1),
    ("base offset huge", |batch| batch.base_offset = i64::MAX),
    ("magic 3", |batch| batch.magic = 3),
    ("magic -1", |batch| batch.magic = -1),
    ("magic 127", |batch| batch.magic = 127),
    ("codec 5", |batch| batch.attributes = (batch.attributes & !7) | 5),
    ("codec 7", |batch| batch.attributes |= 7),
    ("another codec's name", |batch| {
        batch.attributes = (batch.attributes & !7) | (((batch.attributes & 7) + 1) % 5);
    }),
    ("control batch", |batch| batch.attributes |= 0x20),
    ("transactional without producer", |batch| batch.attributes |= 0x10),
    ("log append time", |batch| batch.attributes |= 0x08),
    ("delete horizon", |batch| batch.attributes |= 0x40),
    ("unused attribute bits", |batch| batch.attributes |= 0x7f00),
    ("producer without epoch", |batch| (batch.producer_id, batch.base_sequence) = (77, 0)),
    ("producer without sequence", |batch| (batch.producer_id, batch.producer_epoch) = (78, 0)),
    ("producer id below -1", |batch| batch.producer_id = -2),
    ("epoch and sequence without producer", |batch| (batch.producer_epoch, batch.base_sequence) = (0, 0)),
    ("negative sequence", |batch| {
        (batch.producer_id, batch.producer_epoch, batch.base_sequence) = (79, 0, -5);
    }),
    ("leader epoch", |batch| batch.leader_epoch = 12),
    ("times far ahead", |batch| {
        (batch.base_timestamp, batch.max_timestamp) = (i64::MAX / 2, i64::MAX / 2);
    }),
    ("times below -1", |batch| (batch.base_timestamp, batch.max_timestamp) = (-5, -5)),
    ("latest time before the first", |batch| batch.max_timestamp -= 1_000),
];

/// Changes to the second of three sound records.
const RECORD_FAULTS: [Fault<Record>; 18] = [
    ("record size too small", |record| record.size_off_by = -1),
    ("record size too large", |record| record.size_off_by = 1),
    ("record size huge", |record| record.size_off_by = i32::MAX / 2),
    ("record size negative", |record| record.size_off_by = i32::MIN),
    ("offset delta twice", |record| record.offset_delta = 0),
    ("offset delta skips", |record| record.offset_delta = 7),
    ("offset delta negative", |record| record.offset_delta = -1),
    ("key longer than the record", |record| record.key_length = Some(1000)),
    ("key length negative", |record| record.key_length = Some(-2)),
    ("value longer than the record", |record| record.value_length = Some(i32::MAX)),
    ("value shorter than its bytes", |record| record.value_length = Some(1)),
    ("headers that are not there", |record| record.header_count = 3),
    ("negative header count", |record| record.header_count = -1),
    ("header count huge", |record| record.header_count = i32::MAX),
    ("null header key", |record| (record.header_count, record.headers) = (1, vec![1, 1])),
    ("header beyond the record", |record| (record.header_count, record.headers) = (1, vec![100, b'x', 0])),
    ("record attributes", |record| record.attributes = 127),
    ("time far ahead", |record| record.timestamp_delta = i32::MAX),
];

/// All of them, in `codec`.
pub(super) fn batches(codec: Codec, now: i64) -> Vec<Poison> {
    let sound = Craft::sound(codec, &Record::three(), now);
    let mut all = Vec::new();
    for (fault, change) in HEADER_FAULTS {
        let mut batch = sound.clone();
        change(&mut batch);
        all.push(poison(fault, batch.bytes()));
    }
    for (fault, change) in RECORD_FAULTS {
        let mut records = Record::three();
        change(&mut records[1]);
        all.push(poison(fault, Craft::sound(codec, &records, now).bytes()));
    }
    all.extend(bodies(codec, now));
    all.extend(lengths(&sound));
    all
}

/// Bodies that are no records, or no compressed stream.
fn bodies(codec: Codec, now: i64) -> Vec<Poison> {
    let sound = Craft::sound(codec, &Record::three(), now);
    let plain = |bytes: &[u8]| Craft::around(codec, bytes, 3, now).bytes();
    let with_body = |body: Vec<u8>| Craft { body, ..sound.clone() }.bytes();
    let records: Vec<u8> = Record::three().iter().flat_map(Record::bytes).collect();
    let overlong = [&[0xff; 9][..], &[1]].concat();
    vec![
        poison("no body", with_body(Vec::new())),
        poison("body of zeros", plain(&[0; 40])),
        poison("body of ones", plain(&[0xff; 40])),
        poison("overlong varint", plain(&[overlong, records.clone()].concat())),
        poison("bytes behind the records", plain(&[records.clone(), vec![0; 5]].concat())),
        poison("half of the records", plain(&records[..records.len() / 2])),
        poison("half of the body", with_body(sound.body[..sound.body.len() / 2].to_vec())),
        poison("garbage for a body", with_body(b"neither records nor a stream of any codec".to_vec())),
        poison("a record of 2 GiB", plain(&[varint(i32::MAX), vec![0; 30]].concat())),
    ]
}

/// Lengths that do not fit, and more or less than one batch.
fn lengths(sound: &Craft) -> Vec<Poison> {
    let bytes = sound.bytes();
    let off_by = |length_off_by| Craft { length_off_by, ..sound.clone() }.bytes();
    vec![
        poison("length one less", off_by(-1)),
        poison("length one more", off_by(1)),
        poison("length huge", off_by(i32::MAX / 2)),
        poison("length negative", off_by(i32::MIN)),
        poison("length below a header", off_by(-(i32::try_from(bytes.len()).unwrap_or(0) - 30))),
        poison("cut behind the header", bytes[..61].to_vec()),
        poison("cut in the header", bytes[..30].to_vec()),
        poison("cut in the length", bytes[..10].to_vec()),
        poison("one byte less", bytes[..bytes.len() - 1].to_vec()),
        poison("bytes behind the batch", [&bytes[..], &[0; 7]].concat()),
        poison("two batches", [&bytes[..], &bytes].concat()),
        poison("no batch", Vec::new()),
    ]
}
