//! What a follower does with what it fetched: cut the log, append to it, or replace it.

use bytes::Bytes;
use klamm_model::{Instant, Offset, OffsetAndEpoch};

use crate::control_history::Origin;
use crate::control_record::ControlRecord;
use crate::effect::{Effect, Effects, PeerId, Violation};
use crate::log_facts::{Appended, LogFacts, SnapshotFacts};
use crate::message::{
    FetchOutcome, FetchResponse, FetchSnapshotResponse, FetchedBytes, RaftError, SnapshotSlice,
};
use crate::quorum::Quorum;
use crate::roles::{Download, Follower, Role, Work};

use super::response::Handled;

impl Quorum {
    pub(crate) fn take_fetched(&mut self, now: Instant, peer: PeerId, response: FetchResponse) -> Handled {
        if let Some(handled) = self.take_common(now, response.error, &response.hint) {
            return handled;
        }
        if let Some(error) = response.error {
            return self.report_unexpected(peer, error);
        }
        let is_from_leader = response.hint.leader.is_some() && response.hint.leader == self.term().leader;
        if !is_from_leader || !matches!(self.role(), Role::Follower(_)) {
            return Handled::BackOff;
        }
        self.restart_patience(now);
        match response.outcome {
            FetchOutcome::Diverging(end) => self.cut_to_common_end(end),
            FetchOutcome::Snapshot(id) => self.begin_download(id),
            FetchOutcome::Records { bytes: FetchedBytes::Received(records), .. } if !records.is_empty() => {
                self.append_fetched(records, response.high_watermark)
            }
            FetchOutcome::Empty | FetchOutcome::Records { .. } => {
                self.follow_high_watermark(response.high_watermark);
                Handled::Done
            }
        }
    }

    pub(crate) fn restart_patience(&mut self, now: Instant) {
        let deadline = now.after(self.config.fetch_timeout);
        if let Some(follower) = self.follower_mut() {
            follower.on_leader_answered(deadline);
        }
    }

    /// What must never be cut or replaced by something shorter.
    fn committed_end(&self) -> Offset {
        self.high_watermark().unwrap_or_default().max(self.log.log_start)
    }

    fn cut_to_common_end(&mut self, diverging: OffsetAndEpoch) -> Handled {
        let end = self.log.common_end(diverging);
        let committed = self.committed_end();
        if end < committed || diverging.offset < committed {
            // The leader lacks what a majority has confirmed: this replica rather stands still.
            self.outbox.push(Effect::Report(Violation::CutOfCommitted { asked: diverging, committed }));
            return Handled::BackOff;
        }
        if end >= self.log.log_end {
            return Handled::BackOff;
        }
        let Role::Follower(follower) = self.role() else { return Handled::Done };
        let effect = follower.cut(end, self.high_watermark());
        self.log.truncate_to(end);
        self.flushes.truncate_to(end);
        self.control.truncate_to(end);
        self.outbox.push(effect);
        Handled::Done
    }

    fn append_fetched(&mut self, records: Bytes, high_watermark: Option<Offset>) -> Handled {
        let epoch = self.epoch();
        if let Some(follower) = self.follower_mut() {
            follower.work = Work::Appending { high_watermark };
        }
        self.outbox.push(Effect::AppendFetched { epoch, records });
        Handled::Done
    }

    /// Fetched records were appended, as far as they were good.
    pub fn on_appended(&mut self, now: Instant, appended: Appended, effects: &mut Effects) {
        let Some(Follower { work: Work::Appending { high_watermark }, .. }) = self.follower_mut() else {
            panic!("only fetched records are reported as appended");
        };
        let high_watermark = *high_watermark;
        assert!(appended.log_end >= self.log.log_end, "an append does not shorten the log");
        let has_grown = appended.log_end > self.log.log_end;
        self.log.log_end = appended.log_end;
        for entry in appended.epochs {
            self.log.begin_epoch(entry.epoch, entry.start_offset);
        }
        for (offset, record) in &appended.controls {
            self.control.add(Origin::At(*offset), record);
        }
        self.end_work();
        self.flush_if_wanted();
        self.follow_high_watermark(high_watermark);
        if !has_grown && let Some(leader) = self.term().leader {
            // Nothing of it was good: not asked for again at once.
            self.back_off(now, PeerId::Node(leader));
        }
        self.finish(now, effects);
    }

    fn end_work(&mut self) {
        if let Some(follower) = self.follower_mut() {
            follower.work = Work::Idle;
        }
    }

