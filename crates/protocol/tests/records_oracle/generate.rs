//! Random batches and random damage, from a seed.

use bytes::BufMut;
use klamm_model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};
use klamm_protocol::records::legacy::LegacyBuilder;
use klamm_protocol::records::{BatchBuilder, Codec, Compression, Header};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The oracle's standing clock.
pub const NOW: i64 = 1_700_000_000_000;

pub fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

type Field = Option<Vec<u8>>;

/// The start of `bytes` for the message of a failed test.
pub fn excerpt(bytes: &[u8]) -> String {
    format!("{} bytes {:02x?}", bytes.len(), &bytes[..bytes.len().min(400)])
}

/// A record to be written.
#[derive(Clone, Debug)]
pub struct SpecRecord {
    pub offset: i64,
    pub timestamp: i64,
    pub key: Field,
    pub value: Field,
    pub headers: Vec<(Vec<u8>, Field)>,
}

/// A batch to be written, by either side.
#[derive(Clone, Debug)]
pub struct Spec {
    pub magic: i8,
    pub codec: Codec,
    pub level: i32,
    pub log_append_time: Option<i64>,
    pub base_offset: i64,
    pub producer: Option<(i64, i16, i32)>,
    pub transactional: bool,
    pub leader_epoch: i32,
    pub records: Vec<SpecRecord>,
}

impl Spec {
    /// Any batch of format `magic`.
    pub fn random(rng: &mut StdRng, magic: i8) -> Spec {
        let codecs = if magic == 2 { &Codec::ALL[..] } else { &Codec::ALL[..4] };
        let codec = codecs[rng.random_range(0..codecs.len())];
        let level = match codec {
            Codec::None | Codec::Snappy => 0,
            Codec::Gzip => [-1, 1, 6, 9][rng.random_range(0..4)],
            Codec::Lz4 => rng.random_range(1..=17),
            // Java takes a third of a second to set up the highest level.
            Codec::Zstd if rng.random_bool(0.005) => 22,
            Codec::Zstd => [-131_072, -5, 1, 3, 9][rng.random_range(0..5)],
        };
        let base_offset = [0, 1, 1_000_000, i64::from(u32::MAX) * 5][rng.random_range(0..4)];
        let producer = (magic == 2 && rng.random_bool(0.4)).then(|| {
            (
                rng.random_range(0..1 << 40),
                rng.random_range(0..100),
                [0, 5, i32::MAX - 2][rng.random_range(0..3)],
            )
        });
        let gaps = rng.random_bool(0.2);
        let mut offset = base_offset;
        let count = [1, 2, 3, 10, 60, 300][rng.random_range(0..6)];
        let records = (0..count)
            .map(|_| {
                let record = random_record(rng, offset, magic);
                offset += if gaps { rng.random_range(1..200) } else { 1 };
                record
            })
            .collect();
        Spec {
            magic,
            codec,
            level,
            log_append_time: (magic > 0 && rng.random_bool(0.2)).then_some(NOW + 5),
            base_offset,
            producer,
            transactional: producer.is_some() && rng.random_bool(0.5),
            leader_epoch: if magic == 2 { rng.random_range(-1..50) } else { -1 },
            records,
        }
    }

    /// A batch as a producer sends it: from offset 0, without gaps, near the clock.
    pub fn produced(rng: &mut StdRng, unique: i64) -> Spec {
        let mut spec = Spec::random(rng, 2);
        spec.base_offset = 0;
        spec.leader_epoch = -1;
        spec.producer = spec.producer.map(|(_, epoch, sequence)| (unique, epoch, sequence));
        spec.log_append_time = spec.log_append_time.filter(|_| rng.random_bool(0.1));
        spec.records.truncate(40);
        for (index, record) in spec.records.iter_mut().enumerate() {
            record.offset = index as i64;
            if rng.random_bool(0.95) {
                record.timestamp = NOW - rng.random_range(0..1000);
            }
        }
        spec
    }

    /// As the oracle reads it.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.put_i8(self.magic);
        out.put_u8(self.codec.id());
        out.put_i32(self.level);
        out.put_u8(u8::from(self.log_append_time.is_some()));
        out.put_i64(self.base_offset);
        out.put_i64(self.log_append_time.unwrap_or(-1));
        let (id, epoch, sequence) = self.producer.unwrap_or((-1, -1, -1));
        out.put_i64(id);
        out.put_i16(epoch);
        out.put_i32(sequence);
        out.put_u8(u8::from(self.transactional));
        out.put_i32(self.leader_epoch);
        out.put_i32(self.records.len() as i32);
        for record in &self.records {
            out.put_i64(record.offset);
            out.put_i64(record.timestamp);
            put_field(&mut out, record.key.as_deref());
            put_field(&mut out, record.value.as_deref());
            out.put_i32(record.headers.len() as i32);
            for (key, value) in &record.headers {
                put_field(&mut out, Some(key));
                put_field(&mut out, value.as_deref());
            }
        }
        out
    }

    /// The batch that we build.
    pub fn build(&self) -> Vec<u8> {
        let compression = Compression::with_level(self.codec, self.level).unwrap();
        if self.magic < 2 {
            return self.build_legacy(compression);
        }
        let mut builder =
            BatchBuilder::new().compression(compression).base_offset(Offset::at(self.base_offset));
        if let Some(epoch) = LeaderEpoch::new(self.leader_epoch) {
            builder = builder.leader_epoch(epoch);
        }
        if let Some((id, epoch, sequence)) = self.producer {
            let (id, epoch) = (ProducerId::at(id), ProducerEpoch::at(epoch));
            builder = match self.transactional {
                true => builder.transactional(id, epoch, Some(sequence)),
                false => builder.idempotent(id, epoch, sequence),
            };
        }
        if let Some(time) = self.log_append_time {
            builder = builder.log_append_time(Timestamp::from_millis(time));
        }
        for record in &self.records {
            let headers: Vec<Header<'_>> =
                record.headers.iter().map(|(key, value)| Header { key, value: value.as_deref() }).collect();
            let delta = i32::try_from(record.offset - self.base_offset).unwrap();
            let time = Timestamp::from_millis(record.timestamp);
            builder.append_at(delta, time, record.key.as_deref(), record.value.as_deref(), &headers).unwrap();
        }
        builder.finish().to_vec()
    }

    fn build_legacy(&self, compression: Compression) -> Vec<u8> {
        let mut builder = LegacyBuilder::new(self.magic, compression);
        if let Some(time) = self.log_append_time {
            builder = builder.log_append_time(Timestamp::from_millis(time));
        }
        for record in &self.records {
            let time = Some(Timestamp::from_millis(record.timestamp));
            builder.append(record.offset, time, record.key.as_deref(), record.value.as_deref()).unwrap();
        }
        builder.finish().to_vec()
    }
}

