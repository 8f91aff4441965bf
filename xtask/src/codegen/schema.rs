//! What a message schema says: the model between Kafka's JSON, our notation and the generated code.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// A run of versions: inclusive, possibly open-ended, possibly empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// First version.
    pub first: i16,
    /// Last version; [`Versions::OPEN`] for "and later".
    pub last: i16,
}

impl Versions {
    /// The end of an open range.
    pub const OPEN: i16 = i16::MAX;
    /// No version.
    pub const NONE: Versions = Versions { first: 0, last: -1 };

    pub fn is_empty(self) -> bool {
        self.last < self.first
    }

    pub fn contains(self, version: i16) -> bool {
        (self.first..=self.last).contains(&version)
    }

    pub fn intersect(self, other: Versions) -> Versions {
        let both = Versions { first: self.first.max(other.first), last: self.last.min(other.last) };
        if both.is_empty() { Versions::NONE } else { both }
    }

    pub fn covers(self, other: Versions) -> bool {
        self.intersect(other) == other
    }

    /// What remains without `other`, which must be a prefix or a suffix.
    pub fn without(self, other: Versions) -> Versions {
        let cut = self.intersect(other);
        if cut.is_empty() {
            self
        } else if cut == self {
            Versions::NONE
        } else if cut.last == self.last {
            Versions { first: self.first, last: cut.first - 1 }
        } else {
            assert_eq!(cut.first, self.first, "{other} would tear {self} apart");
            Versions { first: cut.last + 1, last: self.last }
        }
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            all if all.is_empty() => f.pad("none"),
            Versions { first, last: Versions::OPEN } => f.pad(&format!("{first}+")),
            Versions { first, last } if first == last => f.pad(&first.to_string()),
            Versions { first, last } => f.pad(&format!("{first}-{last}")),
        }
    }
}

impl FromStr for Versions {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Versions> {
        let number = |text: &str| text.parse::<i16>().with_context(|| format!("versions \"{text}\""));
        if text == "none" {
            Ok(Versions::NONE)
        } else if let Some(first) = text.strip_suffix('+') {
            Ok(Versions { first: number(first)?, last: Versions::OPEN })
        } else if let Some((first, last)) = text.split_once('-') {
            Ok(Versions { first: number(first)?, last: number(last)? })
        } else {
            let only = number(text)?;
            Ok(Versions { first: only, last: only })
        }
    }
}

/// A field's type on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    Bool,
    Int8,
    Int16,
    Uint16,
    Int32,
    Uint32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct(String),
    Array(Box<Type>),
}

impl FromStr for Type {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Type> {
        Ok(match text {
            "bool" => Type::Bool,
            "int8" => Type::Int8,
            "int16" => Type::Int16,
            "uint16" => Type::Uint16,
            "int32" => Type::Int32,
            "uint32" => Type::Uint32,
            "int64" => Type::Int64,
            "float64" => Type::Float64,
            "uuid" => Type::Uuid,
            "string" => Type::String,
            "bytes" => Type::Bytes,
            "records" => Type::Records,
            _ => match text.strip_prefix("[]") {
                Some(element) => Type::Array(Box::new(element.parse()?)),
                None if text.starts_with(|c: char| c.is_ascii_uppercase()) => Type::Struct(text.to_owned()),
                None => bail!("\"{text}\" is not a type"),
            },
        })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Int8 => f.write_str("int8"),
            Type::Int16 => f.write_str("int16"),
            Type::Uint16 => f.write_str("uint16"),
            Type::Int32 => f.write_str("int32"),
            Type::Uint32 => f.write_str("uint32"),
            Type::Int64 => f.write_str("int64"),
            Type::Float64 => f.write_str("float64"),
            Type::Uuid => f.write_str("uuid"),
            Type::String => f.write_str("string"),
            Type::Bytes => f.write_str("bytes"),
            Type::Records => f.write_str("records"),
            Type::Struct(name) => f.write_str(name),
            Type::Array(element) => write!(f, "[]{element}"),
        }
    }
}

