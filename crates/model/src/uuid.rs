//! Kafka's uuids: 128 bits, written as 22 characters of URL-safe base64 without padding.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// 128 bits. Ordered by bytes; Java orders by two signed halves, so this order is never shown to peers.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid([u8; 16]);

/// Text that is not a Kafka uuid.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" is not a Kafka uuid: 22 characters of URL-safe base64")]
pub struct ParseUuidError(String);

impl Uuid {
    /// The zero uuid: "none" on the wire.
    pub const ZERO: Uuid = Uuid([0; 16]);

    /// From wire bytes, big-endian.
    pub const fn from_bytes(bytes: [u8; 16]) -> Uuid {
        Uuid(bytes)
    }

    /// Wire bytes, big-endian.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// From one number.
    pub const fn from_u128(value: u128) -> Uuid {
        Uuid(value.to_be_bytes())
    }

    /// As one number.
    pub const fn to_u128(self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    /// Whether this is the wire's "none".
    pub const fn is_zero(self) -> bool {
        self.to_u128() == 0
    }

    /// A version-4 uuid from random bytes, or `None` where Kafka would draw again: its text starts
    /// with a dash (tools would take it for an option) or it is reserved (below 100).
    pub fn random_from(mut bytes: [u8; 16]) -> Option<Uuid> {
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let uuid = Uuid(bytes);
        let usable = uuid.to_u128() >= 100 && !uuid.to_string().starts_with('-');
        usable.then_some(uuid)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Uuid {
    type Err = ParseUuidError;

    fn from_str(text: &str) -> Result<Uuid, ParseUuidError> {
        let bad = || ParseUuidError(text.chars().take(64).collect());
        let text = text.trim_end_matches('=');
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        Ok(Uuid(bytes.try_into().map_err(|_| bad())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_matches_kafkas() {
        assert_eq!(Uuid::from_u128(1).to_string(), "AAAAAAAAAAAAAAAAAAAAAQ");
        assert_eq!("AAAAAAAAAAAAAAAAAAAAAQ".parse(), Ok(Uuid::from_u128(1)));
        assert!("not a uuid".parse::<Uuid>().is_err());
    }

    #[test]
    fn random_uuids_never_start_with_a_dash() {
        assert_eq!(Uuid::random_from([0xff; 16]).map(|u| u.to_string().starts_with('-')), Some(false));
        let mut dash = [0; 16];
        dash[0] = 0xfb; // 0b111110.. encodes as '-'
        assert_eq!(Uuid::random_from(dash), None);
    }
}
