//! Where replicas of new partitions go: placed by the controller, or assigned by the client.

use klamm_model::{BrokerId, DirectoryId, Uuid};
use klamm_placement::{PlacementError, PlacementSpec, SeededRandom, UsableBroker, place};
use klamm_protocol::ErrorCode;

use super::Entropy;
use super::view::View;
use crate::ApiError;
use crate::image::{Partition, PartitionParts};

impl View<'_> {
    /// Brokers that may get replicas: fenced ones too, as a last resort; not stopping ones, nor
    /// ones with all directories cordoned.
    pub(crate) fn usable_brokers(&self) -> Vec<UsableBroker> {
        let brokers = self.cluster().brokers();
        let stopping = |id| self.sessions.shutdown_offset(id).is_some();
        brokers
            .filter(|broker| broker.has_uncordoned() && !stopping(broker.id))
            .map(|broker| UsableBroker { id: broker.id, rack: broker.rack.clone(), fenced: broker.fenced })
            .collect()
    }

    /// Places partitions on usable brokers.
    pub(crate) fn place(
        &self,
        entropy: &mut dyn Entropy,
        spec: PlacementSpec,
    ) -> Result<Vec<Vec<BrokerId>>, PlacementError> {
        let [seed @ .., _, _, _, _, _, _, _, _] = entropy.next_bits();
        place(spec, &self.usable_brokers(), &mut SeededRandom::new(u64::from_be_bytes(seed)))
    }

    /// The directory of a new replica on `broker`.
    pub(crate) fn default_directory(&self, broker: BrokerId) -> Uuid {
        if !self.state.metadata_version().supports_directory_assignment() {
            return DirectoryId::MIGRATING;
        }
        let registration = self.cluster().broker(broker);
        registration.map_or(DirectoryId::UNASSIGNED, |registration| registration.default_directory())
    }

    /// A new partition on `replicas`, the first active one leading; `None` if none is active.
    pub(crate) fn new_partition(&self, replicas: Vec<BrokerId>) -> Option<Partition> {
        let isr: Vec<BrokerId> = replicas.iter().copied().filter(|id| self.is_active(*id)).collect();
        let leader = *isr.first()?;
        let directories = replicas.iter().map(|id| self.default_directory(*id)).collect();
        let parts =
            PartitionParts { replicas, directories, isr, leader: Some(leader), ..PartitionParts::default() };
        Some(parts.into())
    }

    /// Checks an assignment that a client made, and gives it as ids. `like` is the number of
    /// replicas of the partitions before it.
    pub(crate) fn check_assignment(
        &self,
        replicas: &[i32],
        like: Option<usize>,
    ) -> Result<Vec<BrokerId>, ApiError> {
        let invalid = |text: String| ApiError::new(ErrorCode::InvalidReplicaAssignment, text);
        if replicas.is_empty() {
            let text = "The manual partition assignment includes an empty replica list.";
            return Err(invalid(text.to_owned()));
        }
        let mut sorted = replicas.to_vec();
        sorted.sort_unstable();
        let mut previous = None;
        for id in &sorted {
            let registration = BrokerId::new(*id).and_then(|id| self.cluster().broker(id));
            let Some(registration) = registration else {
                return Err(invalid(format!(
                    "The manual partition assignment includes broker {id}, but no such broker is registered."
                )));
            };
            if !registration.has_uncordoned() {
                return Err(invalid(format!(
                    "The manual partition assignment includes broker {id}, but all its log directories are \
                     cordoned."
                )));
            }
            if previous == Some(id) {
                return Err(invalid(format!(
                    "The manual partition assignment includes the broker {id} more than once."
                )));
            }
            previous = Some(id);
        }
        if let Some(like) = like.filter(|like| *like != replicas.len()) {
            return Err(invalid(format!(
                "The manual partition assignment includes a partition with {} replica(s), but this is not \
                 consistent with previous partitions, which have {like} replica(s).",
                replicas.len()
            )));
        }
        Ok(replicas.iter().map(|id| BrokerId::at(*id)).collect())
    }
}
