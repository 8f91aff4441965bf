//! What a leader's answer means for each partition.

use bytes::Bytes;
use klamm_model::{Instant, LeaderEpoch, Offset, OffsetAndEpoch, TopicId, TopicIdPartition, TopicPartition};
use klamm_protocol::messages::FetchResponse;
use klamm_protocol::messages::fetch_response::PartitionData;
use klamm_protocol::{ErrorCode, Records};
use klamm_storage::FollowerStop;

use super::driver::{FetcherDriver, Phase, Work, WorkKind};
use super::rest::Failures;
use crate::partition::{FetchPosition, Fetched, FollowRefusal};

impl FetcherDriver {
    /// The leader answered.
    pub fn on_answer(&mut self, now: Instant, response: FetchResponse) {
        let code = ErrorCode::from_i16(response.error_code).unwrap_or(ErrorCode::UnknownServerError);
        if code != ErrorCode::None {
            tracing::debug!(?code, "fetch refused as a whole");
            if code == ErrorCode::FetchSessionIdNotFound {
                self.session.lose();
            }
            self.on_failure(now);
            return;
        }
        self.failures.end();
        self.session.on_answer(response.session_id);
        for topic in response.responses {
            let Some(topic_id) = TopicId::new(topic.topic_id) else { continue };
            for data in topic.partitions {
                let id = TopicIdPartition { topic_id, partition: data.partition_index };
                self.take(now, id, data);
            }
        }
    }

    fn take(&mut self, now: Instant, id: TopicIdPartition, data: PartitionData) {
        let asked = self.session.told(id);
        let ready = self.partitions.get(&id).map(|followed| followed.phase);
        let Some(asked) = asked.filter(|asked| ready == Some(Phase::Ready(*asked))) else {
            // The answer is to an older question. The leader takes for told what is not taken here, so that it has to
            // begin anew.
            self.session.reset();
            return;
        };
        match ErrorCode::from_i16(data.error_code).unwrap_or(ErrorCode::UnknownServerError) {
            ErrorCode::None => self.take_data(now, (id, asked), data),
            ErrorCode::OffsetOutOfRange => self.set_to_work(id, WorkKind::FindRange),
            ErrorCode::FencedLeaderEpoch => {
                self.session.forget(id);
                if let Some(followed) = self.partitions.get_mut(&id) {
                    tracing::debug!(partition = %followed.handle.name(), epoch = %followed.epoch, "fenced");
                    followed.phase = Phase::Fenced;
                }
            }
            code => self.rest(now, id, &code.message()),
        }
    }

    fn take_data(
        &mut self,
        now: Instant,
        (id, asked): (TopicIdPartition, FetchPosition),
        data: PartitionData,
    ) {
        if let Some((epoch, offset)) =
            LeaderEpoch::new(data.diverging_epoch.epoch).zip(Offset::new(data.diverging_epoch.end_offset))
        {
            self.set_to_work(id, WorkKind::Cut(OffsetAndEpoch { offset, epoch }));
            return;
        }
        let Some(followed) = self.partitions.get_mut(&id) else { return };
        let records = match data.records {
            Some(Records::Bytes(bytes)) => bytes,
            Some(Records::Region(..)) | None => Bytes::new(),
        };
        let fetched = Fetched {
            epoch: asked.epoch,
            offset: asked.offset,
            records: &records,
            high_watermark: Offset::new(data.high_watermark),
            log_start: Offset::new(data.log_start_offset),
        };
        match followed.handle.append_fetched(fetched) {
            Ok(position) => {
                followed.failures.end();
                followed.lags = fetched.high_watermark.is_some_and(|committed| committed > position.offset);
                // That of replicas in sync counts too: the rate is for all of them.
                if let Some(throttle) = self.throttle.as_ref().filter(|_| !records.is_empty())
                    && followed.handle.is_throttled_as_follower()
                {
                    throttle.record(now, records.len() as u64);
                }
                self.go_on(now, id, position);
            }
            Err(refusal) => {
                if followed.failures == Failures::default() {
                    tell(followed.handle.name(), &refusal);
                }
                self.rest(now, id, &refusal);
            }
        }
    }

    fn set_to_work(&mut self, id: TopicIdPartition, kind: WorkKind) {
        self.session.forget(id);
        if let Some(followed) = self.partitions.get_mut(&id) {
            followed.phase = Phase::Preparing;
            self.work.push(Work { handle: followed.handle.clone(), epoch: followed.epoch, kind });
        }
    }
}

/// What a human should know of; told once, however often it is tried again.
fn tell(partition: &TopicPartition, refusal: &FollowRefusal) {
    match refusal {
        FollowRefusal::BadBatch(FollowerStop::LaterEpoch { .. })
        | FollowRefusal::Superseded
        | FollowRefusal::NotOpen => {}
        FollowRefusal::BadBatch(stop) => {
            tracing::error!(%partition, ?stop, "a batch that the leader sent is not stored");
        }
        FollowRefusal::OlderLeader { .. } => {
            tracing::error!(%partition, %refusal, "an older leader is not followed");
        }
        FollowRefusal::Storage(error) => {
            tracing::error!(%partition, %error, "what was fetched cannot be written")
        }
    }
}
