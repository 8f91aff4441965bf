//! The stubs as the proto file has them. protox is a compiler of proto files in Rust: no protoc is needed.

use std::fs;
use std::path::Path;

const HEAD: &str = "//! Package `klamm.admin.v1`, generated from its proto file: `cargo run -p klamm-admin-api --example admin_stubs`.\n";

/// Writes `klamm.admin.v1.rs` into a folder.
pub fn generate(folder: &Path) -> anyhow::Result<()> {
    let protos = Path::new(env!("CARGO_MANIFEST_DIR")).join("proto");
    let files = protox::compile(["klamm/admin/v1/node.proto"], [protos])?;
    let builder = tonic_prost_build::configure().out_dir(folder).build_transport(false);
    builder.compile_fds(files)?;
    let path = folder.join("klamm.admin.v1.rs");
    let stubs = fs::read_to_string(&path)?;
    Ok(fs::write(path, format!("{HEAD}{stubs}"))?)
}
