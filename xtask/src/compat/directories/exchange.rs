//! One directory, served by both systems in turn: each shows what the other wrote.

use anyhow::{Context, Result};

use super::client::{Client, PATIENT, ensure_equal};
use super::dumps;
use crate::oracle::broker::{Broker, Site, System};

/// Formatted and filled by Apache Kafka; Klamm goes on and stops in order; Kafka goes on; Klamm is killed; Kafka
/// shows all of it.
pub fn from_kafka(client: &Client) -> Result<()> {
    let site = Site::create(&PATIENT)?;
    site.format(System::Kafka)?;
    let mut relay = Relay { client, site: &site, seen: None, round: 0 };
    relay.leg(System::Kafka, End::Stop)?;
    relay.leg(System::Klamm, End::Stop)?;
    dumps::compare(&site.log_dir())?;
    relay.leg(System::Kafka, End::Stop)?;
    relay.leg(System::Klamm, End::Kill)?;
    relay.leg(System::Kafka, End::Kill)?;
    relay.leg(System::Klamm, End::Stop)?;
    dumps::compare(&site.log_dir())
}

/// Formatted and filled by Klamm; Kafka goes on; Klamm is killed; Kafka shows all of it.
pub fn from_klamm(client: &Client) -> Result<()> {
    let site = Site::create(&PATIENT)?;
    site.format(System::Klamm)?;
    let mut relay = Relay { client, site: &site, seen: None, round: 0 };
    relay.leg(System::Klamm, End::Stop)?;
    dumps::compare(&site.log_dir())?;
    relay.leg(System::Kafka, End::Stop)?;
    relay.leg(System::Klamm, End::Kill)?;
    relay.leg(System::Kafka, End::Stop)
}

#[derive(Clone, Copy)]
enum End {
    Stop,
    Kill,
}

struct Relay<'a> {
    client: &'a Client,
    site: &'a Site,
    /// What the last system showed in the end.
    seen: Option<String>,
    round: u32,
}

impl Relay<'_> {
    /// Starts `system`, checks that it shows what there was, writes a round and ends.
    fn leg(&mut self, system: System, end: End) -> Result<()> {
        self.round += 1;
        let (round, name) = (self.round, system.name());
        let broker = self.site.start(system)?;
        let outcome = self.serve(&broker);
        outcome.with_context(|| format!("round {round} under {name}\n{}", tail(&broker.output())))?;
        match end {
            End::Stop => broker.stop(),
            End::Kill => broker.kill(),
        }
    }

    fn serve(&mut self, broker: &Broker) -> Result<()> {
        if let Some(seen) = &self.seen {
            ensure_equal("what the system before had written", seen, &self.client.read(broker)?)?;
        }
        self.client.write(broker, self.round)?;
        self.seen = Some(self.client.read(broker)?);
        Ok(())
    }
}

/// The end of a node's output.
fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
