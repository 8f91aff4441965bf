//! The page of configs is that of the tables.

#[path = "../examples/configuration_docs/render.rs"]
mod render;

#[test]
fn the_page_of_configs_is_fresh() {
    let committed = include_str!("../../../docs/configuration.md");
    assert!(
        committed == render::page(),
        "docs/configuration.md is stale: cargo run -p klamm-config --example configuration_docs"
    );
}
