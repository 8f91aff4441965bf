//! SCRAM credentials by user and mechanism.

use std::fmt;
use std::sync::Arc;

use imbl::OrdMap;

/// The hash a credential is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScramMechanism {
    /// `SCRAM-SHA-256`.
    Sha256,
    /// `SCRAM-SHA-512`.
    Sha512,
}

impl ScramMechanism {
    /// From the number in records and requests.
    pub const fn from_code(code: i8) -> Option<ScramMechanism> {
        match code {
            1 => Some(ScramMechanism::Sha256),
            2 => Some(ScramMechanism::Sha512),
            _ => None,
        }
    }

    /// The number in records and requests.
    pub const fn code(self) -> i8 {
        match self {
            ScramMechanism::Sha256 => 1,
            ScramMechanism::Sha512 => 2,
        }
    }
}

/// What a broker needs to check a password it never learns.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramCredential {
    /// Salt of the password.
    pub salt: Box<[u8]>,
    /// Hash of the client key.
    pub stored_key: Box<[u8]>,
    /// Key of the server's own proof.
    pub server_key: Box<[u8]>,
    /// Rounds of hashing.
    pub iterations: i32,
}

impl fmt::Debug for ScramCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScramCredential([hidden])")
    }
}

/// SCRAM credentials of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScramImage {
    by_user: OrdMap<(ScramMechanism, Arc<str>), Arc<ScramCredential>>,
}

impl ScramImage {
    /// The credential of `user` for `mechanism`.
    pub fn get(&self, mechanism: ScramMechanism, user: &str) -> Option<&Arc<ScramCredential>> {
        self.by_user.get(&(mechanism, Arc::from(user)))
    }

    /// All credentials, by mechanism and user.
    pub fn iter(&self) -> impl Iterator<Item = (ScramMechanism, &Arc<str>, &Arc<ScramCredential>)> {
        self.by_user.iter().map(|((mechanism, user), credential)| (*mechanism, user, credential))
    }

    /// Whether there is no credential.
    pub fn is_empty(&self) -> bool {
        self.by_user.is_empty()
    }

    pub(crate) fn insert(&mut self, mechanism: ScramMechanism, user: Arc<str>, credential: ScramCredential) {
        self.by_user.insert((mechanism, user), Arc::new(credential));
    }

    pub(crate) fn remove(&mut self, mechanism: ScramMechanism, user: Arc<str>) -> bool {
        self.by_user.remove(&(mechanism, user)).is_some()
    }
}
