//! The decisions of the active controller, and the state they are made on.
//!
//! One file per operation; each is a method of [`View`] that reads and returns an [`Outcome`]. What
//! a batch of records leads to is kept with the batch until it is committed, so that a controller
//! that loses its leadership falls back to the last committed state at once.

mod acls;
mod activation;
mod alter_partition;
mod assign_directories;
mod budget;
mod command;
pub(crate) mod configs;
mod create_partitions;
mod create_topics;
mod delegation_tokens;
mod delete_topics;
mod elect_leaders;
mod fencing;
#[cfg(test)]
pub(crate) mod fixture;
mod heartbeat;
mod leadership;
mod outcome;
pub(crate) mod partition_change;
mod placing;
mod producer_ids;
mod quotas;
mod reassign;
mod reassignment;
mod register_broker;
mod register_controller;
mod rules;
mod scram;
mod sessions;
mod settings;
mod state;
#[cfg(test)]
mod tests;
mod unregister_broker;
mod update_features;
mod view;

use std::collections::VecDeque;

use klamm_model::{BrokerId, Instant, Offset, Timestamp, Uuid};
use klamm_protocol::ErrorCode;
use klamm_protocol::messages::MetadataRecord;

pub use activation::bootstrap_features;
pub use command::{
    AlterClientQuotas, AlterConfigs, Bootstrap, Command, CreatePartitions, CreateTopics, Death, DeleteTopics,
    MutationQuota, Names, Origin, PreviousEpoch, Principal, RegisterBroker, UpdateFeatures,
};
pub use outcome::{Append, MAX_RECORDS_PER_BATCH, MoreToDo, Outcome, Reply, SoftChange};
pub(crate) use rules::is_supported;
pub use rules::{ConfigLayers, ConfigRules, ConfigSource, EffectiveConfig};
use sessions::Sessions;
pub use settings::{ControllerSettings, DeleteTopicsAllowed, TokenSettings};
use state::HardState;
use view::View;

use crate::ApiError;
use crate::delta::{Changes, MetadataDelta, ReplayError};
use crate::image::{MetadataImage, Provenance};

/// When a decision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// For waiting.
    pub now: Instant,
    /// For what is written down.
    pub wall: Timestamp,
}

/// Randomness for ids and placements: unpredictable in a node, seeded in tests and simulation.
pub trait Entropy {
    /// The next 128 random bits.
    fn next_bits(&mut self) -> [u8; 16];
}

impl<F: FnMut() -> [u8; 16]> Entropy for F {
    fn next_bits(&mut self) -> [u8; 16] {
        self()
    }
}

/// A metadata transaction in progress.
#[derive(Clone, Debug)]
struct OpenTransaction {
    /// Offset of the record that began it.
    start: Offset,
    /// What counts while it is open.
    before: HardState,
    changes_before: Changes,
}

/// The state after a batch that is not known to be committed.
#[derive(Clone, Debug)]
struct InFlight {
    last: Offset,
    state: HardState,
    open: Option<OpenTransaction>,
    /// What came to count in this batch.
    changes: Changes,
}

/// The controller of a node: state on every controller, decisions on the active one.
pub struct Controller<R> {
    settings: ControllerSettings,
    rules: R,
    /// With all records replayed, committed or not.
    state: HardState,
    open: Option<OpenTransaction>,
    /// Since the last batch ended.
    changes: Changes,
    in_flight: VecDeque<InFlight>,
    /// With the committed records only.
    committed: (HardState, Option<OpenTransaction>),
    /// The image handed out last, and what changed since.
    published: MetadataImage,
    unpublished: Changes,
    role: Role,
    /// Where the next record of this controller goes, as far as it knows.
    next_offset: Offset,
    pub(crate) sessions: Sessions,
    /// Incarnation of the broker in this process.
    local_broker: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Standby,
    Active,
}

impl<R: ConfigRules> Controller<R> {
    /// A standby controller with an empty log.
    pub fn new(settings: ControllerSettings, rules: R) -> Controller<R> {
        let sessions = Sessions::new(settings.session_timeout);
        Controller {
            settings,
            rules,
            state: HardState::default(),
            open: None,
            changes: Changes::default(),
            in_flight: VecDeque::new(),
            committed: (HardState::default(), None),
            published: MetadataImage::new(),
            unpublished: Changes::default(),
            role: Role::Standby,
            next_offset: Offset::ZERO,
            sessions,
            local_broker: None,
        }
    }

    /// A controller in the process of a broker of this incarnation. The two share a node id and the lock of its
    /// directories, so that a registration of another incarnation is that of a process which is gone: nothing waits for
    /// the end of its session. Kafka waits.
    pub fn beside_broker(mut self, incarnation: Uuid) -> Controller<R> {
        self.local_broker = Some(incarnation);
        self
    }

    /// Replaces all state by that of a snapshot. Only a standby loads snapshots.
    ///
    /// # Panics
    /// On the active controller, and for an image without provenance.
    pub fn load_snapshot(&mut self, image: MetadataImage) -> MetadataDelta {
        assert_eq!(self.role, Role::Standby, "the active controller has the whole log");
        let last = image.last_offset().expect("a snapshot says how far it reaches");
        let state = HardState::from_snapshot(image.clone(), last);
        self.state = state.clone();
        self.open = None;
        self.changes = Changes::default();
        self.unpublished = Changes::default();
        self.in_flight.clear();
        self.committed = (state, None);
        MetadataDelta::between(std::mem::replace(&mut self.published, image.clone()), image)
    }

