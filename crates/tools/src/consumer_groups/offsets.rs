//! The offsets a group has committed.

use std::collections::BTreeMap;

use klamm_client::Admin;
use klamm_client::admin::GroupOffset;
use klamm_model::TopicPartition;
use klamm_protocol::Str;

use super::wrapped;
use crate::tool::ToolError;

/// All of them.
pub(super) async fn committed(
    admin: &Admin,
    group: &Str,
) -> Result<BTreeMap<TopicPartition, GroupOffset>, ToolError> {
    let mut offsets = BTreeMap::new();
    for found in
        admin.group_offsets(std::slice::from_ref(group)).await.map_err(|error| wrapped(&error))?.into_values()
    {
        for (at, offset) in found.map_err(|error| wrapped(&error))? {
            offsets.insert(at, offset.map_err(|error| wrapped(&error))?);
        }
    }
    Ok(offsets)
}
