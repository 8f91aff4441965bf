//! Reads the topics out of a consumer's subscription, the one offer the coordinator looks into.

use bytes::Bytes;
use klamm_protocol::messages::ConsumerProtocolSubscription;
use klamm_protocol::{Message, Reader, Str};

/// The topics of a subscription, or `None` if it is not one. Every version starts like version 0.
pub(crate) fn topics(subscription: Bytes) -> Option<Vec<Str>> {
    let mut reader = Reader::new(subscription);
    let version = reader.i16().ok()?;
    if version < 0 {
        return None;
    }
    let subscription = ConsumerProtocolSubscription::decode(&mut reader, 0).ok()?;
    Some(subscription.topics.iter().map(Str::detached).collect())
}
