//! The stubs as the proto file has them. protox is a compiler of proto files in Rust: no protoc is needed.

use std::path::Path;
use std::{env, fs};

use anyhow::Context as _;

const HEAD: &str = "//! Package `klamm.admin.v1`, generated from its proto file: `cargo run -p klamm-admin-api --example admin_stubs`.\n";

/// Writes `klamm.admin.v1.rs` into a folder.
pub fn generate(folder: &Path) -> anyhow::Result<()> {
    let admin_api = env::var_os("CARGO_MANIFEST_DIR").context("cargo runs this")?;
    let protos = Path::new(&admin_api).join("proto");
    let files = protox::compile(["klamm/admin/v1/node.proto"], [protos])?;
    let builder = tonic_prost_build::configure().out_dir(folder).build_transport(false);
    builder.compile_fds(files)?;
    let path = folder.join("klamm.admin.v1.rs");
    let stubs = fs::read_to_string(&path)?;
    Ok(fs::write(path, format!("{HEAD}{stubs}"))?)
}
