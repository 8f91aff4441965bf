//! Tells the coordinator that the member lives, and hears of rebalances.
//!
//! Owned by the membership: it ends when the member steps out. It also ends the membership of a consumer that
//! does not poll for `max.poll.interval.ms`, by leaving in its name; a static member stays silent instead.

use std::sync::Arc;
use std::time::Duration;

use klamm_protocol::messages::HeartbeatRequest;
use klamm_protocol::{ErrorCode, Str};
use tokio::time::{Instant, sleep_until};

use super::{Member, Shared, Verdict, leave};
use crate::cluster::{Cluster, CoordinatorKind, Lane};
use crate::consumer::config::ConsumerConfig;
use crate::error::ClientError;

pub(super) struct Heartbeat {
    pub(super) cluster: Cluster,
    pub(super) config: Arc<ConsumerConfig>,
    pub(super) group: Str,
    pub(super) member: Member,
    pub(super) shared: Arc<Shared>,
}

impl Heartbeat {
    pub(super) async fn run(self) {
        let interval = Duration::from_millis(self.config.heartbeat_interval_ms);
        let retry = Duration::from_millis(self.config.client.retry_backoff_ms);
        let session = Duration::from_millis(self.config.session_timeout_ms);
        let mut heard = Instant::now();
        let mut next = heard + interval;
        loop {
            let too_late = self.shared.last_poll() + self.config.rebalance_timeout();
            sleep_until(next.min(too_late)).await;
            if Instant::now() >= self.shared.last_poll() + self.config.rebalance_timeout() {
                return self.give_up().await;
            }
            if Instant::now() < next {
                continue;
            }
            match self.beat(session).await {
                Ok(()) => {
                    heard = Instant::now();
                    next = heard + interval;
                }
                Err(error) => match self.judge(&error) {
                    Some(verdict) => {
                        let goes_on = matches!(verdict, Verdict::Rebalance);
                        self.shared.tell(&self.member, verdict);
                        if !goes_on {
                            return;
                        }
                        heard = Instant::now();
                        next = heard + interval;
                    }
                    None => {
                        tracing::debug!(%error, group = %self.group, "no heartbeat");
                        self.cluster.forget_coordinator(CoordinatorKind::Group, &self.group);
                        // Past its session the coordinator will say whether it still knows the member.
                        next = Instant::now() + if heard.elapsed() < session { retry } else { interval };
                    }
                },
            }
        }
    }

    async fn beat(&self, session: Duration) -> Result<(), ClientError> {
        let request = HeartbeatRequest {
            group_id: self.group.clone(),
            generation_id: self.member.generation.unwrap_or(-1),
            member_id: self.member.id.clone(),
            group_instance_id: self.config.group_instance_id.as_deref().map(Str::from),
            ..HeartbeatRequest::default()
        };
        let kind = CoordinatorKind::Group;
        let connection = self.cluster.coordinator_connection(kind, &self.group, Lane::Group).await?;
        let limit = session.min(self.config.client.request_timeout());
        let answer = connection.call_within(&request, limit).await?;
        ClientError::check(answer.error_code)
    }

    /// What an error means for the membership; `None` where another try may help.
    fn judge(&self, error: &ClientError) -> Option<Verdict> {
        match error.code()? {
            ErrorCode::RebalanceInProgress => Some(Verdict::Rebalance),
            code @ (ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration) => {
                Some(Verdict::Lost(code.name().to_owned()))
            }
            ErrorCode::FencedInstanceId | ErrorCode::GroupAuthorizationFailed => {
                Some(Verdict::Fatal(error.clone()))
            }
            _ => None,
        }
    }

    async fn give_up(self) {
        let interval_ms = self.config.max_poll_interval_ms;
        tracing::warn!(
            group = %self.group,
            interval_ms,
            "the consumer did not poll within max.poll.interval.ms and leaves its group"
        );
        if self.config.group_instance_id.is_none() {
            let reason = "consumer poll timeout has expired.";
            let left = leave(&self.cluster, &self.config, &self.group, &self.member, reason).await;
            if let Err(error) = left {
                tracing::debug!(%error, group = %self.group, "could not leave");
            }
        }
        self.shared.tell(&self.member, Verdict::Lost(format!("no poll within {interval_ms} ms")));
    }
}
