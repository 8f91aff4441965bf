//! Values to bytes and back, as traits, and a producer of typed keys and values.

use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;

use super::Producer;
use super::record::{Delivery, ProducerRecord};
use crate::error::ClientError;

/// Turns values into bytes.
pub trait Serializer<T: ?Sized>: Send + Sync {
    /// The bytes of `value` for `topic`; `None` is Kafka's null.
    fn serialize(&self, topic: &str, value: &T) -> Result<Option<Bytes>, ClientError>;
}

/// Turns bytes into values.
pub trait Deserializer<T>: Send + Sync {
    /// The value of `bytes` from `topic`; `None` is Kafka's null.
    fn deserialize(&self, topic: &str, bytes: Option<&[u8]>) -> Result<T, ClientError>;
}

/// UTF-8 text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Utf8;

impl Serializer<str> for Utf8 {
    fn serialize(&self, _: &str, value: &str) -> Result<Option<Bytes>, ClientError> {
        Ok(Some(Bytes::copy_from_slice(value.as_bytes())))
    }
}

impl Serializer<String> for Utf8 {
    fn serialize(&self, _: &str, value: &String) -> Result<Option<Bytes>, ClientError> {
        Ok(Some(Bytes::copy_from_slice(value.as_bytes())))
    }
}

impl<T, S: Serializer<T>> Serializer<Option<T>> for Nullable<S> {
    fn serialize(&self, topic: &str, value: &Option<T>) -> Result<Option<Bytes>, ClientError> {
        match value {
            Some(value) => self.0.serialize(topic, value),
            None => Ok(None),
        }
    }
}

impl<T, S: Deserializer<T>> Deserializer<Option<T>> for Nullable<S> {
    fn deserialize(&self, topic: &str, bytes: Option<&[u8]>) -> Result<Option<T>, ClientError> {
        bytes.map(|bytes| self.0.deserialize(topic, Some(bytes))).transpose()
    }
}

/// `None` for null, and what `S` makes of the rest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nullable<S>(pub S);

impl Deserializer<String> for Utf8 {
    fn deserialize(&self, topic: &str, bytes: Option<&[u8]>) -> Result<String, ClientError> {
        let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned);
        text.ok_or_else(|| ClientError::Serialization(format!("a value of {topic} is not UTF-8 text")))
    }
}

/// Bytes as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raw;

impl Serializer<Bytes> for Raw {
    fn serialize(&self, _: &str, value: &Bytes) -> Result<Option<Bytes>, ClientError> {
        Ok(Some(value.clone()))
    }
}

impl Deserializer<Bytes> for Raw {
    fn deserialize(&self, topic: &str, bytes: Option<&[u8]>) -> Result<Bytes, ClientError> {
        let bytes = bytes.map(Bytes::copy_from_slice);
        bytes.ok_or_else(|| ClientError::Serialization(format!("a value of {topic} is null")))
    }
}

/// Integers, big-endian, as Java's `IntegerSerializer` and `LongSerializer` write them.
#[derive(Clone, Copy, Debug, Default)]
pub struct BigEndian;

macro_rules! big_endian {
    ($($int:ty),*) => {$(
        impl Serializer<$int> for BigEndian {
            fn serialize(&self, _: &str, value: &$int) -> Result<Option<Bytes>, ClientError> {
                Ok(Some(Bytes::copy_from_slice(&value.to_be_bytes())))
            }
        }

        impl Deserializer<$int> for BigEndian {
            fn deserialize(&self, topic: &str, bytes: Option<&[u8]>) -> Result<$int, ClientError> {
                let exact = bytes.and_then(|bytes| bytes.try_into().ok());
                exact.map(<$int>::from_be_bytes).ok_or_else(|| {
                    let size = size_of::<$int>();
                    ClientError::Serialization(format!("a value of {topic} does not have {size} bytes"))
                })
            }
        }
    )*};
}

big_endian!(i16, i32, i64, f32, f64);

/// A producer whose keys and values have types.
pub struct TypedProducer<K, V, KS, VS> {
    producer: Producer,
    key: KS,
    value: VS,
    types: PhantomData<fn(K, V)>,
}

impl<K, V, KS: Serializer<K>, VS: Serializer<V>> TypedProducer<K, V, KS, VS> {
    /// Sends through `producer`.
    pub fn new(producer: Producer, key: KS, value: VS) -> TypedProducer<K, V, KS, VS> {
        TypedProducer { producer, key, value, types: PhantomData }
    }

    /// Sends a key with a value.
    pub async fn send(
        &self,
        topic: impl Into<Arc<str>>,
        key: Option<&K>,
        value: &V,
    ) -> Result<Delivery, ClientError> {
        let topic = topic.into();
        let key = key.map(|key| self.key.serialize(&topic, key)).transpose()?.flatten();
        let value = self.value.serialize(&topic, value)?;
        self.producer.send(ProducerRecord { topic, key, value, ..ProducerRecord::default() }).await
    }

    /// The producer underneath, to flush and to close.
    pub fn producer(&self) -> &Producer {
        &self.producer
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_come_back_and_foreign_bytes_are_refused() {
        let long = BigEndian.serialize("t", &-2_i64).unwrap().unwrap();
        assert_eq!(long[..], [255, 255, 255, 255, 255, 255, 255, 254]);
        assert_eq!(Deserializer::<i64>::deserialize(&BigEndian, "t", Some(&long)).unwrap(), -2);
        assert!(Deserializer::<i32>::deserialize(&BigEndian, "t", Some(&long)).is_err());
        assert!(Deserializer::<String>::deserialize(&Utf8, "t", Some(&[0xff])).is_err());
        let none: Option<String> = Nullable(Utf8).deserialize("t", None).unwrap();
        assert_eq!(none, None);
    }
}
