//! `.kafka_cleanshutdown`: proof that the last process stopped in order (KIP-966: the broker epoch
//! it holds is sent at the next registration).

use std::path::{Path, PathBuf};

use klamm_model::BrokerEpoch;
use serde::{Deserialize, Serialize};

use super::StateFileError;
use crate::disk::{Disk, OpenMode, read_small};
use crate::error::DiskFailure;

const NAME: &str = ".kafka_cleanshutdown";
const MAX_SIZE: usize = 4096;

/// The marker of a log directory. Consumed before anything is loaded, written last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CleanShutdown {
    /// Under which registration the process ran; absent in files of old brokers.
    pub broker_epoch: Option<BrokerEpoch>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(default)]
    version: i32,
    #[serde(rename = "brokerEpoch", default)]
    broker_epoch: Option<i64>,
}

impl CleanShutdown {
    /// Reads and removes the marker, durably: a crash from here on is a crash.
    pub(crate) fn consume(disk: &dyn Disk, dir: &Path) -> Result<Option<CleanShutdown>, StateFileError> {
        let path = path(dir);
        let content = match read_small(disk, &path, MAX_SIZE) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|error| DiskFailure::new("read", &path, error))?,
        };
        disk.remove(&path).map_err(|error| DiskFailure::new("remove", &path, error))?;
        disk.sync_dir(dir).map_err(|error| DiskFailure::new("sync directory", dir, error))?;
        // The file's being there is what counts: Kafka takes one without an epoch as well.
        let epoch = serde_json::from_slice::<Content>(&content).ok().and_then(|content| content.broker_epoch);
        Ok(Some(CleanShutdown { broker_epoch: epoch.and_then(BrokerEpoch::new) }))
    }

    /// Writes the marker, durably.
    pub(crate) fn write(self, disk: &dyn Disk, dir: &Path) -> Result<(), DiskFailure> {
        let path = path(dir);
        let epoch = self.broker_epoch.map_or(-1, BrokerEpoch::get);
        let content = format!("{{\"version\":0,\"brokerEpoch\":{epoch}}}");
        let write = || {
            let file = disk.open(&path, OpenMode::Replace)?;
            file.write_at(&[std::io::IoSlice::new(content.as_bytes())], 0)?;
            file.sync()?;
            disk.sync_dir(dir)
        };
        write().map_err(|error| DiskFailure::new("write", &path, error))
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join(NAME)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::disk::StdDisk;

    #[test]
    fn the_marker_is_consumed_once() {
        let dir = tempfile::tempdir().unwrap();
        let marker = CleanShutdown { broker_epoch: BrokerEpoch::new(42) };
        marker.write(&StdDisk, dir.path()).unwrap();
        let content = std::fs::read_to_string(path(dir.path())).unwrap();
        assert_eq!(content, "{\"version\":0,\"brokerEpoch\":42}");
        assert_eq!(CleanShutdown::consume(&StdDisk, dir.path()).unwrap(), Some(marker));
        assert_eq!(CleanShutdown::consume(&StdDisk, dir.path()).unwrap(), None);
    }

    #[test]
    fn an_empty_marker_of_an_old_broker_counts() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(path(dir.path()), "").unwrap();
        let found = CleanShutdown::consume(&StdDisk, dir.path()).unwrap();
        assert_eq!(found, Some(CleanShutdown { broker_epoch: None }));
    }
}
