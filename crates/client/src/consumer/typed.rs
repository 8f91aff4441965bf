//! A consumer whose keys and values have types.

use std::marker::PhantomData;
use std::time::Duration;

use super::Consumer;
use super::record::ConsumerRecord;
use crate::error::ClientError;
use crate::producer::Deserializer;

/// A record with its key and value read.
#[derive(Clone, Debug)]
pub struct TypedRecord<K, V> {
    /// The key, or why it cannot be read.
    pub key: Result<K, ClientError>,
    /// The value, or why it cannot be read.
    pub value: Result<V, ClientError>,
    /// The record as it came.
    pub record: ConsumerRecord,
}

/// Reads keys by `KD` and values by `VD`.
pub struct TypedConsumer<K, V, KD, VD> {
    consumer: Consumer,
    key: KD,
    value: VD,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K, V, KD: Deserializer<K>, VD: Deserializer<V>> TypedConsumer<K, V, KD, VD> {
    /// Reads through `consumer`.
    pub fn new(consumer: Consumer, key: KD, value: VD) -> TypedConsumer<K, V, KD, VD> {
        TypedConsumer { consumer, key, value, types: PhantomData }
    }

    /// As [`Consumer::poll`]. A record that cannot be read does not hold up the others.
    pub async fn poll(&mut self, timeout: Duration) -> Result<Vec<TypedRecord<K, V>>, ClientError> {
        let records = self.consumer.poll(timeout).await?;
        let typed = records.into_iter().map(|record| TypedRecord {
            key: self.key.deserialize(&record.topic, record.key.as_deref()),
            value: self.value.deserialize(&record.topic, record.value.as_deref()),
            record,
        });
        Ok(typed.collect())
    }

    /// The consumer underneath, for all else.
    pub fn consumer(&mut self) -> &mut Consumer {
        &mut self.consumer
    }

    /// The consumer underneath, to close it.
    pub fn into_consumer(self) -> Consumer {
        self.consumer
    }
}
