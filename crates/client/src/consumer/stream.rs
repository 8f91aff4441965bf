//! Records one by one.

use std::collections::VecDeque;
use std::time::Duration;

use super::Consumer;
use super::record::ConsumerRecord;
use crate::error::ClientError;

/// How long one poll inside the stream waits.
const POLL: Duration = Duration::from_secs(1);

/// A consumer that hands out one record after the other. What it commits by itself counts whole polls, so up
/// to `max.poll.records` of the records committed may not have been taken from the stream yet.
#[derive(Debug)]
pub struct RecordStream {
    consumer: Consumer,
    ready: VecDeque<ConsumerRecord>,
}

impl RecordStream {
    /// The next record. Waits as long as it takes; may be dropped at any time without losing a record.
    pub async fn next(&mut self) -> Result<ConsumerRecord, ClientError> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Ok(record);
            }
            self.ready.extend(self.consumer.poll(POLL).await?);
        }
    }

    /// The consumer underneath.
    pub fn consumer(&mut self) -> &mut Consumer {
        &mut self.consumer
    }

    /// Ends the stream; records that were not taken are dropped.
    pub fn into_consumer(self) -> Consumer {
        self.consumer
    }
}

impl Consumer {
    /// Hands out records one by one.
    pub fn into_stream(self) -> RecordStream {
        RecordStream { consumer: self, ready: VecDeque::new() }
    }
}
