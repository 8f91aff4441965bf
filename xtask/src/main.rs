//! The project's own commands; a thin runner that links no crate of the product.

fn main() {}
