//! `leader-epoch-checkpoint` of a partition: `epoch start-offset` per line.

use klamm_logstate::{EpochEntry, EpochHistory};
use klamm_model::{LeaderEpoch, Offset};

/// The file's name.
pub const EPOCH_CHECKPOINT: &str = "leader-epoch-checkpoint";

/// Content of the file.
pub(crate) fn encode_epochs(history: &EpochHistory) -> Vec<u8> {
    super::text::encode(history.entries(), |entry| format!("{} {}", entry.epoch, entry.start_offset))
}

/// Reads the content; says what is wrong with it.
pub(crate) fn decode_epochs(content: &[u8]) -> Result<EpochHistory, String> {
    let entries = super::text::decode(content, |fields| {
        let &[epoch, start_offset] = fields else { return None };
        let epoch = LeaderEpoch::new(epoch.parse().ok()?)?;
        Some(EpochEntry { epoch, start_offset: Offset::new(start_offset.parse().ok()?)? })
    })?;
    let history = EpochHistory::from_entries(entries.iter().copied());
    // Kafka writes them in order; anything else is damage and not a list to repair.
    if history.entries() == entries { Ok(history) } else { Err("epochs out of order".into()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_form_is_kafkas() {
        let history = decode_epochs(b"0\n2\n0 0\n3 17\n").unwrap();
        assert_eq!(history.latest_epoch(), LeaderEpoch::new(3));
        assert_eq!(encode_epochs(&history), b"0\n2\n0 0\n3 17\n");
        assert_eq!(encode_epochs(&EpochHistory::new()), b"0\n0\n");
    }

    #[test]
    fn epochs_out_of_order_are_damage() {
        assert!(decode_epochs(b"0\n2\n3 17\n0 20\n").is_err());
        assert!(decode_epochs(b"0\n1\n-1 0\n").is_err());
    }
}
