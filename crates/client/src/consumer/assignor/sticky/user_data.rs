//! The user data of the sticky assignors: plain structures without version.
//!
//! ```text
//! sticky              [topic string, [partition i32]], generation i32 (version 0 ends before it)
//! cooperative-sticky  generation i32
//! ```

use std::sync::Arc;

use bytes::Bytes;
use klamm_model::TopicPartition;
use klamm_protocol::codec::Form;
use klamm_protocol::{DecodeError, EncodeError, Reader, Str, Writer};

use super::super::LastAssignment;
use super::ownership::{Claim, NO_GENERATION};

/// What a member of the sticky assignor tells; nothing where it cannot be written, as with no assignment.
pub(super) fn encode_sticky(last: &LastAssignment) -> Option<Bytes> {
    write_sticky(last).ok()
}

fn write_sticky(last: &LastAssignment) -> Result<Bytes, EncodeError> {
    let mut topics: Vec<(&Arc<str>, Vec<i32>)> = Vec::new();
    for at in &last.partitions {
        match topics.iter_mut().find(|(topic, _)| **topic == at.topic) {
            Some((_, partitions)) => partitions.push(at.partition),
            None => topics.push((&at.topic, vec![at.partition])),
        }
    }
    let mut writer = Writer::new();
    writer.array_count(Form::Legacy, topics.len())?;
    for (topic, partitions) in topics {
        writer.string(Form::Legacy, &Str::from(&**topic))?;
        writer.i32s(Form::Legacy, &partitions)?;
    }
    writer.i32(last.generation);
    Ok(writer.into_bytes())
}

/// What a member had. What cannot be read claims nothing, of no generation.
pub(super) fn decode_sticky(bytes: &Bytes) -> Claim {
    read_sticky(bytes).unwrap_or_else(|_| Claim { partitions: Vec::new(), generation: Some(NO_GENERATION) })
}

fn read_sticky(bytes: &Bytes) -> Result<Claim, DecodeError> {
    let mut reader = Reader::new(bytes.clone());
    let mut partitions = Vec::new();
    // Each topic takes bytes, so a count that is too large ends with the frame.
    for _ in 0..reader.i32()?.max(0) {
        let topic: Arc<str> = Arc::from(reader.string(Form::Legacy)?.as_str());
        let numbers = reader.i32s(Form::Legacy)?;
        partitions.extend(numbers.into_iter().map(|number| TopicPartition::new(Arc::clone(&topic), number)));
    }
    Ok(Claim { partitions, generation: reader.i32().ok() })
}

/// What a member of the cooperative assignor tells.
pub(super) fn encode_generation(generation: Option<i32>) -> Bytes {
    Bytes::copy_from_slice(&generation.unwrap_or(NO_GENERATION).to_be_bytes())
}

/// The generation a member was in; what cannot be read is none.
pub(super) fn decode_generation(bytes: &Bytes) -> Option<i32> {
    Some(bytes.first_chunk::<4>().map_or(NO_GENERATION, |bytes| i32::from_be_bytes(*bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticky_user_data_comes_back_and_version_0_has_no_generation() {
        let last = LastAssignment {
            partitions: vec![TopicPartition::new("t", 0), TopicPartition::new("u", 3)],
            generation: 7,
        };
        let bytes = encode_sticky(&last).expect("it is small");
        let expected =
            [0, 0, 0, 2, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, b'u', 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 7];
        assert_eq!(bytes[..], expected);
        let claim = decode_sticky(&bytes);
        assert_eq!((claim.partitions, claim.generation), (last.partitions.clone(), Some(7)));
        let old = decode_sticky(&bytes.slice(..bytes.len() - 4));
        assert_eq!((old.partitions, old.generation), (last.partitions, None));
        let broken = decode_sticky(&Bytes::from_static(&[0, 0, 0, 9, 1]));
        assert_eq!((broken.partitions.len(), broken.generation), (0, Some(NO_GENERATION)));
    }
}
