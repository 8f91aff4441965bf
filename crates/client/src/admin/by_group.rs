//! Calls about groups: spread over their coordinators, and repeated for those whose coordinator moved.

use std::collections::BTreeMap;

use klamm_protocol::{Request, Str};
use tokio::time::Instant;

use super::Admin;
use crate::cluster::{CoordinatorKind, Lane};
use crate::error::ClientError;

/// What each group's coordinator said.
pub(crate) type PerGroup<T> = BTreeMap<Str, Result<T, ClientError>>;

/// A request about groups.
pub(super) trait GroupCall {
    /// What comes back for each group.
    type Out;
    /// The request.
    type Request: Request;
    /// The highest version to use.
    const MOST: i16 = i16::MAX;

    /// The request about `groups`, which all have the same coordinator.
    fn request(&self, groups: &[Str]) -> Self::Request;

    /// The parts of the answer.
    fn read(
        &self,
        response: <Self::Request as Request>::Response,
    ) -> Vec<(Str, Result<Self::Out, ClientError>)>;
}

impl Admin {
    /// Asks the coordinator of each group until each has answered or time is up.
    pub(super) async fn by_group<C: GroupCall>(
        &self,
        call: &C,
        groups: &[Str],
    ) -> Result<PerGroup<C::Out>, ClientError> {
        let deadline = self.cluster.default_deadline();
        let mut retries = self.cluster.retries(deadline);
        let mut pending = groups.to_vec();
        let mut done = BTreeMap::new();
        while !pending.is_empty() {
            let answers = self.ask_coordinators(call, &pending, deadline).await;
            let mut again = None;
            for (group, answer) in answers {
                match answer {
                    Err(error) if error.is_retriable() => {
                        self.cluster.forget_coordinator(CoordinatorKind::Group, &group);
                        again = Some(error);
                    }
                    settled => {
                        pending.retain(|waiting| *waiting != group);
                        done.insert(group, settled);
                    }
                }
            }
            let Some(error) = again else { break };
            if let Err(error) = retries.after(error).await {
                let failed = std::mem::take(&mut pending).into_iter();
                done.extend(failed.map(|group| (group, Err(error.clone()))));
            }
        }
        Ok(done)
    }

    async fn ask_coordinators<C: GroupCall>(
        &self,
        call: &C,
        groups: &[Str],
        deadline: Instant,
    ) -> Vec<(Str, Result<C::Out, ClientError>)> {
        let mut answers = Vec::with_capacity(groups.len());
        let mut by_coordinator: BTreeMap<i32, Vec<Str>> = BTreeMap::new();
        for group in groups {
            match self.cluster.coordinator(CoordinatorKind::Group, group).await {
                Ok(broker) => by_coordinator.entry(broker).or_default().push(group.clone()),
                Err(error) => answers.push((group.clone(), Err(error))),
            }
        }
        for (broker, groups) in by_coordinator {
            let request = call.request(&groups);
            let tried = async {
                let connection = self.cluster.find_connection(broker, Lane::Main).await?;
                connection.call_at_most(&request, C::MOST, self.cluster.limit(deadline)).await
            };
            match tried.await {
                Ok(response) => answers.extend(call.read(response)),
                Err(error) => answers.extend(groups.into_iter().map(|group| (group, Err(error.clone())))),
            }
        }
        answers
    }
}
