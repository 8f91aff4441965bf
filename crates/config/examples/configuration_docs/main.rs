//! Writes `docs/configuration.md` from the tables: `cargo run -p klamm-config --example configuration_docs`.

mod render;

use std::path::Path;
use std::{env, fs};

use anyhow::Context as _;

fn main() -> anyhow::Result<()> {
    let config = env::var_os("CARGO_MANIFEST_DIR").context("cargo runs this")?;
    let page = Path::new(&config).join("../../docs/configuration.md");
    fs::write(&page, render::page())?;
    println!("wrote {}", page.display());
    Ok(())
}
