//! An entry of `.index`: where a batch lies.

use klamm_model::Offset;

/// Bytes of an entry.
pub(crate) const OFFSET_ENTRY: usize = 8;

/// The batch that ends with `offset` begins at `position`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OffsetEntry {
    pub(crate) offset: Offset,
    pub(crate) position: u32,
}

impl OffsetEntry {
    pub(crate) fn encode(self, base: Offset) -> [u8; OFFSET_ENTRY] {
        let mut bytes = [0; OFFSET_ENTRY];
        bytes[..4].copy_from_slice(&super::relative(base, self.offset).to_be_bytes());
        bytes[4..].copy_from_slice(&self.position.to_be_bytes());
        bytes
    }

    pub(crate) fn decode(bytes: [u8; OFFSET_ENTRY], base: Offset) -> OffsetEntry {
        let [a, b, c, d, e, f, g, h] = bytes;
        let offset = super::absolute(base, u32::from_be_bytes([a, b, c, d]));
        OffsetEntry { offset, position: u32::from_be_bytes([e, f, g, h]) }
    }
}
