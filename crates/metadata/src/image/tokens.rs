//! Delegation tokens by id.

use std::sync::Arc;

use imbl::OrdMap;
use klamm_model::Timestamp;

/// A delegation token. Its secret is derived from its id and never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationToken {
    /// Its id.
    pub id: Arc<str>,
    /// `type:name` of whom it stands for.
    pub owner: Arc<str>,
    /// `type:name` of who asked for it.
    pub requester: Arc<str>,
    /// `type:name` of who else may renew it.
    pub renewers: Vec<Arc<str>>,
    /// When it was issued.
    pub issued: Timestamp,
    /// When it ends for good.
    pub max: Timestamp,
    /// When it ends unless renewed.
    pub expires: Timestamp,
}

/// Delegation tokens of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokensImage {
    by_id: OrdMap<Arc<str>, Arc<DelegationToken>>,
}

impl TokensImage {
    /// The token with that id.
    pub fn get(&self, id: &str) -> Option<&Arc<DelegationToken>> {
        self.by_id.get(id)
    }

    /// All tokens, by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<DelegationToken>> {
        self.by_id.values()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(crate) fn insert(&mut self, token: DelegationToken) {
        self.by_id.insert(Arc::clone(&token.id), Arc::new(token));
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.by_id.remove(id).is_some()
    }
}
