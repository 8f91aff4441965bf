//! `cargo xtask codegen`: Kafka's jars to our schema notation, and the notation to the messages of
//! `crates/protocol`.

mod emit;
mod jars;
mod notation;
mod output;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use schema::Schema;

use crate::oracle::cache;

/// Generate the messages of `crates/protocol` from its schemas.
#[derive(clap::Args)]
pub struct Args {
    /// First rewrite the schemas from the Kafka jars in this directory
    #[arg(long, value_name = "DIR")]
    from_jars: Option<PathBuf>,
    /// Write nothing; fail if a generated file is stale
    #[arg(long)]
    check: bool,
}

/// Converts, generates or checks.
pub fn run(args: &Args) -> Result<()> {
    let protocol = cache::workspace().join("crates/protocol");
    let schemas = protocol.join("schemas");
    let mode = if args.check { output::Mode::Check } else { output::Mode::Write };
    if let Some(jars) = &args.from_jars {
        output::put(&schemas, &schema_files(jars)?, &["ksc", "txt"], mode)?;
    }
    let generated = protocol.join("src/messages/generated");
    output::put(&generated, &output::formatted(message_files(&schemas)?)?, &["rs"], mode)
}

/// Fails unless schemas and generated files are what these jars give.
pub fn check_against_jars(jars: &Path) -> Result<()> {
    run(&Args { from_jars: Some(jars.to_owned()), check: true })
}

/// The files of `schemas` as the jars have them.
fn schema_files(jars: &Path) -> Result<Vec<output::File>> {
    let schemas = jars::read_schemas(jars)?;
    let mut files: Vec<_> =
        schemas.iter().map(|schema| (format!("{}.ksc", schema.name), notation::write(schema))).collect();
    for (name, columns) in [
        ("errors", "# code NAME exception-of-the-Java-client [retriable|stale-metadata] | text"),
        ("apis", "# Name [advertised-from version] [forwardable] [cluster-action]"),
    ] {
        files.push((format!("{name}.txt"), format!("{columns}\n{}", wire_facts(jars, name)?)));
    }
    Ok(files)
}

/// Runs the program that prints what the message JSON does not say.
fn wire_facts(jars: &Path, table: &str) -> Result<String> {
    let source = cache::workspace().join("tests/protocol-oracle/WireFacts.java");
    let output = Command::new("java")
        .arg("-cp")
        .arg(jars.join("*"))
        .arg(&source)
        .arg(table)
        .output()
        .context("run java (a JDK 17 is needed to read Kafka's tables)")?;
    ensure!(output.status.success(), "{}: {}", source.display(), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The generated files, not yet formatted.
fn message_files(dir: &Path) -> Result<Vec<output::File>> {
    let all = read_schemas(dir)?;
    let schemas: Vec<&Schema> = all.iter().filter(|schema| !schema.is_removed()).collect();
    let read = |name: &str| fs::read_to_string(dir.join(name)).with_context(|| format!("read {name}"));
    let mut files = Vec::new();
    for schema in &schemas {
        let text = emit::message_file(schema).with_context(|| schema.name.clone())?;
        files.push((format!("{}.rs", emit::snake_case(&schema.name)), text));
    }
    files.push(("mod.rs".to_owned(), emit::module_index(&schemas, &["apis", "error_code", "record_sets"])));
    files.push(("apis.rs".to_owned(), emit::apis(&schemas, &emit::parse_api_traits(&read("apis.txt")?)?)?));
    files.push(("error_code.rs".to_owned(), emit::errors(&emit::parse_errors(&read("errors.txt")?)?)));
    files.push(("record_sets.rs".to_owned(), emit::record_sets(&schemas)?));
    Ok(files)
}

/// All schemas of our notation in `dir`, by name.
fn read_schemas(dir: &Path) -> Result<Vec<Schema>> {
    let mut schemas = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("read {}", dir.display()))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "ksc") {
            continue;
        }
        let schema =
            notation::parse(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        ensure!(schema.name == stem, "{} describes {}", path.display(), schema.name);
        schemas.push(schema);
    }
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schemas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_messages_are_those_of_the_schemas() {
        run(&Args { from_jars: None, check: true }).expect("run `cargo xtask codegen`");
    }
}
