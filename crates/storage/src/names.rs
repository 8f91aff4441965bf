//! Names of Kafka's files and directories, made and read; nothing else knows them.

use klamm_model::{LeaderEpoch, Offset, OffsetAndEpoch, TopicPartition, Uuid};

/// Longest file name that file systems take, in bytes.
const MAX_NAME: usize = 255;
/// A directory of Kafka's tiered storage inside a log directory: not a partition.
pub const REMOTE_INDEX_CACHE: &str = "remote-log-index-cache";
/// The topic of the metadata quorum.
pub const METADATA_TOPIC: &str = "__cluster_metadata";

/// Kinds of files named by an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Batches.
    Log,
    /// Offset to position.
    OffsetIndex,
    /// Timestamp to offset.
    TimeIndex,
    /// Aborted transactions.
    TransactionIndex,
    /// Producer state at the offset of its name.
    ProducerSnapshot,
}

impl FileKind {
    /// The four files of a segment; the log first, so that a crash between two renames leaves a
    /// segment without a log and not one without an index.
    pub const SEGMENT: [FileKind; 4] =
        [FileKind::Log, FileKind::OffsetIndex, FileKind::TimeIndex, FileKind::TransactionIndex];

    /// With the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            FileKind::Log => ".log",
            FileKind::OffsetIndex => ".index",
            FileKind::TimeIndex => ".timeindex",
            FileKind::TransactionIndex => ".txnindex",
            FileKind::ProducerSnapshot => ".snapshot",
        }
    }

    const ALL: [FileKind; 5] = [
        FileKind::Log,
        FileKind::OffsetIndex,
        FileKind::TimeIndex,
        FileKind::TransactionIndex,
        FileKind::ProducerSnapshot,
    ];
}

/// What a file's second extension says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileStage {
    /// In use: no second extension.
    Live,
    /// Output of compaction, unfinished: removed at start.
    Cleaned,
    /// Output of compaction, finished: replaces what it covers at start.
    Swap,
    /// On its way out: removed at start.
    Deleted,
    /// Damaged bytes kept for a human (ours; Kafka ignores the name).
    Corrupt,
}

impl FileStage {
    /// With the dot; empty for files in use.
    pub const fn suffix(self) -> &'static str {
        match self {
            FileStage::Live => "",
            FileStage::Cleaned => ".cleaned",
            FileStage::Swap => ".swap",
            FileStage::Deleted => ".deleted",
            FileStage::Corrupt => ".corrupt",
        }
    }

    const ALL: [FileStage; 5] =
        [FileStage::Live, FileStage::Cleaned, FileStage::Swap, FileStage::Deleted, FileStage::Corrupt];
}

/// A file of a partition that is named by an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// Base offset of the segment, or end offset of the snapshot.
    pub offset: Offset,
    /// What it holds.
    pub kind: FileKind,
    /// Where in its life it is.
    pub stage: FileStage,
}

impl FileName {
    /// A file in use.
    pub const fn live(offset: Offset, kind: FileKind) -> FileName {
        FileName { offset, kind, stage: FileStage::Live }
    }

    /// Reads a name; `None` for any other file.
    pub fn parse(name: &str) -> Option<FileName> {
        let (digits, rest) = name.split_at_checked(20)?;
        let offset = parse_digits(digits)?;
        let fits = |kind: &FileKind, stage: &FileStage| {
            rest.strip_prefix(kind.extension()).is_some_and(|suffix| suffix == stage.suffix())
        };
        let pairs =
            FileKind::ALL.iter().flat_map(|kind| FileStage::ALL.iter().map(move |stage| (kind, stage)));
        let (&kind, &stage) = { pairs }.find(|(kind, stage)| fits(kind, stage))?;
        Some(FileName { offset, kind, stage })
    }
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:020}{}{}", self.offset.get(), self.kind.extension(), self.stage.suffix())
    }
}

fn parse_digits(digits: &str) -> Option<Offset> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Offset::new(digits.parse().ok()?)
}

