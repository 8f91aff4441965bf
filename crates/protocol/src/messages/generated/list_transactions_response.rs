//! Generated from `schemas/ListTransactionsResponse.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::Message;

/// `ListTransactionsResponse` (response, key 66): versions 0-2, flexible 0+.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListTransactionsResponse {
    /// All versions.
    pub throttle_time_ms: i32,
    /// All versions.
    pub error_code: i16,
    /// All versions.
    pub unknown_state_filters: Vec<Str>,
    /// All versions.
    pub transaction_states: Vec<TransactionState>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Message for ListTransactionsResponse {
    const NAME: &'static str = "ListTransactionsResponse";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Element for ListTransactionsResponse {
    const MIN_LEN: usize = 9;

    fn read(reader: &mut Reader, version: i16) -> Result<ListTransactionsResponse, DecodeError> {
        Ok(ListTransactionsResponse {
            throttle_time_ms: reader.i32()?,
            error_code: reader.i16()?,
            unknown_state_filters: reader.strings(Form::Flexible)?,
            transaction_states: reader.array(Form::Flexible, version)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.i32(self.throttle_time_ms);
        writer.i16(self.error_code);
        writer.strings(Form::Flexible, &self.unknown_state_filters)?;
        writer.array(Form::Flexible, &self.transaction_states, version)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListTransactionsResponse {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("throttleTimeMs", &self.throttle_time_ms, version);
        object.field("errorCode", &self.error_code, version);
        object.field("unknownStateFilters", &self.unknown_state_filters, version);
        object.field("transactionStates", &self.transaction_states, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListTransactionsResponse {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListTransactionsResponse {
        ListTransactionsResponse {
            throttle_time_ms: random.i32(),
            error_code: random.i16(),
            unknown_state_filters: random.strings(),
            transaction_states: random.array(version),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}

/// Part of [`ListTransactionsResponse`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionState {
    /// All versions; a `transactionalId`.
    pub transactional_id: Str,
    /// All versions; a `producerId`.
    pub producer_id: i64,
    /// All versions.
    pub transaction_state: Str,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Element for TransactionState {
    const MIN_LEN: usize = 11;

    fn read(reader: &mut Reader, _version: i16) -> Result<TransactionState, DecodeError> {
        Ok(TransactionState {
            transactional_id: reader.string(Form::Flexible)?,
            producer_id: reader.i64()?,
            transaction_state: reader.string(Form::Flexible)?,
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Flexible, &self.transactional_id)?;
        writer.i64(self.producer_id);
        writer.string(Form::Flexible, &self.transaction_state)?;
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TransactionState {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);
        object.field("producerId", &self.producer_id, version);
        object.field("transactionState", &self.transaction_state, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TransactionState {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TransactionState {
        TransactionState {
            transactional_id: random.string(),
            producer_id: random.i64(),
            transaction_state: random.string(),
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
