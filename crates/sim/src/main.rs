//! `klamm-sim`: runs histories by their seeds, on all cores. `cargo xtask sim` builds and starts it.

fn main() -> anyhow::Result<()> {
    klamm_sim::command::run()
}
