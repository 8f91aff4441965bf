//! Turns schemas into the Rust of `crates/protocol/src/messages/generated`.

mod apis;
mod decode;
mod default;
mod encode;
mod errors;
mod file;
mod index;
mod json;
mod names;
mod plan;
mod random;
mod record_sets;

pub use apis::{apis, parse_api_traits};
pub use errors::{errors, parse_errors};
pub use file::message_file;
pub use index::module_index;
pub use names::snake_case;
pub use record_sets::record_sets;
