//! Identities of nodes, topics, directories and producers.

use std::fmt;

use crate::Uuid;

macro_rules! int_id {
    ($(#[$doc:meta])* $name:ident, $int:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($int);

        impl $name {
            /// The id `value`, or `None` for a negative number (the wire's "none").
            pub const fn new(value: $int) -> Option<$name> {
                if value >= 0 { Some($name(value)) } else { None }
            }

            /// For values already known not to be negative.
            ///
            /// # Panics
            /// On a negative value.
            #[track_caller]
            pub const fn at(value: $int) -> $name {
                assert!(value >= 0, "an id is not negative");
                $name(value)
            }

            /// The number, for the wire.
            pub const fn get(self) -> $int {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id `uuid`, or `None` for the zero uuid (the wire's "none").
            pub const fn new(uuid: Uuid) -> Option<$name> {
                if uuid.is_zero() { None } else { Some($name(uuid)) }
            }

            /// The uuid, for the wire.
            pub const fn get(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

int_id! {
    /// `node.id` of any node, controller or broker.
    NodeId, i32
}
int_id! {
    /// `node.id` of a node with the broker role.
    BrokerId, i32
}
int_id! {
    /// Offset of the registration record: grows with each registration of a broker.
    BrokerEpoch, i64
}
int_id! {
    /// Identity of an idempotent or transactional producer.
    ProducerId, i64
}
int_id! {
    /// Fences older incarnations of a producer id. Largest usable value: 32766.
    ProducerEpoch, i16
}
uuid_id! {
    /// Identity of a topic: a re-created topic of the same name has another.
    TopicId
}
uuid_id! {
    /// Identity of one log directory (`directory.id` in meta.properties).
    DirectoryId
}

impl TopicId {
    /// Topic id of `__cluster_metadata`: the uuid 0,1.
    pub const METADATA: TopicId = TopicId(Uuid::from_u128(1));
}

impl DirectoryId {
    /// Uuid 0,0 in a partition's directory list: the broker is moving to directory assignments.
    pub const MIGRATING: Uuid = Uuid::from_u128(0);
    /// Uuid 0,1: no directory chosen yet.
    pub const UNASSIGNED: Uuid = Uuid::from_u128(1);
    /// Uuid 0,2: the replica's directory is offline.
    pub const LOST: Uuid = Uuid::from_u128(2);

    /// The first 100 uuids are reserved for meanings such as the three above.
    pub const fn is_reserved(uuid: Uuid) -> bool {
        uuid.to_u128() < 100
    }
}

impl From<BrokerId> for NodeId {
    fn from(id: BrokerId) -> NodeId {
        NodeId::at(id.get())
    }
}

impl From<NodeId> for BrokerId {
    fn from(id: NodeId) -> BrokerId {
        BrokerId::at(id.get())
    }
}
