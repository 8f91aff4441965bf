//! The locks of this crate, so that the same code runs under shuttle's scheduler in tests.

#[cfg(not(feature = "shuttle"))]
pub(crate) use real::{Mutex, MutexGuard};
#[cfg(feature = "shuttle")]
pub(crate) use under_shuttle::{Mutex, MutexGuard};

#[cfg(not(feature = "shuttle"))]
mod real {
    pub(crate) use parking_lot::{Mutex, MutexGuard};
}

#[cfg(feature = "shuttle")]
mod under_shuttle {
    pub(crate) use shuttle::sync::MutexGuard;

    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(shuttle::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Mutex<T> {
            Mutex(shuttle::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock().expect("no test panics under a lock")
        }

        pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
            self.0.try_lock().ok()
        }
    }
}
