//! Names: as processes see them, and as the medium has them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::super::{DirEntry, EntryKind};
use super::Chance;
use super::inode::Inode;

#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    inodes: BTreeMap<u64, Inode>,
    next_inode: u64,
    names: Names,
    durable: Names,
    /// Changes since their directories were last synced, in order.
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug, Default)]
struct Names {
    files: BTreeMap<PathBuf, u64>,
    dirs: BTreeSet<PathBuf>,
}

#[derive(Clone, Debug)]
enum Change {
    CreateFile(PathBuf, u64),
    CreateDir(PathBuf),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

impl Change {
    fn touches(&self, dir: &Path) -> bool {
        let in_dir = |path: &Path| path.parent() == Some(dir);
        match self {
            Change::CreateFile(path, _) | Change::CreateDir(path) | Change::Remove(path) => in_dir(path),
            Change::Rename(from, to) => in_dir(from) || in_dir(to),
        }
    }
}

impl Names {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::CreateFile(path, inode) => {
                self.files.insert(path.clone(), *inode);
            }
            Change::CreateDir(path) => {
                self.dirs.insert(path.clone());
            }
            Change::Rename(from, to) => self.rename(from, to),
            Change::Remove(path) => {
                self.files.retain(|name, _| !name.starts_with(path));
                self.dirs.retain(|name| !name.starts_with(path));
            }
        }
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        let moved = |path: &Path| {
            let rest = path.strip_prefix(from).ok()?;
            Some(if rest.as_os_str().is_empty() { to.to_owned() } else { to.join(rest) })
        };
        self.files = std::mem::take(&mut self.files)
            .into_iter()
            .filter(|(path, _)| path != to)
            .map(|(path, inode)| (moved(&path).unwrap_or(path), inode))
            .collect();
        self.dirs =
            std::mem::take(&mut self.dirs).into_iter().map(|path| moved(&path).unwrap_or(path)).collect();
    }

    fn contains(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.dirs.contains(path)
    }
}

impl Tree {
    pub(super) fn inode(&self, id: u64) -> &Inode {
        &self.inodes[&id]
    }

    pub(super) fn inode_mut(&mut self, id: u64) -> &mut Inode {
        self.inodes.get_mut(&id).expect("inodes are never forgotten")
    }

    pub(super) fn find_file(&self, path: &Path) -> Option<u64> {
        self.names.files.get(path).copied()
    }

    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.names.files.keys().cloned().collect()
    }

    pub(super) fn used_bytes(&self) -> u64 {
        self.names.files.values().map(|id| self.inodes[id].content().len() as u64).sum()
    }

    pub(super) fn create_file(&mut self, path: &Path, inode: Inode) -> io::Result<u64> {
        if path.parent().is_some_and(|parent| !self.is_dir(parent)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let id = self.next_inode;
        self.next_inode += 1;
        self.inodes.insert(id, inode);
        self.change(Change::CreateFile(path.to_owned(), id));
        Ok(id)
    }

    pub(super) fn create_dir(&mut self, dir: &Path) {
        let missing: Vec<_> = dir.ancestors().filter(|dir| !self.is_dir(dir)).map(Path::to_owned).collect();
        for dir in missing.into_iter().rev() {
            self.change(Change::CreateDir(dir));
        }
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.parent().is_none() || path.as_os_str().is_empty() || self.names.dirs.contains(path)
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        if !self.names.contains(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.change(Change::Rename(from.to_owned(), to.to_owned()));
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path) -> io::Result<()> {
        if !self.names.contains(path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        self.change(Change::Remove(path.to_owned()));
        Ok(())
    }

    pub(super) fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        if !self.is_dir(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let files = self.names.files.keys().map(|path| (path, EntryKind::File));
        let dirs = self.names.dirs.iter().map(|path| (path, EntryKind::Directory));
        let inside = files.chain(dirs).filter(|(path, _)| path.parent() == Some(dir));
        let entry = |(path, kind): (&PathBuf, EntryKind)| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some(DirEntry { name, kind })
        };
        let mut entries: Vec<_> = inside.filter_map(entry).collect();
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    pub(super) fn sync_dir(&mut self, dir: &Path) -> io::Result<()> {
        if !self.is_dir(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let (synced, rest) =
            std::mem::take(&mut self.unsynced).into_iter().partition(|change| change.touches(dir));
        self.unsynced = rest;
        let synced: Vec<Change> = synced;
        for change in &synced {
            self.durable.apply(change);
        }
        Ok(())
    }

    fn change(&mut self, change: Change) {
        self.names.apply(&change);
        self.unsynced.push(change);
    }

    pub(super) fn crash(&mut self, chance: &mut Chance) {
        let survived = chance.below(self.unsynced.len() + 1);
        for change in self.unsynced.drain(..).take(survived) {
            self.durable.apply(&change);
        }
        // A file in a directory whose own name was lost is gone as well.
        let dirs = self.durable.dirs.clone();
        let has_parents =
            |path: &Path| path.ancestors().skip(1).all(|dir| dir.parent().is_none() || dirs.contains(dir));
        self.durable.files.retain(|path, _| has_parents(path));
        self.durable.dirs.retain(|path| has_parents(path));
        self.names = self.durable.clone();
        for inode in self.inodes.values_mut() {
            inode.crash(chance);
        }
    }
}
