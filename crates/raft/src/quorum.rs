//! The quorum as one replica sees it; the sole place a role changes. The inputs are in `inputs/`,
//! the voter changes in `reconfig/`; they reach the role only through this file.

mod view;

pub use view::QuorumView;

use klamm_model::{Instant, LeaderEpoch, NodeId, Offset};

use crate::config::{LocalReplica, QuorumConfig, Start, StartError, VoterEligibility};
use crate::control_history::ControlHistory;
use crate::effect::{Destination, Effect, PeerId, ShutdownOutcome};
use crate::election::Election;
use crate::flushes::Flushes;
use crate::log_facts::LogFacts;
use crate::message::LeaderHint;
use crate::outbox::Outbox;
use crate::peers::Peers;
use crate::planted::Bug;
use crate::replica::{Endpoints, ReplicaKey};
use crate::roles::{
    Candidate, EpochStep, Follower, Leader, LeaderTimes, Prospective, Resigned, Role, TRANSITIONS,
    Unattached, VersionUpgrade, Work,
};
use crate::stored_election::StoredElection;
use crate::timer::Jitter;
use crate::voter_set::Voter;

/// An epoch and what is known of it. All of it but the endpoints is what `quorum-state` stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) epoch: LeaderEpoch,
    pub(crate) leader: Option<NodeId>,
    /// Where the leader listens; none while it cannot be reached by name.
    pub(crate) endpoints: Endpoints,
    pub(crate) voted: Option<ReplicaKey>,
}

/// Progress of a graceful shutdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shutdown {
    NotAsked,
    /// Leadership is being handed over, until this time at most.
    Until(Instant),
    Done,
}

/// The quorum as one replica sees it. See the crate's documentation for the contract.
#[derive(Debug)]
pub struct Quorum {
    pub(crate) config: QuorumConfig,
    pub(crate) local: LocalReplica,
    /// Whom to ask for the leader, without this node itself.
    pub(crate) bootstrap: Vec<Destination>,
    pub(crate) control: ControlHistory,
    pub(crate) log: LogFacts,
    pub(crate) flushes: Flushes,
    pub(crate) peers: Peers,
    pub(crate) jitter: Jitter,
    pub(crate) shutdown: Shutdown,
    pub(crate) outbox: Outbox,
    role: Role,
    term: Term,
    /// Counts role changes, so that a poll sees whether it caused one.
    role_changes: u64,
    /// Highest high watermark known since the start; never shrinks.
    high_watermark: Option<Offset>,
    /// The term last told by [`Effect::LeaderChanged`].
    announced: Option<LeaderHint>,
    /// What `quorum-state` held at start.
    found: Option<StoredElection>,
    #[cfg(feature = "planted-bugs")]
    pub(crate) planted: Option<Bug>,
}

impl Quorum {
    /// The quorum of a node that starts. Nothing happens before [`Quorum::on_start`].
    pub fn new(start: Start) -> Result<Quorum, StartError> {
        let Start { config, local, bootstrap_servers, election, log, control, seed } = start;
        let static_voters = control.static_voters().clone();
        if bootstrap_servers.is_empty() && static_voters.is_empty() {
            return Err(StartError::NoControllers);
        }
        let has_endpoint = local.endpoints.get(&local.listener).is_some();
        if local.eligibility == VoterEligibility::Controller && !has_endpoint {
            return Err(StartError::NoLocalEndpoint { id: local.id, listener: local.listener });
        }
        let covered = log.snapshots.iter().map(|snapshot| snapshot.id.offset).max();
        if let Some(snapshot) = covered.filter(|covered| *covered > log.log_end) {
            return Err(StartError::LogEndsBeforeSnapshot { log_end: log.log_end, snapshot });
        }
        let bootstrap = if bootstrap_servers.is_empty() {
            let others = static_voters.iter().filter(|voter| voter.key.id != local.id);
            let place = |voter: &Voter| {
                let address = voter.endpoints.get(&local.listener)?.clone();
                Some(Destination { peer: PeerId::Node(voter.key.id), address })
            };
            others.filter_map(place).collect()
        } else {
            let servers = bootstrap_servers.into_iter().enumerate();
            let others = servers.filter(|(_, address)| local.endpoints.get(&local.listener) != Some(address));
            others.map(|(index, address)| Destination { peer: PeerId::Bootstrap(index), address }).collect()
        };
        Ok(Quorum {
            bootstrap,
            flushes: Flushes::new(log.log_end),
            peers: Peers::default(),
            jitter: Jitter::new(seed),
            shutdown: Shutdown::NotAsked,
            outbox: Outbox::new(election.clone()),
            role: Role::Unattached(Unattached { election_deadline: None }),
            term: Term::default(),
            role_changes: 0,
            high_watermark: None,
            announced: None,
            found: election,
            #[cfg(feature = "planted-bugs")]
            planted: None,
            config,
            local,
            control,
            log,
        })
    }

