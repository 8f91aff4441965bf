//! `Random::random`: a value that one version can hold, for the tests.

use super::decode::element_method;
use super::default::default_value;
use super::names::{field_name, fixed_size_method};
use super::plan::{StructPlan, When, when};
use crate::codegen::schema::{Field, Type};

/// `impl Random`.
pub fn random_impl(plan: &StructPlan<'_>) -> String {
    let mut body = format!("{} {{", plan.name);
    for field in plan.fields {
        let value = match when(field.versions, plan.versions) {
            When::Always => random_value(plan, field),
            When::Never => default_value(field),
            When::If(condition) => {
                format!(
                    "if {condition} {{ {} }} else {{ {} }}",
                    random_value(plan, field),
                    default_value(field)
                )
            }
        };
        body.push_str(&format!("{}: {value},", field_name(field)));
    }
    if plan.keeps_tags() {
        let first_unknown = plan.fields.iter().filter_map(|field| field.tag).map(|tag| tag.number + 1).max();
        let random = format!("random.tagged_fields({})", first_unknown.unwrap_or(0));
        let value = match when(plan.schema.flexible, plan.versions) {
            When::Always => random,
            When::Never => "TaggedFields::default()".to_owned(),
            When::If(condition) => {
                format!("if {condition} {{ {random} }} else {{ TaggedFields::default() }}")
            }
        };
        body.push_str(&format!("unknown_tagged_fields: {value},"));
    }
    body.push('}');
    let version = super::file::parameter("version", &body);
    let random = super::file::parameter("random", &body);
    format!(
        "#[cfg(feature = \"testing\")]
        impl crate::testing::Random for {0} {{
            fn random({random}: &mut crate::testing::Source, {version}: i16) -> {0} {{ {body} }}
        }}\n\n",
        plan.name
    )
}

fn random_value(plan: &StructPlan<'_>, field: &Field) -> String {
    let value = match &field.ty {
        Type::String => "random.string()".to_owned(),
        Type::Bytes => "random.bytes()".to_owned(),
        Type::Records => "random.records()".to_owned(),
        Type::Struct(name) if field.nullable.is_empty() => {
            format!("random.value::<{name}>(version)")
        }
        Type::Struct(_) => "random.boxed(version)".to_owned(),
        Type::Array(element) => match element.as_ref() {
            Type::Struct(_) => "random.array(version)".to_owned(),
            other => format!("random.{}s()", element_method(other)),
        },
        other => format!("random.{}()", fixed_size_method(other).expect("the other types are above")),
    };
    if field.nullable.is_empty() && field.ty != Type::Records {
        return value;
    }
    let present = field.versions.intersect(plan.versions);
    match when(field.nullable, present) {
        When::Always => format!("random.is_some().then(|| {value})"),
        When::Never => format!("Some({value})"),
        When::If(condition) => {
            format!("if {condition} {{ random.is_some().then(|| {value}) }} else {{ Some({value}) }}")
        }
    }
}
