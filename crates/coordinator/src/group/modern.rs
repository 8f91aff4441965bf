//! Groups of protocols this node does not run: kept as the log has them, so that nothing is lost and they
//! can be listed, deleted and their offsets read. Nobody can join them.

use std::collections::BTreeMap;

use bytes::Bytes;
use klamm_protocol::Str;

use super::record::GroupRecord;

/// The protocol of a group's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupType {
    /// The members agree among themselves.
    Classic,
    /// KIP-848: the coordinator assigns partitions.
    Consumer,
    /// KIP-932: members share partitions.
    Share,
    /// KIP-1071: the coordinator assigns tasks.
    Streams,
}

impl GroupType {
    /// Kafka's name.
    pub fn name(self) -> &'static str {
        match self {
            GroupType::Classic => "classic",
            GroupType::Consumer => "consumer",
            GroupType::Share => "share",
            GroupType::Streams => "streams",
        }
    }

    /// Protocol type of its members; for a classic group they say it themselves.
    pub fn protocol_type(self) -> &'static str {
        match self {
            GroupType::Classic => "",
            GroupType::Consumer => "consumer",
            GroupType::Share => "share",
            GroupType::Streams => "streams",
        }
    }

    /// By name, in any case.
    pub fn from_name(name: &str) -> Option<GroupType> {
        let all = [GroupType::Classic, GroupType::Consumer, GroupType::Share, GroupType::Streams];
        all.into_iter().find(|group_type| group_type.name().eq_ignore_ascii_case(name))
    }
}

/// Which piece of a group a record is. In the order in which a group's tombstones must be written: what is
/// assigned, what shall be, members, the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModernPart {
    /// What a member has.
    CurrentAssignment,
    /// What a member shall have.
    TargetMember,
    /// The epoch of the target.
    TargetMetadata,
    /// What a member said of itself.
    Member,
    /// The topics an expression matches.
    RegularExpression,
    /// Partition counts, or state of shared partitions.
    PartitionMetadata,
    /// Subtopologies of a streams application.
    Topology,
    /// The group's epoch.
    Group,
}

/// Type of a record of a newer group protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModernKind {
    /// Whose record it is.
    pub group_type: GroupType,
    /// Which piece it is.
    pub part: ModernPart,
}

impl ModernKind {
    /// By the type in the key. Types 9 and 18 were given up before 4.4 and are unknown to it, too.
    pub fn from_type(record_type: i16) -> Option<ModernKind> {
        use GroupType::{Consumer, Share, Streams};
        use ModernPart::{
            CurrentAssignment, Group, Member, PartitionMetadata, RegularExpression, TargetMember,
            TargetMetadata, Topology,
        };
        let (group_type, part) = match record_type {
            3 => (Consumer, Group),
            4 => (Consumer, PartitionMetadata),
            5 => (Consumer, Member),
            6 => (Consumer, TargetMetadata),
            7 => (Consumer, TargetMember),
            8 => (Consumer, CurrentAssignment),
            16 => (Consumer, RegularExpression),
            10 => (Share, Member),
            11 => (Share, Group),
            12 => (Share, TargetMetadata),
            13 => (Share, TargetMember),
            14 => (Share, CurrentAssignment),
            15 => (Share, PartitionMetadata),
            17 => (Streams, Group),
            19 => (Streams, Member),
            20 => (Streams, TargetMetadata),
            21 => (Streams, TargetMember),
            22 => (Streams, CurrentAssignment),
            23 => (Streams, Topology),
            _ => return None,
        };
        Some(ModernKind { group_type, part })
    }
}

/// A record that is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModernRecord {
    /// What it is.
    pub kind: ModernKind,
    /// Its group.
    pub group: Str,
    /// The whole key.
    pub key: Bytes,
    /// The whole value, or a tombstone.
    pub value: Option<Bytes>,
}

/// The last record of each key of one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModernGroup {
    /// The protocol.
    pub group_type: GroupType,
    records: BTreeMap<(ModernPart, Bytes), Bytes>,
}

impl ModernGroup {
    /// A group of which nothing is known.
    pub(crate) fn new(group_type: GroupType) -> ModernGroup {
        ModernGroup { group_type, records: BTreeMap::new() }
    }

    /// Takes in a record of the group.
    pub(crate) fn replay(&mut self, record: &ModernRecord) {
        let key = (record.kind.part, Bytes::copy_from_slice(&record.key));
        match &record.value {
            Some(value) => self.records.insert(key, Bytes::copy_from_slice(value)),
            None => self.records.remove(&key),
        };
    }

    /// Whether it has no members.
    pub fn is_empty(&self) -> bool {
        !self.records.keys().any(|(part, _)| *part == ModernPart::Member)
    }

    /// Kafka's name of the state. With members, it is what Kafka says before it has looked at them: they
    /// are about to be given up, since nobody can send a heartbeat.
    pub fn state_name(&self) -> &'static str {
        match self.group_type {
            _ if self.is_empty() => "Empty",
            GroupType::Streams => "NotReady",
            GroupType::Classic | GroupType::Consumer | GroupType::Share => "Stable",
        }
    }

    /// Tombstones for all its records; the last one deletes the group.
    pub(crate) fn tombstones(&self, group_id: &Str) -> Vec<GroupRecord> {
        let kind = |part| ModernKind { group_type: self.group_type, part };
        let records = self.records.keys().map(|(part, key)| {
            GroupRecord::Modern(ModernRecord {
                kind: kind(*part),
                group: group_id.clone(),
                key: key.clone(),
                value: None,
            })
        });
        records.collect()
    }
}
