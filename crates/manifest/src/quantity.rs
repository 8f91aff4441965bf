//! Sizes as Kubernetes writes them: `10Gi`, `500M`, `1024`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A number of bytes, written as a Kubernetes quantity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = "^[0-9]+(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)?$", "maxLength" = 20))]
pub struct Quantity {
    text: String,
    bytes: u64,
}

/// Text that is not a size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a size: a whole number with one of Ki, Mi, Gi, Ti, Pi, k, M, G, T, P or nothing behind it"
)]
pub struct ParseQuantityError(String);

const UNITS: [(&str, u64); 10] = [
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("Pi", 1 << 50),
    ("k", 1_000),
    ("M", 1_000_000),
    ("G", 1_000_000_000),
    ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
];

impl Quantity {
    /// The size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl FromStr for Quantity {
    type Err = ParseQuantityError;

    fn from_str(text: &str) -> Result<Quantity, ParseQuantityError> {
        let bad = || ParseQuantityError(text.to_owned());
        let unit = UNITS.iter().find(|(suffix, _)| text.ends_with(suffix));
        let (digits, factor) = match unit {
            Some((suffix, factor)) => (&text[..text.len() - suffix.len()], *factor),
            None => (text, 1),
        };
        let count: u64 = digits.parse().map_err(|_| bad())?;
        let bytes = count.checked_mul(factor).ok_or_else(bad)?;
        Ok(Quantity { text: text.to_owned(), bytes })
    }
}

impl TryFrom<String> for Quantity {
    type Error = ParseQuantityError;

    fn try_from(text: String) -> Result<Quantity, ParseQuantityError> {
        text.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> String {
        quantity.text
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_and_decimal_units_differ() {
        assert_eq!("2Ki".parse::<Quantity>().map(|q| q.bytes()), Ok(2048));
        assert_eq!("2k".parse::<Quantity>().map(|q| q.bytes()), Ok(2000));
        assert_eq!("17".parse::<Quantity>().map(|q| q.bytes()), Ok(17));
    }

    #[test]
    fn what_is_no_size_is_named() {
        for bad in ["", "Gi", "-1Gi", "1.5Gi", "99999999999Pi"] {
            assert_eq!(bad.parse::<Quantity>(), Err(ParseQuantityError(bad.to_owned())));
        }
    }
}
