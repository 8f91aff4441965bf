//! One config key: name, type, default, rule, importance, how it may change, and its meaning.

use crate::rule::{Bound, Empty, Nullness, Rule};

/// The type of a value, as Kafka's `ConfigDef.Type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `true` or `false` in any case.
    Boolean,
    /// Text, without space around it.
    String,
    /// 32 bits with sign.
    Int,
    /// 16 bits with sign.
    Short,
    /// 64 bits with sign.
    Long,
    /// A floating point number of 64 bits.
    Double,
    /// Texts separated by commas.
    List,
    /// The name of a Java class. Kept as text: this node loads no classes.
    Class,
    /// Text that is never shown.
    Password,
}

impl Kind {
    /// Kafka's name of the type, as in "Not a number of type INT".
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Boolean => "BOOLEAN",
            Kind::String => "STRING",
            Kind::Int => "INT",
            Kind::Short => "SHORT",
            Kind::Long => "LONG",
            Kind::Double => "DOUBLE",
            Kind::List => "LIST",
            Kind::Class => "CLASS",
            Kind::Password => "PASSWORD",
        }
    }

    /// The number of the type in a DescribeConfigs response.
    pub const fn wire_id(self) -> i8 {
        match self {
            Kind::Boolean => 1,
            Kind::String => 2,
            Kind::Int => 3,
            Kind::Short => 4,
            Kind::Long => 5,
            Kind::Double => 6,
            Kind::List => 7,
            Kind::Class => 8,
            Kind::Password => 9,
        }
    }
}

/// What a key is worth where nobody sets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// Somebody must set it.
    Required,
    /// Nothing; other keys or code decide.
    Null,
    /// Of a Boolean.
    Boolean(bool),
    /// Of an Int.
    Int(i32),
    /// Of a Short.
    Short(i16),
    /// Of a Long.
    Long(i64),
    /// Of a Double.
    Double(f64),
    /// Of a String or Class; of a List its elements joined by commas.
    Text(&'static str),
}

/// Kafka's order of importance; shown in the docs only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Importance {
    /// Most clusters care.
    High,
    /// Some clusters care.
    Medium,
    /// Few clusters care.
    Low,
}

impl Importance {
    /// Kafka's name.
    pub const fn name(self) -> &'static str {
        match self {
            Importance::High => "HIGH",
            Importance::Medium => "MEDIUM",
            Importance::Low => "LOW",
        }
    }
}

/// How a broker's key may change while the broker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpdateMode {
    /// Only in the file, at the next start.
    ReadOnly,
    /// Dynamically for one broker, not as a default for all.
    PerBroker,
    /// Dynamically for one broker or as a default for all.
    ClusterWide,
}

impl UpdateMode {
    /// Kafka's name.
    pub const fn name(self) -> &'static str {
        match self {
            UpdateMode::ReadOnly => "read-only",
            UpdateMode::PerBroker => "per-broker",
            UpdateMode::ClusterWide => "cluster-wide",
        }
    }
}

/// Whether a key is part of the documented interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Documented; listed by DescribeConfigs.
    Public,
    /// Kafka's `defineInternal`: works, is not documented, and listed only where it is set.
    Internal,
}

/// Unit in which a synonym is given, where it differs from that of the key it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The same unit.
    Same,
    /// Hours, for a key in milliseconds.
    Hours,
    /// Minutes, for a key in milliseconds.
    Minutes,
}

/// A broker key that gives another key its value where that one is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// The broker key.
    pub name: &'static str,
    /// Its unit.
    pub unit: Unit,
}

/// A broker key in the same unit.
pub(crate) const fn same(name: &'static str) -> Synonym {
    Synonym { name, unit: Unit::Same }
}

/// A broker key in hours.
pub(crate) const fn hours(name: &'static str) -> Synonym {
    Synonym { name, unit: Unit::Hours }
}

/// A broker key in minutes.
pub(crate) const fn minutes(name: &'static str) -> Synonym {
    Synonym { name, unit: Unit::Minutes }
}

/// One config key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfigKey {
    /// Name as in files and on the wire.
    pub name: &'static str,
    /// Type of its values.
    pub kind: Kind,
    /// Value where nobody sets it.
    pub default: DefaultValue,
    /// What its values must fulfil.
    pub rule: Rule,
    /// Kafka's importance.
    pub importance: Importance,
    /// How it may change at runtime. Meaningful for broker keys; others are always dynamic.
    pub update: UpdateMode,
    /// Whether it is documented.
    pub visibility: Visibility,
    /// Keys, strongest first, that stand for this one; a broker key with synonyms lists itself too.
    pub synonyms: &'static [Synonym],
    /// Meaning, unit and bounds in a sentence or two.
    pub doc: &'static str,
}

