//! Records at a steady rate to all partitions of a topic, by the project's own client, through spans that the caller
//! ends: what each span cost the producer, partition by partition.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use klamm_client::{ClientConfig, Producer, ProducerConfig, ProducerRecord};
use serde::Serialize;

use super::report::{Latency, latency_histogram};

/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(1);
/// Longest wait for the outcomes of what was sent.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is written.
#[derive(Clone, Debug)]
pub struct Steady {
    /// Addresses of the brokers, separated by commas.
    pub bootstrap: String,
    /// An existing topic.
    pub topic: String,
    /// Its partitions; they take turns.
    pub partitions: i32,
    /// Records a second.
    pub rate: f64,
    /// Size of a value.
    pub record_bytes: usize,
}

/// What one span was like.
#[derive(Clone, Debug, Serialize)]
pub struct SpanReport {
    /// Acknowledged records.
    pub acknowledged: u64,
    /// Records that the client gave up.
    pub failed: u64,
    /// The longest time without an acknowledgement of each partition, in milliseconds, in their order.
    pub longest_ms: Vec<f64>,
    /// From when records were due to their acknowledgement; those acknowledged in the span.
    pub latency: Latency,
}

impl Steady {
    /// Writes until `spans` ends; each line of it ends a span. The reports of all spans in their order.
    pub fn run(&self, spans: impl BufRead + Send + 'static) -> Result<Vec<SpanReport>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.write(&lines_of(spans)))
    }

    async fn write(&self, ends: &mpsc::Receiver<()>) -> Result<Vec<SpanReport>> {
        let mut client = ClientConfig::new(&self.bootstrap)?;
        client.reconnect_backoff_ms = 10;
        client.reconnect_backoff_max_ms = 50;
        client.retry_backoff_ms = 5;
        client.retry_backoff_max_ms = 20;
        let producer = Producer::new(ProducerConfig {
            client,
            buffer_memory: 512 << 20,
            ..ProducerConfig::new(&self.bootstrap)?
        });
        let noted = Noted::of(self.partitions);
        let value: bytes::Bytes = vec![b'v'; self.record_bytes].into();
        let (mut reports, begun, mut sent) = (Vec::new(), Instant::now(), 0_u32);
        let interval = Duration::from_secs_f64(1.0 / self.rate.max(0.001));
        loop {
            match ends.try_recv() {
                Ok(()) => reports.push(noted.end_span()),
                Err(mpsc::TryRecvError::Empty) => {}
                Err(mpsc::TryRecvError::Disconnected) => break,
            }
            loop {
                let due = begun + interval * sent;
                if due > Instant::now() {
                    break;
                }
                let partition = i32::try_from(sent)? % self.partitions;
                let record =
                    ProducerRecord::new(self.topic.as_str(), value.clone()).with_partition(partition);
                let noted = noted.clone();
                let note = move |is_acknowledged| noted.note(partition, due, is_acknowledged);
                producer.send_with(record, move |outcome| note(outcome.is_ok())).await?;
                sent += 1;
            }
            tokio::time::sleep(TICK).await;
        }
        producer.close(PATIENCE).await?;
        reports.push(noted.end_span());
        Ok(reports)
    }
}

/// A message for each line; the end of the input is the end of the channel.
fn lines_of(input: impl BufRead + Send + 'static) -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = input.lines().map_while(Result::ok);
        lines.take_while(|_| sender.send(()).is_ok()).count();
    });
    receiver
}

/// Clones share what they note.
#[derive(Clone)]
struct Noted(Arc<Mutex<Span>>);

struct Span {
    acknowledged: u64,
    failed: u64,
    latency: Histogram<u64>,
    /// The last acknowledgement of each partition, and its longest gap.
    partitions: BTreeMap<i32, (Instant, Duration)>,
}

impl Noted {
    fn of(partitions: i32) -> Noted {
        let begin = (Instant::now(), Duration::ZERO);
        Noted(Arc::new(Mutex::new(Span {
            acknowledged: 0,
            failed: 0,
            latency: latency_histogram(),
            partitions: (0..partitions).map(|partition| (partition, begin)).collect(),
        })))
    }

    fn note(&self, partition: i32, due: Instant, is_acknowledged: bool) {
        let mut span = self.0.lock().expect("no holder panics");
        if !is_acknowledged {
            span.failed += 1;
            return;
        }
        let now = Instant::now();
        span.acknowledged += 1;
        span.latency.saturating_record(u64::try_from((now - due).as_micros()).unwrap_or(u64::MAX));
        if let Some((last, longest)) = span.partitions.get_mut(&partition) {
            *longest = now.duration_since(*last).max(*longest);
            *last = now;
        }
    }

    /// What was seen since the last call. A gap that is open counts whole where it ends.
    fn end_span(&self) -> SpanReport {
        let mut span = self.0.lock().expect("no holder panics");
        let milliseconds = |gap: &mut (Instant, Duration)| std::mem::take(&mut gap.1).as_secs_f64() * 1000.0;
        let longest_ms = span.partitions.values_mut().map(milliseconds).collect();
        let latency = std::mem::replace(&mut span.latency, latency_histogram());
        SpanReport {
            acknowledged: std::mem::take(&mut span.acknowledged),
            failed: std::mem::take(&mut span.failed),
            longest_ms,
            latency: (&latency).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_tells_its_own_gaps_partition_by_partition() {
        let noted = Noted::of(2);
        noted.note(0, Instant::now(), true);
        noted.note(1, Instant::now(), false);
        let first = noted.end_span();
        assert_eq!((first.acknowledged, first.failed), (1, 1));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(20) {
            noted.note(0, Instant::now(), true);
        }
        noted.note(1, begun, true);
        let second = noted.end_span();
        assert_eq!(second.failed, 0);
        assert!(second.longest_ms[1] >= 20.0, "{second:?}");
        assert!(second.latency.max >= 20_000, "{second:?}");
    }
}
