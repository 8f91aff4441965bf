//! The observer and the executor of lifecycle plans, over Kafka's own wire: the same for `klamm up`
//! and the operator, and for nodes of Klamm and of Apache Kafka.

mod execute;
mod observe;
mod wire;

pub use execute::{ExecuteError, execute_on_cluster};
pub use observe::{answers, observe_cluster, observe_controllers, observe_disks};
