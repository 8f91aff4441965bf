//! What opening a log does to its files: decided from their names alone, carried out elsewhere.
//!
//! 1. `.deleted` and `.cleaned` files go.
//! 2. A `.swap` file at or after a `.cleaned` one belongs to a compaction that did not finish: it
//!    goes. Other `.swap` files replace what they cover: live files in their range go, then they
//!    lose their suffix.
//! 3. An index without a log goes.
//! 4. Of the producer snapshots those at a segment's base stay, and the newest after the last base.
//! 5. After an unclean stop the segment that holds the recovery point, and all later ones, are
//!    verified.

use std::collections::BTreeSet;

use klamm_model::Offset;

use crate::names::{FileKind, FileName, FileStage};

/// What is known before anything is opened.
#[derive(Clone, Debug)]
pub(super) struct RecoveryFacts<'a> {
    /// Files named by an offset.
    pub(super) files: &'a [FileName],
    /// Base and next offset of each `.log.swap`.
    pub(super) swapped: &'a [(Offset, Offset)],
    /// Whether the last process closed the log.
    pub(super) clean: bool,
    /// Durable below it, if that is known.
    pub(super) recovery_point: Option<Offset>,
}

/// What to do, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RecoveryPlan {
    /// Files to remove.
    pub(super) remove: Vec<FileName>,
    /// `.swap` files that lose their suffix.
    pub(super) rename: Vec<FileName>,
    /// Segments, by base offset.
    pub(super) segments: Vec<SegmentPlan>,
    /// Producer snapshots that may be used.
    pub(super) snapshots: Vec<Offset>,
}

/// What to do with one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentPlan {
    pub(super) base: Offset,
    /// Whether every batch's checksum is verified and the indexes are built anew.
    pub(super) verify: bool,
    pub(super) has_offset_index: bool,
    pub(super) has_time_index: bool,
}

pub(super) fn plan_recovery(facts: &RecoveryFacts<'_>) -> RecoveryPlan {
    let mut plan = RecoveryPlan::default();
    let unfinished = facts.files.iter().filter(|file| file.stage == FileStage::Cleaned);
    let first_unfinished = unfinished.map(|file| file.offset).min();
    let is_valid_swap = |offset: Offset| first_unfinished.is_none_or(|first| offset < first);
    let valid = || facts.swapped.iter().filter(|(base, _)| is_valid_swap(*base));
    let covered = valid().map(|&(base, _)| base).min().zip(valid().map(|&(_, next)| next).max());
    let mut live = BTreeSet::new();
    for &file in facts.files {
        match file.stage {
            FileStage::Deleted | FileStage::Cleaned => plan.remove.push(file),
            FileStage::Swap if is_valid_swap(file.offset) => {
                plan.rename.push(file);
                live.insert((file.offset, file.kind));
            }
            FileStage::Swap => plan.remove.push(file),
            FileStage::Live if covered.is_some_and(|(from, to)| from <= file.offset && file.offset < to) => {
                plan.remove.push(file);
            }
            FileStage::Live => {
                live.insert((file.offset, file.kind));
            }
            FileStage::Corrupt => {}
        }
    }
    plan_live(&live, &mut plan);
    plan_verification(facts, &mut plan.segments);
    plan
}

fn plan_live(live: &BTreeSet<(Offset, FileKind)>, plan: &mut RecoveryPlan) {
    let has = |offset, kind| live.contains(&(offset, kind));
    let last_base = live.iter().rev().find(|(_, kind)| *kind == FileKind::Log).map(|&(base, _)| base);
    let stray = |offset: Offset| !has(offset, FileKind::Log);
    let newest_stray = live.iter().rev().find(|&&(at, kind)| kind == FileKind::ProducerSnapshot && stray(at));
    let newest_stray = newest_stray.map(|&(at, _)| at).filter(|&at| last_base.is_some_and(|last| at > last));
    for &(offset, kind) in live {
        match kind {
            FileKind::Log => plan.segments.push(SegmentPlan {
                base: offset,
                verify: false,
                has_offset_index: has(offset, FileKind::OffsetIndex),
                has_time_index: has(offset, FileKind::TimeIndex),
            }),
            FileKind::ProducerSnapshot if !stray(offset) || Some(offset) == newest_stray => {
                plan.snapshots.push(offset);
            }
            FileKind::ProducerSnapshot => plan.remove.push(FileName::live(offset, kind)),
            FileKind::OffsetIndex | FileKind::TimeIndex | FileKind::TransactionIndex => {
                if stray(offset) {
                    plan.remove.push(FileName::live(offset, kind));
                }
            }
        }
    }
}

