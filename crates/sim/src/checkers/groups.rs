//! Consumer groups: in one generation a partition belongs to one member; what was committed is found
//! again and never goes back.

use std::collections::BTreeMap;

use super::must;

/// The name of this checker.
const NAME: &str = "groups";

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// By group, generation and partition: the member it belongs to.
    owners: BTreeMap<(String, i32, i32), String>,
    /// By group and partition: the highest offset that was acknowledged.
    committed: BTreeMap<(String, i32), i64>,
    generations: BTreeMap<String, i32>,
    commits: u64,
}

impl Groups {
    /// Commits acknowledged so far.
    pub(crate) fn count(&self) -> u64 {
        self.commits
    }

    /// A member was told its partitions.
    pub(crate) fn assigned(&mut self, group: &str, generation: i32, member: &str, partitions: &[i32]) {
        let newest = self.generations.entry(group.to_owned()).or_default();
        *newest = (*newest).max(generation);
        for partition in partitions {
            let key = (group.to_owned(), generation, *partition);
            let owner = self.owners.entry(key).or_insert_with(|| member.to_owned());
            must!(
                owner == member,
                NAME,
                "partition {partition} belongs to {owner} and {member} in generation {generation} of {group}"
            );
        }
    }

    /// A commit was acknowledged.
    pub(crate) fn committed(&mut self, group: &str, partition: i32, offset: i64) {
        let known = self.committed.entry((group.to_owned(), partition)).or_insert(-1);
        *known = (*known).max(offset);
        self.commits += 1;
    }

    /// What must be found by a question that is asked now.
    pub(crate) fn floor(&self, group: &str, partition: i32) -> i64 {
        self.committed.get(&(group.to_owned(), partition)).copied().unwrap_or(-1)
    }

    /// A coordinator says what is committed; `floor` was when it was asked.
    pub(crate) fn found(&self, group: &str, partition: i32, offset: i64, floor: i64) {
        must!(
            offset >= floor,
            NAME,
            "{group} finds {offset} committed of partition {partition}, {floor} was acknowledged"
        );
    }
}
