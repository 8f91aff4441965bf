//! `Element::read`: fields in the order of the schema, then the tagged ones.

use super::default::default_value;
use super::names::{field_name, fixed_size_method};
use super::plan::{StructPlan, When, when};
use crate::codegen::schema::{Field, Type, Versions};

/// The body of `read(reader, version)`.
pub fn read_body(plan: &StructPlan<'_>) -> String {
    let mut fields = String::new();
    for field in plan.fields {
        fields.push_str(&format!("{}: {},", field_name(field), untagged_value(plan, field)));
    }
    let tagged = tagged_fields(plan);
    if plan.keeps_tags() {
        fields.push_str(&format!("unknown_tagged_fields: {},", unknown_tags(plan, tagged.is_some())));
    }
    let built = format!("{} {{ {fields} }}", plan.name);
    match tagged {
        Some(tagged) => format!("let mut value = {built};\n{tagged}\nOk(value)"),
        None => format!("Ok({built})"),
    }
}

fn untagged_value(plan: &StructPlan<'_>, field: &Field) -> String {
    let present = field.untagged().intersect(plan.versions);
    let read = || read_nullability(plan, field, present);
    match when(present, plan.versions) {
        When::Always => read(),
        When::Never => default_value(field),
        When::If(condition) => format!("if {condition} {{ {} }} else {{ {} }}", read(), default_value(field)),
    }
}

/// Reads a field in versions of which some, all or none know null.
fn read_nullability(plan: &StructPlan<'_>, field: &Field, present: Versions) -> String {
    let form = plan.form(field, present);
    // Records are an option even where null is no value: they have no default.
    if field.nullable.is_empty() && field.ty != Type::Records {
        return format!("{}?", read(&field.ty, form));
    }
    let nullable = format!("{}?", read_nullable(&field.ty, form));
    let wrapped = match field.ty {
        Type::Struct(_) => format!("Some(Box::new({}?))", read(&field.ty, form)),
        _ => format!("Some({}?)", read(&field.ty, form)),
    };
    match when(field.nullable, present) {
        When::Always => nullable,
        When::Never => wrapped,
        When::If(condition) => format!("if {condition} {{ {nullable} }} else {{ {wrapped} }}"),
    }
}

fn read(ty: &Type, form: &str) -> String {
    match ty {
        Type::String => format!("reader.string({form})"),
        Type::Bytes => format!("reader.bytes({form})"),
        Type::Records => format!("reader.records({form})"),
        Type::Struct(name) => format!("{name}::read(reader, version)"),
        Type::Array(element) => match element.as_ref() {
            Type::Struct(_) => format!("reader.array({form}, version)"),
            other => format!("reader.{}s({form})", element_method(other)),
        },
        other => format!("reader.{}()", fixed_size_method(other).expect("the other types are matched above")),
    }
}

fn read_nullable(ty: &Type, form: &str) -> String {
    match ty {
        Type::String => format!("reader.nullable_string({form})"),
        Type::Bytes => format!("reader.nullable_bytes({form})"),
        Type::Records => format!("reader.nullable_records({form})"),
        Type::Struct(_) => "reader.nullable_struct(version)".to_owned(),
        Type::Array(element) => match element.as_ref() {
            Type::Struct(_) => format!("reader.nullable_array({form}, version)"),
            other => format!("reader.nullable_{}s({form})", element_method(other)),
        },
        other => unreachable!("{other} cannot be null"),
    }
}

/// The stem of the method for arrays of `ty`.
pub fn element_method(ty: &Type) -> &'static str {
    match ty {
        Type::String => "string",
        other => fixed_size_method(other).expect("checked when planned"),
    }
}

fn unknown_tags(plan: &StructPlan<'_>, knows_some: bool) -> String {
    let none = "TaggedFields::default()";
    if knows_some {
        return none.to_owned();
    }
    match when(plan.schema.flexible, plan.versions) {
        When::Always => "reader.tagged_fields()?".to_owned(),
        When::Never => none.to_owned(),
        When::If(condition) => format!("if {condition} {{ reader.tagged_fields()? }} else {{ {none} }}"),
    }
}

/// The loop over tagged fields, where the struct knows some.
fn tagged_fields(plan: &StructPlan<'_>) -> Option<String> {
    let flexible = plan.schema.flexible.intersect(plan.versions);
    let mut known: Vec<&Field> =
        plan.fields.iter().filter(|field| !field.tagged().intersect(plan.versions).is_empty()).collect();
    known.sort_by_key(|field| field.tag.map(|tag| tag.number));
    if known.is_empty() {
        return None;
    }
    let mut arms = String::new();
    for field in known {
        let number = field.tag.map_or(0, |tag| tag.number);
        let present = field.tagged().intersect(plan.versions);
        let assign = format!("value.{} = {},", field_name(field), tagged_value(plan, field, present));
        match when(present, flexible) {
            When::Always => arms.push_str(&format!("{number} => {assign}")),
            When::Never => {}
            When::If(condition) => arms.push_str(&format!(
                "{number} if {condition} => {assign}\n{number} => return Err(reader.tag_not_in_version(tag)),"
            )),
        }
    }
    let body = format!(
        "for _ in 0..reader.tagged_count()? {{
            let (tag, size) = reader.tag_and_size()?;
            let start = reader.position();
            match tag {{
                {arms}
                _ => reader.unknown_tagged_field(&mut value.unknown_tagged_fields, tag, size)?,
            }}
            reader.end_tagged(tag, start, size)?;
        }}"
    );
    Some(match when(plan.schema.flexible, plan.versions) {
        When::If(condition) => format!("if {condition} {{ {body} }}"),
        When::Always | When::Never => body,
    })
}

fn tagged_value(plan: &StructPlan<'_>, field: &Field, present: Versions) -> String {
    match (&field.ty, field.nullable.intersect(present).is_empty()) {
        (Type::Struct(_), false) => "reader.nullable_tagged_struct(version)?".to_owned(),
        _ => read_nullability(plan, field, present),
    }
}
