//! Offsets as the caller sees them: commit, committed, position, seek, and where partitions begin and end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use klamm_model::{Offset, Timestamp, TopicPartition};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::config::AutoCommit;
use super::group::{Member, Offsets, Standing, commit, fetch_committed, within};
use super::poll::ended;
use super::record::OffsetAndMetadata;
use super::state::{Phase, Position, ResetTo};
use super::{Consumer, not_assigned};
use crate::admin::{Admin, ListedOffset, OffsetSpec};
use crate::error::ClientError;

/// Most commits under way that nobody waits for.
const MAX_COMMITS: usize = 1_000;

/// Hears how a commit ended, from within a later call of the consumer.
pub type CommitCallback = Box<dyn FnOnce(&Offsets, Result<(), ClientError>) + Send>;

/// The end of a commit that nobody waited for.
pub(super) struct CommitEnd {
    offsets: Offsets,
    result: Result<(), ClientError>,
    callback: Option<CommitCallback>,
}

impl Consumer {
    /// Commits what was handed out so far, of all partitions. Tries again until it is committed or
    /// `default.api.timeout.ms` is over.
    pub async fn commit_sync(&mut self) -> Result<(), ClientError> {
        self.config.group()?;
        self.commit_consumed().await
    }

    /// Commits `offsets`, each the next one to read. Waits as [`Consumer::commit_sync`].
    pub async fn commit_offsets_sync(&mut self, offsets: &Offsets) -> Result<(), ClientError> {
        self.config.group()?;
        self.commit_until(offsets, self.cluster.default_deadline()).await
    }

    /// Commits what was handed out so far, once, without waiting for it. Commits keep the order of these calls,
    /// and each ends within `default.api.timeout.ms` of its call, those before it included; an error where too
    /// many of them are under way.
    pub fn commit_async(&mut self, callback: Option<CommitCallback>) -> Result<(), ClientError> {
        self.commit_offsets_async(self.consumed(), callback)
    }

    /// Commits `offsets`, once, without waiting for it.
    pub fn commit_offsets_async(
        &mut self,
        offsets: Offsets,
        callback: Option<CommitCallback>,
    ) -> Result<(), ClientError> {
        self.config.group()?;
        let Some(group) = &self.group else { return Ok(()) };
        if self.commits.len() >= MAX_COMMITS {
            let reason = format!("{MAX_COMMITS} commits are under way");
            return Err(ClientError::CommitFailed { group: group.id.to_string(), reason });
        }
        let (id, member) = (group.id.clone(), self.committer()?);
        let (cluster, config) = (self.cluster.clone(), Arc::clone(&self.config));
        let deadline = cluster.default_deadline();
        let (ended, last) = oneshot::channel();
        let before = self.last_commit.replace(last);
        self.commits.spawn(async move {
            // Dropped when this commit has ended, however it does.
            let _ended: oneshot::Sender<()> = ended;
            // Its deadline is no later than ours.
            if let Some(before) = before {
                before.await.ok();
            }
            let instance = config.group_instance_id.as_deref();
            let result = commit(&cluster, (&id, &member), instance, &offsets, deadline).await;
            CommitEnd { offsets, result, callback }
        });
        Ok(())
    }

    /// The next offset to read of each partition that has one.
    fn consumed(&self) -> Offsets {
        let placed = self.state.partitions().filter_map(|(at, partition)| Some((at, partition.position()?)));
        let offsets = placed.map(|(at, position)| {
            let committed = OffsetAndMetadata {
                offset: position.offset,
                leader_epoch: position.epoch,
                metadata: String::new(),
            };
            (at.clone(), committed)
        });
        offsets.collect()
    }

    pub(super) async fn commit_consumed(&mut self) -> Result<(), ClientError> {
        let offsets = self.consumed();
        self.commit_until(&offsets, self.cluster.default_deadline()).await
    }

    /// Whoever commits: a member of the generation, or nobody where partitions are assigned by hand.
    fn committer(&self) -> Result<Member, ClientError> {
        let Some(group) = &self.group else { return Ok(Member::default()) };
        if self.state.is_subscribed() && group.member.generation.is_none() {
            let reason = "it is not a member".to_owned();
            return Err(ClientError::CommitFailed { group: group.id.to_string(), reason });
        }
        // Its generation may be over without this side knowing yet.
        if matches!(group.standing, Standing::Joining) {
            let reason = "a rebalance is in progress: poll until it is over, then commit again".to_owned();
            return Err(ClientError::CommitFailed { group: group.id.to_string(), reason });
        }
        Ok(group.member.clone())
    }