impl ConfigKey {
    /// Whether values must never be shown.
    pub const fn is_sensitive(&self) -> bool {
        matches!(self.kind, Kind::Password)
    }

    /// Whether APPEND and SUBTRACT may change it.
    pub const fn is_list(&self) -> bool {
        matches!(self.kind, Kind::List)
    }

    /// Whether it is one of Kafka's undocumented keys.
    pub const fn is_internal(&self) -> bool {
        matches!(self.visibility, Visibility::Internal)
    }

    /// Whether a broker key may be changed while the broker runs.
    pub const fn is_dynamic(&self) -> bool {
        !matches!(self.update, UpdateMode::ReadOnly)
    }
}

/// The table's notation: `"name": int(1).at_least(0).high() => "doc";` makes a list of keys.
macro_rules! keys {
    ($($name:literal: $key:expr => $doc:literal;)*) => {
        &[$($key.named($name, $doc)),*]
    };
}
pub(crate) use keys;

const fn key(kind: Kind, default: DefaultValue) -> ConfigKey {
    ConfigKey {
        name: "",
        kind,
        default,
        rule: Rule::Any,
        importance: Importance::Medium,
        update: UpdateMode::ReadOnly,
        visibility: Visibility::Public,
        synonyms: &[],
        doc: "",
    }
}

pub(crate) const fn boolean(default: bool) -> ConfigKey {
    key(Kind::Boolean, DefaultValue::Boolean(default))
}

pub(crate) const fn int(default: i32) -> ConfigKey {
    key(Kind::Int, DefaultValue::Int(default))
}

pub(crate) const fn short(default: i16) -> ConfigKey {
    key(Kind::Short, DefaultValue::Short(default))
}

pub(crate) const fn long(default: i64) -> ConfigKey {
    key(Kind::Long, DefaultValue::Long(default))
}

pub(crate) const fn double(default: f64) -> ConfigKey {
    key(Kind::Double, DefaultValue::Double(default))
}

pub(crate) const fn string(default: &'static str) -> ConfigKey {
    key(Kind::String, DefaultValue::Text(default))
}

pub(crate) const fn list(default: &'static str) -> ConfigKey {
    key(Kind::List, DefaultValue::Text(default))
}

pub(crate) const fn class(default: &'static str) -> ConfigKey {
    key(Kind::Class, DefaultValue::Text(default))
}

/// A key whose default is null.
pub(crate) const fn unset(kind: Kind) -> ConfigKey {
    key(kind, DefaultValue::Null)
}

/// A key without default.
pub(crate) const fn required(kind: Kind) -> ConfigKey {
    key(kind, DefaultValue::Required)
}

/// Notation of one row; rows are of medium importance and read-only unless they say otherwise.
impl ConfigKey {
    pub(crate) const fn named(mut self, name: &'static str, doc: &'static str) -> ConfigKey {
        self.name = name;
        self.doc = doc;
        self
    }

    pub(crate) const fn rule(mut self, rule: Rule) -> ConfigKey {
        self.rule = rule;
        self
    }

    pub(crate) const fn at_least(self, min: i64) -> ConfigKey {
        self.rule(Rule::AtLeast(Bound::Int(min)))
    }

    pub(crate) const fn between(self, min: i64, max: i64) -> ConfigKey {
        self.rule(Rule::Between(Bound::Int(min), Bound::Int(max)))
    }

    pub(crate) const fn one_of(self, values: &'static [&'static str]) -> ConfigKey {
        self.rule(Rule::OneOf(values))
    }

    pub(crate) const fn one_of_any_case(self, values: &'static [&'static str]) -> ConfigKey {
        self.rule(Rule::OneOfAnyCase(values))
    }

    pub(crate) const fn items(self, of: &'static [&'static str], empty: Empty) -> ConfigKey {
        self.rule(Rule::List { of, empty, null: Nullness::Refused })
    }

    pub(crate) const fn items_or_null(self, empty: Empty) -> ConfigKey {
        self.rule(Rule::List { of: &[], empty, null: Nullness::Allowed })
    }

    pub(crate) const fn high(mut self) -> ConfigKey {
        self.importance = Importance::High;
        self
    }

    pub(crate) const fn low(mut self) -> ConfigKey {
        self.importance = Importance::Low;
        self
    }

    pub(crate) const fn per_broker(mut self) -> ConfigKey {
        self.update = UpdateMode::PerBroker;
        self
    }

    pub(crate) const fn cluster_wide(mut self) -> ConfigKey {
        self.update = UpdateMode::ClusterWide;
        self
    }

    pub(crate) const fn internal(mut self) -> ConfigKey {
        self.visibility = Visibility::Internal;
        self
    }

    pub(crate) const fn synonyms(mut self, synonyms: &'static [Synonym]) -> ConfigKey {
        self.synonyms = synonyms;
        self
    }
}