/// What a partition's directory is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartitionDirKind {
    /// The partition itself.
    Current,
    /// A copy that catches up, to replace the one in another log directory.
    Future,
    /// Deleted; its files go in the background, also after a restart.
    Delete,
    /// Not assigned to this broker: kept for a human.
    Stray,
}

impl PartitionDirKind {
    const SUFFIXED: [PartitionDirKind; 3] =
        [PartitionDirKind::Future, PartitionDirKind::Delete, PartitionDirKind::Stray];

    const fn suffix(self) -> &'static str {
        match self {
            PartitionDirKind::Current => "",
            PartitionDirKind::Future => "-future",
            PartitionDirKind::Delete => "-delete",
            PartitionDirKind::Stray => "-stray",
        }
    }
}

/// A partition's directory: the partition its name tells and what it is for. The topic of a
/// `-delete` or `-stray` name may be cut short.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionDirName {
    /// The name as it is on disk.
    pub name: String,
    /// The partition it tells.
    pub partition: TopicPartition,
    /// What it is for.
    pub kind: PartitionDirKind,
}

impl PartitionDirName {
    /// `topic-partition`.
    pub fn current(partition: &TopicPartition) -> PartitionDirName {
        let kind = PartitionDirKind::Current;
        PartitionDirName { name: partition.to_string(), partition: partition.clone(), kind }
    }

    /// `topic-partition.<unique>-<kind>`, the topic cut so that the name fits a file system.
    pub fn suffixed(partition: &TopicPartition, kind: PartitionDirKind, unique: Uuid) -> PartitionDirName {
        let end = format!("-{}.{:032x}{}", partition.partition, unique.to_u128(), kind.suffix());
        // Topic names are ASCII, so any cut is a character boundary; a future copy is never cut,
        // since its name is how the partition is found again.
        let keep = match kind {
            PartitionDirKind::Delete | PartitionDirKind::Stray => {
                partition.topic.len().min(MAX_NAME - end.len())
            }
            PartitionDirKind::Current | PartitionDirKind::Future => partition.topic.len(),
        };
        let name = format!("{}{end}", &partition.topic[..keep]);
        PartitionDirName { name, partition: partition.clone(), kind }
    }

    /// Reads a directory's name; `None` if it is not that of a partition.
    pub fn parse(name: &str) -> Option<PartitionDirName> {
        let suffixed = PartitionDirKind::SUFFIXED.into_iter().find(|kind| name.ends_with(kind.suffix()));
        let (plain, kind) = match suffixed {
            None => (name, PartitionDirKind::Current),
            Some(kind) => {
                let (plain, unique) = name.strip_suffix(kind.suffix())?.rsplit_once('.')?;
                let is_word = !unique.is_empty() && !unique.contains(char::is_whitespace);
                (is_word.then_some(plain)?, kind)
            }
        };
        let (topic, partition) = plain.rsplit_once('-')?;
        let number = partition.parse().ok().filter(|&number: &i32| number >= 0)?;
        if topic.is_empty() || !partition.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(PartitionDirName { name: name.to_owned(), partition: TopicPartition::new(topic, number), kind })
    }
}

/// A snapshot of the metadata log: `<20-digit end offset>-<10-digit epoch>.checkpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetadataSnapshotName {
    /// What it replaces: everything below this offset.
    pub id: OffsetAndEpoch,
    /// Where in its life it is.
    pub stage: MetadataSnapshotStage,
}

/// Where in its life a metadata snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MetadataSnapshotStage {
    /// `.checkpoint`: whole.
    Whole,
    /// `....checkpoint.part`: being written; removed at start.
    Partial,
    /// `.checkpoint.deleted`: on its way out; removed at start.
    Deleted,
}

impl MetadataSnapshotName {
    /// The name of a whole snapshot.
    pub fn whole(id: OffsetAndEpoch) -> String {
        format!("{:020}-{:010}.checkpoint", id.offset.get(), id.epoch.get())
    }

