//! The system calls Klamm needs beyond std; the only crate with unsafe code.