    /// Takes over the leader's high watermark as far as the own log goes.
    fn follow_high_watermark(&mut self, high_watermark: Option<Offset>) {
        if let Some(high_watermark) = high_watermark {
            self.raise_high_watermark(high_watermark.min(self.log.log_end));
        }
    }

    fn begin_download(&mut self, id: OffsetAndEpoch) -> Handled {
        let committed = self.committed_end();
        if id.offset < committed || id == LogFacts::BOOTSTRAP_SNAPSHOT {
            self.outbox.push(Effect::Report(Violation::CutOfCommitted { asked: id, committed }));
            return Handled::BackOff;
        }
        if self.log.snapshot(id).is_some() {
            // It is here already: an earlier run ended before the snapshot had replaced the log.
            self.install(id);
            return Handled::Done;
        }
        self.set_download(Some(Download { id, position: 0 }));
        Handled::Done
    }

    fn set_download(&mut self, next: Option<Download>) {
        let Some(follower) = self.follower_mut() else { return };
        let last = std::mem::replace(&mut follower.download, next);
        if let Some(download) = last.filter(|download| download.position > 0) {
            self.outbox.push(Effect::DiscardSnapshot { id: download.id });
        }
    }

    fn install(&mut self, id: OffsetAndEpoch) {
        if let Some(follower) = self.follower_mut() {
            follower.download = None;
            follower.work = Work::Installing;
        }
        self.outbox.push(Effect::InstallSnapshot { id });
    }

    pub(crate) fn take_fetched_snapshot(
        &mut self,
        now: Instant,
        peer: PeerId,
        response: FetchSnapshotResponse,
    ) -> Handled {
        if let Some(handled) = self.take_common(now, response.error, &response.hint) {
            return handled;
        }
        let Some(Follower { download: Some(download), .. }) = self.follower_mut() else {
            return Handled::Done;
        };
        let download = *download;
        match (response.error, response.slice) {
            (Some(RaftError::SnapshotNotFound), _) | (None, None) => {
                // The leader has a newer one by now; the next fetch tells which.
                self.set_download(None);
                self.restart_patience(now);
                Handled::Done
            }
            (Some(error), _) => self.report_unexpected(peer, error),
            (None, Some(slice)) => self.take_slice(now, (peer, download), slice),
        }
    }

    fn take_slice(
        &mut self,
        now: Instant,
        (peer, download): (PeerId, Download),
        slice: SnapshotSlice,
    ) -> Handled {
        let FetchedBytes::Received(bytes) = slice.bytes else { return Handled::BackOff };
        let end = slice.position.saturating_add(bytes.len() as u64);
        let is_next = slice.id == download.id && slice.position == download.position;
        if !is_next || bytes.is_empty() || end > slice.size {
            self.set_download(None);
            self.outbox.push(Effect::Report(Violation::WrongSlice { peer, id: download.id }));
            return Handled::BackOff;
        }
        self.restart_patience(now);
        self.outbox.push(Effect::WriteSnapshotSlice { id: slice.id, position: slice.position, bytes });
        if end == slice.size {
            self.install(slice.id);
        } else if let Some(follower) = self.follower_mut() {
            follower.download = Some(Download { position: end, ..download });
        }
        Handled::Done
    }

    /// A fetched snapshot came damaged: nothing has changed, and it is fetched anew after a pause.
    pub fn on_snapshot_refused(&mut self, now: Instant, effects: &mut Effects) {
        let is_expected =
            matches!(self.role(), Role::Follower(follower) if follower.work == Work::Installing);
        assert!(is_expected, "only a fetched snapshot can be refused");
        self.end_work();
        if let Some(leader) = self.term().leader {
            self.back_off(now, PeerId::Node(leader));
        }
        self.finish(now, effects);
    }

    /// A fetched snapshot is durable and has replaced the log; `controls` are its control records.
    pub fn on_snapshot_installed(
        &mut self,
        now: Instant,
        snapshot: SnapshotFacts,
        controls: &[ControlRecord],
        effects: &mut Effects,
    ) {
        let is_expected =
            matches!(self.role(), Role::Follower(follower) if follower.work == Work::Installing);
        assert!(is_expected, "only a fetched snapshot replaces the log");
        self.log.restart_at(snapshot);
        self.flushes.restart_at(snapshot.id.offset);
        self.control.clear();
        for record in controls {
            self.control.add(Origin::of_snapshot(snapshot.id.offset), record);
        }
        self.end_work();
        self.restart_patience(now);
        self.raise_high_watermark(snapshot.id.offset);
        self.outbox.push(Effect::LoadSnapshot { id: snapshot.id });
        self.finish(now, effects);
    }
}
