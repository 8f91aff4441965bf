//! `Element::write`: the mirror of `read`, plus the refusal of values that a version cannot hold.

use super::decode::element_method;
use super::default::is_set;
use super::names::{field_name, fixed_size_method};
use super::plan::{StructPlan, When, when};
use crate::codegen::schema::{Field, Type, Versions};

/// The body of `write(&self, writer, version)`.
pub fn write_body(plan: &StructPlan<'_>) -> String {
    let mut out = String::new();
    for field in plan.fields {
        untagged(plan, field, &mut out);
    }
    if plan.keeps_tags() {
        out.push_str(&tagged_section(plan));
    }
    out.push_str("Ok(())");
    out
}

fn untagged(plan: &StructPlan<'_>, field: &Field, out: &mut String) {
    let present = field.untagged().intersect(plan.versions);
    let anywhere = field.versions.intersect(plan.versions);
    let write = || write_nullability(plan, field, present) + "\n";
    let refusal = match when(anywhere, plan.versions) {
        When::If(condition) if !field.ignorable => {
            Some((format!("{} && {}", negated(&condition), is_set(field)), refuse(plan, field)))
        }
        When::Never if !field.ignorable => Some((is_set(field), refuse(plan, field))),
        When::Always | When::Never | When::If(_) => None,
    };
    match (when(present, plan.versions), refusal) {
        (When::Always, _) => out.push_str(&write()),
        (When::Never, None) => {}
        (When::Never, Some((lost, refuse))) => out.push_str(&format!("if {lost} {{ {refuse} }}\n")),
        (When::If(condition), None) => out.push_str(&format!("if {condition} {{ {} }}\n", write())),
        (When::If(condition), Some(_)) if present == anywhere => out.push_str(&format!(
            "if {condition} {{ {} }} else if {} {{ {} }}\n",
            write(),
            is_set(field),
            refuse(plan, field)
        )),
        (When::If(condition), Some((lost, refuse))) => {
            out.push_str(&format!("if {condition} {{ {} }}\nif {lost} {{ {refuse} }}\n", write()));
        }
    }
}

fn negated(condition: &str) -> String {
    if let Some(version) = condition.strip_prefix("version >= ") {
        format!("version < {version}")
    } else if let Some(version) = condition.strip_prefix("version <= ") {
        format!("version > {version}")
    } else if let Some(version) = condition.strip_prefix("version == ") {
        format!("version != {version}")
    } else {
        format!("!{condition}")
    }
}

fn refuse(plan: &StructPlan<'_>, field: &Field) -> String {
    format!(
        "return Err(EncodeError::NotInVersion {{ message: {:?}, field: {:?}, version }});",
        plan.name, field.name
    )
}

/// Writes a field in versions of which some, all or none know null.
fn write_nullability(plan: &StructPlan<'_>, field: &Field, present: Versions) -> String {
    let form = plan.form(field, present);
    let place = format!("self.{}", field_name(field));
    if field.nullable.is_empty() && field.ty != Type::Records {
        return write(&field.ty, &place, form);
    }
    let nullable = write_nullable(&field.ty, &place, form);
    let required = format!(
        "let value = EncodeError::required({place}.as_ref(), {:?}, {:?}, version)?; {}",
        plan.name,
        field.name,
        write_reference(&field.ty, "value", form)
    );
    match when(field.nullable, present) {
        When::Always => nullable,
        When::Never => required,
        When::If(condition) => format!("if {condition} {{ {nullable} }} else {{ {required} }}"),
    }
}

/// Writes an owned place.
fn write(ty: &Type, place: &str, form: &str) -> String {
    match ty {
        Type::Struct(_) => format!("{place}.write(writer, version)?;"),
        Type::String | Type::Bytes | Type::Records | Type::Array(_) => {
            write_reference(ty, &format!("&{place}"), form)
        }
        other => format!("writer.{}({place});", fixed_size_method(other).expect("the other types are above")),
    }
}

/// Writes through a reference.
fn write_reference(ty: &Type, reference: &str, form: &str) -> String {
    match ty {
        Type::String => format!("writer.string({form}, {reference})?;"),
        Type::Bytes => format!("writer.bytes({form}, {reference})?;"),
        Type::Records => format!("writer.records({form}, {reference})?;"),
        Type::Struct(_) => format!("{reference}.write(writer, version)?;"),
        Type::Array(element) => match element.as_ref() {
            Type::Struct(_) => format!("writer.array({form}, {reference}, version)?;"),
            other => format!("writer.{}s({form}, {reference})?;", element_method(other)),
        },
        other => unreachable!("{other} is written by value"),
    }
}

fn write_nullable(ty: &Type, place: &str, form: &str) -> String {
    match ty {
        Type::String => format!("writer.nullable_string({form}, {place}.as_ref())?;"),
        Type::Bytes => format!("writer.nullable_bytes({form}, {place}.as_ref())?;"),
        Type::Records => format!("writer.nullable_records({form}, {place}.as_ref())?;"),
        Type::Struct(_) => format!("writer.nullable_struct({place}.as_deref(), version)?;"),
        Type::Array(element) => match element.as_ref() {
            Type::Struct(_) => format!("writer.nullable_array({form}, {place}.as_deref(), version)?;"),
            other => format!("writer.nullable_{}s({form}, {place}.as_deref())?;", element_method(other)),
        },
        other => unreachable!("{other} cannot be null"),
    }
}

fn tagged_section(plan: &StructPlan<'_>) -> String {
    let mut known: Vec<&Field> =
        plan.fields.iter().filter(|field| !field.tagged().intersect(plan.versions).is_empty()).collect();
    known.sort_by_key(|field| field.tag.map(|tag| tag.number));
    let body = if known.is_empty() {
        "writer.tagged_fields(&self.unknown_tagged_fields)?;".to_owned()
    } else {
        let fields: String = known.iter().map(|field| tagged(plan, field)).collect();
        format!(
            "let mut tagged = TaggedWriter::begin(writer, &self.unknown_tagged_fields);
            {fields} tagged.finish(writer)?;"
        )
    };
    let refuse =
        format!("return Err(EncodeError::TagsNotInVersion {{ message: {:?}, version }});", plan.schema.name);
    match when(plan.schema.flexible, plan.versions) {
        When::Always => body,
        When::Never => format!("if !self.unknown_tagged_fields.is_empty() {{ {refuse} }}"),
        When::If(condition) => format!(
            "if {condition} {{ {body} }} else if !self.unknown_tagged_fields.is_empty() {{ {refuse} }}"
        ),
    }
}

fn tagged(plan: &StructPlan<'_>, field: &Field) -> String {
    let present = field.tagged().intersect(plan.versions);
    let number = field.tag.map_or(0, |tag| tag.number);
    let place = format!("self.{}", field_name(field));
    let form = "Form::Flexible";
    let content = match (&field.ty, field.nullable.intersect(present).is_empty()) {
        (ty, true) => write(ty, &place, form),
        (Type::Struct(_), false) => format!("writer.nullable_tagged_struct({place}.as_deref(), version)?;"),
        (ty, false) => write_nullable(ty, &place, form),
    };
    let set = match when(present, plan.schema.flexible.intersect(plan.versions)) {
        When::If(condition) => format!("{condition} && {}", is_set(field)),
        When::Always | When::Never => is_set(field),
    };
    format!(
        "if {set} {{
            let mark = tagged.field(writer, {number})?;
            {content}
            writer.end_tagged(mark)?;
        }}"
    )
}
