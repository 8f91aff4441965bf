//! Generated from `schemas/DelegationTokenRecord.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `DelegationTokenRecord` (metadata, key 10): versions 0, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DelegationTokenRecord {
    /// All versions.
    pub owner: Str,
    /// All versions.
    pub requester: Str,
    /// All versions.
    pub renewers: Vec<Str>,
    /// All versions.
    pub issue_timestamp: i64,
    /// All versions.
    pub max_timestamp: i64,
    /// All versions.
    pub expiration_timestamp: i64,
    /// All versions.
    pub token_id: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for DelegationTokenRecord {
    const NAME: &'static str = "DelegationTokenRecord";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for DelegationTokenRecord {
    const MIN_LEN: usize = 29;

    fn read(reader: &mut Reader, _version: i16) -> Result<DelegationTokenRecord, DecodeError> {
        Ok(DelegationTokenRecord {
            owner: reader.string(Form::Flexible)?,
            requester: reader.string(Form::Flexible)?,
            renewers: reader.strings(Form::Flexible)?,
            issue_timestamp: reader.i64()?,
            max_timestamp: reader.i64()?,
            expiration_timestamp: reader.i64()?,
            token_id: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.owner)?;
        writer.string(Form::Flexible, &self.requester)?;
        writer.strings(Form::Flexible, &self.renewers)?;
        writer.i64(self.issue_timestamp);
        writer.i64(self.max_timestamp);
        writer.i64(self.expiration_timestamp);
        writer.string(Form::Flexible, &self.token_id)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for DelegationTokenRecord {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("owner", &self.owner, version);
        object.field("requester", &self.requester, version);
        object.field("renewers", &self.renewers, version);
        object.field("issueTimestamp", &self.issue_timestamp, version);
        object.field("maxTimestamp", &self.max_timestamp, version);
        object.field("expirationTimestamp", &self.expiration_timestamp, version);
        object.field("tokenId", &self.token_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for DelegationTokenRecord {
    fn random(random: &mut crate::testing::Source, _version: i16) -> DelegationTokenRecord {
        DelegationTokenRecord {
            owner: random.string(),
            requester: random.string(),
            renewers: random.strings(),
            issue_timestamp: random.i64(),
            max_timestamp: random.i64(),
            expiration_timestamp: random.i64(),
            token_id: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
