//! How much one request may do: the client's mutation quota, and the bound of one batch.

use klamm_protocol::ErrorCode;

use super::{MAX_RECORDS_PER_BATCH, MutationQuota};
use crate::{ApiError, VersionedRecord};

/// Partitions one request may create, over all its topics.
const MAX_PARTITIONS_PER_REQUEST: i64 = 10_000;

/// Whether a request asks for more partitions than one may create.
pub(crate) fn total_too_large(partitions: impl Iterator<Item = i64>) -> bool {
    partitions.fold(0, i64::saturating_add) > MAX_PARTITIONS_PER_REQUEST
}

/// What is left of a client's quota while its request is decided.
pub(crate) struct Budget {
    quota: MutationQuota,
    charged: u32,
}

impl Budget {
    pub(crate) const fn new(quota: MutationQuota) -> Budget {
        Budget { quota, charged: 0 }
    }

    /// Takes `partitions` from the quota. A strict one allows it while it is not negative.
    pub(crate) fn take(&mut self, partitions: usize) -> Result<(), ApiError> {
        let count = u32::try_from(partitions).unwrap_or(u32::MAX);
        if let MutationQuota::Strict { tokens } = &mut self.quota {
            if *tokens < 0.0 {
                return Err(ApiError::bare(ErrorCode::ThrottlingQuotaExceeded));
            }
            *tokens -= f64::from(count);
        }
        self.charged = self.charged.saturating_add(count);
        Ok(())
    }

    /// Partitions taken.
    pub(crate) const fn charged(&self) -> u32 {
        self.charged
    }
}

/// Refuses what does not fit one atomic batch.
pub(crate) fn check_batch(records: &[VersionedRecord]) -> Result<(), ApiError> {
    if records.len() <= MAX_RECORDS_PER_BATCH {
        return Ok(());
    }
    let text = "Unable to perform excessively large batch operation.";
    Err(ApiError::new(ErrorCode::PolicyViolation, text))
}