    /// Becomes the active controller; all records before `end` were replayed, and the next one goes
    /// there. The first command is [`Command::Activate`].
    pub fn claim(&mut self, now: Instant, end: Offset) {
        self.role = Role::Active;
        self.next_offset = end;
        let own = BrokerId::from(self.settings.node_id);
        let (cluster, local) = (&self.state.image.cluster, self.local_broker);
        self.sessions.restart(cluster, now, |broker| {
            local.is_some_and(|incarnation| broker.id == own && broker.incarnation != incarnation)
        });
    }

    /// Is no longer the active controller: forgets what was not committed.
    pub fn resign(&mut self) {
        self.role = Role::Standby;
        self.sessions.clear();
        self.in_flight.clear();
        self.changes = Changes::default();
        (self.state, self.open) = self.committed.clone();
    }

    /// Whether this is the active controller.
    pub fn is_active(&self) -> bool {
        self.role == Role::Active
    }

    /// Decides on `command`. Changes nothing.
    pub fn decide(&self, at: Moment, entropy: &mut dyn Entropy, command: &Command) -> Outcome {
        if self.role != Role::Active {
            return Outcome::refuse(ApiError::plain(ErrorCode::NotController));
        }
        let view = View {
            settings: &self.settings,
            rules: &self.rules,
            state: &self.state,
            sessions: &self.sessions,
            transaction: self.open.as_ref().map(|open| open.start),
            next_offset: self.next_offset,
            at,
        };
        view.decide(entropy, command)
    }

    /// Applies a record at its offset: on the active controller as soon as its append was accepted,
    /// on others once it is committed. After an error this controller must not go on.
    pub fn replay(&mut self, record: &MetadataRecord, offset: Offset) -> Result<(), ReplayError> {
        match record {
            MetadataRecord::BeginTransaction(_) => {
                if self.open.is_some() {
                    return Err(ReplayError::NestedTransaction);
                }
                self.open = Some(OpenTransaction {
                    start: offset,
                    before: self.state.clone(),
                    changes_before: std::mem::take(&mut self.changes),
                });
            }
            MetadataRecord::EndTransaction(_) => {
                let open = self.open.take().ok_or(ReplayError::NoTransaction)?;
                let within = std::mem::replace(&mut self.changes, open.changes_before);
                self.changes.append(within);
            }
            MetadataRecord::AbortTransaction(_) => {
                let open = self.open.take().ok_or(ReplayError::NoTransaction)?;
                self.state = open.before;
                self.changes = open.changes_before;
            }
            other => self.state.replay(&mut self.changes, other, offset)?,
        }
        Ok(())
    }

    /// Ends a batch of replayed records: `provenance` is that of its last record.
    pub fn end_batch(&mut self, provenance: Provenance) {
        self.state.image.provenance = Some(provenance);
        self.next_offset = provenance.last_offset.next();
        let changes = match &mut self.open {
            None => std::mem::take(&mut self.changes),
            Some(open) => {
                open.settle(provenance);
                std::mem::take(&mut open.changes_before)
            }
        };
        self.in_flight.push_back(InFlight {
            last: provenance.last_offset,
            state: self.state.clone(),
            open: self.open.clone(),
            changes,
        });
    }

    /// Learns that all records up to `last` are committed. Gives what came to count by that, to be
    /// published; `None` if nothing did.
    pub fn on_committed(&mut self, last: Offset) -> Option<MetadataDelta> {
        while self.in_flight.front().is_some_and(|batch| batch.last <= last) {
            let batch = self.in_flight.pop_front().expect("the front was there");
            self.committed = (batch.state, batch.open);
            self.unpublished.append(batch.changes);
        }
        let (state, open) = &self.committed;
        let image = open.as_ref().map_or(&state.image, |open| &open.before.image);
        if image.provenance == self.published.provenance {
            return None;
        }
        let before = std::mem::replace(&mut self.published, image.clone());
        Some(MetadataDelta::collected(before, image.clone(), std::mem::take(&mut self.unpublished)))
    }

    /// Applies the soft changes of a decision once its append was accepted; `last` is the offset of
    /// its last record, or of the last one written before if it has none.
    pub fn apply_soft(&mut self, changes: &[SoftChange], last: Offset) {
        for change in changes {
            self.sessions.apply(*change, last);
        }
    }

    /// When to give [`Command::FenceStaleBroker`].
    pub fn next_deadline(&self) -> Option<Instant> {
        self.sessions.next_deadline()
    }

    /// The image of the committed records, as published last.
    pub const fn committed_image(&self) -> &MetadataImage {
        &self.published
    }

    /// The image of all records, those in flight included.
    pub const fn newest_image(&self) -> &MetadataImage {
        &self.state.image
    }

    /// The settings it decides by.
    pub const fn settings(&self) -> &ControllerSettings {
        &self.settings
    }
}

impl OpenTransaction {
    /// The image before counts up to the record before the transaction, if that is in a batch that
    /// ended with the transaction open.
    fn settle(&mut self, batch: Provenance) {
        let before = &mut self.before.image.provenance;
        let reached = before.map(|provenance| provenance.last_offset);
        let Some(last) = Offset::new(self.start.get() - 1) else { return };
        if reached < Some(last) {
            *before = Some(Provenance { last_offset: last, batch_aligned: false, ..batch });
        }
    }
}
