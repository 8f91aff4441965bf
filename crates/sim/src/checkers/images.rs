//! Images of the metadata are equal at equal offsets, on whichever node, however they were built:
//! record by record, from a snapshot, or by the active controller itself.

use std::collections::BTreeMap;

use klamm_metadata::MetadataImage;
use klamm_model::Offset;

use super::must;

/// The name of this checker.
const NAME: &str = "images";
/// Images that are remembered.
const REMEMBERED: usize = 256;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Images {
    by_offset: BTreeMap<Offset, (i32, MetadataImage)>,
    /// How far each process has published.
    published: BTreeMap<(i32, u32), Offset>,
}

impl Images {
    /// A process of `node` publishes `image`.
    pub(crate) fn published(&mut self, (node, incarnation): (i32, u32), image: &MetadataImage) {
        let Some(last) = image.last_offset() else { return };
        let before = self.published.insert((node, incarnation), last);
        must!(
            before.is_none_or(|before| before <= last),
            NAME,
            "node {node} publishes an image of offset {last} after one of {before:?}"
        );
        match self.by_offset.get(&last) {
            Some((other, known)) => {
                let difference = difference(known, image);
                must!(
                    difference.is_none(),
                    NAME,
                    "nodes {other} and {node} differ at offset {last} in {difference:?}"
                );
            }
            None => {
                self.by_offset.insert(last, (node, image.clone()));
                while self.by_offset.len() > REMEMBERED {
                    self.by_offset.pop_first();
                }
            }
        }
    }
}

/// What differs between two images, but for where they come from.
pub(crate) fn difference(one: &MetadataImage, other: &MetadataImage) -> Option<String> {
    let parts = [
        ("features", one.features() == other.features()),
        ("brokers and controllers", one.cluster() == other.cluster()),
        ("topics", one.topics() == other.topics()),
        ("configs", one.configs() == other.configs()),
        ("quotas", one.quotas() == other.quotas()),
        ("producer ids", one.next_producer_id() == other.next_producer_id()),
        ("acls", one.acls() == other.acls()),
    ];
    let name = parts.into_iter().find_map(|(name, equal)| (!equal).then_some(name))?;
    Some(if name == "topics" {
        format!("topics: {}", topics_that_differ(one, other))
    } else {
        name.to_owned()
    })
}

fn topics_that_differ(one: &MetadataImage, other: &MetadataImage) -> String {
    let only = |of: &MetadataImage, against: &MetadataImage| {
        let news = of.topics().iter().filter(|topic| against.topics().by_id(topic.id()) != Some(*topic));
        news.map(|topic| format!("{topic:?}")).collect::<Vec<_>>()
    };
    format!("{:?} where the other has {:?}", only(one, other), only(other, one))
}
