//! One partition on this node: its driver, the combining around it, and what readers and waiting
//! requests see of it.

mod acknowledge;
mod brokers;
pub mod combine;
mod departure;
mod driver;
mod fetching;
mod handle;
#[cfg(all(test, not(feature = "shuttle")))]
mod opening_tests;
mod registry;
mod settings;
mod types;
mod waiters;

pub use brokers::BrokerActivity;
pub use departure::Departure;
pub use driver::{DeleteRecordsRefusal, PartitionDriver, PartitionEffects};
pub use fetching::{Admitted, Asker, FetchRefusal, ReadFound, ReadLimits, read_view};
pub use handle::{EffectSink, OnDamage, PartitionHandle, PartitionParts};
pub use registry::Partitions;
pub use settings::PartitionSettings;
pub use types::{
    Acks, Append, AppendAnswer, AppendRefusal, Appended, Appends, FetchPosition, Fetched, FollowRefusal,
    Following, LeadershipView, Placed,
};
pub use waiters::{FetchWaiter, Waiters};

#[cfg(all(test, not(feature = "shuttle")))]
pub(crate) mod tests;
