//! The primitives: known bytes, bounds and refusals, and that what is written reads back.
#![allow(clippy::unwrap_used)]

use bytes::Bytes;
use proptest::prelude::*;

use super::varint::{decode_unsigned, unsigned_len};
use super::*;

fn reader(bytes: &[u8]) -> Reader {
    Reader::new(Bytes::copy_from_slice(bytes))
}

fn written(write: impl FnOnce(&mut Writer) -> Result<(), EncodeError>) -> Bytes {
    let mut writer = Writer::new();
    write(&mut writer).unwrap();
    writer.into_bytes()
}

#[test]
fn varints_match_known_bytes() {
    for (value, bytes) in [
        (0, &[0x00][..]),
        (1, &[0x01]),
        (127, &[0x7f]),
        (128, &[0x80, 0x01]),
        (300, &[0xac, 0x02]),
        (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
    ] {
        assert_eq!(reader(bytes).unsigned_varint(), Ok(value));
        assert_eq!(unsigned_len(value), bytes.len());
        let mut writer = Writer::new();
        writer.unsigned_varint(value);
        assert_eq!(writer.as_slice(), bytes);
    }
    assert_eq!(reader(&[0x01]).varint(), Ok(-1));
    assert_eq!(reader(&[0xfe, 0xff, 0xff, 0xff, 0x0f]).varint(), Ok(i32::MAX));
    assert_eq!(reader(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).varlong(), Ok(i64::MIN));
}

#[test]
fn varints_that_are_too_long_or_cut_off_are_errors() {
    assert_eq!(reader(&[0x80; 5]).unsigned_varint(), Err(DecodeError::VarintOverflow { at: 0 }));
    assert_eq!(reader(&[0x80; 5]).varint(), Err(DecodeError::VarintOverflow { at: 0 }));
    assert_eq!(reader(&[0x80; 10]).varlong(), Err(DecodeError::VarintOverflow { at: 0 }));
    let cut_off = DecodeError::Truncated { at: 0, wanted: 5, left: 4 };
    assert_eq!(reader(&[0x80; 4]).unsigned_varint(), Err(cut_off));
    assert_eq!(decode_varlong(&[0x80; 9]), None);
}

#[test]
fn a_refused_value_is_not_consumed() {
    let mut reader = reader(&[1, 2, 3]);
    assert_eq!(reader.i32(), Err(DecodeError::Truncated { at: 0, wanted: 4, left: 3 }));
    assert_eq!(reader.i16(), Ok(0x0102));
    assert_eq!(reader.expect_end(), Err(DecodeError::TrailingBytes { at: 2, left: 1 }));
}

#[test]
fn strings_share_the_frame() {
    let frame = Bytes::from_static(b"\x00\x03abc\x04def");
    let mut reader = Reader::new(frame.clone());
    let legacy = reader.string(Form::Legacy).unwrap();
    let flexible = reader.string(Form::Flexible).unwrap();
    assert_eq!((legacy.as_str(), flexible.as_str()), ("abc", "def"));
    assert_eq!(legacy.as_bytes().as_ptr(), frame[2..].as_ptr());
    assert_eq!(flexible.as_bytes().as_ptr(), frame[6..].as_ptr());
    assert_ne!(flexible.detached().as_bytes().as_ptr(), frame[6..].as_ptr());
}

#[test]
fn null_is_an_error_where_there_is_none() {
    assert_eq!(reader(&[0xff, 0xff]).nullable_string(Form::Legacy), Ok(None));
    assert_eq!(reader(&[0]).nullable_string(Form::Flexible), Ok(None));
    assert_eq!(reader(&[0xff, 0xff]).string(Form::Legacy), Err(DecodeError::UnexpectedNull { at: 2 }));
    assert_eq!(reader(&[0]).bytes(Form::Flexible), Err(DecodeError::UnexpectedNull { at: 1 }));
    assert_eq!(reader(&[0xff; 4]).i32s(Form::Legacy), Err(DecodeError::UnexpectedNull { at: 4 }));
}

#[test]
fn lengths_below_minus_one_are_errors() {
    let below = DecodeError::InvalidLength { at: 2, length: -2 };
    assert_eq!(reader(&[0xff, 0xfe]).nullable_string(Form::Legacy), Err(below));
    let below = DecodeError::InvalidLength { at: 5, length: -2 };
    assert_eq!(reader(&[0xff, 0xff, 0xff, 0xff, 0x0f]).nullable_bytes(Form::Flexible), Err(below));
}

#[test]
fn strings_end_at_32767_bytes_in_both_forms() {
    let longest = Str::from("x".repeat(MAX_STRING_LEN));
    for form in [Form::Legacy, Form::Flexible] {
        let frame = written(|writer| writer.string(form, &longest));
        assert_eq!(Reader::new(frame).string(form).as_ref(), Ok(&longest));
        let longer = Str::from("x".repeat(MAX_STRING_LEN + 1));
        let refused = Writer::new().string(form, &longer);
        assert_eq!(refused, Err(EncodeError::TooLong { length: MAX_STRING_LEN + 1 }));
    }
    let mut frame = vec![0x81, 0x80, 0x02];
    frame.resize(40_000, b'x');
    let refused = DecodeError::InvalidLength { at: 3, length: 32768 };
    assert_eq!(reader(&frame).string(Form::Flexible), Err(refused));
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    assert_eq!(reader(b"\x00\x02a\xff").string(Form::Legacy), Err(DecodeError::NotUtf8 { at: 2 }));
}

#[test]
fn counts_are_held_against_the_remaining_bytes() {
    let refused = DecodeError::TooManyElements { at: 4, count: i32::MAX as u32 - 1, possible: 1 };
    assert_eq!(reader(&[0x7f, 0xff, 0xff, 0xfe, 0, 0, 0, 1]).i32s(Form::Legacy), Err(refused));
    let refused = DecodeError::TooManyElements { at: 1, count: 3, possible: 1 };
    assert_eq!(reader(&[3, 0, 0, 0]).tagged_count(), Err(refused));
    assert_eq!(reader(&[0, 0, 0, 1, 0, 0, 0, 9]).i32s(Form::Legacy), Ok(vec![9]));
}

#[test]
fn no_array_has_more_than_a_million_elements() {
    let mut frame = (MAX_ARRAY_LEN as u32 + 1).to_be_bytes().to_vec();
    frame.resize(4 + MAX_ARRAY_LEN + 1, 0);
    let refused = DecodeError::TooManyElements {
        at: 4,
        count: MAX_ARRAY_LEN as u32 + 1,
        possible: MAX_ARRAY_LEN as u32,
    };
    assert_eq!(reader(&frame).i8s(Form::Legacy), Err(refused));
}

#[test]
fn regions_count_in_lengths_but_not_in_the_buffer() {
    let mut writer = Writer::new();
    let frame = writer.begin_length();
    writer.records(Form::Flexible, &Records::Bytes(Bytes::from_static(b"ab"))).unwrap();
    writer.records(Form::Legacy, &Records::Region(RegionId(7), 1000)).unwrap();
    writer.i8(9);
    writer.end_length(frame).unwrap();
    let encoded = writer.finish();
    assert_eq!(encoded.splices, [Splice { at: 11, region: RegionId(7), len: 1000 }]);
    assert_eq!(encoded.total_len(), 1012);
    let length = 1012u32 - 4;
    assert_eq!(encoded.bytes[..4], length.to_be_bytes());
    assert_eq!(encoded.bytes[4..], *b"\x03ab\x00\x00\x03\xe8\x09");
}

#[test]
fn a_long_tagged_field_moves_what_follows_its_size() {
    let text = Str::from("x".repeat(200));
    let unknown = TaggedFields::default();
    let frame = written(|writer| {
        let mut tagged = TaggedWriter::begin(writer, &unknown);
        let mark = tagged.field(writer, 1)?;
        writer.string(Form::Flexible, &text)?;
        writer.end_tagged(mark)?;
        tagged.finish(writer)
    });
    // One field, tag 1, 202 bytes: a string of 200.
    assert_eq!(frame[..6], [1, 1, 0xca, 0x01, 0xc9, 0x01]);
    assert_eq!(frame.len(), 206);
}

#[test]
fn unknown_tags_stand_between_the_known_ones() {
    let field = |tag, text: &'static str| TaggedField { tag, value: Bytes::from_static(text.as_bytes()) };
    let unknown: TaggedFields = [field(0, "a"), field(2, "c")].into_iter().collect();
    let write = |writer: &mut Writer, known: u32| {
        let mut tagged = TaggedWriter::begin(writer, &unknown);
        let mark = tagged.field(writer, known)?;
        writer.i8(0x62);
        writer.end_tagged(mark)?;
        tagged.finish(writer)
    };
    assert_eq!(written(|writer| write(writer, 1)), b"\x03\x00\x01a\x01\x01b\x02\x01c"[..]);
    let taken = write(&mut Writer::new(), 2);
    assert_eq!(taken, Err(EncodeError::TagOutOfOrder { tag: 2 }));
    let mut reader = reader(b"\x02\x00\x01a\x02\x01c");
    assert_eq!(reader.tagged_fields(), Ok(unknown));
}

#[test]
fn unknown_tags_out_of_order_are_read_but_not_written() {
    let fields = reader(b"\x02\x02\x00\x01\x00").tagged_fields().unwrap();
    assert_eq!(Writer::new().tagged_fields(&fields), Err(EncodeError::TagOutOfOrder { tag: 1 }));
}

proptest! {
    #[test]
    fn signed_varints_round_trip(int in any::<i32>(), long in any::<i64>()) {
        let (mut short_out, mut long_out) = ([0; 5], [0; 10]);
        let len = encode_varint(int, &mut short_out);
        prop_assert_eq!(len, varint_len(int));
        prop_assert_eq!(decode_varint(&short_out[..len]), Some((int, len)));
        prop_assert_eq!(decode_varint(&short_out[..len - 1]), None);
        let len = encode_varlong(long, &mut long_out);
        prop_assert_eq!(len, varlong_len(long));
        prop_assert_eq!(decode_varlong(&long_out[..len]), Some((long, len)));
    }

    #[test]
    fn unsigned_varints_round_trip(value in any::<u32>(), shift in 0u32..32) {
        let value = value >> shift;
        let mut writer = Writer::new();
        writer.unsigned_varint(value);
        prop_assert_eq!(writer.len(), unsigned_len(value));
        prop_assert_eq!(decode_unsigned(writer.as_slice()), Some((value, writer.len())));
    }

    #[test]
    fn values_round_trip_in_both_forms(
        text in ".{0,200}",
        bytes in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..300)),
        numbers in proptest::option::of(proptest::collection::vec(any::<i64>(), 0..40)),
        flexible in any::<bool>(),
    ) {
        let form = if flexible { Form::Flexible } else { Form::Legacy };
        let (text, bytes) = (Str::from(text), bytes.map(Bytes::from));
        let frame = written(|writer| {
            writer.string(form, &text)?;
            writer.nullable_bytes(form, bytes.as_ref())?;
            writer.nullable_i64s(form, numbers.as_deref())
        });
        let mut reader = Reader::new(frame);
        prop_assert_eq!(reader.string(form).unwrap(), text);
        prop_assert_eq!(reader.nullable_bytes(form).unwrap(), bytes);
        prop_assert_eq!(reader.nullable_i64s(form).unwrap(), numbers);
        prop_assert_eq!(reader.remaining(), 0);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), flexible in any::<bool>()) {
        let form = if flexible { Form::Flexible } else { Form::Legacy };
        let frame = Bytes::from(bytes);
        let at = |_| Reader::new(frame.clone());
        let _ = at(()).nullable_string(form);
        let _ = at(()).nullable_strings(form);
        let _ = at(()).nullable_bytes(form);
        let _ = at(()).uuids(form);
        let _ = at(()).tagged_fields();
        let _ = at(()).varlong();
    }
}

#[test]
fn arrays_take_no_more_memory_than_their_reader_has_room_for() {
    let empty_strings = [&[101][..], &[1; 100]].concat();
    let room = 100 * size_of::<Str>();
    let read = |room| Reader::with_room(Bytes::from(empty_strings.clone()), room).strings(Form::Flexible);
    assert_eq!(read(room).map(|strings| strings.len()), Ok(100));
    assert_eq!(read(room - 1), Err(DecodeError::NoRoom { at: 1 }));
}
