//! Reads the message JSON inside Kafka's jars: facts only, no prose.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::schema::{CommonStruct, Field, Kind, Schema, Tag, Versions};

/// The jars with schemas (by the part of the name before the version), and what `metadata` and
/// `coordinator-*` mean in each.
const JARS: [(&str, Family); 7] = [
    ("kafka-clients", Family::Plain),
    ("kafka-raft", Family::Plain),
    ("kafka-metadata", Family::Metadata),
    ("kafka-storage", Family::RemoteLog),
    ("kafka-group-coordinator", Family::Offsets),
    ("kafka-transaction-coordinator", Family::Transaction),
    ("kafka-share-coordinator", Family::Share),
];

#[derive(Clone, Copy)]
enum Family {
    Plain,
    Metadata,
    RemoteLog,
    Offsets,
    Transaction,
    Share,
}

/// All schemas of the jars in `dir`, by name.
pub fn read_schemas(dir: &Path) -> Result<Vec<Schema>> {
    let mut schemas = Vec::new();
    for (jar, family) in JARS {
        read_jar(dir, jar, family, &mut schemas)?;
    }
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schemas)
}

fn read_jar(dir: &Path, jar: &str, family: Family, schemas: &mut Vec<Schema>) -> Result<()> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let version = name.strip_prefix(jar).and_then(|rest| rest.strip_prefix('-'));
        if version.is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit())) {
            found.push(path);
        }
    }
    ensure!(found.len() == 1, "{} jars named {jar}-<version> in {}", found.len(), dir.display());
    let mut archive = zip::ZipArchive::new(File::open(&found[0])?)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if !entry.name().ends_with(".json") {
            continue;
        }
        let name = entry.name().to_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text)?;
        let schema = parse(&text, family).with_context(|| format!("{name} of {}", found[0].display()))?;
        schemas.push(schema);
    }
    Ok(())
}

fn parse(text: &str, family: Family) -> Result<Schema> {
    let json: Value = serde_json::from_str(&without_comments(text))?;
    let versions = versions(&json, "validVersions")?.context("no validVersions")?;
    let key = json.get("apiKey").and_then(Value::as_i64).map(i16::try_from).transpose()?;
    let listeners = json.get("listeners").and_then(Value::as_array).into_iter().flatten();
    let structs = json.get("commonStructs").and_then(Value::as_array).into_iter().flatten();
    Ok(Schema {
        kind: kind(string(&json, "type")?, family)?,
        name: string(&json, "name")?.to_owned(),
        key,
        listeners: listeners.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        versions,
        flexible: self::versions(&json, "flexibleVersions")?.unwrap_or(Versions::NONE),
        last_version_unstable: flag(&json, "latestVersionUnstable"),
        fields: fields(&json)?,
        structs: structs.map(common_struct).collect::<Result<_>>()?,
    })
}

fn kind(name: &str, family: Family) -> Result<Kind> {
    Ok(match (name, family) {
        ("request", _) => Kind::Request,
        ("response", _) => Kind::Response,
        ("header", _) => Kind::Header,
        ("data", _) => Kind::Data,
        ("metadata", Family::Metadata) => Kind::Metadata,
        ("metadata", Family::RemoteLog) => Kind::RemoteLog,
        ("coordinator-key", Family::Offsets) => Kind::OffsetsKey,
        ("coordinator-value", Family::Offsets) => Kind::OffsetsValue,
        ("coordinator-key", Family::Transaction) => Kind::TransactionKey,
        ("coordinator-value", Family::Transaction) => Kind::TransactionValue,
        ("coordinator-key", Family::Share) => Kind::ShareKey,
        ("coordinator-value", Family::Share) => Kind::ShareValue,
        _ => bail!("type \"{name}\" is not expected in this jar"),
    })
}

fn common_struct(json: &Value) -> Result<CommonStruct> {
    Ok(CommonStruct {
        name: string(json, "name")?.to_owned(),
        versions: versions(json, "versions")?.context("no versions")?,
        fields: fields(json)?,
    })
}

fn fields(json: &Value) -> Result<Vec<Field>> {
    json.get("fields").and_then(Value::as_array).into_iter().flatten().map(field).collect()
}

fn field(json: &Value) -> Result<Field> {
    let name = string(json, "name")?;
    let tagged = versions(json, "taggedVersions")?;
    let tag = json.get("tag").and_then(Value::as_u64).map(u32::try_from).transpose()?;
    let present =
        versions(json, "versions")?.or(tagged).with_context(|| format!("{name} has no versions"))?;
    let always_legacy = match versions(json, "flexibleVersions")? {
        None => false,
        Some(Versions::NONE) => true,
        Some(other) => bail!("{name}: flexible versions {other} of a field are not expected"),
    };
    Ok(Field {
        name: name.to_owned(),
        ty: string(json, "type")?.parse()?,
        versions: present,
        nullable: versions(json, "nullableVersions")?.unwrap_or(Versions::NONE).intersect(present),
        tag: tag.zip(tagged).map(|(number, versions)| Tag { number, versions }),
        default: default(json)?,
        ignorable: flag(json, "ignorable"),
        map_key: flag(json, "mapKey"),
        entity: json.get("entityType").and_then(Value::as_str).map(str::to_owned),
        always_legacy,
        fields: fields(json)?,
    })
}

/// The default in one spelling: decimal numbers, and nothing where it is zero, false or empty anyway.
fn default(json: &Value) -> Result<Option<String>> {
    let text = match json.get("default") {
        // The bare word null is no default to Kafka's generator, which reads it as an absent text: such a
        // field is empty, not null, until it is set. Only the text "null" makes the default null.
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let decimal = match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16)?.to_string(),
        None => text,
    };
    Ok((!matches!(decimal.as_str(), "" | "0" | "false")).then_some(decimal))
}

fn string<'a>(json: &'a Value, key: &str) -> Result<&'a str> {
    json.get(key).and_then(Value::as_str).with_context(|| format!("no \"{key}\""))
}

fn flag(json: &Value, key: &str) -> bool {
    json.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn versions(json: &Value, key: &str) -> Result<Option<Versions>> {
    json.get(key).and_then(Value::as_str).map(str::parse).transpose()
}

/// Strips `//` comments, which JSON does not have but these files do.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let mut in_string = false;
        let mut end = line.len();
        let bytes = line.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'"' if at == 0 || bytes[at - 1] != b'\\' => in_string = !in_string,
                b'/' if !in_string && bytes.get(at + 1) == Some(&b'/') => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        out.push_str(&line[..end]);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_at_the_line_and_do_not_start_inside_strings() {
        assert_eq!(without_comments("{ // a\n\"b\": \"c//d\" } // e"), "{ \n\"b\": \"c//d\" } \n");
    }
}