fn random_record(rng: &mut StdRng, offset: i64, magic: i8) -> SpecRecord {
    let timestamp = match rng.random_range(0..20) {
        0 => -1,
        1 => 0,
        2 => i64::MAX / 2,
        _ => NOW + rng.random_range(-100_000..100_000),
    };
    let headers = if magic == 2 && rng.random_bool(0.3) { rng.random_range(0..5) } else { 0 };
    SpecRecord {
        offset,
        timestamp,
        key: random_field(rng, 40),
        value: random_field(rng, 1500),
        headers: (0..headers).map(|_| (random_name(rng), random_field(rng, 30))).collect(),
    }
}

fn random_name(rng: &mut StdRng) -> Vec<u8> {
    ["", "a", "trace-id", "ключ", "頭"][rng.random_range(0..5)].as_bytes().to_vec()
}

fn random_field(rng: &mut StdRng, most: usize) -> Field {
    match rng.random_range(0..10) {
        0 => None,
        1 => Some(Vec::new()),
        2 => {
            let most = if rng.random_bool(0.02) { 100 * most } else { 4 * most };
            Some((0..rng.random_range(0..most)).map(|at| (at / 64) as u8).collect())
        }
        3 => Some((0..most).map(|_| rng.random()).collect()),
        _ => Some(
            b"some text that repeats; ".iter().copied().cycle().take(rng.random_range(0..most)).collect(),
        ),
    }
}

fn put_field(out: &mut Vec<u8>, field: Option<&[u8]>) {
    out.put_i32(field.map_or(-1, |bytes| bytes.len() as i32));
    out.put_slice(field.unwrap_or_default());
}

/// Damages `bytes` a little: flipped bits, extreme header fields, cuts, duplicated and removed
/// ranges; and mostly makes the checksum of a batch v2 fit again, since otherwise nothing behind it
/// is ever reached.
pub fn damage(rng: &mut StdRng, bytes: &mut Vec<u8>) {
    for _ in 0..rng.random_range(1..3) {
        if bytes.is_empty() {
            return;
        }
        let at = rng.random_range(0..bytes.len());
        match rng.random_range(0..12) {
            0..=3 => bytes[at] ^= 1 << rng.random_range(0..8),
            4 | 5 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][rng.random_range(0..5)],
            6 | 7 => extreme_field(rng, bytes),
            8 => bytes.truncate(at),
            9 => {
                let end = (at + rng.random_range(1..20)).min(bytes.len());
                bytes.drain(at..end);
            }
            10 => {
                let end = (at + rng.random_range(1..20)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => body_byte(rng, bytes),
        }
    }
    if rng.random_bool(0.7) {
        fit_length(bytes);
    }
    if rng.random_bool(0.9) {
        fit_crc(bytes);
    }
}

fn body_byte(rng: &mut StdRng, bytes: &mut [u8]) {
    if bytes.len() > 61 {
        let at = rng.random_range(61..bytes.len().min(100));
        bytes[at] = rng.random();
    }
}

fn extreme_field(rng: &mut StdRng, bytes: &mut [u8]) {
    const FIELDS: [(usize, usize); 11] =
        [(0, 8), (8, 4), (12, 4), (16, 1), (21, 2), (23, 4), (27, 8), (35, 8), (43, 8), (51, 2), (57, 4)];
    let (at, width) = FIELDS[rng.random_range(0..FIELDS.len())];
    let value = [0, 1, 2, 8, 16, 32, 64, -1, i64::MAX, i64::MIN, 1 << 31][rng.random_range(0..11)];
    if bytes.len() >= at + width {
        bytes[at..at + width].copy_from_slice(&value.to_be_bytes()[8 - width..]);
    }
}

fn fit_length(bytes: &mut [u8]) {
    if bytes.len() >= 61 {
        let length = (bytes.len() - 12) as i32;
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
    }
}

/// Makes the checksum of the first batch fit, where its length field lies within the bytes.
pub fn fit_crc(bytes: &mut [u8]) {
    if bytes.len() < 61 || bytes[16] != 2 {
        return;
    }
    let length = i32::from_be_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
    let size = i64::from(length) + 12;
    if size >= 61 && size <= bytes.len() as i64 {
        let crc = klamm_protocol::records::crc32c(&bytes[21..size as usize]);
        bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    }
}
