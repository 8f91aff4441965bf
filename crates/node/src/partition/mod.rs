//! One partition on this node: its driver, the combining around it, and what readers and waiting
//! requests see of it.

mod acknowledge;
mod brokers;
pub mod combine;
#[cfg(all(test, not(feature = "shuttle")))]
mod damage_tests;
mod departure;
mod driver;
mod fetching;
mod handle;
#[cfg(all(test, not(feature = "shuttle")))]
mod moving_tests;
#[cfg(all(test, not(feature = "shuttle")))]
mod opening_tests;
mod registry;
mod settings;
mod types;
mod waiters;

pub use brokers::BrokerActivity;
pub use departure::Departure;
pub use driver::{DeleteRecordsRefusal, Deleted, Deletion, PartitionDriver, PartitionEffects};
pub use fetching::{Admitted, Asker, FetchRefusal, ReadFound, ReadLimits, read_view};
pub use handle::{EffectSink, Finished, Move, MoveStep, OnDamage, PartitionHandle, PartitionParts};
pub use registry::Partitions;
pub use settings::PartitionSettings;
pub use types::{
    Acks, Append, AppendAnswer, AppendRefusal, Appended, Appends, FetchPosition, Fetched, FollowRefusal,
    Following, LeadershipView, Placed,
};
pub use waiters::{FetchWaiter, Waiters};

#[cfg(all(test, not(feature = "shuttle")))]
pub(crate) mod tests;
