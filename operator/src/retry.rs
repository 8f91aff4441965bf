//! When a pass that failed is tried again.

use std::time::Duration;

use crate::cluster::PassError;

/// After somebody else was quicker: what he wrote is there to be read.
const CONFLICT: Duration = Duration::from_millis(250);
/// After a refusal that only another spec or other rights can change.
const REFUSED: Duration = Duration::from_secs(30);
/// Longest pause.
const LONGEST: Duration = Duration::from_secs(60);

/// The pause after the given failure, `failures` in a row before it.
pub fn pause(error: &PassError, failures: u32) -> Duration {
    let grows = Duration::from_secs(1 << failures.min(6)).min(LONGEST);
    if matches!(error, PassError::ForeignSecret(_)) {
        return REFUSED;
    }
    let PassError::Kube(kube::Error::Api(status)) = error else { return grows };
    match status.code {
        409 => CONFLICT,
        429 => {
            let asked = status.details.as_ref().map_or(0, |details| details.retry_after_seconds);
            Duration::from_secs(u64::from(asked)).max(grows).min(LONGEST)
        }
        400 | 403 | 422 => REFUSED,
        _ => grows,
    }
}

/// What to tell people of a refusal that only they can change; `None` for all else.
pub fn refusal(error: &PassError) -> Option<String> {
    if let PassError::ForeignSecret(_) = error {
        return Some(error.to_string());
    }
    let PassError::Kube(kube::Error::Api(status)) = error else { return None };
    matches!(status.code, 400 | 403 | 422)
        .then(|| format!("the API server refuses what follows from the spec: {}", status.message))
}
