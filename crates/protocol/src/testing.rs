//! Random values of every message, from a seed: what the tests of the codec compare with.

use bytes::Bytes;
use klamm_model::Uuid;

use crate::codec::{Records, Str, TaggedField, TaggedFields};
use crate::json::ToJson;
use crate::message::Message;
pub use crate::messages::generated::each_message;

/// A type with random values.
pub trait Random: Sized {
    /// A value that `version` can hold, so that it survives encoding and decoding unchanged.
    fn random(random: &mut Source, version: i16) -> Self;
}

/// Code that treats all messages alike.
pub trait Visitor {
    /// Sees one type of message.
    fn visit<M: Message + Random + ToJson>(&mut self);
}

/// How far values lie from the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variety {
    /// Anything.
    Wide,
    /// Mostly zero, -1, empty or null, which are nearly all defaults; no unknown tags.
    Plain,
}

/// A stream of random values: splitmix64, equal for equal seeds on all machines.
#[derive(Clone, Debug)]
pub struct Source {
    state: u64,
    longest: u64,
    variety: Variety,
}

macro_rules! integers {
    ($($one:ident, $many:ident: $type:ty),*) => {$(
        #[doc = concat!("A `", stringify!($type), "`: often near the ends of its range or zero.")]
        pub fn $one(&mut self) -> $type {
            match self.below(8) {
                0..=3 if self.variety == Variety::Plain => 0,
                4..=6 if self.variety == Variety::Plain => (-1i8) as $type,
                0 => <$type>::MIN,
                1 => <$type>::MAX,
                2 => 0,
                3 => self.below(200) as $type,
                _ => self.next() as $type,
            }
        }

        /// An array of them.
        pub fn $many(&mut self) -> Vec<$type> {
            (0..self.length()).map(|_| self.$one()).collect()
        }
    )*};
}

impl Source {
    /// The stream of `seed`, with strings and arrays up to `longest` long.
    pub fn new(seed: u64, longest: usize) -> Source {
        Source { state: seed, longest: longest as u64, variety: Variety::Wide }
    }

    /// The stream of `seed`, of values most of which are defaults: messages that other versions can hold too.
    pub fn plain(seed: u64) -> Source {
        Source { state: seed, longest: 1, variety: Variety::Plain }
    }

    /// Whether to give the default, seven times of eight where values are plain.
    fn stays_plain(&mut self) -> bool {
        self.variety == Variety::Plain && self.below(8) > 0
    }

    /// 64 random bits.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn length(&mut self) -> usize {
        self.below(self.longest + 1) as usize
    }

    integers!(
        i8, i8s: i8, i16, i16s: i16, u16, u16s: u16, i32, i32s: i32, u32, u32s: u32, i64, i64s: i64
    );

    /// A truth.
    pub fn bool(&mut self) -> bool {
        !self.stays_plain() && self.below(2) == 0
    }

    /// Whether a nullable value is there: three times of four.
    pub fn is_some(&mut self) -> bool {
        !self.stays_plain() && self.below(4) > 0
    }

    /// A finite number.
    pub fn f64(&mut self) -> f64 {
        self.i32() as f64 / 7.0
    }

    /// A uuid; sometimes zero.
    pub fn uuid(&mut self) -> Uuid {
        match self.below(4) {
            _ if self.stays_plain() => Uuid::ZERO,
            0 => Uuid::ZERO,
            _ => Uuid::from_u128(u128::from(self.next()) << 64 | u128::from(self.next())),
        }
    }

    /// An array of them.
    pub fn uuids(&mut self) -> Vec<Uuid> {
        (0..self.length()).map(|_| self.uuid()).collect()
    }

    /// A text with letters of one to four bytes; now and then long enough for a length of two varint bytes.
    pub fn string(&mut self) -> Str {
        const LETTERS: [char; 8] = ['a', 'Z', '\\', '\u{1b}', '"', 'ä', '↔', '🦀'];
        if self.stays_plain() {
            return Str::default();
        }
        let length = if self.below(16) == 0 { 100 + self.below(100) as usize } else { self.length() };
        let letters = (0..length).map(|_| LETTERS[self.below(8) as usize]);
        Str::from(letters.collect::<String>())
    }

    /// An array of them.
    pub fn strings(&mut self) -> Vec<Str> {
        (0..self.length()).map(|_| self.string()).collect()
    }

    /// Bytes.
    pub fn bytes(&mut self) -> Bytes {
        if self.stays_plain() {
            return Bytes::new();
        }
        let length = if self.below(16) == 0 { 100 + self.below(300) as usize } else { self.length() };
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// The bytes of a records field; nothing of this crate's messages looks inside.
    pub fn records(&mut self) -> Records {
        Records::Bytes(self.bytes())
    }

    /// A nested struct.
    pub fn value<T: Random>(&mut self, version: i16) -> T {
        T::random(self, version)
    }

    /// A nested struct that can be null.
    pub fn boxed<T: Random>(&mut self, version: i16) -> Box<T> {
        Box::new(T::random(self, version))
    }

    /// An array of structs.
    pub fn array<T: Random>(&mut self, version: i16) -> Vec<T> {
        (0..self.length()).map(|_| T::random(self, version)).collect()
    }

    /// Unknown tagged fields, ascending from `first` on; mostly none.
    pub fn tagged_fields(&mut self, first: u32) -> TaggedFields {
        if self.variety == Variety::Plain || self.below(4) > 0 {
            return TaggedFields::default();
        }
        let mut tag = first;
        let fields = (0..self.length()).map(|_| {
            tag += self.below(200) as u32 + 1;
            TaggedField { tag, value: self.bytes() }
        });
        fields.collect()
    }

    /// Damages `bytes` in one to three places: a byte changed, cut off, put in or taken out.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: [u8; 8] = [0, 1, 2, 0x7f, 0x80, 0x81, 0xfe, 0xff];
        for _ in 0..=self.below(3) {
            if bytes.is_empty() {
                bytes.push(self.next() as u8);
                continue;
            }
            let at = self.below(bytes.len() as u64) as usize;
            let byte = if self.bool() { TELLING[self.below(8) as usize] } else { self.next() as u8 };
            match self.below(8) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                3 => bytes[at] ^= 1 << self.below(8),
                4 => bytes[at..].iter_mut().take(4).for_each(|place| *place = byte),
                _ => bytes[at] = byte,
            }
        }
    }
}
