//! Default values: what a field holds when nobody set it, and how to see that it holds something else.

use super::names::field_name;
use super::plan::StructPlan;
use crate::codegen::schema::{Field, Type};

/// The expression of a field's default.
pub fn default_value(field: &Field) -> String {
    if field.default_is_null() {
        return "None".to_owned();
    }
    let plain = match (&field.ty, &field.default) {
        (Type::Bool, Some(value)) => value.clone(),
        (Type::Bool, None) => "false".to_owned(),
        (Type::Int64, Some(value)) if *value == i64::MAX.to_string() => "i64::MAX".to_owned(),
        (Type::Int32, Some(value)) if *value == i32::MAX.to_string() => "i32::MAX".to_owned(),
        (Type::Int32, Some(value)) if *value == i32::MIN.to_string() => "i32::MIN".to_owned(),
        (Type::Float64, None) => "0.0".to_owned(),
        (Type::String, Some(text)) => format!("Str::from_static({text:?})"),
        (Type::String, None) => "Str::default()".to_owned(),
        (Type::Bytes, _) => "Bytes::new()".to_owned(),
        (Type::Uuid, None) => "Uuid::ZERO".to_owned(),
        (Type::Array(_), _) => "Vec::new()".to_owned(),
        (Type::Struct(name), _) if field.nullable.is_empty() => format!("{name}::default()"),
        (Type::Struct(_), _) => "Box::default()".to_owned(),
        (_, Some(value)) => value.clone(),
        (_, None) => "0".to_owned(),
    };
    if field.nullable.is_empty() { plain } else { format!("Some({plain})") }
}

/// Whether Rust's own default of the field's type is the schema's.
fn is_rusts_default(field: &Field) -> bool {
    if field.nullable.is_empty() {
        field.default_is_null() || field.default.is_none()
    } else {
        field.default_is_null()
    }
}

/// Whether `#[derive(Default)]` gives the schema's defaults.
pub fn derives_default(plan: &StructPlan<'_>) -> bool {
    plan.fields.iter().all(is_rusts_default)
}

/// `impl Default` with the schema's defaults.
pub fn default_impl(plan: &StructPlan<'_>) -> String {
    let mut out = format!("impl Default for {0} {{ fn default() -> {0} {{ {0} {{", plan.name);
    for field in plan.fields {
        out.push_str(&format!("{}: {},", field_name(field), default_value(field)));
    }
    if plan.keeps_tags() {
        out.push_str("unknown_tagged_fields: TaggedFields::default(),");
    }
    out.push_str("} } }\n\n");
    out
}

/// The condition that `self`'s field is not at its default.
pub fn is_set(field: &Field) -> String {
    let place = format!("self.{}", field_name(field));
    if field.default_is_null() {
        return format!("{place}.is_some()");
    }
    let nullable = !field.nullable.is_empty();
    match (&field.ty, &field.default) {
        (Type::Bool, Some(_)) => format!("!{place}"),
        (Type::Bool, None) => place,
        (Type::String, default) if nullable => {
            format!("{place}.as_deref() != Some({:?})", default.as_deref().unwrap_or_default())
        }
        (Type::String, Some(default)) => format!("{place} != {default:?}"),
        (Type::String | Type::Bytes | Type::Array(_), _) if !nullable => format!("!{place}.is_empty()"),
        (Type::Bytes | Type::Array(_), _) => {
            format!("{place}.as_ref().is_none_or(|value| !value.is_empty())")
        }
        (Type::Struct(name), _) if nullable => format!("{place}.as_deref() != Some(&{name}::default())"),
        (Type::Uuid, _) => format!("!{place}.is_zero()"),
        _ => format!("{place} != {}", default_value(field)),
    }
}