fn plan_verification(facts: &RecoveryFacts<'_>, segments: &mut [SegmentPlan]) {
    if facts.clean {
        return;
    }
    let recovery_point = facts.recovery_point.unwrap_or(Offset::ZERO);
    let after = segments.partition_point(|segment| segment.base <= recovery_point);
    for segment in &mut segments[after.saturating_sub(1)..] {
        segment.verify = true;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn plan(
        names: &[&str],
        swapped: &[(i64, i64)],
        clean: bool,
        recovery_point: Option<i64>,
    ) -> RecoveryPlan {
        let files: Vec<_> = names.iter().map(|name| FileName::parse(name).unwrap()).collect();
        let swapped: Vec<_> = swapped.iter().map(|&(a, b)| (Offset::at(a), Offset::at(b))).collect();
        let recovery_point = recovery_point.map(Offset::at);
        plan_recovery(&RecoveryFacts { files: &files, swapped: &swapped, clean, recovery_point })
    }

    fn name(offset: i64, rest: &str) -> String {
        format!("{offset:020}{rest}")
    }

    fn files(entries: &[(i64, &str)]) -> Vec<String> {
        entries.iter().map(|&(offset, rest)| name(offset, rest)).collect()
    }

    fn planned(
        entries: &[(i64, &str)],
        swapped: &[(i64, i64)],
    ) -> (Vec<String>, Vec<String>, Vec<i64>, Vec<i64>) {
        let names = files(entries);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let plan = plan(&names, swapped, true, None);
        let shown = |files: &[FileName]| files.iter().map(ToString::to_string).collect::<Vec<_>>();
        (
            shown(&plan.remove),
            shown(&plan.rename),
            plan.segments.iter().map(|segment| segment.base.get()).collect(),
            plan.snapshots.iter().map(|offset| offset.get()).collect(),
        )
    }

    #[test]
    fn leftovers_go_and_an_index_needs_its_log() {
        let (remove, rename, segments, _) = planned(
            &[
                (0, ".log"),
                (0, ".index"),
                (5, ".log.deleted"),
                (7, ".index"),
                (7, ".timeindex"),
                (9, ".log.corrupt"),
            ],
            &[],
        );
        assert_eq!(remove, files(&[(5, ".log.deleted"), (7, ".index"), (7, ".timeindex")]));
        assert!(rename.is_empty());
        assert_eq!(segments, [0]);
    }

    #[test]
    fn a_finished_swap_replaces_what_it_covers() {
        let (remove, rename, segments, _) = planned(
            &[
                (0, ".log"),
                (0, ".index"),
                (0, ".log.swap"),
                (0, ".index.swap"),
                (10, ".log"),
                (10, ".snapshot"),
                (20, ".log"),
            ],
            &[(0, 20)],
        );
        assert_eq!(remove, files(&[(0, ".log"), (0, ".index"), (10, ".log"), (10, ".snapshot")]));
        assert_eq!(rename, files(&[(0, ".log.swap"), (0, ".index.swap")]));
        assert_eq!(segments, [0, 20]);
    }

    #[test]
    fn a_swap_beside_unfinished_output_goes_with_it() {
        let (remove, rename, segments, _) =
            planned(&[(0, ".log"), (10, ".log"), (10, ".log.swap"), (5, ".log.cleaned")], &[(10, 20)]);
        assert_eq!(remove, files(&[(10, ".log.swap"), (5, ".log.cleaned")]));
        assert!(rename.is_empty());
        assert_eq!(segments, [0, 10]);
    }

    #[test]
    fn snapshots_stay_at_bases_and_after_the_last_one() {
        let snapshots = |offsets: &[i64]| {
            let mut entries = vec![(0, ".log"), (10, ".log")];
            entries.extend(offsets.iter().map(|&offset| (offset, ".snapshot")));
            planned(&entries, &[]).3
        };
        assert_eq!(snapshots(&[5, 10, 15, 17]), [10, 17]);
        assert_eq!(snapshots(&[5]), [0; 0], "a stray one below the last base is stale");
        assert_eq!(snapshots(&[0, 10]), [0, 10]);
    }

    #[test]
    fn after_an_unclean_stop_the_log_is_verified_from_the_recovery_point() {
        let names = files(&[(0, ".log"), (10, ".log"), (20, ".log")]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let verified = |clean, recovery_point| {
            let plan = plan(&names, &[], clean, recovery_point);
            plan.segments
                .iter()
                .filter(|segment| segment.verify)
                .map(|segment| segment.base.get())
                .collect::<Vec<_>>()
        };
        assert_eq!(verified(true, Some(0)), [0; 0]);
        assert_eq!(verified(false, Some(15)), [10, 20]);
        assert_eq!(verified(false, Some(20)), [20]);
        assert_eq!(verified(false, Some(1000)), [20]);
        assert_eq!(verified(false, None), [0, 10, 20]);
    }
}
