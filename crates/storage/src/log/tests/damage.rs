//! Thousands of logs whose tails and side files are damaged after a crash: opening never panics, what
//! was flushed is never lost, and no damaged batch is served. Everything follows from a seed.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::model::{Written, served};
use super::*;

const LOGS: u64 = 5000;

/// A log as it was before the damage.
struct Scene {
    bench: Bench,
    written: Vec<Written>,
    /// Offset below which all was flushed.
    flushed: i64,
    /// Name of the segment with that offset, and its bytes that were flushed.
    flushed_file: (String, usize),
}

fn scene(chance: &mut StdRng) -> Scene {
    let bench = Bench::small();
    bench.disk.sync_dir(&PathBuf::from("/")).unwrap();
    let mut log = bench.open();
    let (mut written, mut sequence) = (Vec::new(), 0);
    let (mut flushed, mut flushed_file) = (0, (format!("{:020}.log", 0), 0));
    let batches = chance.random_range(1..25);
    let flush_after = chance.random_range(0..=batches);
    for n in 0..batches {
        let count = chance.random_range(1..4);
        let mut bytes = match chance.random_range(0..4) {
            0 => {
                let bytes = sequenced(7, 0, sequence, count);
                sequence += count as i32;
                bytes
            }
            1 if n > 1 => transactional(8 + n, 0, 0, count),
            _ => batch(count, chance.random_range(0..300), n),
        };
        if chance.random_range(0..8) == 0 {
            log.become_leader(epoch(n as i32));
        }
        let leader = log.epochs().latest_epoch().map_or(0, |epoch| epoch.get());
        let info = append_as(&mut log, AppendOrigin::Client, &mut bytes, leader).unwrap();
        written.push(Written { base: info.first_offset.get(), last: info.last_offset.get(), bytes });
        if n == flush_after {
            log.set_high_watermark(log.log_end_offset());
            flush(&mut log, ms(1));
            for kind in CheckpointKind::ALL {
                bench.dir.write_checkpoint(kind).unwrap();
            }
            flushed = log.log_end_offset().get();
            let segment = format!("{:020}.log", log.active_segment_base().get());
            flushed_file = (segment.clone(), bench.disk.content(&bench.path(&segment)).unwrap().len());
        }
    }
    drop(log);
    Scene { bench, written, flushed, flushed_file }
}

/// Damages one file anywhere, as a failing medium or a careless hand does.
fn damage_side_file(scene: &Scene, chance: &mut StdRng) {
    let is_side = |path: &PathBuf| !path.to_string_lossy().ends_with(".log");
    let files: Vec<_> = scene.bench.disk.files().into_iter().filter(is_side).collect();
    if files.is_empty() {
        return;
    }
    let file = &files[chance.random_range(0..files.len())];
    match chance.random_range(0..4) {
        0 => scene.bench.disk.remove(file).unwrap(),
        kind => scene.bench.disk.corrupt(file, |bytes| damage(bytes, 0, kind, chance)),
    }
}

/// Damages bytes from `from` on.
fn damage(bytes: &mut Vec<u8>, from: usize, kind: u32, chance: &mut StdRng) {
    match kind {
        1 => bytes.truncate(chance.random_range(from..=bytes.len())),
        2 => {
            let garbage: Vec<u8> = (0..chance.random_range(1..200)).map(|_| chance.random()).collect();
            bytes.extend(garbage);
        }
        _ if bytes.len() > from => {
            let at = chance.random_range(from..bytes.len());
            // Longer than what no checksum covers: a changed base offset or leader epoch alone looks right, as in Kafka.
            let end = bytes.len().min(at + chance.random_range(16..40));
            let zero = chance.random();
            bytes[at..end].iter_mut().for_each(|byte| *byte = if zero { 0 } else { *byte ^ 0x41 });
        }
        _ => {}
    }
}

/// Damages the log after what was flushed: in the flushed segment's rest, or a later one.
fn damage_tail(scene: &Scene, chance: &mut StdRng) {
    let (name, len) = &scene.flushed_file;
    let names = scene.bench.names();
    let logs: Vec<_> = names.iter().filter(|file| file.ends_with(".log") && *file >= name).collect();
    if logs.is_empty() {
        return;
    }
    let chosen = logs[chance.random_range(0..logs.len())];
    let from = if chosen == name { *len } else { 0 };
    let kind = chance.random_range(1..4);
    scene.bench.disk.corrupt(&scene.bench.path(chosen), |bytes| {
        damage(bytes, from.min(bytes.len()), kind, chance);
    });
}

/// Opens the log, by force where it refuses to cut what was flushed.
fn open_somehow(bench: &Bench) -> Log {
    match bench.try_open() {
        Ok(opened) => opened.log,
        Err(OpenLogError::Damaged { .. }) => {
            let request = OpenLog { cut_damage: true, ..bench.request() };
            bench.dir.open_log(request).unwrap().log
        }
        Err(error) => panic!("{error}"),
    }
}

