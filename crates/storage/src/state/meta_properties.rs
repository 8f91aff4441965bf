//! `meta.properties` of a log directory: whose it is (KIP-631, KIP-858 for the directory id).

use std::fmt::Write;
use std::path::{Path, PathBuf};

use klamm_model::{DirectoryId, NodeId, Timestamp, Uuid};

use super::properties;
use super::{MAX_STATE_FILE, StateFileError};
use crate::disk::{Disk, read_small, replace_file};
use crate::error::DiskFailure;

/// The file's name.
pub const META_PROPERTIES: &str = "meta.properties";

/// Format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetaPropertiesVersion {
    /// ZooKeeper days: `broker.id`, everything optional.
    V0,
    /// KRaft: `node.id` and `cluster.id` are there.
    V1,
}

/// Identity of a log directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaProperties {
    /// Format.
    pub version: MetaPropertiesVersion,
    /// The cluster it belongs to; always there in V1.
    pub cluster_id: Option<String>,
    /// The node it belongs to; always there in V1.
    pub node_id: Option<NodeId>,
    /// Its own id.
    pub directory_id: Option<DirectoryId>,
}

impl MetaProperties {
    /// Reads the file of `dir`; `None` if the directory is not formatted.
    pub fn read(disk: &dyn Disk, dir: &Path) -> Result<Option<MetaProperties>, StateFileError> {
        let path = dir.join(META_PROPERTIES);
        let content = match read_small(disk, &path, MAX_STATE_FILE) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            result => result.map_err(|error| DiskFailure::new("read", &path, error))?,
        };
        let text = String::from_utf8_lossy(&content);
        MetaProperties::decode(&text).map(Some).map_err(|reason| malformed(&path, reason))
    }

    /// Writes the file of `dir`, durably.
    pub fn write(&self, disk: &dyn Disk, dir: &Path, now: Timestamp) -> Result<(), DiskFailure> {
        let path = dir.join(META_PROPERTIES);
        let content = self.encode(now);
        replace_file(disk, &path, content.as_bytes()).map_err(|error| DiskFailure::new("write", &path, error))
    }

    /// Content of the file: an empty comment, the date, then the keys in the order in which Java
    /// 17 writes them (that of its hash table).
    pub fn encode(&self, now: Timestamp) -> String {
        let mut text = format!("#\n#{}\n", java_date(now));
        let (id_key, version) = match self.version {
            MetaPropertiesVersion::V0 => ("broker.id", "0"),
            MetaPropertiesVersion::V1 => ("node.id", "1"),
        };
        if let Some(id) = self.node_id {
            text.push_str(&properties::encode_line(id_key, &id.to_string()));
        }
        if let Some(id) = self.directory_id {
            text.push_str(&properties::encode_line("directory.id", &id.to_string()));
        }
        text.push_str(&properties::encode_line("version", version));
        if let Some(id) = &self.cluster_id {
            text.push_str(&properties::encode_line("cluster.id", id));
        }
        text
    }

    /// Reads the content; says what is wrong with it.
    pub fn decode(text: &str) -> Result<MetaProperties, String> {
        let properties = properties::decode(text)?;
        let get = |key: &str| properties.get(key).map(|value| value.trim());
        let version = match get("version").unwrap_or("0") {
            "0" => MetaPropertiesVersion::V0,
            "1" => MetaPropertiesVersion::V1,
            other => return Err(format!("unknown version \"{other}\"")),
        };
        let node_id = match version {
            MetaPropertiesVersion::V0 => get("broker.id").map(|id| parse_id("broker.id", id)).transpose()?,
            MetaPropertiesVersion::V1 => {
                Some(parse_id("node.id", get("node.id").ok_or("node.id was not found")?)?)
            }
        };
        let cluster_id = get("cluster.id").map(str::to_owned);
        if version == MetaPropertiesVersion::V1 && cluster_id.is_none() {
            return Err("cluster.id was not found".into());
        }
        let directory_id = match get("directory.id") {
            None => None,
            Some(text) => {
                let uuid: Uuid = text.parse().map_err(|error| format!("directory.id: {error}"))?;
                Some(DirectoryId::new(uuid).ok_or("directory.id is the zero uuid")?)
            }
        };
        Ok(MetaProperties { version, cluster_id, node_id, directory_id })
    }
}

fn parse_id(key: &str, text: &str) -> Result<NodeId, String> {
    let id = text.parse().ok().and_then(NodeId::new);
    id.ok_or_else(|| format!("{key} \"{text}\" is not a node id"))
}

fn malformed(path: &Path, reason: String) -> StateFileError {
    StateFileError::Malformed { path: PathBuf::from(path), reason }
}

/// As Java prints a date, in UTC: `Mon Nov 23 22:35:15 UTC 2026`.
fn java_date(now: Timestamp) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = now.as_millis().max(0) / 1000;
    let (day, second) = (seconds / 86_400, seconds % 86_400);
    // Days to civil date, counting years from March so that the leap day is the last.
    let shifted = day + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 2 } else { march_month - 10 };
    let year = era * 400 + year_of_era + i64::from(month < 2);
    let mut text = format!("{} {} {day_of_month:02}", DAYS[(day % 7) as usize], MONTHS[month as usize]);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    write!(text, " {hour:02}:{minute:02}:{:02} UTC {year}", second % 60)
        .expect("a string takes all it is given");
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_form_is_kafkas() {
        let properties = MetaProperties {
            version: MetaPropertiesVersion::V1,
            cluster_id: Some("4L6g3nShT-eMCtK--X86sw".into()),
            node_id: NodeId::new(1),
            directory_id: DirectoryId::new(Uuid::from_u128(0xabcdef)),
        };
        let text = properties.encode(Timestamp::from_millis(1_795_473_315_000));
        let expected = "#\n#Mon Nov 23 22:35:15 UTC 2026\nnode.id=1\ndirectory.id=AAAAAAAAAAAAAAAAAKvN7w\nversion=1\ncluster.id=4L6g3nShT-eMCtK--X86sw\n";
        assert_eq!(text, expected);
        assert_eq!(MetaProperties::decode(&text).unwrap(), properties);
    }

    #[test]
    fn dates_around_a_leap_day() {
        assert_eq!(java_date(Timestamp::from_millis(0)), "Thu Jan 01 00:00:00 UTC 1970");
        assert_eq!(java_date(Timestamp::from_millis(1_709_164_799_000)), "Wed Feb 28 23:59:59 UTC 2024");
        assert_eq!(java_date(Timestamp::from_millis(1_709_164_800_000)), "Thu Feb 29 00:00:00 UTC 2024");
        assert_eq!(java_date(Timestamp::from_millis(1_709_251_200_000)), "Fri Mar 01 00:00:00 UTC 2024");
    }

    #[test]
    fn version_0_has_a_broker_id_and_may_lack_all() {
        let found = MetaProperties::decode("version=0\nbroker.id=7\n").unwrap();
        assert_eq!((found.node_id, found.cluster_id), (NodeId::new(7), None));
        assert_eq!(MetaProperties::decode("").unwrap().node_id, None);
    }

    #[test]
    fn damage_is_named() {
        for (bad, word) in [
            ("version=2", "version"),
            ("version=1\ncluster.id=x", "node.id"),
            ("version=1\nnode.id=1", "cluster.id"),
            ("version=1\nnode.id=x\ncluster.id=x", "node id"),
            ("version=1\nnode.id=1\ncluster.id=x\ndirectory.id=zz", "directory.id"),
        ] {
            assert!(MetaProperties::decode(bad).unwrap_err().contains(word), "{bad}");
        }
    }
}
