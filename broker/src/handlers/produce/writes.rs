//! The appends of requests that came together, by partition: each partition gets its own with one
//! write, in the order of the requests.

use std::collections::HashMap;

use klamm_model::TopicIdPartition;
use klamm_node::partition::{Append, Appends, PartitionHandle};
use smallvec::{SmallVec, smallvec};

use super::Begun;

/// Where an answer belongs: places of request, topic and partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) request: usize,
    pub(super) topic: usize,
    pub(super) partition: usize,
}

/// What is to be written.
#[derive(Default)]
pub(super) struct Writes {
    list: Vec<Write>,
    /// Places in the list, but for the first, which is looked at directly: mostly there is only one.
    others: HashMap<TopicIdPartition, usize>,
    /// Partitions whose log is not open: what follows waits as well, also if it opens meanwhile.
    unopened: Vec<TopicIdPartition>,
}

struct Write {
    handle: PartitionHandle,
    appends: Appends,
    places: SmallVec<[Place; 4]>,
}

impl Writes {
    /// Whether an append has to wait for the log to open.
    pub(super) fn must_wait(&mut self, handle: &PartitionHandle) -> bool {
        if handle.view().is_none() {
            self.unopened.push(handle.id());
        }
        !self.unopened.is_empty() && self.unopened.contains(&handle.id())
    }

    pub(super) fn add(&mut self, handle: PartitionHandle, append: Append, place: Place) {
        let id = handle.id();
        let known = match self.list.first() {
            Some(first) if first.handle.id() == id => Some(0),
            Some(_) => self.others.get(&id).copied(),
            None => None,
        };
        if let Some(at) = known {
            self.list[at].appends.push(append);
            self.list[at].places.push(place);
            return;
        }
        if !self.list.is_empty() {
            self.others.insert(id, self.list.len());
        }
        self.list.push(Write { handle, appends: smallvec![append], places: smallvec![place] });
    }

    /// Appends all and tells the requests what became of it. Whether the newest of them has failed.
    pub(super) fn carry_out(&mut self, begun: &mut [Begun]) -> bool {
        self.others.clear();
        for Write { handle, appends, places } in self.list.drain(..) {
            for (place, appended) in places.into_iter().zip(handle.append(appends)) {
                begun[place.request].take(place, &handle, appended);
            }
        }
        begun.last().is_some_and(Begun::has_failed)
    }
}