    async fn commit_until(&mut self, offsets: &Offsets, deadline: Instant) -> Result<(), ClientError> {
        // What was sent before must not arrive later.
        while let Some(end) = within(deadline, "commits before this one", self.commits.join_next()).await? {
            ended(end).tell();
        }
        let member = self.committer()?;
        let Some(group) = &self.group else { return Ok(()) };
        if offsets.is_empty() {
            return Ok(());
        }
        let instance = self.config.group_instance_id.as_deref();
        let mut retries = self.cluster.retries(deadline);
        loop {
            match commit(&self.cluster, (&group.id, &member), instance, offsets, deadline).await {
                Ok(()) => return Ok(()),
                Err(error) => retries.after(error).await?,
            }
        }
    }

    /// Takes the ends of commits that nobody waits for.
    pub(super) fn take_commits(&mut self) {
        while let Some(end) = self.commits.try_join_next() {
            ended(end).tell();
        }
    }

    /// Commits from time to time, where the settings say so.
    pub(super) fn launch_auto_commit(&mut self) {
        let AutoCommit::Every { interval_ms } = self.config.auto_commit else { return };
        let is_subscribed = self.state.is_subscribed();
        let Some(group) = &mut self.group else { return };
        let now = Instant::now();
        let due = *group.next_commit.get_or_insert(now + Duration::from_millis(interval_ms));
        if now < due || (is_subscribed && !group.is_in()) || !self.commits.is_empty() {
            return;
        }
        group.next_commit = Some(now + Duration::from_millis(interval_ms));
        let offsets = self.consumed();
        if offsets.is_empty() {
            return;
        }
        let callback: CommitCallback = Box::new(|_, result| {
            if let Err(error) = result {
                tracing::warn!(%error, "no automatic commit");
            }
        });
        self.commit_offsets_async(offsets, Some(callback)).ok();
    }

    /// The last commit of a consumer that closes.
    pub(super) async fn commit_at_end(&mut self) -> Result<(), ClientError> {
        let is_member = !self.state.is_subscribed() || self.group.as_ref().is_some_and(|group| group.is_in());
        let committed = match self.config.auto_commit {
            AutoCommit::Every { .. } if self.group.is_some() && is_member => self.commit_consumed().await,
            AutoCommit::Every { .. } | AutoCommit::Never => Ok(()),
        };
        while let Some(end) = self.commits.join_next().await {
            ended(end).tell();
        }
        committed
    }

    /// The committed offsets of `partitions`; those without one are left out.
    pub async fn committed(&mut self, partitions: &[TopicPartition]) -> Result<Offsets, ClientError> {
        self.config.group()?;
        let Some(group) = &self.group else { return Ok(Offsets::new()) };
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        loop {
            match fetch_committed(&self.cluster, &group.id, partitions, deadline).await {
                Ok(offsets) => return Ok(offsets),
                Err(error) => retries.after(error).await?,
            }
        }
    }

    /// The next offset to be handed out. Waits up to `timeout` until it is known.
    pub async fn position(&mut self, at: &TopicPartition, timeout: Duration) -> Result<Offset, ClientError> {
        let deadline = Instant::now() + timeout;
        loop {
            let partition = self.state.get(at).ok_or_else(|| not_assigned(at))?;
            if let Some(position) = partition.position() {
                return Ok(position.offset);
            }
            if Instant::now() >= deadline {
                let after_ms = timeout.as_millis() as u64;
                return Err(ClientError::Timeout { what: format!("the position of {at}"), after_ms });
            }
            if self.listening {
                self.launch_metadata();
                self.launch_lookups();
            } else {
                self.step().await?;
            }
            self.wait(deadline).await;
            if let Some(error) = self.failure.take() {
                return Err(error);
            }
        }
    }

    /// Goes on at `offset`.
    pub fn seek(&mut self, at: &TopicPartition, offset: Offset) -> Result<(), ClientError> {
        self.seek_to(at, Phase::Fetching(Position { offset, epoch: None }))
    }

