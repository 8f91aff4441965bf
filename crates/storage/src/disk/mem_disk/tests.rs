//! Rules of the disk in memory: what a crash loses and keeps.
#![allow(clippy::unwrap_used)]
use super::*;

fn path(name: &str) -> PathBuf {
    PathBuf::from("/d").join(name)
}

fn disk() -> MemDisk {
    let disk = MemDisk::new();
    disk.create_dir(Path::new("/d")).unwrap();
    disk.sync_dir(Path::new("/")).unwrap();
    disk
}

fn write(file: &dyn DiskFile, bytes: &[u8], position: u64) {
    file.write_at(&[IoSlice::new(bytes)], position).unwrap();
}

#[test]
fn synced_bytes_survive_every_crash_and_others_may_not() {
    let mut lost = 0;
    for seed in 0..100 {
        let disk = disk();
        let file = disk.open(&path("a"), OpenMode::Create).unwrap();
        write(&*file, &[1; 3000], 0);
        file.sync().unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        write(&*file, &[2; 3000], 3000);
        disk.crash(seed);
        let content = disk.content(&path("a")).unwrap();
        assert_eq!(&content[..3000], &[1; 3000]);
        lost += u32::from(content.len() < 6000 || content[3000..] != [2; 3000]);
        assert!(file.read_at(&mut [0], 0).is_err(), "handles of before the crash are dead");
    }
    assert!(lost > 10 && lost < 100);
}

#[test]
fn a_sector_that_survives_has_all_that_was_written_to_it_before() {
    let (mut holes, mut torn) = (0, 0);
    for seed in 0..200 {
        let disk = disk();
        let file = disk.open(&path("a"), OpenMode::Create).unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        for index in 0..12_u8 {
            write(&*file, &[index + 1; 200], u64::from(index) * 200);
        }
        disk.crash(seed);
        let content = disk.content(&path("a")).unwrap_or_default();
        for sector in content.chunks(512) {
            let written = sector.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            assert!(sector[..written].iter().all(|byte| *byte != 0), "seed {seed}: a hole within a sector");
        }
        let zeros = content.chunks(512).position(|sector| sector[0] == 0);
        holes += u32::from(zeros.is_some_and(|at| content.chunks(512).skip(at).any(|sector| sector[0] != 0)));
        torn += u32::from(!content.len().is_multiple_of(200) || zeros.is_some());
    }
    assert!(holes > 10 && torn > 10, "{holes} with a lost sector before one that survived, {torn} torn");
}

#[test]
fn names_need_a_sync_of_their_directory() {
    let outcomes: Vec<bool> = (0..50)
        .map(|seed| {
            let disk = disk();
            disk.open(&path("a"), OpenMode::Create).unwrap().sync().unwrap();
            disk.crash(seed);
            disk.content(&path("a")).is_some()
        })
        .collect();
    assert!(outcomes.contains(&true) && outcomes.contains(&false));
}

#[test]
fn a_rename_is_whole_or_did_not_happen() {
    for seed in 0..50 {
        let disk = disk();
        for (name, byte) in [("old", 1), ("new", 2)] {
            let file = disk.open(&path(name), OpenMode::Create).unwrap();
            write(&*file, &[byte], 0);
            file.sync().unwrap();
        }
        disk.sync_dir(Path::new("/d")).unwrap();
        disk.rename(&path("new"), &path("old")).unwrap();
        disk.crash(seed);
        let content = disk.content(&path("old")).unwrap();
        assert!(content == [1] || content == [2]);
    }
}

#[test]
fn a_failed_sync_loses_its_bytes_even_if_the_next_succeeds() {
    let disk = disk();
    let file = disk.open(&path("a"), OpenMode::Create).unwrap();
    disk.sync_dir(Path::new("/d")).unwrap();
    write(&*file, &[1; 10], 0);
    disk.inject(Fault { after: 0, on: Some(Operation::Sync), kind: FaultKind::Io });
    file.sync().unwrap_err();
    file.sync().unwrap();
    disk.crash(1);
    assert_eq!(disk.content(&path("a")).unwrap(), b"");
}

#[test]
fn a_full_disk_takes_a_part_of_a_write() {
    let disk = disk();
    disk.set_capacity(Some(100));
    let file = disk.open(&path("a"), OpenMode::Create).unwrap();
    write(&*file, &[1; 60], 0);
    let error = file.write_at(&[IoSlice::new(&[2; 60])], 60).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert_eq!(file.len().unwrap(), 100);
    file.set_len(60).unwrap();
    assert_eq!(disk.space(Path::new("/d")).unwrap().usable, 40);
}

#[test]
fn a_killed_process_does_nothing_more() {
    let disk = disk();
    disk.inject(Fault { after: 1, on: None, kind: FaultKind::Kill });
    let file = disk.open(&path("a"), OpenMode::Create).unwrap();
    file.write_at(&[IoSlice::new(&[1])], 0).unwrap_err();
    disk.list(Path::new("/d")).unwrap_err();
    disk.kill();
    assert!(disk.list(Path::new("/d")).is_ok());
}

#[test]
fn directories_move_with_their_content() {
    let disk = disk();
    disk.create_dir(&path("x/y")).unwrap();
    disk.open(&path("x/y/f"), OpenMode::Create).unwrap();
    disk.rename(&path("x"), &path("z")).unwrap();
    assert_eq!(disk.files(), [path("z/y/f")]);
    disk.remove(&path("z")).unwrap();
    assert!(disk.files().is_empty() && disk.list(&path("z")).is_err());
}