    /// The name while it is being written; `unique` keeps two attempts apart.
    pub fn partial(id: OffsetAndEpoch, unique: u64) -> String {
        format!("{:020}-{:010}-{unique}.checkpoint.part", id.offset.get(), id.epoch.get())
    }

    /// The name on its way out.
    pub fn deleted(id: OffsetAndEpoch) -> String {
        format!("{:020}-{:010}.checkpoint.deleted", id.offset.get(), id.epoch.get())
    }

    /// Reads a name; `None` for any other file.
    pub fn parse(name: &str) -> Option<MetadataSnapshotName> {
        let stage = if name.ends_with(".checkpoint.part") {
            MetadataSnapshotStage::Partial
        } else if name.ends_with(".checkpoint.deleted") {
            MetadataSnapshotStage::Deleted
        } else if name.ends_with(".checkpoint") {
            MetadataSnapshotStage::Whole
        } else {
            return None;
        };
        let offset = parse_digits(name.get(..20)?)?;
        let epoch = parse_digits(name.get(20..)?.strip_prefix('-')?.get(..10)?)?;
        let epoch = LeaderEpoch::new(i32::try_from(epoch.get()).ok()?)?;
        Some(MetadataSnapshotName { id: OffsetAndEpoch { offset, epoch }, stage })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn file_names_round_trip() {
        for kind in FileKind::ALL {
            for stage in FileStage::ALL {
                let name = FileName { offset: Offset::at(42), kind, stage };
                assert_eq!(FileName::parse(&name.to_string()), Some(name));
            }
        }
        assert_eq!(FileName::live(Offset::at(7), FileKind::Log).to_string(), "00000000000000000007.log");
    }

    #[test]
    fn other_names_are_left_alone() {
        for name in [
            "leader-epoch-checkpoint",
            "0000000000000000000a.log",
            "00000000000000000000.log.foo",
            "1.log",
            "99999999999999999999.log",
        ] {
            assert_eq!(FileName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn partition_directories_round_trip() {
        let partition = TopicPartition::new("a-b.c-1", 17);
        let current = PartitionDirName::current(&partition);
        assert_eq!(current.name, "a-b.c-1-17");
        assert_eq!(PartitionDirName::parse(&current.name), Some(current));
        for kind in PartitionDirKind::SUFFIXED {
            let dir = PartitionDirName::suffixed(&partition, kind, Uuid::from_u128(0xabc));
            assert_eq!(PartitionDirName::parse(&dir.name), Some(dir));
        }
    }

    #[test]
    fn a_long_topic_is_cut_so_that_the_name_fits() {
        let partition = TopicPartition::new("t".repeat(249), 3);
        let dir = PartitionDirName::suffixed(&partition, PartitionDirKind::Delete, Uuid::from_u128(1));
        assert_eq!(dir.name.len(), 255);
        assert!(dir.name.ends_with("-3.00000000000000000000000000000001-delete"));
    }

    #[test]
    fn directories_that_are_no_partitions_are_refused() {
        for name in ["plain", "-3", "topic-", "topic-x", "topic-1-delete", "topic-1.-stray"] {
            assert_eq!(PartitionDirName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn metadata_snapshots_round_trip() {
        let id = OffsetAndEpoch { offset: Offset::at(100), epoch: LeaderEpoch::at(7) };
        let whole = MetadataSnapshotName::whole(id);
        assert_eq!(whole, "00000000000000000100-0000000007.checkpoint");
        let stages = [
            (whole, MetadataSnapshotStage::Whole),
            (MetadataSnapshotName::partial(id, 99), MetadataSnapshotStage::Partial),
            (MetadataSnapshotName::deleted(id), MetadataSnapshotStage::Deleted),
        ];
        for (name, stage) in stages {
            assert_eq!(MetadataSnapshotName::parse(&name), Some(MetadataSnapshotName { id, stage }));
        }
    }
}
