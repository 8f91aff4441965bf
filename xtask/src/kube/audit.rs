//! The API server's audit log: who asked for what, as it is written.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// Follows the log.
#[derive(Debug)]
pub(super) struct Audit {
    log: BufReader<File>,
    /// The last line, while it is not written to its end.
    begun: String,
}

impl Audit {
    /// From its beginning.
    pub(super) fn open(log: &Path) -> Result<Audit> {
        let log = File::open(log).context("the API server's audit log")?;
        Ok(Audit { log: BufReader::new(log), begun: String::new() })
    }

    /// The requests of a user since the last call, oldest first.
    pub(super) fn requests_of(&mut self, user: &str) -> Result<Vec<Value>> {
        let mut requests = Vec::new();
        while self.log.read_line(&mut self.begun)? > 0 && self.begun.ends_with('\n') {
            let line = std::mem::take(&mut self.begun);
            // Most are of others.
            if !line.contains(user) {
                continue;
            }
            let request: Value = serde_json::from_str(&line).context("a request of the audit log")?;
            if request["user"]["username"] == user {
                requests.push(request);
            }
        }
        Ok(requests)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write as _;

    use super::*;

    #[test]
    fn requests_are_told_once_and_only_when_their_line_is_whole() {
        let place = tempfile::NamedTempFile::new().unwrap();
        let mut log = place.reopen().unwrap();
        let mut audit = Audit::open(place.path()).unwrap();
        let mut told = |text: &str| {
            log.write_all(text.as_bytes()).unwrap();
            audit
                .requests_of("a")
                .unwrap()
                .iter()
                .map(|request| request["verb"].to_string())
                .collect::<String>()
        };
        assert_eq!(told("{\"user\":{\"username\":\"a\"},\"verb\":1}\n{\"user\":{\"user"), "1");
        assert_eq!(told("name\":\"b\"},\"verb\":2}\n{\"user\":{\"username\":\"a\"},\"verb\":3}\n"), "3");
        assert_eq!(told(""), "");
    }
}
