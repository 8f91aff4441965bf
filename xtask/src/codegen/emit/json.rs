//! `ToJson`: a message as Kafka's tools and request logs print it.

use super::default::is_set;
use super::file::parameter;
use super::names::field_name;
use super::plan::{StructPlan, When, when};
use crate::codegen::schema::{Field, Type};

/// `impl ToJson`.
pub fn json_impl(plan: &StructPlan<'_>) -> String {
    let body: String = plan.fields.iter().map(|field| field_json(plan, field)).collect();
    format!(
        "#[cfg(feature = \"json\")]
        impl crate::json::ToJson for {} {{
            fn write_json(&self, out: &mut String, {version}: i16) {{
                let {object} = crate::json::Object::begin(out);
                {body}
                object.end();
            }}
        }}\n\n",
        plan.name,
        version = parameter("version", &body),
        object = if body.is_empty() { "object" } else { "mut object" },
    )
}

fn field_json(plan: &StructPlan<'_>, field: &Field) -> String {
    let name = camel_case(&field.name);
    let place = format!("&self.{}", field_name(field));
    let write = match field.ty {
        Type::Records => format!("object.records({name:?}, {place});"),
        _ => format!("object.field({name:?}, {place}, version);"),
    };
    let untagged = field.untagged().intersect(plan.versions);
    let tagged = field.tagged().intersect(plan.versions);
    let mut conditions = Vec::new();
    if let When::If(condition) = when(field.versions, plan.versions) {
        conditions.push(condition);
    }
    if !tagged.is_empty() {
        // As on the wire, a tagged field at its default is left out.
        conditions.push(match when(untagged, plan.versions) {
            When::If(condition) => format!("({condition} || {})", is_set(field)),
            When::Always | When::Never => is_set(field),
        });
    }
    match (untagged.is_empty() && tagged.is_empty(), conditions.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!("{write}\n"),
        (false, false) => format!("if {} {{ {write} }}\n", conditions.join(" && ")),
    }
}

/// `LeaderEpoch` as `leaderEpoch`.
fn camel_case(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{}{rest}", first.to_ascii_lowercase())
}
