//! What became of a batch, and of each of its records.

use std::collections::BTreeMap;
use std::sync::Arc;

use klamm_model::{Offset, Timestamp};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::produce_response::PartitionProduceResponse;
use tokio::sync::watch;

use crate::error::ClientError;

/// Where the outcome of a batch appears.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Not yet.
    Waiting,
    /// There it is.
    Done(Arc<Outcome>),
    /// The batch was too large and became several: the index of each one's first record, ascending.
    Split(Arc<Vec<(u32, watch::Receiver<Slot>)>>),
}

/// The leader's answer to a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ack {
    pub(super) base_offset: Option<Offset>,
    pub(super) log_append_time: Option<Timestamp>,
}

/// What became of a batch.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// It is in the log.
    Acked(Ack),
    /// It is not, or that is unknown; some records have their own reason.
    Failed { error: ClientError, records: BTreeMap<u32, ClientError> },
}

impl Outcome {
    pub(super) fn failed(error: ClientError) -> Outcome {
        Outcome::Failed { error, records: BTreeMap::new() }
    }

    /// What became of the record at `index`.
    pub(super) fn of_record(&self, index: u32) -> Result<Ack, ClientError> {
        match self {
            Outcome::Acked(ack) => Ok(*ack),
            Outcome::Failed { error, records } => Err(records.get(&index).unwrap_or(error).clone()),
        }
    }

    /// What a leader's refusal says. The one record it names has the error itself; of several, the kind is
    /// not told and "invalid" is all that is known; the others failed with them.
    pub(super) fn refused(answer: &PartitionProduceResponse) -> Outcome {
        let code = ErrorCode::from_i16(answer.error_code).unwrap_or(ErrorCode::UnknownServerError);
        let words = answer.error_message.as_ref().map(|words| words.to_string());
        let error = ClientError::Kafka { error: code, message: words.clone() };
        if answer.record_errors.is_empty() {
            return Outcome::failed(error);
        }
        let single = answer.record_errors.len() == 1;
        let records = answer.record_errors.iter().filter_map(|record| {
            let own = record.batch_index_error_message.as_ref().map(|words| words.to_string());
            let kind = if single { code } else { ErrorCode::InvalidRecord };
            let message = own.or_else(|| words.clone()).or_else(|| Some(code.message().to_owned()));
            let index = u32::try_from(record.batch_index).ok()?;
            Some((index, ClientError::Kafka { error: kind, message }))
        });
        let others = "Failed to append record because it was part of a batch which had one more more invalid \
                      records";
        let error = ClientError::Kafka { error: ErrorCode::InvalidRecord, message: Some(others.to_owned()) };
        Outcome::Failed { error, records: records.collect() }
    }
}
