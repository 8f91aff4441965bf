//! Latencies of sent records, and the lines about them (Kafka: `ProducerPerformance.Stats`).

use hdrhistogram::Histogram;

/// What was counted since the last line.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    began_ms: u64,
    count: u64,
    bytes: u64,
    total_ms: u64,
    max_ms: u64,
}

/// Counts from one moment on.
#[derive(Debug)]
pub(super) struct Stats {
    kind: &'static str,
    all: Window,
    window: Window,
    latencies: Histogram<u64>,
}

impl Stats {
    /// Counts from `now_ms` on; `kind` stands behind the count in the last line.
    pub(super) fn new(kind: &'static str, now_ms: u64) -> Stats {
        let began = Window { began_ms: now_ms, ..Window::default() };
        // Three digits are more than milliseconds can show.
        let latencies = Histogram::new(3).expect("three digits are a valid precision");
        Stats { kind, all: began, window: began, latencies }
    }

    /// A record was acknowledged after `latency_ms`.
    pub(super) fn record(&mut self, latency_ms: u64, bytes: u64) {
        for window in [&mut self.all, &mut self.window] {
            window.count += 1;
            window.bytes += bytes;
            window.total_ms += latency_ms;
            window.max_ms = window.max_ms.max(latency_ms);
        }
        self.latencies.saturating_record(latency_ms);
    }

    /// The line of the window, where it is at least `interval_ms` old; a new one begins.
    pub(super) fn window(&mut self, now_ms: u64, interval_ms: u64) -> Option<String> {
        if now_ms.saturating_sub(self.window.began_ms) < interval_ms {
            return None;
        }
        let window = std::mem::replace(&mut self.window, Window { began_ms: now_ms, ..Window::default() });
        let (records, megabytes, average) = window.rates(now_ms);
        let (count, max) = (window.count, window.max_ms as f64);
        Some(format!(
            "{count} records sent, {} records/sec ({} MB/sec), {} ms avg latency, {} ms max latency.",
            java(records, 1),
            java(megabytes, 2),
            java(average, 1),
            java(max, 1)
        ))
    }

    /// Whether there was a line of a window.
    pub(super) fn had_window(&self) -> bool {
        self.window.began_ms != self.all.began_ms
    }

    /// The line of all.
    pub(super) fn total(&self, now_ms: u64) -> String {
        let (records, megabytes, average) = self.all.rates(now_ms);
        let (count, kind, max) = (self.all.count, self.kind, self.all.max_ms as f64);
        let at = |quantile| self.latencies.value_at_quantile(quantile);
        format!(
            "{count}{kind} records sent, {} records/sec ({} MB/sec), {} ms avg latency, {} ms max latency, {} ms \
             50th, {} ms 95th, {} ms 99th, {} ms 99.9th.",
            java(records, 6),
            java(megabytes, 2),
            java(average, 2),
            java(max, 2),
            at(0.5),
            at(0.95),
            at(0.99),
            at(0.999)
        )
    }
}

/// As Java's `%f` writes it, with so many digits after the point.
fn java(value: f64, digits: usize) -> String {
    match value.is_infinite() {
        true => "Infinity".to_owned(),
        false => format!("{value:.digits$}"),
    }
}

impl Window {
    /// Records and megabytes per second, and the average latency.
    fn rates(&self, now_ms: u64) -> (f64, f64, f64) {
        let elapsed = now_ms.saturating_sub(self.began_ms) as f64 / 1000.0;
        let megabytes = self.bytes as f64 / (1024.0 * 1024.0);
        (self.count as f64 / elapsed, megabytes / elapsed, self.total_ms as f64 / self.count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_kafkas_words_and_digits() {
        let mut stats = Stats::new("", 1_000);
        for latency in [2, 4] {
            stats.record(latency, 1 << 20);
        }
        assert_eq!(stats.window(2_000, 5_000), None);
        let expected =
            "2 records sent, 0.4 records/sec (0.40 MB/sec), 3.0 ms avg latency, 4.0 ms max latency.";
        assert_eq!(stats.window(6_000, 5_000).as_deref(), Some(expected));
        let expected = "2 records sent, 0.200000 records/sec (0.20 MB/sec), 3.00 ms avg latency, 4.00 ms max \
                        latency, 2 ms 50th, 4 ms 95th, 4 ms 99th, 4 ms 99.9th.";
        assert_eq!(stats.total(11_000), expected);
        assert!(stats.total(1_000).contains(" sent, Infinity records/sec (Infinity MB/sec), 3.00 ms"));
    }
}