/// A tag and the versions in which the field is tagged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    pub number: u32,
    pub versions: Versions,
}

/// One field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub ty: Type,
    pub versions: Versions,
    /// The versions in which null is a value.
    pub nullable: Versions,
    pub tag: Option<Tag>,
    /// The default as written; `None` for zero, false, empty.
    pub default: Option<String>,
    /// May be left out silently where a version lacks it.
    pub ignorable: bool,
    /// Part of the key when the array is a map.
    pub map_key: bool,
    /// What the value names: `topicName`, `brokerId`, ...
    pub entity: Option<String>,
    /// Keeps the legacy form in flexible versions.
    pub always_legacy: bool,
    /// The fields of the struct that is declared here; empty for other types and for common structs.
    pub fields: Vec<Field>,
}

impl Field {
    pub fn default_is_null(&self) -> bool {
        self.default.as_deref() == Some("null") || self.ty == Type::Records
    }

    /// The name of the struct in the type, if there is one.
    pub fn struct_name(&self) -> Option<&str> {
        match &self.ty {
            Type::Struct(name) => Some(name),
            Type::Array(element) => match element.as_ref() {
                Type::Struct(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The versions in which the field stands in its place, not behind a tag.
    pub fn untagged(&self) -> Versions {
        self.tag.map_or(self.versions, |tag| self.versions.without(tag.versions))
    }

    /// The versions in which the field stands behind its tag.
    pub fn tagged(&self) -> Versions {
        self.tag.map_or(Versions::NONE, |tag| self.versions.intersect(tag.versions))
    }
}

/// A struct that several fields use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonStruct {
    pub name: String,
    pub versions: Versions,
    pub fields: Vec<Field>,
}

/// What a message is for, which says what its key counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Request,
    Response,
    /// Precedes a request or a response.
    Header,
    /// Stands alone, without a key.
    Data,
    /// A record of the cluster metadata log.
    Metadata,
    /// A record of `__remote_log_metadata`.
    RemoteLog,
    /// Key and value of a record of `__consumer_offsets`.
    OffsetsKey,
    OffsetsValue,
    /// Key and value of a record of `__transaction_state`.
    TransactionKey,
    TransactionValue,
    /// Key and value of a record of `__share_group_state`.
    ShareKey,
    ShareValue,
}

impl Kind {
    const NAMES: [(Kind, &'static str); 12] = [
        (Kind::Request, "request"),
        (Kind::Response, "response"),
        (Kind::Header, "header"),
        (Kind::Data, "data"),
        (Kind::Metadata, "metadata"),
        (Kind::RemoteLog, "remote-log"),
        (Kind::OffsetsKey, "offsets-key"),
        (Kind::OffsetsValue, "offsets-value"),
        (Kind::TransactionKey, "transaction-key"),
        (Kind::TransactionValue, "transaction-value"),
        (Kind::ShareKey, "share-key"),
        (Kind::ShareValue, "share-value"),
    ];

    pub fn name(self) -> &'static str {
        Kind::NAMES.iter().find(|(kind, _)| *kind == self).expect("every kind has a name").1
    }
}

impl FromStr for Kind {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Kind> {
        let found = Kind::NAMES.iter().find(|(_, name)| *name == text);
        found.map(|(kind, _)| *kind).with_context(|| format!("\"{text}\" is not a kind of message"))
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    pub kind: Kind,
    pub name: String,
    pub key: Option<i16>,
    /// `broker`, `controller`; of requests only.
    pub listeners: Vec<String>,
    pub versions: Versions,
    pub flexible: Versions,
    /// The last version exists but is not advertised.
    pub last_version_unstable: bool,
    pub fields: Vec<Field>,
    pub structs: Vec<CommonStruct>,
}

impl Schema {
    /// Whether the message lost all its versions and only its key is remembered.
    pub fn is_removed(&self) -> bool {
        self.versions.is_empty()
    }

    /// The flexible ones of the valid versions.
    pub fn flexible_versions(&self) -> Versions {
        self.versions.intersect(self.flexible)
    }
}
