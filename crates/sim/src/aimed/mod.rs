//! Histories that are aimed at faults which chance alone takes long to find. Nodes without a fault survive them.

mod brokers;
mod quorum;

use std::time::Duration;

use crate::build::Build;
use crate::planted::Planted;
use crate::random::Random;
use crate::scenario::Stage;
use crate::world::World;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aimed {
    /// A voter stands for election with a log end that it then loses.
    CandidateLosesItsTail,
    /// Leaders lose power right after their election, and come back at once.
    LeadersRestart,
    /// A leader loses power, and with it the first record of its epoch, before anybody has heard that it leads.
    LeaderForgets,
    /// A leader that is cut off from the other voters is told to add two.
    VotersAtOnce,
    /// The process of a leader of the quorum ends, or only seems to.
    LeaderDies,
    /// A broker's process ends, or only seems to.
    BrokerDies,
    /// Brokers lose what they had not synced, and are back before the leaders get their last fetches.
    ReplicaForgets,
    /// A leader gets a fetch of an earlier leader epoch, of a follower that has cut its log since.
    FetchComesLate,
}

impl Aimed {
    /// All of them.
    pub const ALL: [Aimed; 8] = [
        Aimed::CandidateLosesItsTail,
        Aimed::LeadersRestart,
        Aimed::LeaderForgets,
        Aimed::VotersAtOnce,
        Aimed::LeaderDies,
        Aimed::BrokerDies,
        Aimed::ReplicaForgets,
        Aimed::FetchComesLate,
    ];

    /// Runs the history of a seed; the time it took in the world. Panics with what was violated.
    pub fn play(self, seed: u64, planted: Option<Planted>) -> Duration {
        let random = Random::new(seed ^ 0xa13ed);
        let mut build = match self {
            Aimed::VotersAtOnce => Build::dedicated(3, 0).with_spare_controllers(2),
            Aimed::CandidateLosesItsTail | Aimed::LeadersRestart | Aimed::LeaderForgets => {
                Build::dedicated(3, 0)
            }
            Aimed::LeaderDies => Build::dedicated(3, 1),
            Aimed::BrokerDies => Build::dedicated(3, 3),
            Aimed::ReplicaForgets | Aimed::FetchComesLate => Build::dedicated(3, 3).replicated(3, 2),
        };
        match self {
            Aimed::CandidateLosesItsTail | Aimed::LeaderForgets => build.idle = Duration::from_secs(3_600),
            Aimed::LeadersRestart | Aimed::VotersAtOnce => build.idle = Duration::from_millis(30),
            Aimed::FetchComesLate => build.balance = None,
            Aimed::LeaderDies | Aimed::BrokerDies | Aimed::ReplicaForgets => {}
        }
        let mut stage = Stage { world: World::new(build, seed).with_planted(planted), random };
        match self {
            Aimed::CandidateLosesItsTail => quorum::candidate_loses_its_tail(&mut stage),
            Aimed::LeadersRestart => quorum::leaders_restart(&mut stage),
            Aimed::LeaderForgets => quorum::leader_forgets(&mut stage),
            Aimed::VotersAtOnce => quorum::voters_at_once(&mut stage),
            Aimed::LeaderDies => quorum::leader_dies(&mut stage),
            Aimed::BrokerDies => brokers::broker_dies(&mut stage),
            Aimed::ReplicaForgets => brokers::replica_forgets(&mut stage),
            Aimed::FetchComesLate => brokers::fetch_comes_late(&mut stage),
        }
        Planted::arm(None);
        Duration::from_nanos(stage.world.now().as_nanos())
    }
}
