//! How a topic stores batches, and which time its records carry.

use super::values::TopicValues;

/// `compression.type` with the level that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicCompression {
    /// As the producer sent them.
    Producer,
    /// Not compressed.
    Uncompressed,
    /// gzip at a level of 1 to 9, or -1.
    Gzip(i32),
    /// snappy.
    Snappy,
    /// lz4 at a level of 1 to 17.
    Lz4(i32),
    /// zstd at a level of -131072 to 22.
    Zstd(i32),
}

impl TopicCompression {
    pub(super) fn of(values: &TopicValues) -> TopicCompression {
        let level = |key| i32::try_from(values.long(key)).expect("levels are of type Int");
        match values.text("compression.type") {
            "uncompressed" => TopicCompression::Uncompressed,
            "gzip" => TopicCompression::Gzip(level("compression.gzip.level")),
            "snappy" => TopicCompression::Snappy,
            "lz4" => TopicCompression::Lz4(level("compression.lz4.level")),
            "zstd" => TopicCompression::Zstd(level("compression.zstd.level")),
            _ => TopicCompression::Producer,
        }
    }
}

/// `message.timestamp.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    /// As the producer set it.
    CreateTime,
    /// Of the broker's clock.
    LogAppendTime,
}

impl TimestampType {
    pub(super) fn of(text: &str) -> TimestampType {
        match text {
            "LogAppendTime" => TimestampType::LogAppendTime,
            _ => TimestampType::CreateTime,
        }
    }
}
