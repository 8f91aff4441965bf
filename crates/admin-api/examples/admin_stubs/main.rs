//! Writes the stubs: `cargo run -p klamm-admin-api --example admin_stubs`.

mod generate;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated");
    generate::generate(&folder)?;
    println!("wrote {}", folder.display());
    Ok(())
}