    /// Goes on at an offset that was committed, after a check of its leader epoch.
    pub fn seek_to_committed(
        &mut self,
        at: &TopicPartition,
        committed: &OffsetAndMetadata,
    ) -> Result<(), ClientError> {
        let position = Position { offset: committed.offset, epoch: committed.leader_epoch };
        self.seek_to(at, Phase::begin(position))
    }

    /// Goes on at the first offset of each of `partitions`; of none means of all.
    pub fn seek_to_beginning(&mut self, partitions: &[TopicPartition]) -> Result<(), ClientError> {
        self.seek_all(partitions, ResetTo::Earliest)
    }

    /// Goes on at the end of each of `partitions`; of none means of all.
    pub fn seek_to_end(&mut self, partitions: &[TopicPartition]) -> Result<(), ClientError> {
        self.seek_all(partitions, ResetTo::Latest)
    }

    /// Goes on at the first record of `time` or later, or at the end where there is none.
    pub fn seek_to_time(&mut self, at: &TopicPartition, time: Timestamp) -> Result<(), ClientError> {
        self.seek_to(at, Phase::Resetting(ResetTo::Since(time)))
    }

    fn seek_all(&mut self, partitions: &[TopicPartition], to: ResetTo) -> Result<(), ClientError> {
        let partitions = match partitions.is_empty() {
            true => self.state.assigned().into_iter().collect(),
            false => partitions.to_vec(),
        };
        partitions.iter().try_for_each(|at| self.seek_to(at, Phase::Resetting(to)))
    }

    fn seek_to(&mut self, at: &TopicPartition, phase: Phase) -> Result<(), ClientError> {
        match self.state.go_to(at, phase) {
            true => Ok(()),
            false => Err(not_assigned(at)),
        }
    }

    /// Where each partition begins.
    pub async fn beginning_offsets(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, Offset>, ClientError> {
        let specs = partitions.iter().map(|at| (at.clone(), OffsetSpec::Earliest));
        self.list(specs.collect()).await
    }

    /// Where each partition ends for a reader of this isolation level.
    pub async fn end_offsets(
        &self,
        partitions: &[TopicPartition],
    ) -> Result<BTreeMap<TopicPartition, Offset>, ClientError> {
        let specs = partitions.iter().map(|at| (at.clone(), OffsetSpec::Latest));
        self.list(specs.collect()).await
    }

    async fn list(
        &self,
        specs: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Result<BTreeMap<TopicPartition, Offset>, ClientError> {
        let listed = self.list_offsets(specs).await?;
        Ok(listed.into_iter().filter_map(|(at, listed)| Some((at, listed.offset?))).collect())
    }

    /// The first record of each partition with its time or a later one; none where `offset` is none.
    pub async fn offsets_for_times(
        &self,
        times: &BTreeMap<TopicPartition, Timestamp>,
    ) -> Result<BTreeMap<TopicPartition, ListedOffset>, ClientError> {
        let specs = times.iter().map(|(at, time)| (at.clone(), OffsetSpec::At(*time)));
        self.list_offsets(specs.collect()).await
    }

    async fn list_offsets(
        &self,
        specs: BTreeMap<TopicPartition, OffsetSpec>,
    ) -> Result<BTreeMap<TopicPartition, ListedOffset>, ClientError> {
        let admin = Admin::on(self.cluster.clone());
        let listed = admin.list_offsets(specs, self.config.isolation_level.code()).await?;
        listed.into_iter().map(|(at, listed)| Ok((at, listed?))).collect()
    }

    /// Records between the position and the end, as of the last answer; `None` before one.
    pub fn current_lag(&self, at: &TopicPartition) -> Option<u64> {
        let partition = self.state.get(at)?;
        let end = match self.config.isolation_level {
            super::config::IsolationLevel::ReadCommitted => partition.last_stable?,
            super::config::IsolationLevel::ReadUncommitted => partition.high_watermark?,
        };
        Some(end.distance_from(partition.position()?.offset).max(0).unsigned_abs())
    }
}

impl CommitEnd {
    fn tell(self) {
        match self.callback {
            Some(callback) => callback(&self.offsets, self.result),
            None => {
                if let Err(error) = self.result {
                    tracing::warn!(%error, "no commit");
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "offsets_tests.rs"]
mod tests;
