//! Reads our notation, line by line; errors name the line.

use std::iter::Peekable;
use std::str::SplitWhitespace;

use anyhow::{Context, Result, bail, ensure};

use super::ENTITIES;
use crate::codegen::schema::{CommonStruct, Field, Schema, Tag, Type, Versions};

/// The schema that `text` describes.
pub fn parse(text: &str) -> Result<Schema> {
    let mut lines = Lines { lines: text.lines(), number: 0 };
    let result = schema(&mut lines);
    result.with_context(|| format!("line {}", lines.number))
}

struct Lines<'a> {
    lines: std::str::Lines<'a>,
    number: usize,
}

impl<'a> Lines<'a> {
    /// The next line with something on it, without comment and indent.
    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.number += 1;
            let line = self.lines.next()?.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                return Some(line);
            }
        }
    }
}

fn schema(lines: &mut Lines<'_>) -> Result<Schema> {
    let first = lines.next().context("the file is empty")?;
    let (kind, name) = first.split_once(' ').context("expected \"<kind> <Name>\"")?;
    let mut schema = Schema {
        kind: kind.parse()?,
        name: name.trim().to_owned(),
        key: None,
        listeners: Vec::new(),
        versions: Versions::NONE,
        flexible: Versions::NONE,
        last_version_unstable: false,
        fields: Vec::new(),
        structs: Vec::new(),
    };
    while let Some(line) = lines.next() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "key" => schema.key = Some(rest.parse()?),
            "listeners" => schema.listeners = rest.split_whitespace().map(str::to_owned).collect(),
            "versions" => {
                schema.last_version_unstable = rest.ends_with(" unstable");
                schema.versions = rest.trim_end_matches(" unstable").trim().parse()?;
            }
            "flexible" => schema.flexible = rest.parse()?,
            "struct" => schema.structs.push(common_struct(rest, lines)?),
            _ => schema.fields.push(field(line, lines)?),
        }
    }
    Ok(schema)
}

fn common_struct(head: &str, lines: &mut Lines<'_>) -> Result<CommonStruct> {
    let words: Vec<_> = head.split_whitespace().collect();
    let [name, versions, "{"] = words[..] else { bail!("expected \"struct <Name> <versions> {{\"") };
    Ok(CommonStruct { name: name.to_owned(), versions: versions.parse()?, fields: block(lines)? })
}

/// The fields up to the closing brace.
fn block(lines: &mut Lines<'_>) -> Result<Vec<Field>> {
    let mut fields = Vec::new();
    loop {
        match lines.next().context("a block is not closed")? {
            "}" => return Ok(fields),
            line => fields.push(field(line, lines)?),
        }
    }
}

fn field(line: &str, lines: &mut Lines<'_>) -> Result<Field> {
    let mut words = line.split_whitespace().peekable();
    let mut word = |what: &str| words.next().with_context(|| format!("expected {what}"));
    let name = word("a field name")?;
    let type_text = word("a type")?;
    let versions: Versions = word("versions")?.parse()?;
    let nullable = if type_text.ends_with('?') { versions } else { Versions::NONE };
    let ty: Type = type_text.trim_end_matches('?').parse()?;
    let mut field = Field {
        name: name.to_owned(),
        ty,
        versions,
        nullable,
        tag: None,
        default: None,
        ignorable: false,
        map_key: false,
        entity: None,
        always_legacy: false,
        fields: Vec::new(),
    };
    while let Some(word) = words.next() {
        match word {
            "{" => {
                ensure!(field.struct_name().is_some(), "{name} is not a struct");
                field.fields = block(lines)?;
            }
            word => attribute(&mut field, word, &mut words)?,
        }
    }
    Ok(field)
}

fn attribute(field: &mut Field, word: &str, words: &mut Peekable<SplitWhitespace<'_>>) -> Result<()> {
    let mut value = || words.next().with_context(|| format!("\"{word}\" needs a value"));
    match word {
        "null" => field.nullable = value()?.parse()?,
        "=" => field.default = Some(value()?.to_owned()),
        "key" => field.map_key = true,
        "ignorable" => field.ignorable = true,
        "legacy" => field.always_legacy = true,
        "tag" => {
            let number = value()?.parse()?;
            let from = words.next_if(|next| next.starts_with(|c: char| c.is_ascii_digit()));
            let versions = from.map(str::parse).transpose()?.unwrap_or(field.versions);
            field.tag = Some(Tag { number, versions });
        }
        entity if ENTITIES.contains(&entity) => field.entity = Some(entity.to_owned()),
        other => bail!("\"{other}\" is not an attribute"),
    }
    Ok(())
}
