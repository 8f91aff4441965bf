//! Client quotas by entity.

use std::collections::BTreeMap;
use std::sync::Arc;

use imbl::OrdMap;

/// Who a quota applies to: `user`, `client-id` or `ip`, each with a name or (`None`) for all that
/// have no quota of their own.
pub type QuotaEntity = BTreeMap<Arc<str>, Option<Arc<str>>>;

/// The limits of one entity, by quota key.
pub type QuotaLimits = BTreeMap<Arc<str>, f64>;

/// Client quotas of a cluster. An entity without limits has no entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuotasImage {
    by_entity: OrdMap<QuotaEntity, Arc<QuotaLimits>>,
}

impl QuotasImage {
    /// The limits of `entity`, if it has any.
    pub fn get(&self, entity: &QuotaEntity) -> Option<&QuotaLimits> {
        self.by_entity.get(entity).map(|limits| &**limits)
    }

    /// All entities with limits.
    pub fn iter(&self) -> impl Iterator<Item = (&QuotaEntity, &QuotaLimits)> {
        self.by_entity.iter().map(|(entity, limits)| (entity, &**limits))
    }

    /// Whether there is no quota.
    pub fn is_empty(&self) -> bool {
        self.by_entity.is_empty()
    }

    pub(crate) fn set(&mut self, entity: &QuotaEntity, key: &str, limit: f64) {
        let mut limits = self.by_entity.get(entity).cloned().unwrap_or_default();
        Arc::make_mut(&mut limits).insert(key.into(), limit);
        self.by_entity.insert(entity.clone(), limits);
    }

    pub(crate) fn remove(&mut self, entity: &QuotaEntity, key: &str) {
        let Some(limits) = self.by_entity.get_mut(entity) else { return };
        Arc::make_mut(limits).remove(key);
        if limits.is_empty() {
            self.by_entity.remove(entity);
        }
    }
}
