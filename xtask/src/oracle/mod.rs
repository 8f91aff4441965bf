//! Apache Kafka as the oracle: its jars, small Java programs against them, and brokers of both systems to compare.
//!
//! Everything fetched or compiled lies in the user's cache (`$KLAMM_CACHE`, else `~/.cache/klamm`), so a second
//! run needs no registry. `$KLAMM_KAFKA_LIBS` (and `$KLAMM_KAFKA_TOOLS_LIBS`) name a directory of jars to use
//! instead of those resolved by Maven.

pub mod broker;
pub mod cache;
pub mod cluster;
pub mod jars;
pub mod java;
pub mod ports;
pub mod readiness;
