//! What a client knows of the leaders of a topic. As Kafka's clients it never goes back to an earlier leader epoch
//! (KIP-320): a broker that was paused or cut off still tells of the leaders of its time, and answers as one of them.

use klamm_model::{LeaderEpoch, TopicId, TopicIdPartition};

use crate::rpc::TopicLeaders;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Leaders {
    topic_id: Option<TopicId>,
    /// By partition number: leader and its epoch.
    known: Vec<(Option<i32>, LeaderEpoch)>,
    /// Whether it is to be used; otherwise somebody is asked first.
    is_fresh: bool,
}

impl Leaders {
    /// A node tells who leads.
    pub(super) fn learn(&mut self, told: TopicLeaders) {
        if self.topic_id != Some(told.id) {
            (self.topic_id, self.known) = (Some(told.id), told.leaders);
        } else {
            for (index, news) in told.leaders.into_iter().enumerate() {
                match self.known.get_mut(index) {
                    Some(known) if known.1 <= news.1 => *known = news,
                    Some(_) => {}
                    None => self.known.push(news),
                }
            }
        }
        self.is_fresh = true;
    }

    /// Somebody did not answer as a leader does.
    pub(super) fn doubt(&mut self) {
        self.is_fresh = false;
    }

    /// Who leads a partition; `None` if that is to be asked.
    pub(super) fn of(&self, partition: i32) -> Option<(i32, LeaderEpoch)> {
        let (leader, epoch) = *self.known.get(usize::try_from(partition).ok()?)?;
        Some((leader.filter(|_| self.is_fresh)?, epoch))
    }

    /// Names a partition of the topic; `None` before anything was learnt.
    pub(super) fn partition(&self, partition: i32) -> Option<TopicIdPartition> {
        self.topic_id.map(|topic_id| TopicIdPartition { topic_id, partition })
    }

    /// How many partitions the topic has, as far as is known.
    pub(super) fn count(&self) -> i32 {
        i32::try_from(self.known.len()).unwrap_or(i32::MAX)
    }
}
