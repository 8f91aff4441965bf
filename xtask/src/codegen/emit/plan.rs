//! The structs of one message, with the versions in which each can occur.

use anyhow::{Context, Result, ensure};

use crate::codegen::schema::{Field, Schema, Type, Versions};

/// A struct to generate.
pub struct StructPlan<'a> {
    pub schema: &'a Schema,
    pub name: &'a str,
    pub fields: &'a [Field],
    /// The versions of the message in which it occurs.
    pub versions: Versions,
}

/// Whether a piece of code is for all versions at hand, for none, or behind a condition on `version`.
pub enum When {
    Always,
    Never,
    If(String),
}

/// When `wanted` holds among the versions `at_hand`.
pub fn when(wanted: Versions, at_hand: Versions) -> When {
    let both = wanted.intersect(at_hand);
    if both.is_empty() {
        return When::Never;
    }
    if both == at_hand {
        return When::Always;
    }
    When::If(if both.first == both.last {
        format!("version == {}", both.first)
    } else if both.first == at_hand.first {
        format!("version <= {}", both.last)
    } else if both.last == at_hand.last {
        format!("version >= {}", both.first)
    } else {
        format!("({}..={}).contains(&version)", both.first, both.last)
    })
}

impl<'a> StructPlan<'a> {
    /// The structs of a message, the message itself first.
    pub fn of(schema: &'a Schema) -> Result<Vec<StructPlan<'a>>> {
        let top =
            StructPlan { schema, name: &schema.name, fields: &schema.fields, versions: schema.versions };
        let mut plans = vec![top];
        nested(schema, &schema.fields, schema.versions, &mut plans);
        for common in &schema.structs {
            let versions = schema.versions.intersect(common.versions);
            plans.push(StructPlan { schema, name: &common.name, fields: &common.fields, versions });
            nested(schema, &common.fields, versions, &mut plans);
        }
        for plan in &plans {
            plan.check(&plans)?;
        }
        Ok(plans)
    }

    /// Refuses what the generated code does not handle; Kafka's schemas have none of it.
    fn check(&self, plans: &[StructPlan<'_>]) -> Result<()> {
        let same_name = plans.iter().filter(|plan| plan.name == self.name).count();
        ensure!(same_name == 1, "{} declares {} {same_name} times", self.schema.name, self.name);
        for field in self.fields {
            let place = || format!("{}.{}", self.name, field.name);
            if let Some(name) = field.struct_name() {
                let known = plans.iter().any(|plan| plan.name == name);
                ensure!(known, "{}: struct {name} is not declared", place());
            }
            let tagged = field.tagged().intersect(self.versions);
            let flexible = self.schema.flexible_versions();
            ensure!(flexible.covers(tagged), "{}: tagged outside of flexible versions", place());
            let nullable = field.nullable.intersect(tagged);
            ensure!(nullable.is_empty() || nullable == tagged, "{}: tag nullable in some versions", place());
            if let Type::Array(element) = &field.ty {
                let nested = matches!(**element, Type::Array(_) | Type::Bytes | Type::Records);
                ensure!(!nested, "{}: arrays of {element} are not supported", place());
            }
        }
        self.depth(plans, 0).map(drop)
    }

    /// How deep the structs below this one nest; an error if one contains itself.
    fn depth(&self, plans: &[StructPlan<'_>], above: usize) -> Result<usize> {
        ensure!(above < 16, "{}: structs nest without end", self.schema.name);
        let mut deepest = above;
        for name in self.fields.iter().filter_map(Field::struct_name) {
            let plan = plans.iter().find(|plan| plan.name == name).context("checked above")?;
            deepest = deepest.max(plan.depth(plans, above + 1)?);
        }
        Ok(deepest)
    }

    /// Whether the message has flexible versions, so that structs carry unknown tagged fields.
    pub fn keeps_tags(&self) -> bool {
        !self.schema.flexible_versions().is_empty()
    }

    /// The expression for the form of `field` in the versions `present`.
    pub fn form(&self, field: &Field, present: Versions) -> &'static str {
        let flexible = self.schema.flexible_versions();
        if field.always_legacy || flexible.intersect(present).is_empty() {
            "Form::Legacy"
        } else if flexible.covers(present) {
            "Form::Flexible"
        } else {
            "form"
        }
    }

    /// The statement that `form` needs.
    pub fn let_form(&self) -> String {
        format!("let form = Form::of(version, {});", self.schema.flexible_versions().first)
    }

    /// Fewest bytes one takes over all its versions.
    pub fn min_len(&self, plans: &[StructPlan<'_>]) -> usize {
        let versions = self.versions.first..=self.versions.last;
        versions.map(|version| self.min_len_at(plans, version)).min().unwrap_or(0)
    }

    fn min_len_at(&self, plans: &[StructPlan<'_>], version: i16) -> usize {
        let flexible = self.schema.flexible.contains(version);
        let mut len = usize::from(flexible);
        for field in self.fields.iter().filter(|field| field.untagged().contains(version)) {
            len += match &field.ty {
                Type::Bool | Type::Int8 => 1,
                Type::Int16 | Type::Uint16 => 2,
                Type::Int32 | Type::Uint32 => 4,
                Type::Int64 | Type::Float64 => 8,
                Type::Uuid => 16,
                Type::String if flexible && !field.always_legacy => 1,
                Type::String => 2,
                Type::Bytes | Type::Records | Type::Array(_) if flexible => 1,
                Type::Bytes | Type::Records | Type::Array(_) => 4,
                Type::Struct(_) if field.nullable.contains(version) => 1,
                Type::Struct(name) => plans
                    .iter()
                    .find(|plan| plan.name == name)
                    .map_or(0, |plan| plan.min_len_at(plans, version)),
            };
        }
        len
    }
}

fn nested<'a>(schema: &'a Schema, fields: &'a [Field], outer: Versions, plans: &mut Vec<StructPlan<'a>>) {
    for field in fields.iter().filter(|field| !field.fields.is_empty()) {
        let versions = outer.intersect(field.versions);
        if let Some(name) = field.struct_name() {
            plans.push(StructPlan { schema, name, fields: &field.fields, versions });
            nested(schema, &field.fields, versions, plans);
        }
    }
}
