//! The rules of a topic and of a request.

use crate::records::compression::Compression;

/// Who appends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A produce request, with the version it came in.
    Client {
        /// Produce version: zstd needs 7.
        produce_version: i16,
    },
    /// A coordinator of this broker: may write control batches, offsets and counts are trusted.
    Coordinator,
}

/// Whether records need keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// `cleanup.policy` without `compact`.
    Optional,
    /// `cleanup.policy` with `compact`: compaction could not tell records without keys apart.
    Required,
}

/// `message.timestamp.type` and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampRule {
    /// The producer's timestamps, within bounds around the leader's time.
    CreateTime {
        /// `message.timestamp.before.max.ms`: how far back.
        before_max_ms: i64,
        /// `message.timestamp.after.max.ms`: how far ahead.
        after_max_ms: i64,
    },
    /// The leader's time.
    LogAppendTime,
}

/// What a produced batch must keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProduceRules {
    /// Who appends.
    pub origin: Origin,
    /// `max.message.bytes`: most bytes of a batch, as it is stored.
    pub max_message_bytes: i32,
    /// `compression.type` with its level; `None` keeps the producer's.
    pub compression: Option<Compression>,
    /// From `cleanup.policy`.
    pub keys: KeyRule,
    /// From `message.timestamp.type`.
    pub timestamps: TimestampRule,
    /// `max.decompressed.message.bytes`: most bytes of one record of a compressed batch.
    pub max_record_bytes: i32,
}

impl Default for ProduceRules {
    /// A topic with Kafka's default configuration and a client of today.
    fn default() -> ProduceRules {
        ProduceRules {
            origin: Origin::Client { produce_version: 13 },
            max_message_bytes: 1024 * 1024 + 12,
            compression: None,
            keys: KeyRule::Optional,
            timestamps: TimestampRule::CreateTime { before_max_ms: i64::MAX, after_max_ms: 3_600_000 },
            max_record_bytes: i32::MAX - 8,
        }
    }
}
