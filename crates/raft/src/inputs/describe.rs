//! DescribeQuorum: what the leader knows of all replicas.

use klamm_model::Instant;

use crate::effect::RequestId;
use crate::message::{DescribeQuorumResponse, RaftError, Response};
use crate::quorum::Quorum;

impl Quorum {
    pub(crate) fn take_describe(&mut self, now: Instant, id: RequestId) {
        let (leader_end, session) = (self.log.log_end, self.config.observer_session_timeout);
        let hint = self.hint();
        let Some(leader) = self.leader_mut() else {
            return self.refuse_describe(now, id, RaftError::NotLeaderOrFollower);
        };
        let response = DescribeQuorumResponse {
            error: None,
            hint,
            high_watermark: leader.high_watermark(),
            voters: leader.voter_statuses(now, leader_end),
            observers: leader.observer_statuses(now, leader_end, session),
            now,
        };
        self.reply(id, Response::DescribeQuorum(response));
    }

    pub(crate) fn refuse_describe(&mut self, now: Instant, id: RequestId, error: RaftError) {
        let response = DescribeQuorumResponse {
            error: Some(error),
            hint: self.hint(),
            high_watermark: None,
            voters: Vec::new(),
            observers: Vec::new(),
            now,
        };
        self.reply(id, Response::DescribeQuorum(response));
    }
}
