//! `klamm storage` beside Kafka's StorageTool: the same words, the same exit codes, the same files; and a
//! directory that Klamm cannot serve is refused by a sentence.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};
use regex::Regex;

use super::client::ensure_equal;
use crate::oracle::broker::{CLUSTER_ID, FEATURES_OFF, Site, System, klamm_binary};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares the tools, then lets Klamm meet a directory with all features on.
pub fn run() -> Result<()> {
    compare_tools()?;
    compare_flags()?;
    refuse_features()
}

fn compare_tools() -> Result<()> {
    let sites = [(System::Kafka, Site::create(&[])?), (System::Klamm, Site::create(&[])?)];
    let mut off: Vec<String> = Vec::new();
    for feature in FEATURES_OFF {
        off.extend(["--feature".to_owned(), format!("{feature}=0")]);
    }
    let format = |id: &str, more: &[&str]| {
        let mut arguments = vec!["format".to_owned(), "-t".to_owned(), id.to_owned()];
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        arguments.extend(off.clone());
        arguments
    };
    let info = vec!["info".to_owned()];
    let steps = [
        ("info before", info.clone()),
        ("neither standalone nor voters", format(CLUSTER_ID, &[])),
        ("format", format(CLUSTER_ID, &["--standalone"])),
        ("info after", info),
        ("format again", format(CLUSTER_ID, &["--standalone"])),
        ("format again, ignored", format(CLUSTER_ID, &["--standalone", "--ignore-formatted"])),
        ("another cluster", format("klammCompatCluster0001", &["--standalone", "--ignore-formatted"])),
        ("an unknown feature", format(CLUSTER_ID, &["--standalone", "--feature", "none.version=1"])),
    ];
    for (step, arguments) in steps {
        let mut said = Vec::new();
        for (system, site) in &sites {
            said.push(run_tool(*system, site, &arguments)?);
        }
        ensure_equal(step, &said[0], &said[1])?;
    }
    for name in ["meta.properties", "__cluster_metadata-0/00000000000000000000-0000000000.checkpoint"] {
        let [kafka, klamm] = [&sites[0].1, &sites[1].1].map(|site| site.log_dir().join(name));
        if name.ends_with(".checkpoint") {
            ensure!(kafka.metadata()?.len() == klamm.metadata()?.len(), "{name} has another size");
            ensure_equal(name, &dump(&kafka, &sites[0].1)?, &dump(&klamm, &sites[1].1)?)?;
        } else {
            ensure_equal(name, &keys(&kafka)?, &keys(&klamm)?)?;
        }
    }
    let uuid = Regex::new("^[A-Za-z0-9_-]{22}\n$")?;
    let random = Command::new(klamm_binary()?).args(["storage", "random-uuid"]).output()?;
    ensure!(uuid.is_match(&String::from_utf8_lossy(&random.stdout)), "random-uuid: {random:?}");
    eprintln!("the storage tools say and write the same");
    Ok(())
}

/// Each way to format, on fresh directories: the same words, and the same records of the first snapshot.
fn compare_flags() -> Result<()> {
    const SCRAM: &str =
        "name=alice,salt=\"MWx2NHBkbnc0ZndxN25vdGN4bTB5eTFrN3E=\",iterations=4096,password=\"alice-secret\"";
    let scram = |mechanism: &str| format!("{mechanism}=[{SCRAM}]");
    let voter = "1@CONTROLLER:DIRDIRDIRDIRDIRDIRDIRQ";
    let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let flags = [
        ("initial controllers", strings(&["--initial-controllers", voter])),
        (
            "initial controllers without this node",
            strings(&["--initial-controllers", &voter.replace("1@", "7@")]),
        ),
        ("initial controllers of a wrong form", strings(&["--initial-controllers", "1@nowhere"])),
        ("initial controllers twice", strings(&["--initial-controllers", &format!("{voter},{voter}")])),
        ("no initial controllers", strings(&["--no-initial-controllers"])),
        ("standalone and initial controllers", strings(&["--standalone", "--initial-controllers", voter])),
        ("standalone and none", strings(&["--standalone", "--no-initial-controllers"])),
        ("an older release", strings(&["--standalone", "--release-version", "3.9-IV0"])),
        ("an unknown release", strings(&["--standalone", "--release-version", "17.3"])),
        ("a release too old", strings(&["--standalone", "--release-version", "3.2"])),
        ("credentials", vec!["--standalone".to_owned(), "--add-scram".to_owned(), scram("SCRAM-SHA-256")]),
        (
            "credentials of both mechanisms",
            vec![
                "-s".to_owned(),
                "-S".to_owned(),
                scram("SCRAM-SHA-256"),
                "-S".to_owned(),
                scram("SCRAM-SHA-512"),
            ],
        ),
        ("credentials of an unknown mechanism", vec!["-s".to_owned(), "-S".to_owned(), scram("SCRAM-MD5")]),
        ("credentials without a password", strings(&["-s", "-S", "SCRAM-SHA-256=[name=alice]"])),
        ("too few iterations", strings(&["-s", "-S", "SCRAM-SHA-256=[name=alice,iterations=9,password=x]"])),
    ];
    for (step, flags) in &flags {
        let mut told = Vec::new();
        for system in [System::Kafka, System::Klamm] {
            let site = Site::create(&[])?;
            let own = |word: &String| word.replace("CONTROLLER", &site.controller());
            let mut arguments = strings(&["format", "-t", CLUSTER_ID]);
            arguments.extend(flags.iter().map(own));
            if !step.contains("release") {
                arguments.extend(
                    FEATURES_OFF.iter().flat_map(|name| ["--feature".to_owned(), format!("{name}=0")]),
                );
            }
            let said = run_tool(system, &site, &arguments)?;
            let snapshot =
                site.log_dir().join("__cluster_metadata-0/00000000000000000000-0000000000.checkpoint");
            let records =
                if snapshot.exists() { dump(&snapshot, &site)? } else { "nothing written".to_owned() };
            told.push(format!("{said}{records}"));
        }
        ensure_equal(&format!("storage format: {step}"), &told[0], &told[1])?;
    }
    eprintln!("{} ways to format, right and wrong, say and write the same", flags.len());
    Ok(())
}

