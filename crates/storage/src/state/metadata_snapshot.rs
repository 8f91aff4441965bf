//! Snapshots of the metadata log (`<end offset>-<epoch>.checkpoint`, KIP-630): plain runs of
//! batches, written once, then only read. What is in them is the raft driver's business.

use std::io::{self, IoSlice};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use klamm_model::OffsetAndEpoch;

use crate::disk::{Disk, DiskFile, Hint, OpenMode, Region, read_exact_at, remove_if_present};
use crate::error::DiskFailure;
use crate::names::{MetadataSnapshotName, MetadataSnapshotStage};

/// The snapshots in the directory of a metadata log.
#[derive(Clone, Debug)]
pub struct MetadataSnapshotStore {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
}

impl MetadataSnapshotStore {
    /// In `dir`, the directory of the metadata log. Touches nothing.
    pub fn new(disk: Arc<dyn Disk>, dir: &Path) -> MetadataSnapshotStore {
        MetadataSnapshotStore { disk, dir: dir.to_owned() }
    }

    /// Ids of the whole snapshots, oldest first.
    pub fn list(&self) -> Result<Vec<OffsetAndEpoch>, DiskFailure> {
        let named = self.names()?.into_iter();
        let whole = named.filter(|(_, name)| name.stage == MetadataSnapshotStage::Whole);
        let mut ids: Vec<_> = whole.map(|(_, name)| name.id).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// Removes what an earlier process left unfinished. Once, before anything is written.
    pub fn remove_leftovers(&self) -> Result<(), DiskFailure> {
        for (file, name) in self.names()? {
            match name.stage {
                MetadataSnapshotStage::Whole => {}
                MetadataSnapshotStage::Partial | MetadataSnapshotStage::Deleted => self.remove_file(&file)?,
            }
        }
        Ok(())
    }

    /// Opens a whole snapshot for reading; `None` if there is none of that id.
    pub fn open(&self, id: OffsetAndEpoch) -> Result<Option<Arc<dyn DiskFile>>, DiskFailure> {
        let path = self.dir.join(MetadataSnapshotName::whole(id));
        match self.disk.open(&path, OpenMode::Read) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(Some).map_err(|error| DiskFailure::new("open", path, error)),
        }
    }

    /// Begins a snapshot; `unique` keeps two unfinished ones of the same id apart.
    pub fn begin(&self, id: OffsetAndEpoch, unique: u64) -> Result<MetadataSnapshotWriter, DiskFailure> {
        let path = self.dir.join(MetadataSnapshotName::partial(id, unique));
        let file = self.disk.open(&path, OpenMode::Replace);
        let file = file.map_err(|error| DiskFailure::new("create", &path, error))?;
        Ok(MetadataSnapshotWriter { store: self.clone(), id, path: Some(path), file, len: 0 })
    }

    /// Takes a snapshot out of the list; readers that hold it go on. [`Self::remove`] it later.
    pub fn mark_deleted(&self, id: OffsetAndEpoch) -> Result<(), DiskFailure> {
        let from = self.dir.join(MetadataSnapshotName::whole(id));
        let to = self.dir.join(MetadataSnapshotName::deleted(id));
        self.disk.rename(&from, &to).map_err(|error| DiskFailure::new("rename", from, error))
    }

    /// Removes the files of a snapshot, whatever its stage.
    pub fn remove(&self, id: OffsetAndEpoch) -> Result<(), DiskFailure> {
        self.remove_file(&MetadataSnapshotName::whole(id))?;
        self.remove_file(&MetadataSnapshotName::deleted(id))
    }

    fn names(&self) -> Result<Vec<(String, MetadataSnapshotName)>, DiskFailure> {
        let entries =
            self.disk.list(&self.dir).map_err(|error| DiskFailure::new("list", &self.dir, error))?;
        let parse = |name: String| MetadataSnapshotName::parse(&name).map(|parsed| (name, parsed));
        Ok(entries.into_iter().filter_map(|entry| parse(entry.name)).collect())
    }

