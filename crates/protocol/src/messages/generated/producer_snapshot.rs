//! Generated from `schemas/ProducerSnapshot.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Writer};
use crate::message::Message;

/// `ProducerSnapshot` (data): versions 1, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProducerSnapshot {
    /// All versions.
    pub crc: u32,
    /// All versions.
    pub producer_entries: Vec<ProducerEntry>,
}

impl Message for ProducerSnapshot {
    const NAME: &'static str = "ProducerSnapshot";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=1;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for ProducerSnapshot {
    const MIN_LEN: usize = 8;

    fn read(reader: &mut Reader, version: i16) -> Result<ProducerSnapshot, DecodeError> {
        Ok(ProducerSnapshot { crc: reader.u32()?, producer_entries: reader.array(Form::Legacy, version)? })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.u32(self.crc);
        writer.array(Form::Legacy, &self.producer_entries, version)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ProducerSnapshot {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("crc", &self.crc, version);
        object.field("producerEntries", &self.producer_entries, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ProducerSnapshot {
    fn random(random: &mut crate::testing::Source, version: i16) -> ProducerSnapshot {
        ProducerSnapshot { crc: random.u32(), producer_entries: random.array(version) }
    }
}

/// Part of [`ProducerSnapshot`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProducerEntry {
    /// All versions.
    pub producer_id: i64,
    /// All versions.
    pub epoch: i16,
    /// All versions.
    pub last_sequence: i32,
    /// All versions.
    pub last_offset: i64,
    /// All versions.
    pub offset_delta: i32,
    /// All versions.
    pub timestamp: i64,
    /// All versions.
    pub coordinator_epoch: i32,
    /// All versions.
    pub current_txn_first_offset: i64,
}

impl Element for ProducerEntry {
    const MIN_LEN: usize = 46;

    fn read(reader: &mut Reader, _version: i16) -> Result<ProducerEntry, DecodeError> {
        Ok(ProducerEntry {
            producer_id: reader.i64()?,
            epoch: reader.i16()?,
            last_sequence: reader.i32()?,
            last_offset: reader.i64()?,
            offset_delta: reader.i32()?,
            timestamp: reader.i64()?,
            coordinator_epoch: reader.i32()?,
            current_txn_first_offset: reader.i64()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.i64(self.producer_id);
        writer.i16(self.epoch);
        writer.i32(self.last_sequence);
        writer.i64(self.last_offset);
        writer.i32(self.offset_delta);
        writer.i64(self.timestamp);
        writer.i32(self.coordinator_epoch);
        writer.i64(self.current_txn_first_offset);
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ProducerEntry {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("producerId", &self.producer_id, version);
        object.field("epoch", &self.epoch, version);
        object.field("lastSequence", &self.last_sequence, version);
        object.field("lastOffset", &self.last_offset, version);
        object.field("offsetDelta", &self.offset_delta, version);
        object.field("timestamp", &self.timestamp, version);
        object.field("coordinatorEpoch", &self.coordinator_epoch, version);
        object.field("currentTxnFirstOffset", &self.current_txn_first_offset, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ProducerEntry {
    fn random(random: &mut crate::testing::Source, _version: i16) -> ProducerEntry {
        ProducerEntry {
            producer_id: random.i64(),
            epoch: random.i16(),
            last_sequence: random.i32(),
            last_offset: random.i64(),
            offset_delta: random.i32(),
            timestamp: random.i64(),
            coordinator_epoch: random.i32(),
            current_txn_first_offset: random.i64(),
        }
    }
}
