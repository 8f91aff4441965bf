//! What placement knows of a broker.

use std::sync::Arc;

use klamm_model::BrokerId;

/// `broker.rack`; brokers without one form a group of their own.
pub type Rack = Option<Arc<str>>;

/// A broker replicas may be placed on: registered, not in controlled shutdown, and with at least
/// one log directory that is not cordoned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsableBroker {
    /// Its id; unique within one call.
    pub id: BrokerId,
    /// Its rack.
    pub rack: Rack,
    /// Not (yet) serving. Used only where the unfenced ones do not suffice, and never as the
    /// first replica of a partition.
    pub fenced: bool,
}
