//! The arithmetic of reassignments: what a target means, when it is reached, how it is undone.

use klamm_model::BrokerId;
use klamm_protocol::ErrorCode;

use crate::ApiError;
use crate::image::Partition;

/// A reassignment that runs (or none, with both lists empty).
pub(crate) struct Reassignment<'a> {
    pub(crate) replicas: &'a [BrokerId],
    pub(crate) removing: &'a [BrokerId],
    pub(crate) adding: &'a [BrokerId],
}

impl<'a> Reassignment<'a> {
    pub(crate) fn of(partition: &'a Partition) -> Reassignment<'a> {
        Reassignment {
            replicas: partition.replicas(),
            removing: partition.removing(),
            adding: partition.adding(),
        }
    }

    /// Replicas and ISR after the reassignment, if `isr` lets it end: all added replicas are in
    /// sync, and where fewer are added than removed, all that remain are.
    pub(crate) fn completed_by(&self, isr: &[BrokerId]) -> Option<(Vec<BrokerId>, Vec<BrokerId>)> {
        if self.removing.is_empty() && self.adding.is_empty() {
            return None;
        }
        let staying = |list: &[BrokerId]| -> Vec<BrokerId> {
            list.iter().copied().filter(|id| !self.removing.contains(id)).collect()
        };
        let (replicas, isr) = (staying(self.replicas), staying(isr));
        let emptied = !self.removing.is_empty() && (isr.is_empty() || replicas.is_empty());
        let added = self.adding.iter().all(|id| isr.contains(id));
        let whole = self.adding.len() >= self.removing.len() || replicas.iter().all(|id| isr.contains(id));
        (!emptied && added && whole).then_some((replicas, isr))
    }

    /// The replicas before the reassignment began.
    fn original(&self) -> Vec<BrokerId> {
        self.replicas.iter().copied().filter(|id| !self.adding.contains(id)).collect()
    }
}

/// What a new target asks of the present replicas. Both lists ascend.
pub(crate) struct Target {
    /// The target, then what is to be removed.
    pub(crate) replicas: Vec<BrokerId>,
    pub(crate) removing: Vec<BrokerId>,
    pub(crate) adding: Vec<BrokerId>,
}

impl Target {
    pub(crate) fn new(present: &[BrokerId], target: &[BrokerId]) -> Target {
        let difference = |of: &[BrokerId], without: &[BrokerId]| {
            let mut ids: Vec<BrokerId> = of.iter().copied().filter(|id| !without.contains(id)).collect();
            ids.sort_unstable();
            ids
        };
        let removing = difference(present, target);
        let replicas = target.iter().chain(&removing).copied().collect();
        Target { replicas, adding: difference(target, present), removing }
    }
}

/// A reassignment undone.
pub(crate) struct Reverted {
    pub(crate) replicas: Vec<BrokerId>,
    pub(crate) isr: Vec<BrokerId>,
    /// None of the original replicas is in sync: going back needs an unclean election.
    pub(crate) unclean: bool,
}

impl Reverted {
    pub(crate) fn new(partition: &Partition) -> Result<Reverted, ApiError> {
        let replicas = Reassignment::of(partition).original();
        let isr = partition.isr().iter().copied();
        let isr: Vec<BrokerId> = isr.filter(|id| !partition.adding().contains(id)).collect();
        if !isr.is_empty() {
            return Ok(Reverted { replicas, isr, unclean: false });
        }
        let Some(first) = replicas.first().copied() else {
            let text = "Invalid replica assignment: addingReplicas contains all replicas.";
            return Err(ApiError::new(ErrorCode::InvalidReplicaAssignment, text));
        };
        Ok(Reverted { replicas, isr: vec![first], unclean: true })
    }
}
