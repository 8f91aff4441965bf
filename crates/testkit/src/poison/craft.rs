//! A record batch field by field, sound until a field is made otherwise.

use klamm_protocol::codec::encode_varint;
use klamm_protocol::records::compression::compress;
use klamm_protocol::records::{Codec, Compression, crc32c};

/// Bytes before the records.
const HEADER: usize = 61;
/// What the length field does not count.
const UNCOUNTED: i32 = 12;

/// What is made wrong, and how.
pub(super) type Fault<T> = (&'static str, fn(&mut T));

/// A batch to be; `Default` is empty and sound.
#[derive(Clone, Debug)]
pub struct Craft {
    /// First offset; clients send 0.
    pub base_offset: i64,
    /// Added to the right length.
    pub length_off_by: i32,
    /// Partition leader epoch; clients send -1.
    pub leader_epoch: i32,
    /// 2.
    pub magic: i8,
    /// XORed to the right checksum.
    pub crc_mask: u32,
    /// Codec and flags.
    pub attributes: i16,
    /// Records less one.
    pub last_offset_delta: i32,
    /// Of the first record, ms.
    pub base_timestamp: i64,
    /// Of the latest record, ms.
    pub max_timestamp: i64,
    /// -1 for none.
    pub producer_id: i64,
    /// -1 for none.
    pub producer_epoch: i16,
    /// -1 for none.
    pub base_sequence: i32,
    /// Records.
    pub count: i32,
    /// What follows the header, compressed by the codec of `attributes` already.
    pub body: Vec<u8>,
}

impl Craft {
    /// A sound batch of `records`, compressed with `codec`, at `now` in ms.
    pub fn sound(codec: Codec, records: &[Record], now: i64) -> Craft {
        let plain = records.iter().map(Record::bytes).collect::<Vec<_>>().concat();
        Craft::around(codec, &plain, i32::try_from(records.len()).unwrap_or(i32::MAX), now)
    }

    /// `count` records that are the bytes `plain`, compressed with `codec`.
    pub fn around(codec: Codec, plain: &[u8], count: i32, now: i64) -> Craft {
        let mut body = Vec::new();
        compress(Compression::new(codec), plain, &mut body);
        Craft {
            base_offset: 0,
            length_off_by: 0,
            leader_epoch: -1,
            magic: 2,
            crc_mask: 0,
            attributes: Codec::ALL.iter().position(|known| *known == codec).map_or(0, |id| id as i16),
            last_offset_delta: count - 1,
            base_timestamp: now,
            max_timestamp: now,
            producer_id: -1,
            producer_epoch: -1,
            base_sequence: -1,
            count,
            body,
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.body.len());
        bytes.extend(self.base_offset.to_be_bytes());
        let length = i32::try_from(HEADER + self.body.len()).unwrap_or(i32::MAX) - UNCOUNTED;
        bytes.extend(length.wrapping_add(self.length_off_by).to_be_bytes());
        bytes.extend(self.leader_epoch.to_be_bytes());
        bytes.extend(self.magic.to_be_bytes());
        bytes.extend([0; 4]);
        let checked = bytes.len();
        bytes.extend(self.attributes.to_be_bytes());
        bytes.extend(self.last_offset_delta.to_be_bytes());
        bytes.extend(self.base_timestamp.to_be_bytes());
        bytes.extend(self.max_timestamp.to_be_bytes());
        bytes.extend(self.producer_id.to_be_bytes());
        bytes.extend(self.producer_epoch.to_be_bytes());
        bytes.extend(self.base_sequence.to_be_bytes());
        bytes.extend(self.count.to_be_bytes());
        bytes.extend(&self.body);
        let crc = crc32c(&bytes[checked..]) ^ self.crc_mask;
        bytes[checked - 4..checked].copy_from_slice(&crc.to_be_bytes());
        bytes
    }
}

/// A record field by field.
#[derive(Clone, Debug)]
pub struct Record {
    /// Added to the right size.
    pub size_off_by: i32,
    /// Unused by Kafka.
    pub attributes: i8,
    /// From the base timestamp, ms.
    pub timestamp_delta: i32,
    /// From the base offset.
    pub offset_delta: i32,
    /// The key's length where it is not that of `key`.
    pub key_length: Option<i32>,
    /// `None` is null.
    pub key: Option<Vec<u8>>,
    /// The value's length where it is not that of `value`.
    pub value_length: Option<i32>,
    /// `None` is null.
    pub value: Option<Vec<u8>>,
    /// Headers declared.
    pub header_count: i32,
    /// What follows the header count.
    pub headers: Vec<u8>,
}

impl Record {
    /// A sound record with a key.
    pub fn sound(offset_delta: i32) -> Record {
        Record {
            size_off_by: 0,
            attributes: 0,
            timestamp_delta: 0,
            offset_delta,
            key_length: None,
            key: Some(b"key".to_vec()),
            value_length: None,
            value: Some(format!("value {offset_delta}").into_bytes()),
            header_count: 0,
            headers: Vec::new(),
        }
    }

    /// Three sound records.
    pub fn three() -> Vec<Record> {
        (0..3).map(Record::sound).collect()
    }

    /// The bytes, size first.
    pub fn bytes(&self) -> Vec<u8> {
        let mut fields = vec![self.attributes as u8];
        fields.extend(varint(self.timestamp_delta));
        fields.extend(varint(self.offset_delta));
        for (length, bytes) in [(self.key_length, &self.key), (self.value_length, &self.value)] {
            let own = bytes.as_ref().map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX));
            fields.extend(varint(length.unwrap_or(own)));
            fields.extend_from_slice(bytes.as_deref().unwrap_or_default());
        }
        fields.extend(varint(self.header_count));
        fields.extend(&self.headers);
        let size = i32::try_from(fields.len()).unwrap_or(i32::MAX).wrapping_add(self.size_off_by);
        [varint(size), fields].concat()
    }
}

/// A number as records have it.
pub(super) fn varint(value: i32) -> Vec<u8> {
    let mut out = [0; 5];
    let length = encode_varint(value, &mut out);
    out[..length].to_vec()
}
