//! What a consumer tells about rebalances (Kafka: `ConsumerRebalanceListener`).

use std::future::Future;
use std::pin::Pin;

use klamm_model::TopicPartition;

use super::Consumer;

/// A call's end. It may use the consumer: commit, seek, pause; it must not poll.
pub type Listening<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Hears what a group gives and takes. All calls come out of [`Consumer::poll`] or [`Consumer::close`].
pub trait RebalanceListener: Send {
    /// These partitions came in addition; with the eager protocol these are all.
    fn on_assigned<'a>(
        &'a mut self,
        consumer: &'a mut Consumer,
        partitions: &'a [TopicPartition],
    ) -> Listening<'a>;

    /// These partitions go to others; offsets can still be committed.
    fn on_revoked<'a>(
        &'a mut self,
        consumer: &'a mut Consumer,
        partitions: &'a [TopicPartition],
    ) -> Listening<'a>;

    /// These partitions may have gone to others already: the group had given this member up.
    fn on_lost<'a>(
        &'a mut self,
        consumer: &'a mut Consumer,
        partitions: &'a [TopicPartition],
    ) -> Listening<'a> {
        self.on_revoked(consumer, partitions)
    }
}

/// Runs a future that ends at once.
pub fn done<'a>() -> Listening<'a> {
    Box::pin(std::future::ready(()))
}
