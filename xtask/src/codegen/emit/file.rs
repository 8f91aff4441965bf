//! One message as one Rust file.

use anyhow::Result;
use regex::Regex;

use super::decode::read_body;
use super::default::{default_impl, derives_default};
use super::encode::write_body;
use super::json::json_impl;
use super::names::{field_name, field_type};
use super::plan::{StructPlan, When, when};
use super::random::random_impl;
use crate::codegen::schema::{Field, Kind, Schema, Versions};

/// The text of a message's file, not yet formatted.
pub fn message_file(schema: &Schema) -> Result<String> {
    let plans = StructPlan::of(schema)?;
    let mut body = String::new();
    for plan in &plans {
        body.push_str(&struct_item(plan));
        if !derives_default(plan) {
            body.push_str(&default_impl(plan));
        }
        if plan.name == schema.name {
            body.push_str(&message_impl(schema));
        }
        body.push_str(&element_impl(plan, &plans));
        body.push_str(&json_impl(plan));
        body.push_str(&random_impl(plan));
    }
    let imports = imports(&body);
    Ok(format!(
        "//! Generated from `schemas/{}.ksc` by `cargo xtask codegen`.\n\n{imports}{body}",
        schema.name
    ))
}

fn imports(body: &str) -> String {
    let used = |name: &str| word(name).is_match(body);
    let codec = ["DecodeError", "Element", "EncodeError", "Form", "Reader", "Records", "Str", "TaggedFields"];
    let codec = codec.into_iter().chain(["TaggedWriter", "Writer"]).filter(|name| used(name));
    let mut out = String::new();
    if used("Bytes") {
        out.push_str("use bytes::Bytes;\n");
    }
    if used("Uuid") {
        out.push_str("use klamm_model::Uuid;\n");
    }
    out.push('\n');
    if used("ApiKey") {
        out.push_str("use crate::api_key::ApiKey;\n");
    }
    out.push_str(&format!("use crate::codec::{{{}}};\n", codec.collect::<Vec<_>>().join(", ")));
    out.push_str(if used("Request") {
        "use crate::message::{Message, Request};\n\n"
    } else {
        "use crate::message::Message;\n\n"
    });
    out
}

fn word(name: &str) -> Regex {
    Regex::new(&format!(r"\b{name}\b")).expect("names are letters")
}

fn struct_item(plan: &StructPlan<'_>) -> String {
    let mut out = format!("/// {}\n", struct_doc(plan));
    let default = if derives_default(plan) { ", Default" } else { "" };
    out.push_str(&format!("#[derive(Clone, Debug{default}, PartialEq)]\npub struct {} {{\n", plan.name));
    for field in plan.fields {
        out.push_str(&format!("/// {}\n", field_doc(plan, field)));
        out.push_str(&format!("pub {}: {},\n", field_name(field), field_type(field)));
    }
    if plan.keeps_tags() {
        out.push_str(
            "/// Tagged fields this build does not know.\npub unknown_tagged_fields: TaggedFields,\n",
        );
    }
    out.push_str("}\n\n");
    out
}

fn struct_doc(plan: &StructPlan<'_>) -> String {
    let schema = plan.schema;
    if plan.name != schema.name {
        return format!("Part of [`{}`].", schema.name);
    }
    let key = schema.key.map_or(String::new(), |key| format!(", key {key}"));
    let flexible = schema.flexible_versions();
    let flexible = if flexible.is_empty() { "none".to_owned() } else { format!("{}+", flexible.first) };
    format!(
        "`{}` ({}{key}): versions {}, flexible {flexible}.",
        schema.name,
        schema.kind.name(),
        schema.versions
    )
}

/// What the type does not say: versions, tag, default, and whether it may be lost.
fn field_doc(plan: &StructPlan<'_>, field: &Field) -> String {
    let mut parts = Vec::new();
    match when(field.versions, plan.versions) {
        When::Always => parts.push("All versions".to_owned()),
        When::Never => parts.push("No version".to_owned()),
        When::If(_) => parts.push(format!("Versions {}", field.versions)),
    }
    if let Some(tag) = field.tag {
        parts.push(format!("tag {}", tag.number));
    }
    let nullable = field.nullable.intersect(plan.versions);
    if !nullable.is_empty() && !nullable.covers(field.versions.intersect(plan.versions)) {
        parts.push(format!("null in {}", field.nullable));
    }
    if let Some(default) = &field.default {
        parts.push(format!("default {default}"));
    }
    if field.ignorable && !matches!(when(field.versions, plan.versions), When::Always) {
        parts.push("lost in others".to_owned());
    }
    if field.map_key {
        parts.push("key of its array".to_owned());
    }
    if let Some(entity) = &field.entity {
        parts.push(format!("a `{entity}`"));
    }
    format!("{}.", parts.join("; "))
}

/// A parameter's name, with an underscore where `body` does not use it.
pub fn parameter(name: &str, body: &str) -> String {
    // As a word of its own that is no field (`.version`, `version:`) and no text ("Version").
    let used = Regex::new(&format!(r#"(^|[^.\w"]){name}($|[^\w:"])"#)).expect("names are letters");
    if used.is_match(body) { name.to_owned() } else { format!("_{name}") }
}

fn element_impl(plan: &StructPlan<'_>, plans: &[StructPlan<'_>]) -> String {
    let with_form = |body: String| {
        let used = parameter("form", &body) == "form";
        if used { format!("{}\n{body}", plan.let_form()) } else { body }
    };
    let (read, write) = (with_form(read_body(plan)), with_form(write_body(plan)));
    format!(
        "impl Element for {name} {{
            const MIN_LEN: usize = {min_len};

            fn read({reader}: &mut Reader, {read_version}: i16) -> Result<{name}, DecodeError> {{ {read} }}

            fn write(&self, {writer}: &mut Writer, {write_version}: i16) -> Result<(), EncodeError> {{ {write} }}
        }}\n\n",
        name = plan.name,
        min_len = plan.min_len(plans),
        reader = parameter("reader", &read),
        read_version = parameter("version", &read),
        writer = parameter("writer", &write),
        write_version = parameter("version", &write),
    )
}

fn message_impl(schema: &Schema) -> String {
    let Versions { first, last } = schema.versions;
    let flexible = schema.flexible_versions();
    let flexible = if flexible.is_empty() { "None".to_owned() } else { format!("Some({})", flexible.first) };
    let mut out = format!(
        "impl Message for {name} {{
            const NAME: &'static str = {name:?};
            const VERSIONS: std::ops::RangeInclusive<i16> = {first}..={last};
            const FLEXIBLE_FROM: Option<i16> = {flexible};
        }}\n\n",
        name = schema.name
    );
    if schema.kind == Kind::Request {
        let api = schema.name.trim_end_matches("Request");
        out.push_str(&format!(
            "impl Request for {} {{
                const KEY: ApiKey = ApiKey::{api};
                type Response = super::{}::{api}Response;
            }}\n\n",
            schema.name,
            super::names::snake_case(&format!("{api}Response"))
        ));
    }
    out
}
