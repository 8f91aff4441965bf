//! Random requests of every API and version, half of them damaged. `cargo xtask chaos` sends many more.

use std::time::Duration;

use klamm_testkit::fuzz::{FuzzSpec, run};

use crate::victim::Victim;

/// One for the listener of clients, one for that of controllers.
const KEPT_SEEDS: [u64; 2] = [1, 2];

#[test]
fn no_request_of_any_version_breaks_the_node() {
    let mut victim = Victim::start("");
    let listeners = [victim.address(), victim.node().controller_address()];
    for (seed, address) in KEPT_SEEDS.into_iter().zip(listeners) {
        let spec = FuzzSpec { address, seed, frames: 6_000, limit: Duration::from_secs(30), connections: 8 };
        let report = run(spec).unwrap();
        println!("{report}");
        assert!(report.answered > 100, "{report}");
    }
    victim.end(&[]);
}
