//! The committed stubs are those of the proto file, and the names of methods are the service's.
#![allow(clippy::unwrap_used)]

#[path = "../examples/admin_stubs/generate.rs"]
mod generate;

const PROTO: &str = include_str!("../proto/klamm/admin/v1/node.proto");

#[test]
fn the_stubs_are_fresh() {
    let folder = tempfile::tempdir().unwrap();
    generate::generate(folder.path()).unwrap();
    let fresh = std::fs::read_to_string(folder.path().join("klamm.admin.v1.rs")).unwrap();
    let committed = include_str!("../src/generated/klamm.admin.v1.rs");
    assert!(fresh == committed, "stale: cargo run -p klamm-admin-api --example admin_stubs");
}

#[test]
fn capabilities_name_every_method_of_the_service() {
    let methods = PROTO.lines().filter_map(|line| line.trim().strip_prefix("rpc ")?.split('(').next());
    assert_eq!(methods.collect::<Vec<_>>(), klamm_admin_api::METHODS);
}