    /// Resumes the stored role. Never as leader: records of that leadership may be lost, and the
    /// same offsets must not be given out twice in one epoch.
    pub(crate) fn resume(&mut self, now: Instant) {
        let patience = self.election_deadline(now);
        let unattached = || Role::Unattached(Unattached { election_deadline: Some(patience) });
        let found = self.found.take();
        let stored = found.filter(|found| found.epoch >= self.log.last_epoch());
        let Some(StoredElection { epoch, leader, voted, .. }) = stored else {
            self.set(unattached(), Term { epoch: self.log.last_epoch(), ..Term::default() });
            return;
        };
        let endpoints = leader.map(|id| self.voters().endpoints(id)).unwrap_or_default();
        let term = Term { epoch, leader, endpoints, voted };
        if leader == Some(self.local.id) && self.has_bug(Bug::ResumeLeadership) {
            let election = Election::begun_by(self.local.id, self.voters());
            let candidate = Candidate { election, election_deadline: patience };
            self.set(
                Role::Candidate(candidate),
                Term { leader: None, voted: Some(self.local.key()), ..term },
            );
        } else if leader == Some(self.local.id) {
            let endpoints = self.local.endpoints.clone();
            let resigned = self.resigned(patience, Vec::new());
            self.set(Role::Resigned(resigned), Term { endpoints, ..term });
        } else if leader.is_none()
            && self.may_stand()
            && voted.is_some_and(|voted| voted.names(&self.local.key()))
        {
            let election = Election::begun_by(self.local.id, self.voters());
            let candidate = Candidate { election, election_deadline: patience };
            self.set(Role::Candidate(candidate), term);
        } else if leader.is_some() && !term.endpoints.is_empty() {
            let follower = Follower::new(now.after(self.config.fetch_timeout));
            self.set(Role::Follower(follower), term);
        } else {
            self.set(unattached(), term);
        }
    }

    pub(crate) fn become_unattached(&mut self, now: Instant, epoch: LeaderEpoch, leader: Option<NodeId>) {
        let kept = match &self.role {
            Role::Candidate(candidate) => Some(candidate.election_deadline),
            Role::Unattached(unattached) => unattached.election_deadline,
            Role::Prospective(prospective) if !prospective.election.is_lost() => {
                Some(prospective.election_deadline)
            }
            Role::Resigned(resigned) => Some(resigned.election_deadline),
            Role::Prospective(_) | Role::Leader(_) | Role::Follower(_) => None,
        };
        let election_deadline =
            if self.may_stand() { Some(kept.unwrap_or_else(|| self.election_deadline(now))) } else { None };
        let voted = self.term.voted.filter(|_| epoch == self.term.epoch);
        let term = Term { epoch, leader, endpoints: Endpoints::none(), voted };
        self.enter(Role::Unattached(Unattached { election_deadline }), term);
    }

