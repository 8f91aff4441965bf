//! What precedes a metadata record in its log: frame version, type, record version, all unsigned varints.

use crate::codec::{DecodeError, Reader, Writer};

const FRAME_VERSION: u32 = 1;

/// Reads a frame: type and version of the record.
pub(crate) fn read_frame(reader: &mut Reader) -> Result<(i16, i16), DecodeError> {
    let frame_version = reader.unsigned_varint()?;
    if frame_version != FRAME_VERSION {
        return Err(DecodeError::UnknownFrameVersion(frame_version));
    }
    Ok((small(reader)?, small(reader)?))
}

fn small(reader: &mut Reader) -> Result<i16, DecodeError> {
    let at = reader.position() as u32;
    let value = reader.unsigned_varint()?;
    i16::try_from(value).map_err(|_| DecodeError::VarintOverflow { at })
}

/// Appends a frame.
pub(crate) fn write_frame(writer: &mut Writer, record_type: i16, version: i16) {
    writer.unsigned_varint(FRAME_VERSION);
    writer.unsigned_varint(record_type as u32);
    writer.unsigned_varint(version as u32);
}
