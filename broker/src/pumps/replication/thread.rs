//! The thread that follows: one fetcher, with one connection, for each broker that leads something followed here. It is
//! a thread of its own because it writes what it fetched to the page cache. It ends with the node.

use std::collections::HashMap;
use std::sync::Arc;

use klamm_model::{BrokerId, LeaderEpoch, TopicIdPartition};
use klamm_node::partition::PartitionHandle;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::fetcher::{Fetcher, FetcherNews};
use super::watcher::FollowerNews;
use crate::node::Node;

/// The thread and its news.
pub struct ReplicationThread {
    news: mpsc::UnboundedSender<FollowerNews>,
    thread: std::thread::JoinHandle<()>,
}

impl ReplicationThread {
    /// Starts to follow what is followed by now; `news` tells of what changes from here on.
    pub fn start(
        node: Arc<Node>,
        news: mpsc::UnboundedSender<FollowerNews>,
        inbox: mpsc::UnboundedReceiver<FollowerNews>,
    ) -> std::io::Result<ReplicationThread> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("klamm-replication".into()).spawn(move || {
            let fetchers =
                Fetchers { node, running: HashMap::new(), leaders: HashMap::new(), tasks: JoinSet::new() };
            runtime.block_on(fetchers.run(inbox));
        })?;
        Ok(ReplicationThread { news, thread })
    }

    /// Ends it; what was fetched and not appended is fetched again after the next start.
    pub fn stop(self) {
        // An ended thread needs no word.
        let _ = self.news.send(FollowerNews::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the replication thread panicked");
        }
    }
}

struct Fetchers {
    node: Arc<Node>,
    running: HashMap<BrokerId, mpsc::UnboundedSender<FetcherNews>>,
    /// From whom each replica is fetched.
    leaders: HashMap<TopicIdPartition, BrokerId>,
    tasks: JoinSet<BrokerId>,
}

impl Fetchers {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<FollowerNews>) {
        for handle in self.node.partitions.all() {
            self.look(handle.id());
        }
        loop {
            let news = tokio::select! {
                news = inbox.recv() => news,
                Some(ended) = self.tasks.join_next() => {
                    match ended {
                        Ok(leader) => self.on_ended(leader),
                        Err(error) => tracing::error!(%error, "a fetcher ended"),
                    }
                    continue;
                }
            };
            match news {
                Some(FollowerNews::Replicas(replicas)) => replicas.into_iter().for_each(|id| self.look(id)),
                Some(FollowerNews::Brokers(brokers)) => {
                    brokers.into_iter().for_each(|id| self.tell_moved(id))
                }
                Some(FollowerNews::Stop) | None => return,
            }
        }
    }

    /// Follows the replica as its partition says by now.
    fn look(&mut self, id: TopicIdPartition) {
        let followed = self.node.partitions.get(&id).and_then(|handle| {
            let leadership = handle.leadership().filter(|known| !known.is_local)?;
            Some((leadership.leader?, leadership.epoch, handle))
        });
        let before = self.leaders.get(&id).copied();
        if let Some(before) = before
            && followed.as_ref().is_none_or(|(leader, ..)| *leader != before)
        {
            self.leaders.remove(&id);
            self.tell(before, FetcherNews::Unfollow(id));
        }
        if let Some((leader, epoch, handle)) = followed {
            self.leaders.insert(id, leader);
            self.follow(leader, epoch, handle);
        }
    }

    fn follow(&mut self, leader: BrokerId, epoch: LeaderEpoch, handle: PartitionHandle) {
        let (node, tasks) = (&self.node, &mut self.tasks);
        let queue = self.running.entry(leader).or_insert_with(|| {
            let (queue, inbox) = mpsc::unbounded_channel();
            let fetcher = Fetcher::new(node.clone(), leader, inbox);
            tasks.spawn(async move {
                fetcher.run().await;
                leader
            });
            queue
        });
        // Ended just now: `on_ended` looks again at all that it followed.
        let _ = queue.send(FetcherNews::Follow(handle, epoch));
    }

    fn tell(&self, leader: BrokerId, news: FetcherNews) {
        if let Some(queue) = self.running.get(&leader) {
            let _ = queue.send(news);
        }
    }

    fn tell_moved(&self, broker: BrokerId) {
        self.tell(broker, FetcherNews::LeaderChanged);
    }

    /// A fetcher ends when it follows nothing; what was told to it too late goes to a new one.
    fn on_ended(&mut self, leader: BrokerId) {
        self.running.remove(&leader);
        let left: Vec<_> = self.leaders.iter().filter(|(_, at)| **at == leader).map(|(id, _)| *id).collect();
        left.into_iter().for_each(|id| self.look(id));
    }
}
