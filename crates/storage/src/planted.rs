//! Faults that tests plant on purpose, to prove that the simulation's checkers would find them. Without the feature
//! `planted-bugs` none can be planted, and a release cannot be built with it.

/// Lists the faults of a crate that has the feature `planted-bugs`: makes the enum `Bug`, `plant` and `has`. A fault is
/// planted in the code that one thread runs.
#[macro_export]
#[doc(hidden)]
macro_rules! bugs {
    ($($(#[$what:meta])* $bug:ident),* $(,)?) => {
        /// A fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $($(#[$what])* $bug),*
        }

        #[cfg(feature = "planted-bugs")]
        mod with_bugs {
            use std::cell::Cell;

            use super::Bug;

            #[cfg(not(debug_assertions))]
            compile_error!("planted bugs are for tests: a build with them has its assertions on");

            thread_local! {
                static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
            }

            impl Bug {
                /// Every fault.
                pub const ALL: &'static [Bug] = &[$(Bug::$bug),*];
            }

            /// Plants a fault in the code that this thread runs, or takes it away.
            pub fn plant(bug: Option<Bug>) {
                PLANTED.set(bug);
            }

            pub(crate) fn has(bug: Bug) -> bool {
                PLANTED.get() == Some(bug)
            }
        }

        #[cfg(feature = "planted-bugs")]
        pub(crate) use with_bugs::has;
        #[cfg(feature = "planted-bugs")]
        pub use with_bugs::plant;

        #[cfg(not(feature = "planted-bugs"))]
        pub(crate) const fn has(_: Bug) -> bool {
            false
        }
    };
}

bugs! {
    /// A flush says that it is done and has synced nothing.
    SkipSync,
    /// Recovery takes batches whose checksums are wrong.
    SkipChecksum,
    /// Recovery does not follow the producers of the batches it verifies.
    ForgetProducers,
    /// Of the batches before a producer snapshot only those in the snapshot are recognised.
    ForgetBatches,
    /// Small files are renamed into their place before they are synced.
    RenameUnsynced,
}
