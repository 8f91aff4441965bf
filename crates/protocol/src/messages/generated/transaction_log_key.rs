//! Generated from `schemas/TransactionLogKey.ksc` by `cargo xtask codegen`.

use crate::codec::{DecodeError, Element, EncodeError, Form, Reader, Str, Writer};
use crate::message::Message;

/// `TransactionLogKey` (transaction-key, key 0): versions 0, flexible none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TransactionLogKey {
    /// All versions.
    pub transactional_id: Str,
}

impl Message for TransactionLogKey {
    const NAME: &'static str = "TransactionLogKey";
    const VERSIONS: std::ops::RangeInclusive<i16> = 0..=0;
    const FLEXIBLE_FROM: Option<i16> = None;
}

impl Element for TransactionLogKey {
    const MIN_LEN: usize = 2;

    fn read(reader: &mut Reader, _version: i16) -> Result<TransactionLogKey, DecodeError> {
        Ok(TransactionLogKey { transactional_id: reader.string(Form::Legacy)? })
    }

    fn write(&self, writer: &mut Writer, _version: i16) -> Result<(), EncodeError> {
        writer.string(Form::Legacy, &self.transactional_id)?;
        Ok(())
    }
}

#[cfg(feature = "json")]
impl crate::json::ToJson for TransactionLogKey {
    fn write_json(&self, out: &mut String, version: i16) {
        let mut object = crate::json::Object::begin(out);
        object.field("transactionalId", &self.transactional_id, version);

        object.end();
    }
}

#[cfg(feature = "testing")]
impl crate::testing::Random for TransactionLogKey {
    fn random(random: &mut crate::testing::Source, _version: i16) -> TransactionLogKey {
        TransactionLogKey { transactional_id: random.string() }
    }
}
