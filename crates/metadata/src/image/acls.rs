//! Access control entries by id.

use std::sync::Arc;

use imbl::OrdMap;
use klamm_model::Uuid;

macro_rules! acl_code {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal / $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A number this version does not know.
            Unknown(i8),
        }

        impl $name {
            /// From the number in records and requests.
            pub const fn from_code(code: i8) -> $name {
                match code {
                    $($code => $name::$variant,)+
                    unknown => $name::Unknown(unknown),
                }
            }

            /// The number in records and requests.
            pub const fn code(self) -> i8 {
                match self {
                    $($name::$variant => $code,)+
                    $name::Unknown(code) => code,
                }
            }

            /// Kafka's name of it.
            pub const fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Unknown(_) => "UNKNOWN",
                }
            }
        }
    };
}

acl_code! {
    /// What an entry protects.
    ResourceType {
        /// In filters: any type.
        Any = 1 / "ANY",
        /// A topic.
        Topic = 2 / "TOPIC",
        /// A group.
        Group = 3 / "GROUP",
        /// The cluster as a whole.
        Cluster = 4 / "CLUSTER",
        /// A transactional id.
        TransactionalId = 5 / "TRANSACTIONAL_ID",
        /// A delegation token.
        DelegationToken = 6 / "DELEGATION_TOKEN",
        /// A user.
        User = 7 / "USER",
    }
}

acl_code! {
    /// How the resource name of an entry is meant.
    PatternType {
        /// In filters: any kind.
        Any = 1 / "ANY",
        /// In filters: every entry that applies to the name.
        Match = 2 / "MATCH",
        /// Exactly the name, or all for `*`.
        Literal = 3 / "LITERAL",
        /// All names that begin so.
        Prefixed = 4 / "PREFIXED",
    }
}

acl_code! {
    /// What an entry lets do or forbids.
    AclOperation {
        /// In filters: any operation.
        Any = 1 / "ANY",
        /// Every operation.
        All = 2 / "ALL",
        /// Read.
        Read = 3 / "READ",
        /// Write.
        Write = 4 / "WRITE",
        /// Create.
        Create = 5 / "CREATE",
        /// Delete.
        Delete = 6 / "DELETE",
        /// Alter.
        Alter = 7 / "ALTER",
        /// Describe.
        Describe = 8 / "DESCRIBE",
        /// What only nodes of the cluster do.
        ClusterAction = 9 / "CLUSTER_ACTION",
        /// Describe configs.
        DescribeConfigs = 10 / "DESCRIBE_CONFIGS",
        /// Alter configs.
        AlterConfigs = 11 / "ALTER_CONFIGS",
        /// Write idempotently.
        IdempotentWrite = 12 / "IDEMPOTENT_WRITE",
        /// Create delegation tokens.
        CreateTokens = 13 / "CREATE_TOKENS",
        /// Describe delegation tokens.
        DescribeTokens = 14 / "DESCRIBE_TOKENS",
        /// Two-phase commit.
        TwoPhaseCommit = 15 / "TWO_PHASE_COMMIT",
    }
}

acl_code! {
    /// Whether an entry lets or forbids.
    PermissionType {
        /// In filters: either.
        Any = 1 / "ANY",
        /// Forbids.
        Deny = 2 / "DENY",
        /// Lets.
        Allow = 3 / "ALLOW",
    }
}

/// One access control entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AclEntry {
    /// What it protects.
    pub resource_type: ResourceType,
    /// Name or beginning of a name.
    pub resource_name: Arc<str>,
    /// Which of the two.
    pub pattern_type: PatternType,
    /// `type:name` of whom it concerns.
    pub principal: Arc<str>,
    /// Where that one comes from: an address, a range, or `*`.
    pub host: Arc<str>,
    /// What that one does.
    pub operation: AclOperation,
    /// Whether that is let.
    pub permission: PermissionType,
}

/// Access control entries of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AclsImage {
    by_id: OrdMap<Uuid, Arc<AclEntry>>,
}

impl AclsImage {
    /// The entry with that id.
    pub fn get(&self, id: Uuid) -> Option<&Arc<AclEntry>> {
        self.by_id.get(&id)
    }

    /// All entries, by ascending id.
    pub fn iter(&self) -> impl Iterator<Item = (Uuid, &Arc<AclEntry>)> {
        self.by_id.iter().map(|(id, entry)| (*id, entry))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(crate) fn insert(&mut self, id: Uuid, entry: AclEntry) {
        self.by_id.insert(id, Arc::new(entry));
    }

    pub(crate) fn remove(&mut self, id: Uuid) -> bool {
        self.by_id.remove(&id).is_some()
    }
}
