//! `generated/mod.rs`: the list of message modules and the re-export of their top structs.

use super::names::snake_case;
use crate::codegen::schema::Schema;

/// The text of `mod.rs`. `schemas` are those with versions; `extra` are the modules beside the messages.
pub fn module_index(schemas: &[&Schema], extra: &[&str]) -> String {
    let mut out =
        "//! Generated from `schemas` by `cargo xtask codegen`: one module per message.\n\n".to_owned();
    for name in extra {
        out.push_str(&format!("pub mod {name};\n"));
    }
    for schema in schemas {
        let module = snake_case(&schema.name);
        out.push_str(&format!("/// `{}` and its parts.\npub mod {module};\n", schema.name));
    }
    out.push('\n');
    for schema in schemas {
        out.push_str(&format!("pub use {}::{};\n", snake_case(&schema.name), schema.name));
    }
    out.push_str(
        "\n/// Shows `visitor` every type of message.
        #[cfg(feature = \"testing\")]
        pub fn each_message(visitor: &mut impl crate::testing::Visitor) {\n",
    );
    for schema in schemas {
        out.push_str(&format!("visitor.visit::<{}>();\n", schema.name));
    }
    out.push_str("}\n");
    out
}