    /// Votes for `candidate` in the present epoch; it gets the time of an election to win.
    pub(crate) fn vote_for(&mut self, now: Instant, candidate: ReplicaKey) {
        let deadline = self.election_deadline(now);
        match &mut self.role {
            Role::Unattached(unattached) => unattached.election_deadline = Some(deadline),
            Role::Prospective(prospective) => {
                prospective.election = Election::begun_by(self.local.id, self.control.voters());
                prospective.election_deadline = deadline;
            }
            Role::Candidate(_) | Role::Leader(_) | Role::Follower(_) | Role::Resigned(_) => {
                panic!("a {:?} replica has no vote to give", self.role.name())
            }
        }
        assert!(self.term.voted.is_none() && candidate.id != self.local.id, "one vote per epoch, to another");
        self.term.voted = Some(candidate);
        self.outbox.mark_changed();
    }

    pub(crate) fn become_follower(
        &mut self,
        now: Instant,
        epoch: LeaderEpoch,
        leader: NodeId,
        at: Endpoints,
    ) {
        assert!(leader != self.local.id && !at.is_empty(), "a follower has another leader, and a way to it");
        let voted = self.term.voted.filter(|_| epoch == self.term.epoch);
        let term = Term { epoch, leader: Some(leader), endpoints: at, voted };
        let follower = Follower::new(now.after(self.config.fetch_timeout));
        self.enter(Role::Follower(follower), term);
    }

    /// The leader listens elsewhere than was known. The follower's patience with it goes on.
    pub(crate) fn move_leader(&mut self, endpoints: Endpoints) {
        self.term.endpoints = endpoints;
        self.peers.reset();
        self.announce();
    }

    /// Asks for pre-votes. The only voter needs none and goes on at once.
    pub(crate) fn become_prospective(&mut self, now: Instant) {
        assert!(self.may_stand(), "only a voter stands for election");
        let election = Election::begun_by(self.local.id, self.voters());
        let is_won = election.is_won();
        let prospective = Prospective { election, election_deadline: self.election_deadline(now) };
        self.enter(Role::Prospective(prospective), self.term.clone());
        if is_won {
            self.become_candidate(now);
        }
    }

    /// Votes for itself in the next epoch. The only voter goes on at once, and writes both changes
    /// as one.
    pub(crate) fn become_candidate(&mut self, now: Instant) {
        assert!(self.may_stand(), "only a voter stands for election");
        let election = Election::begun_by(self.local.id, self.voters());
        let is_won = election.is_won();
        let term = Term {
            epoch: self.term.epoch.next(),
            leader: None,
            endpoints: Endpoints::none(),
            voted: Some(self.local.key()),
        };
        let candidate = Candidate { election, election_deadline: self.election_deadline(now) };
        self.enter(Role::Candidate(candidate), term);
        if is_won {
            self.become_leader(now);
        }
    }

    pub(crate) fn become_leader(&mut self, now: Instant) {
        let Role::Candidate(candidate) = &self.role else { panic!("only a candidate becomes leader") };
        assert!(candidate.election.is_won(), "only a majority makes a leader");
        let granting = candidate.election.granting();
        let epoch_start = self.log.log_end;
        let times = LeaderTimes {
            check_quorum: self.config.fetch_timeout.mul_f64(1.5),
            begin_epoch: self.config.fetch_timeout / 2,
        };
        let counts_from = if self.has_bug(Bug::CommitOldEpochs) { Offset::ZERO } else { epoch_start };
        let mut leader = Leader::new(now, self.local.key(), counts_from, times);
        leader.set_voters(self.voters());
        if !self.control.version().can_change_voters() {
            let known = self.voters().with_updated_by_id(self.local.voter());
            leader.upgrade = VersionUpgrade::Gathering(known.expect("a leader is a voter"));
        }
        let term = Term {
            epoch: self.term.epoch,
            leader: Some(self.local.id),
            endpoints: self.local.endpoints.clone(),
            voted: None,
        };
        self.enter(Role::Leader(Box::new(leader)), term);
        self.outbox.push(Effect::BecameLeader { epoch: self.term.epoch, epoch_start });
        self.append_start_of_epoch(now, granting);
    }

