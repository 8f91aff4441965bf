//! The system calls Klamm needs beyond std; the only crate with unsafe code. Linux, with a safe
//! answer ("unknown", "nothing done") where a kernel or file system lacks a call.

mod file;
mod lease;
mod lock;
mod process;
mod residency;
mod send;
mod space;

pub use file::{Region, WriteBack, allocate_keep_size, drop_cached, expect_sequential, start_write_back};
pub use lease::is_sole_opener;
pub use lock::{LockError, LockFile};
pub use process::{
    boot_id, open_files_limit, peak_resident_bytes, pin_to_core, raise_open_files_limit, resident_bytes,
};
pub use residency::{Residency, read_if_resident, residency};
pub use send::send_file;
pub use space::{DiskSpace, disk_space};
