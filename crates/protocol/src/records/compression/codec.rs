//! Which codec, and how hard it tries.

use std::fmt;
use std::str::FromStr;

/// A codec as the attributes of a batch name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    /// Not compressed.
    #[default]
    None,
    /// gzip (RFC 1952).
    Gzip,
    /// Snappy in the xerial framing.
    Snappy,
    /// LZ4 frames.
    Lz4,
    /// Zstandard frames.
    Zstd,
}

/// A codec that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a codec: none, gzip, snappy, lz4 or zstd")]
pub struct UnknownCodec(String);

impl Codec {
    /// All codecs, by id.
    pub const ALL: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

    /// The codec with that id in the attributes.
    #[inline]
    pub const fn from_id(id: u8) -> Option<Codec> {
        match id {
            0 => Some(Codec::None),
            1 => Some(Codec::Gzip),
            2 => Some(Codec::Snappy),
            3 => Some(Codec::Lz4),
            4 => Some(Codec::Zstd),
            _ => None,
        }
    }

    /// Its id in the attributes.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// Its name in configurations.
    pub const fn name(self) -> &'static str {
        match self {
            Codec::None => "none",
            Codec::Gzip => "gzip",
            Codec::Snappy => "snappy",
            Codec::Lz4 => "lz4",
            Codec::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Codec {
    type Err = UnknownCodec;

    fn from_str(name: &str) -> Result<Codec, UnknownCodec> {
        let codec = Codec::ALL.into_iter().find(|codec| codec.name() == name);
        codec.ok_or_else(|| UnknownCodec(name.chars().take(64).collect()))
    }
}

/// A codec and its level, in Kafka's ranges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Compression {
    codec: Codec,
    level: i32,
}

/// A level outside its codec's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{codec} has no compression level {level}")]
pub struct LevelError {
    /// The codec.
    pub codec: Codec,
    /// The level asked for.
    pub level: i32,
}

impl Compression {
    /// No compression.
    pub const NONE: Compression = Compression { codec: Codec::None, level: 0 };

    /// The codec at Kafka's default level: gzip -1 (zlib's own, 6), lz4 9, zstd 3.
    pub const fn new(codec: Codec) -> Compression {
        let level = match codec {
            Codec::None | Codec::Snappy => 0,
            Codec::Gzip => -1,
            Codec::Lz4 => 9,
            Codec::Zstd => 3,
        };
        Compression { codec, level }
    }

    /// The codec at `level`: gzip 1 to 9 or -1, lz4 1 to 17, zstd -131072 to 22. Codecs without
    /// levels ignore it.
    ///
    /// lz4 accepts all of Kafka's levels and compresses the same at each: the Rust implementation
    /// has the fast compressor only (Kafka's own default), not the slow high-compression one. The
    /// result is a valid frame of any level's format, at worst larger than Java's.
    pub const fn with_level(codec: Codec, level: i32) -> Result<Compression, LevelError> {
        let in_range = match codec {
            Codec::None | Codec::Snappy => return Ok(Compression::new(codec)),
            Codec::Gzip => level == -1 || (level >= 1 && level <= 9),
            Codec::Lz4 => level >= 1 && level <= 17,
            Codec::Zstd => level >= -131_072 && level <= 22,
        };
        if in_range { Ok(Compression { codec, level }) } else { Err(LevelError { codec, level }) }
    }

    /// The codec.
    pub const fn codec(self) -> Codec {
        self.codec
    }

    /// The level; 0 where the codec has none.
    pub const fn level(self) -> i32 {
        self.level
    }
}

impl From<Codec> for Compression {
    fn from(codec: Codec) -> Compression {
        Compression::new(codec)
    }
}
