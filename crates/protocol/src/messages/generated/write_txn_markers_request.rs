//! Generated from `schemas/WriteTxnMarkersRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `WriteTxnMarkersRequest` (request, key 27): versions 1-2, flexible 1+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteTxnMarkersRequest {
    /// All versions.
    pub markers: Vec<WritableTxnMarker>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for WriteTxnMarkersRequest {
    const NAME: &'static str = "WriteTxnMarkersRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 1..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(1);
}

impl Request for WriteTxnMarkersRequest {
    const KEY: ApiKey = ApiKey::WriteTxnMarkers;
    type Response = super::write_txn_markers_response::WriteTxnMarkersResponse;
}

impl Element for WriteTxnMarkersRequest {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, version: i16) -> Result<WriteTxnMarkersRequest, DecodeError> {
        Ok(WriteTxnMarkersRequest {
            markers: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.array(Form::Flexible, &self.markers, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for WriteTxnMarkersRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("markers", &self.markers, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for WriteTxnMarkersRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> WriteTxnMarkersRequest {
        WriteTxnMarkersRequest {
            markers: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`WriteTxnMarkersRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarker {
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub producer_epoch: i16,
    /// All versions.
    pub transaction_result: bool,
    /// All versions.
    pub topics: Vec<WritableTxnMarkerTopic>,
    /// All versions.
    pub coordinator_epoch: i32,
    /// Versions 2+; lost in others.
    pub transaction_version: i8,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for WritableTxnMarker {
    const MIN_LEN: usize = 17;

    fn read(reader: &mut Reader, version: i16) -> Result<WritableTxnMarker, DecodeError> {
        Ok(WritableTxnMarker {
            producer_id: reader.i64()?,
            producer_epoch: reader.i16()?,
            transaction_result: reader.bool()?,
            topics: reader.array(Form::Flexible, version)?,
            coordinator_epoch: reader.i32()?,
            transaction_version: if version == 2 { reader.i8()? } else { 0 },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i64(self.producer_id);
        writer.i16(self.producer_epoch);
        writer.bool(self.transaction_result);
        writer.array(Form::Flexible, &self.topics, version)?;
        writer.i32(self.coordinator_epoch);
        if version == 2 {
            writer.i8(self.transaction_version);
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for WritableTxnMarker {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("producerId", &self.producer_id, version);
        object.field("producerEpoch", &self.producer_epoch, version);
        object.field("transactionResult", &self.transaction_result, version);
        object.field("topics", &self.topics, version);
        object.field("coordinatorEpoch", &self.coordinator_epoch, version);
        if version == 2 {
            object.field("transactionVersion", &self.transaction_version, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for WritableTxnMarker {
    fn random(random: &mut crate::testing::Source, version: i16) -> WritableTxnMarker {
        WritableTxnMarker {
            producer_id: random.i64(),
            producer_epoch: random.i16(),
            transaction_result: random.bool(),
            topics: random.array(version),
            coordinator_epoch: random.i32(),
            transaction_version: if version == 2 { random.i8() } else { 0 },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`WriteTxnMarkersRequest`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritableTxnMarkerTopic {
    /// All versions; a `topicName`.
    pub name: Str,
    /// All versions.
    pub partition_indexes: Vec<i32>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for WritableTxnMarkerTopic {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, _version: i16) -> Result<WritableTxnMarkerTopic, DecodeError> {
        Ok(WritableTxnMarkerTopic {
            name: reader.string(Form::Flexible)?,
            partition_indexes: reader.i32s(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.name)?;
        writer.i32s(Form::Flexible, &self.partition_indexes)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for WritableTxnMarkerTopic {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("name", &self.name, version);
        object.field("partitionIndexes", &self.partition_indexes, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for WritableTxnMarkerTopic {
    fn random(random: &mut crate::testing::Source, _version: i16) -> WritableTxnMarkerTopic {
        WritableTxnMarkerTopic {
            name: random.string(),
            partition_indexes: random.i32s(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
