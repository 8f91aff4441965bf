//! Black-box stories of abuse: whatever strangers send, the node answers with Kafka's error or closes their connection
//! with one line in its log, serves a healthy client meanwhile, and holds bounded memory.
#![allow(clippy::unwrap_used, missing_docs)]

mod batches;
mod floods;
mod frames;
mod fuzz;
mod limits;
mod slow;
mod victim;