/// Output and exit code, with what is the site's own taken out.
fn run_tool(system: System, site: &Site, arguments: &[String]) -> Result<String> {
    let mut command = match system {
        System::Kafka => Program::of_jars(JarSet::Kafka)?.command("kafka.tools.StorageTool"),
        System::Klamm => {
            // By the script's name, for its exit codes.
            let mut command = Command::new(klamm_binary()?);
            command.arg0("kafka-storage.sh");
            command
        }
    };
    command.args(arguments).arg("-c").arg(site.dir().join("server.properties"));
    let output = command.output()?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // How a usage is told is each parser's own.
    let is_usage = said.lines().any(|line| line.to_lowercase().starts_with("usage:"));
    let said = if is_usage { "the usage\n".to_owned() } else { said };
    own_words(&format!("{said}exit code {:?}\n", output.status.code()), site)
}

fn own_words(text: &str, site: &Site) -> Result<String> {
    let text = text.replace(&site.dir().display().to_string(), "SITE");
    let id = Regex::new(r"directory\.id=[A-Za-z0-9_-]{22}|directoryId=[A-Za-z0-9_-]{22}")?;
    let text = id.replace_all(&text, "directory.id=ID").into_owned();
    // What Java says of an exception that nobody catches.
    let uncaught =
        Regex::new(r#"Exception in thread "main" [\w.]+: |(?m)^(\tat |Caused by: |\t\.\.\. ).*\n"#)?;
    let text = uncaught.replace_all(&text, "").into_owned();
    let port = Regex::new(r"127\.0\.0\.1:\d+")?;
    Ok(port.replace_all(&text, "ADDRESS").into_owned())
}

fn keys(file: &Path) -> Result<String> {
    let id = Regex::new(r"directory\.id=[A-Za-z0-9_-]{22}")?;
    let text = fs::read_to_string(file)?;
    let mut lines: Vec<String> = id
        .replace_all(&text, "directory.id=ID")
        .lines()
        .filter(|line| !line.starts_with('#') || !line.contains(':'))
        .map(str::to_owned)
        .collect();
    lines.sort();
    Ok(lines.join("\n"))
}

/// The records of a snapshot, without ids, ports and times.
fn dump(file: &Path, site: &Site) -> Result<String> {
    let output = Command::new(klamm_binary()?)
        .args(["dump-log", "--cluster-metadata-decoder", "--files"])
        .arg(file)
        .output()?;
    let text = own_words(&String::from_utf8_lossy(&output.stdout), site)?;
    let random = Regex::new(
        r#"(CreateTime|LogAppendTime|crc|timestamp|baseTimestamp): \d+|"(voterDirectoryId|lastContainedLogTimestamp)":("[^"]+"|\d+)|"port":\d+"#,
    )?;
    Ok(random.replace_all(&text, "OWN").into_owned())
}

fn refuse_features() -> Result<()> {
    let site = Site::create(&[])?;
    let mut format = Program::of_jars(JarSet::Kafka)?.command("kafka.tools.StorageTool");
    format.args(["format", "--standalone", "-t", CLUSTER_ID, "-c"]).arg(site.dir().join("server.properties"));
    ensure!(format.output()?.status.success(), "Apache Kafka could not format with its defaults");
    match site.start(System::Klamm) {
        Ok(broker) => {
            broker.stop()?;
            bail!("Klamm serves a directory with features it does not have");
        }
        Err(error) => {
            let said = error.to_string();
            let sentence = Regex::new(r"has finalized [a-z.]+ at level \d+; this node serves [a-z.]+")?;
            ensure!(sentence.is_match(&said), "no sentence names the feature and its level: {said}");
            eprintln!("refused: {}", sentence.find(&said).map_or("", |found| found.as_str()));
            Ok(())
        }
    }
}