    /// The leader steps down within its epoch and tells the voters.
    pub(crate) fn become_resigned(&mut self, now: Instant) {
        let Role::Leader(leader) = &self.role else { panic!("only a leader resigns") };
        let successors = leader.successors();
        let patience = self.election_deadline(now);
        let resigned = self.resigned(patience, successors);
        self.enter(Role::Resigned(resigned), self.term.clone());
    }

    fn resigned(&self, election_deadline: Instant, successors: Vec<ReplicaKey>) -> Resigned {
        let unacknowledged = self.voters().ids().filter(|id| *id != self.local.id).collect();
        Resigned { unacknowledged, successors, election_deadline }
    }

    fn enter(&mut self, role: Role, term: Term) {
        let (from, to) = (self.role.name(), role.name());
        let is_allowed = TRANSITIONS.iter().any(|&(f, t, step)| {
            (f, t) == (from, to)
                && match step {
                    EpochStep::Same => term.epoch == self.term.epoch,
                    EpochStep::Higher => term.epoch > self.term.epoch,
                    EpochStep::Any => term.epoch >= self.term.epoch,
                }
        });
        assert!(is_allowed, "{from:?} in epoch {} never becomes {to:?} in {}", self.term.epoch, term.epoch);
        let left_epoch = self.term.epoch;
        let left = self.set(role, term);
        match left {
            Role::Leader(leader) => self.leave_leadership(left_epoch, *leader),
            Role::Follower(follower) => {
                assert_eq!(follower.work, Work::Idle, "work on the log is done before the next input");
                if let Some(download) = follower.download {
                    self.outbox.push(Effect::DiscardSnapshot { id: download.id });
                }
            }
            Role::Unattached(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Resigned(_) => {}
        }
    }

    fn set(&mut self, role: Role, term: Term) -> Role {
        if role.is_durable() {
            self.outbox.mark_changed();
        }
        let left = std::mem::replace(&mut self.role, role);
        self.term = term;
        self.role_changes += 1;
        self.peers.reset();
        self.announce();
        left
    }

    fn announce(&mut self) {
        let news = self.hint();
        if self.announced.as_ref() != Some(&news) {
            self.announced = Some(news.clone());
            let LeaderHint { epoch, leader, endpoints } = news;
            self.outbox.push(Effect::LeaderChanged { epoch, leader, endpoints });
        }
    }

    fn leave_leadership(&mut self, epoch: LeaderEpoch, mut leader: Leader) {
        self.outbox.push(Effect::ResignedLeader { epoch });
        for (id, _) in leader.parked.take_all() {
            self.refuse_parked(id);
        }
        if let Some(change) = leader.change.take() {
            self.abandon_change(change);
        }
    }

    /// Raises the high watermark; a lower one is no news.
    pub(crate) fn raise_high_watermark(&mut self, offset: Offset) {
        assert!(
            offset <= self.log.log_end,
            "high watermark {offset} is past the log end {}",
            self.log.log_end
        );
        if self.high_watermark.is_none_or(|known| known < offset) {
            self.high_watermark = Some(offset);
            self.outbox.push(Effect::AdvanceHighWatermark { offset });
        }
    }

    pub(crate) fn finish_shutdown(&mut self, outcome: ShutdownOutcome) {
        self.shutdown = Shutdown::Done;
        self.outbox.push(Effect::ShutdownComplete { outcome });
    }

    /// A time between one and two election timeouts from now.
    pub(crate) fn election_deadline(&mut self, now: Instant) -> Instant {
        now.after(self.jitter.election_timeout(self.config.election_timeout))
    }
}
