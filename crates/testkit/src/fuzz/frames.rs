//! From a seed and a number to a frame.

use klamm_protocol::json::ToJson;
use klamm_protocol::messages::RequestHeader;
use klamm_protocol::testing::{Random, Source, Visitor, each_message};
use klamm_protocol::{ApiKey, Message, Writer};

/// Longest string and array of random fields.
const LONGEST: usize = 3;

/// A request at a version, and how its body is made.
#[derive(Clone, Copy)]
struct Shape {
    key: ApiKey,
    version: i16,
    body: fn(&mut Source, i16) -> Vec<u8>,
}

/// A frame without its size.
#[derive(Clone, Debug)]
pub struct FuzzFrame {
    /// The API whose request it was before any damage.
    pub api: &'static str,
    /// Header and body.
    pub content: Vec<u8>,
}

/// Knows every request of every version.
pub struct Generator {
    shapes: Vec<Shape>,
}

impl Default for Generator {
    fn default() -> Generator {
        Generator::new()
    }
}

impl Generator {
    /// Collects the requests.
    pub fn new() -> Generator {
        let mut collector = Collector { shapes: Vec::new() };
        each_message(&mut collector);
        Generator { shapes: collector.shapes }
    }

    /// Frame `number` of `seed`: the shapes in turn; a quarter of the bodies are nearly all defaults, so that they get
    /// beyond the first check; half are damaged.
    pub fn frame(&self, seed: u64, number: u64) -> FuzzFrame {
        let shape = self.shapes[usize::try_from(number).unwrap_or(0) % self.shapes.len()];
        let mixed = seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut source = match number / self.shapes.len() as u64 % 4 {
            0 => Source::plain(mixed),
            _ => Source::new(mixed, LONGEST),
        };
        let mut body = (shape.body)(&mut source, shape.version);
        if source.below(2) == 0 {
            source.mutate(&mut body);
        }
        let mut content = header(&shape, &mut source);
        content.extend(body);
        if source.below(16) == 0 {
            source.mutate(&mut content);
        }
        FuzzFrame { api: shape.key.name(), content }
    }
}

fn header(shape: &Shape, source: &mut Source) -> Vec<u8> {
    let header = RequestHeader {
        request_api_key: shape.key.code(),
        request_api_version: shape.version,
        correlation_id: source.i32(),
        client_id: Some(source.string()),
        ..RequestHeader::default()
    };
    let mut writer = Writer::new();
    let written = header.encode(&mut writer, shape.key.request_header_version(shape.version));
    written.expect("a header with a short text can be written");
    writer.into_bytes().to_vec()
}

struct Collector {
    shapes: Vec<Shape>,
}

impl Visitor for Collector {
    fn visit<M: Message + Random + ToJson>(&mut self) {
        let Some(name) = M::NAME.strip_suffix("Request") else { return };
        let known = (0..=i16::from(i8::MAX)).filter_map(ApiKey::from_i16).find(|key| key.name() == name);
        let Some(key) = known else { return };
        for version in M::VERSIONS {
            self.shapes.push(Shape { key, version, body: body::<M> });
        }
    }
}

fn body<M: Message + Random>(source: &mut Source, version: i16) -> Vec<u8> {
    let mut writer = Writer::new();
    let written = M::random(source, version).encode(&mut writer, version);
    written.expect("a random value survives its own version");
    writer.into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_api_is_there_and_a_frame_can_be_made_again() {
        let generator = Generator::new();
        let mut apis: Vec<&str> = generator.shapes.iter().map(|shape| shape.key.name()).collect();
        apis.dedup();
        assert!(apis.len() > 80, "{}: {apis:?}", apis.len());
        assert_eq!(generator.frame(7, 1234).content, generator.frame(7, 1234).content);
        assert_ne!(generator.frame(7, 1234).content, generator.frame(8, 1234).content);
    }
}
