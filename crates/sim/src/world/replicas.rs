//! The checkers look at the replicas of a process after each of its steps, and at all of them in the end.

use klamm_model::{LeaderEpoch, Offset, TopicIdPartition};
use klamm_protocol::records::Batches;
use klamm_storage::{Isolation, LogView, MinOneBatch, Patience, ReadRequest};

use super::World;
use crate::broker::SeenReplica;
use crate::checkers::{Checkers, must};
use crate::rpc::Answer;
use crate::serving::bytes_of;

/// Bytes that are compared at a time.
const COMPARE_BYTES: u32 = 64 << 10;

impl World {
    /// Looks at what has changed of the replicas of a process.
    pub(crate) fn look_at_replicas(&mut self, id: i32) {
        let Some(node) = self.nodes.get_mut(&id) else { return };
        let Some(broker) = node.process.as_mut().and_then(|process| process.broker.as_mut()) else { return };
        for (partition, (handle, seen)) in &mut broker.watched {
            let Some(view) = handle.view() else { continue };
            let leadership =
                handle.leadership().map(|known| (known.epoch, known.is_local, known.epoch_start));
            let epoch = leadership.map(|(epoch, is_local, _)| (epoch, is_local));
            let is_same = seen.log_end == Some(view.log_end_offset())
                && seen.high_watermark == view.high_watermark()
                && seen.epoch == epoch
                && seen.is_begun;
            if is_same {
                continue;
            }
            let start = leadership.and_then(|(_, _, start)| start);
            look_at(&mut self.checkers, (*partition, id), seen, &view, (epoch, start));
        }
    }

    /// An acknowledgement is about to leave.
    pub(crate) fn check_acknowledgement(&mut self, by: i32, answer: &Answer) {
        let Answer::Produce(Ok(produced)) = answer else { return };
        self.look_at_replicas(by);
        let least = self.build.min_isr as usize;
        self.checkers.replicas.acknowledged(produced.partition, produced.end, least);
    }

    /// Whether all replicas of all partitions have the same records, all of them committed. Those of equal length must
    /// be equal.
    pub(crate) fn replicas_agree(&self) -> bool {
        let Some(image) = self.leader().and_then(|id| self.process(id)).map(|leader| leader.control.image())
        else {
            return false;
        };
        image.topics().iter().all(|topic| {
            topic.partitions().all(|(partition, registration)| {
                let id = TopicIdPartition { topic_id: topic.id(), partition };
                let nodes = registration.replicas().iter().map(|id| id.get());
                self.agree_on(id, &nodes.collect::<Vec<_>>())
            })
        })
    }

    /// Where each replica stands of the partitions of such a name, for failures.
    pub(crate) fn replicas_summary(&self, name: &str) -> String {
        let mut lines = String::new();
        for id in self.ids() {
            let Some(broker) = self.process(id).and_then(|process| process.broker.as_ref()) else { continue };
            let all = broker.all_partitions().into_iter();
            for handle in all.filter(|handle| handle.name().to_string().starts_with(name)) {
                let ends =
                    handle.view().map(|view| (view.high_watermark().get(), view.log_end_offset().get()));
                let leader = handle.leadership().map(|known| (known.epoch.get(), known.leader));
                lines += &format!("\nnode {id} {}: {ends:?}, leader {leader:?}", handle.name());
            }
        }
        lines
    }

    fn agree_on(&self, id: TopicIdPartition, nodes: &[i32]) -> bool {
        let view = |node: &i32| self.process(*node)?.broker.as_ref()?.partitions.get(&id)?.view();
        let Some(views) = nodes.iter().map(view).collect::<Option<Vec<_>>>() else { return false };
        let Some(first) = views.first() else { return true };
        let end = first.log_end_offset();
        if views.iter().any(|view| view.log_end_offset() != end || view.high_watermark() != end) {
            return false;
        }
        let start = views.iter().map(|view| view.log_start_offset()).max().unwrap_or_default();
        let content = content(first, start);
        for (view, node) in views.iter().zip(nodes).skip(1) {
            must!(
                self::content(view, start) == content,
                "equal-replicas",
                "nodes {} and {node} differ in {id:?} between {start} and {end}",
                nodes[0]
            );
        }
        true
    }
}

fn look_at(
    checkers: &mut Checkers,
    (partition, node): (TopicIdPartition, i32),
    seen: &mut SeenReplica,
    view: &LogView,
    (epoch, start): (Option<(LeaderEpoch, bool)>, Option<Offset>),
) {
    let (end, high_watermark) = (view.log_end_offset(), view.high_watermark());
    let replicas = &mut checkers.replicas;
    if seen.log_end.is_none() {
        seen.compared = high_watermark;
    }
    if seen.epoch != epoch {
        (seen.epoch, seen.is_begun) = (epoch, false);
    }
    if seen.log_end != Some(end) {
        seen.log_end = Some(end);
        replicas.holds(partition, node, end);
    }
    if let Some((epoch, true)) = epoch {
        replicas.leads(partition, node, epoch);
        if !seen.is_begun
            && let Some(start) = start
        {
            seen.is_begun = true;
            seen.high_watermark = high_watermark;
            replicas.begins(partition, (node, epoch), start);
        }
        let before = seen.high_watermark;
        replicas.leader_committed(partition, (node, epoch), (before, high_watermark));
    } else {
        seen.is_begun = true;
    }
    seen.high_watermark = high_watermark;
    seen.compared = seen.compared.min(high_watermark);
    while seen.compared < high_watermark {
        let Some(bytes) = read(view, seen.compared, Isolation::HighWatermark) else { break };
        let next = replicas.compare(partition, node, (&bytes, high_watermark));
        let Some(next) = next.filter(|next| *next > seen.compared) else { break };
        seen.compared = next;
    }
}

fn read(view: &LogView, offset: Offset, isolation: Isolation) -> Option<bytes::Bytes> {
    let request = ReadRequest {
        offset,
        max_bytes: COMPARE_BYTES,
        isolation,
        min_one_batch: MinOneBatch::Yes,
        patience: Patience::Wait,
    };
    bytes_of(view.read(&request).ok()?.as_ref()).ok()
}

/// Everything from `start` on.
fn content(view: &LogView, start: Offset) -> Vec<u8> {
    let mut content = Vec::new();
    let mut next = start;
    while next < view.log_end_offset() {
        let Some(bytes) = read(view, next, Isolation::LogEnd) else { break };
        let before = next;
        for batch in Batches::new(&bytes).map_while(Result::ok) {
            content.extend_from_slice(batch.bytes());
            next = batch.header().next_offset();
        }
        if next <= before {
            break;
        }
    }
    content
}
