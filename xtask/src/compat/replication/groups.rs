//! Groups whose offsets lie on brokers of both systems: each goes on where it was when its coordinator stops, is killed
//! and comes back, whichever system it is of.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};

use super::{KAFKA, KLAMM, Story};

/// What the groups need of all nodes.
pub(super) const SETTINGS: &str = "offsets.topic.replication.factor=2\noffsets.topic.num.partitions=4\n";
/// Names that fall on all four partitions of the offsets.
const GROUPS: [&str; 6] = ["g0", "g1", "g2", "g3", "g4", "g5"];
const TOPIC: &str = "grouped";
/// Records that each group reads at a time.
const STEP: u32 = 20;

impl Story {
    /// Groups begin on both brokers; each broker leaves in its way, and comes back to its groups.
    pub(super) fn host_groups(&mut self) -> Result<()> {
        self.admin.ask(&format!("create {TOPIC} {KAFKA},{KLAMM}"))?;
        self.produce(TOPIC)?;
        let mut stand = 0;
        self.go_on(&mut stand)?;
        let hosts = self.coordinators()?;
        ensure!(hosts == BTreeSet::from([KAFKA, KLAMM]), "groups are coordinated by {hosts:?} only");
        for (away, stays) in [(KAFKA, KLAMM), (KLAMM, KAFKA)] {
            for kill in [false, true] {
                let node = self.site.node(away)?;
                if kill {
                    node.kill()?
                } else {
                    node.stop()?
                }
                self.go_on(&mut stand).with_context(|| format!("node {away} is away (killed: {kill})"))?;
                let hosts = self.coordinators()?;
                ensure!(
                    hosts == BTreeSet::from([stays]),
                    "groups are coordinated by {hosts:?} while {away} is away"
                );
                self.site.node(away)?.start()?;
                self.admin
                    .poll(("apart", "all replicas are in sync"), |apart| apart.is_empty().then_some(()))?;
                self.admin.poll(("prefer-all", "preferred leaders are elected"), |_| Some(()))?;
                self.go_on(&mut stand).with_context(|| format!("node {away} is back"))?;
            }
        }
        println!(
            "  {} groups went on over {stand} records each, wherever their coordinator was",
            GROUPS.len()
        );
        Ok(())
    }

    /// Each group reads on from where all of them stand, and commits.
    fn go_on(&mut self, stand: &mut u32) -> Result<()> {
        let next = *stand + STEP;
        for group in GROUPS {
            let told = self.admin.ask(&format!("join {group} {TOPIC} {STEP}"))?;
            ensure!(told == format!("{stand} {next}"), "{group} stood at {stand} and read from, to: {told}");
        }
        *stand = next;
        Ok(())
    }

    fn coordinators(&mut self) -> Result<BTreeSet<u32>> {
        let told = self.admin.ask(&format!("coordinators {}", GROUPS.join(",")))?;
        told.split(',').map(|id| id.parse().context("an id")).collect()
    }
}
