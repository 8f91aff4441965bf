//! Writes the stubs: `cargo run -p klamm-admin-api --example admin_stubs`.

mod generate;

use std::env;
use std::path::Path;

use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let admin_api = env::var_os("CARGO_MANIFEST_DIR").context("cargo runs this")?;
    let folder = Path::new(&admin_api).join("src/generated");
    generate::generate(&folder)?;
    println!("wrote {}", folder.display());
    Ok(())
}
