//! Writes a schema in our notation, columns aligned within each block.

use std::fmt::Write;

use crate::codegen::schema::{Field, Schema, Versions};

/// The text of one `.ksc` file.
pub fn write(schema: &Schema) -> String {
    let mut out = String::new();
    let mut head = |word: &str, value: String| writeln!(out, "{word:<9} {value}").expect("strings take all");
    head(schema.kind.name(), schema.name.clone());
    if let Some(key) = schema.key {
        head("key", key.to_string());
    }
    if !schema.listeners.is_empty() {
        head("listeners", schema.listeners.join(" "));
    }
    let unstable = if schema.last_version_unstable { " unstable" } else { "" };
    head("versions", format!("{}{unstable}", schema.versions));
    if !schema.is_removed() {
        head("flexible", schema.flexible.to_string());
    }
    if !schema.fields.is_empty() {
        out.push('\n');
        block(&mut out, &schema.fields, 0);
    }
    for common in &schema.structs {
        out.push_str(&format!("\nstruct {} {} {{\n", common.name, common.versions));
        block(&mut out, &common.fields, 1);
        out.push_str("}\n");
    }
    out
}

fn block(out: &mut String, fields: &[Field], depth: usize) {
    let width = |text: fn(&Field) -> usize| fields.iter().map(text).max().unwrap_or(0);
    let names = width(|field| field.name.len());
    let types = width(|field| type_text(field).len());
    let versions = width(|field| field.versions.to_string().len());
    for field in fields {
        let indent = "  ".repeat(depth);
        let line = format!(
            "{indent}{:<names$}  {:<types$}  {:<versions$}{}",
            field.name,
            type_text(field),
            field.versions.to_string(),
            attributes(field)
        );
        out.push_str(line.trim_end());
        out.push('\n');
        if !field.fields.is_empty() {
            block(out, &field.fields, depth + 1);
            out.push_str(&indent);
            out.push_str("}\n");
        }
    }
}

fn always_nullable(field: &Field) -> bool {
    field.nullable == field.versions
}

fn type_text(field: &Field) -> String {
    format!("{}{}", field.ty, if always_nullable(field) { "?" } else { "" })
}

fn attributes(field: &Field) -> String {
    let mut out = String::new();
    if !field.nullable.is_empty() && !always_nullable(field) {
        out.push_str(&format!("  null {}", field.nullable));
    }
    if let Some(tag) = field.tag {
        out.push_str(&format!("  tag {}", tag.number));
        if tag.versions != field.versions {
            out.push_str(&format!(" {}", tag.versions));
        }
    }
    if let Some(default) = &field.default {
        out.push_str(&format!("  = {default}"));
    }
    let flags = [(field.map_key, "key"), (field.ignorable, "ignorable"), (field.always_legacy, "legacy")];
    for (_, word) in flags.iter().filter(|(set, _)| *set) {
        out.push_str(&format!("  {word}"));
    }
    if let Some(entity) = &field.entity {
        out.push_str(&format!("  {entity}"));
    }
    if !field.fields.is_empty() {
        out.push_str("  {");
    }
    debug_assert!(field.versions != Versions::NONE);
    out
}