    fn remove_file(&self, name: &str) -> Result<(), DiskFailure> {
        let path = self.dir.join(name);
        remove_if_present(&*self.disk, &path).map_err(|error| DiskFailure::new("remove", path, error))
    }
}

/// A snapshot being written. Dropped unfinished, its file goes.
#[derive(Debug)]
pub struct MetadataSnapshotWriter {
    store: MetadataSnapshotStore,
    id: OffsetAndEpoch,
    /// `None` once finished.
    path: Option<PathBuf>,
    file: Arc<dyn DiskFile>,
    len: u64,
}

impl MetadataSnapshotWriter {
    /// Which snapshot.
    pub fn id(&self) -> OffsetAndEpoch {
        self.id
    }

    /// Bytes written.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing is written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends bytes: whole batches, or pieces of them as FetchSnapshot brings them.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), DiskFailure> {
        let written = self.file.write_at(&[IoSlice::new(bytes)], self.len);
        written.map_err(|error| DiskFailure::new("write to", self.shown_path(), error))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// What was written, to be checked before [`Self::finish`].
    pub fn content(&self) -> Result<Vec<u8>, DiskFailure> {
        let mut content = vec![0; usize::try_from(self.len).unwrap_or(usize::MAX)];
        let read = read_exact_at(&*self.file, &mut content, 0);
        read.map_err(|error| DiskFailure::new("read", self.shown_path(), error))?;
        Ok(content)
    }

    /// Makes the snapshot durable, read-only and visible.
    pub fn finish(mut self) -> Result<(), DiskFailure> {
        let partial = self.shown_path();
        let whole = self.store.dir.join(MetadataSnapshotName::whole(self.id));
        self.file.hint(Region { start: 0, len: self.len }, Hint::ReadOnly);
        let publish = || {
            self.file.sync()?;
            self.store.disk.rename(&partial, &whole)?;
            self.store.disk.sync_dir(&self.store.dir)
        };
        publish().map_err(|error| DiskFailure::new("finish", &partial, error))?;
        self.path = None;
        Ok(())
    }

    fn shown_path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| self.store.dir.clone())
    }
}

impl Drop for MetadataSnapshotWriter {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = remove_if_present(&*self.store.disk, path)
        {
            tracing::warn!(path = %path.display(), %error, "an unfinished snapshot stays; the next start removes it");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use klamm_model::{LeaderEpoch, Offset};

    use super::*;
    use crate::disk::StdDisk;

    fn id(offset: i64, epoch: i32) -> OffsetAndEpoch {
        OffsetAndEpoch { offset: Offset::at(offset), epoch: LeaderEpoch::at(epoch) }
    }

    #[test]
    fn a_snapshot_appears_whole_and_read_only() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let store = MetadataSnapshotStore::new(Arc::new(StdDisk), dir.path());
        let mut writer = store.begin(id(7, 2), 1).unwrap();
        writer.append(b"abc").unwrap();
        writer.append(b"def").unwrap();
        assert!(store.list().unwrap().is_empty());
        writer.finish().unwrap();
        assert_eq!(store.list().unwrap(), [id(7, 2)]);
        let path = dir.path().join("00000000000000000007-0000000002.checkpoint");
        assert_eq!(std::fs::read(&path).unwrap(), b"abcdef");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o400);
    }

    #[test]
    fn unfinished_and_deleted_ones_go() {
        let dir = tempfile::tempdir().unwrap();
        let store = MetadataSnapshotStore::new(Arc::new(StdDisk), dir.path());
        drop(store.begin(id(1, 1), 1).unwrap());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        store.begin(id(2, 1), 2).unwrap().finish().unwrap();
        store.mark_deleted(id(2, 1)).unwrap();
        std::fs::write(dir.path().join("00000000000000000003-0000000001-12.checkpoint.part"), "x").unwrap();
        assert!(store.list().unwrap().is_empty());
        store.remove_leftovers().unwrap();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(store.open(id(2, 1)).unwrap().is_none());
    }
}