/// What is served is what was written: all that was flushed, and of the rest what the crash left. A hole
/// can only be where a segment lost its unflushed end and the next one did not, as in Kafka.
fn check(scene: &Scene, log: &Log, seed: u64) {
    let served = served(log);
    let flushed: Vec<_> = scene.written.iter().filter(|batch| batch.last < scene.flushed).collect();
    assert!(
        served.len() >= flushed.len(),
        "seed {seed}: {} of {} flushed batches",
        served.len(),
        flushed.len()
    );
    let bases: Vec<i64> = log.segments.iter().map(|segment| segment.base_offset().get()).collect();
    let mut expected = scene.written.iter();
    let mut next = 0;
    for batch in &served {
        assert!(expected.any(|written| written == batch), "seed {seed}: served at {}", batch.base);
        let is_hole_at_roll = next >= scene.flushed && bases.contains(&batch.base);
        assert!(batch.base == next || is_hole_at_roll, "seed {seed}: {} after {next}", batch.base);
        next = batch.last + 1;
    }
    let end = log.log_end_offset().get();
    assert!(end == next || bases.last() == Some(&end), "seed {seed}: the log ends at {end}");
    assert_eq!(log.producers().end_offset().get(), end, "seed {seed}");
}

#[test]
fn no_damage_after_a_crash_loses_what_was_flushed_or_is_served() {
    const THREADS: u64 = 4;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || (0..LOGS).filter(|seed| seed % THREADS == thread).for_each(survive));
        }
    });
}

fn survive(seed: u64) {
    let mut chance = StdRng::seed_from_u64(seed);
    let mut scene = scene(&mut chance);
    match chance.random_range(0..3) {
        0 => scene.bench.disk.kill(),
        _ => scene.bench.disk.crash(chance.random()),
    }
    for _ in 0..chance.random_range(0..3) {
        damage_tail(&scene, &mut chance);
    }
    for _ in 0..chance.random_range(0..3) {
        damage_side_file(&scene, &mut chance);
    }
    scene.bench.dir = open_dir(&scene.bench.disk);
    let mut log = open_somehow(&scene.bench);
    check(&scene, &log, seed);
    // It goes on, and is the same after an orderly stop.
    append(&mut log, batch(2, 20, 1));
    let expected = served(&log);
    scene.bench.stop(log);
    scene.bench.restart();
    assert_eq!(served(&open_somehow(&scene.bench)), expected, "seed {seed}");
}

#[test]
fn damage_in_the_middle_is_refused_and_by_force_cut_with_the_rest_kept_aside() {
    let mut tested = 0;
    for seed in 0..500 {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut scene = scene(&mut chance);
        if scene.written.len() < 3 || scene.flushed == 0 {
            continue;
        }
        scene.bench.disk.kill();
        // A last segment that was flushed whole is trusted, and so are those before the recovery point.
        let end = scene.written.last().map_or(0, |batch| batch.last + 1);
        let names = scene.bench.names();
        let is_later =
            |name: &&String| name.ends_with(".log") && **name <= format!("{:020}.log", scene.flushed);
        if end == scene.flushed || names.iter().rfind(is_later) != Some(&scene.flushed_file.0) {
            continue;
        }
        // The first batch of the segment that the recovery point is in, with others after it.
        let (name, len) = scene.flushed_file.clone();
        let content = scene.bench.disk.content(&scene.bench.path(&name)).unwrap();
        let first = Batches::new(&content).next();
        let Some(Ok(first)) = first else { continue };
        let (base, size) = (first.header().base_offset().get(), first.bytes().len());
        if size >= len || base >= scene.flushed || first.header().record_count() == 0 {
            continue;
        }
        scene.bench.disk.corrupt(&scene.bench.path(&name), |bytes| bytes[size - 1] ^= 0xff);
        scene.bench.dir = open_dir(&scene.bench.disk);
        let refused = scene.bench.try_open();
        assert!(
            matches!(refused, Err(OpenLogError::Damaged { offset, .. }) if offset == at(base)),
            "seed {seed}"
        );
        tested += 1;
        let request = OpenLog { cut_damage: true, ..scene.bench.request() };
        let opened = scene.bench.dir.open_log(request).unwrap();
        let kept = opened.report.kept_aside.expect("valid batches follow the damage");
        let aside = scene.bench.disk.content(&kept).unwrap();
        assert_eq!(aside.len(), content.len(), "seed {seed}: all of the segment is kept");
        assert_eq!(aside[size..], content[size..]);
        assert_eq!(opened.log.log_end_offset(), at(base));
        let before: Vec<_> = scene.written.iter().filter(|batch| batch.last < base).cloned().collect();
        assert_eq!(served(&opened.log), before, "seed {seed}");
    }
    assert!(tested > 50, "{tested}");
}
