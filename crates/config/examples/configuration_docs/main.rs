//! Writes `docs/configuration.md` from the tables: `cargo run -p klamm-config --example configuration_docs`.

mod render;

use std::fs;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    fs::write(&page, render::page())?;
    println!("wrote {}", page.display());
    Ok(())
}
