//! Counters that order leaderships and partition states.

use std::fmt;

macro_rules! epoch {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i32);

        impl $name {
            /// The first epoch.
            pub const ZERO: $name = $name(0);

            /// The epoch `value`, or `None` for a negative number (the wire's "none").
            pub const fn new(value: i32) -> Option<$name> {
                if value >= 0 { Some($name(value)) } else { None }
            }

            /// For values already known not to be negative.
            ///
            /// # Panics
            /// On a negative value.
            #[track_caller]
            pub const fn at(value: i32) -> $name {
                assert!(value >= 0, "an epoch is not negative");
                $name(value)
            }

            /// The number, for the wire.
            pub const fn get(self) -> i32 {
                self.0
            }

            /// The epoch after this one.
            #[track_caller]
            pub const fn next(self) -> $name {
                $name(self.0.checked_add(1).expect("an epoch fits 31 bits"))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

epoch! {
    /// Counts the leaderships of one partition, or of the metadata quorum.
    LeaderEpoch
}
epoch! {
    /// Counts every change the controller makes to one partition's registration.
    PartitionEpoch
}
