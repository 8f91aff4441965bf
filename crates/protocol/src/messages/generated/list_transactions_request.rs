//! Generated from `schemas/ListTransactionsRequest.ksc` by `cargo xtask codegen`.

use crate::api_key::ApiKey;
use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, TaggedFields, Writer};
use crate::message::{Message, Request};

/// `ListTransactionsRequest` (request, key 66): versions 0-2, flexible 0+.
#[derive(Clone, Debug, PartialEq)]
pub struct ListTransactionsRequest {
    /// All versions.
    pub state_filters: Vec<Str>,
    /// All versions; a `producerId`.
    pub producer_id_filters: Vec<i64>,
    /// Versions 1+; default -1.
    pub duration_filter: i64,
    /// Versions 2+; default null.
    pub transactional_id_pattern: Option<Str>,
    /// Tagged fields this build does not know.
    pub unknown_tagged_fields: TaggedFields,
}

impl Default for ListTransactionsRequest {
    fn default() -> ListTransactionsRequest {
        ListTransactionsRequest {
            state_filters: Vec::new(),
            producer_id_filters: Vec::new(),
            duration_filter: -1,
            transactional_id_pattern: None,
            unknown_tagged_fields: TaggedFields::default(),
        }
    }
}

impl Message for ListTransactionsRequest {
    const NAME: &'static str = "ListTransactionsRequest";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=2;
    const FLEXIBLE_FROM: Option<i16> = Some(0);
}

impl Request for ListTransactionsRequest {
    const KEY: ApiKey = ApiKey::ListTransactions;
    type Response = super::list_transactions_response::ListTransactionsResponse;
}

impl Element for ListTransactionsRequest {
    const MIN_LEN: usize = 3;

    fn read(reader: &mut Reader, version: i16) -> Result<ListTransactionsRequest, DecodeError> {
        Ok(ListTransactionsRequest {
            state_filters: reader.strings(Form::Flexible)?,
            producer_id_filters: reader.i64s(Form::Flexible)?,
            duration_filter: if version >= 1 { reader.i64()? } else { -1 },
            transactional_id_pattern: if version == 2 {
                reader.nullable_string(Form::Flexible)?
            } else {
                None
            },
            unknown_tagged_fields: reader.tagged_fields()?,
        })
    }

    fn write(&self, writer: &mut Writer, version: i16) -> Result<(), EncodeError> {
        writer.strings(Form::Flexible, &self.state_filters)?;
        writer.i64s(Form::Flexible, &self.producer_id_filters)?;
        if version >= 1 {
            writer.i64(self.duration_filter);
        } else if self.duration_filter != -1 {
            return Err(EncodeError::NotInVersion {
                message: "ListTransactionsRequest",
                field: "DurationFilter",
                version,
            });
        }
        if version == 2 {
            writer.nullable_string(Form::Flexible, self.transactional_id_pattern.as_ref())?;
        } else if self.transactional_id_pattern.is_some() {
            return Err(EncodeError::NotInVersion {
                message: "ListTransactionsRequest",
                field: "TransactionalIdPattern",
                version,
            });
        }
        writer.tagged_fields(&self.unknown_tagged_fields)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for ListTransactionsRequest {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("stateFilters", &self.state_filters, version);
        object.field("producerIdFilters", &self.producer_id_filters, version);
        if version >= 1 {
            object.field("durationFilter", &self.duration_filter, version);
        }
        if version == 2 {
            object.field("transactionalIdPattern", &self.transactional_id_pattern, version);
        }

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for ListTransactionsRequest {
    fn random(random: &mut crate::testing::Source, version: i16) -> ListTransactionsRequest {
        ListTransactionsRequest {
            state_filters: random.strings(),
            producer_id_filters: random.i64s(),
            duration_filter: if version >= 1 { random.i64() } else { -1 },
            transactional_id_pattern: if version == 2 {
                random.is_some().then(|| random.string())
            } else {
                None
            },
            unknown_tagged_fields: random.tagged_fields(0),
        }
    }
}
