//! Every file of a directory through Kafka's DumpLogSegments and our dump-log: the outputs must be equal,
//! and neither may complain.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::client::ensure_equal;
use crate::oracle::broker::klamm_binary;
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

const CLASS: &str = "org.apache.kafka.tools.DumpLogSegments";
const DECODER: &str = "org.apache.kafka.tools.api.StringDecoder";
/// What the tool says of files that a broker would not trust.
const COMPLAINTS: [&str; 4] = ["mismatch", "Found timestamp", "Non-consecutive offsets", "Exception"];

/// Dumps all files of `log_dir` by both tools.
pub fn compare(log_dir: &Path) -> Result<()> {
    let files = files_of(log_dir)?;
    let of = |extensions: &[&str], topic: &dyn Fn(&str) -> bool| -> Vec<PathBuf> {
        let fits = |path: &&PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let directory = path.parent().and_then(|dir| dir.file_name()).unwrap_or_default();
            extensions.contains(&extension) && topic(&directory.to_string_lossy())
        };
        files.iter().filter(fits).cloned().collect()
    };
    let is_metadata = |topic: &str| topic.starts_with("__cluster_metadata-");
    let is_offsets = |topic: &str| topic.starts_with("__consumer_offsets-");
    let is_transactions = |topic: &str| topic.starts_with("__transaction_state-");
    let is_data = |topic: &str| !is_metadata(topic) && !is_offsets(topic) && !is_transactions(topic);
    let logs = || of(&["log"], &is_data);
    let decoders = ["--print-data-log", "--key-decoder-class", DECODER, "--value-decoder-class", DECODER];
    let dumps: [(Vec<PathBuf>, &[&str]); 14] = [
        (logs(), &["--print-data-log"]),
        (logs(), &["--print-data-log", "--skip-record-metadata"]),
        (logs(), &["--print-data-log", "--max-bytes", "700"]),
        (logs(), &["--deep-iteration", "--max-bytes", "1"]),
        (logs(), &["--skip-record-metadata"]),
        (logs(), &decoders),
        (of(&["log"], &is_offsets), &["--offsets-decoder"]),
        (of(&["log"], &is_offsets), &["--offsets-decoder", "--skip-record-metadata"]),
        (of(&["log"], &is_transactions), &["--transaction-log-decoder"]),
        (of(&["log", "checkpoint"], &is_metadata), &["--cluster-metadata-decoder"]),
        (of(&["log", "checkpoint"], &is_metadata), &["--cluster-metadata-decoder", "--skip-record-metadata"]),
        (of(&["index", "timeindex"], &|_| true), &["--index-sanity-check"]),
        (of(&["index", "timeindex"], &|_| true), &["--verify-index-only"]),
        (of(&["index", "timeindex", "txnindex", "snapshot"], &|_| true), &["--deep-iteration"]),
    ];
    let (mut count, mut lines) = (0, 0);
    for (files, options) in dumps {
        if files.is_empty() {
            continue;
        }
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let option = options.join(" ");
        let names = names.join(",");
        let arguments = [options, &["--files", &names]].concat();
        let kafka = output(Program::of_jars(JarSet::Tools)?.command(CLASS).args(&arguments))?;
        let klamm = output(Command::new(klamm_binary()?).arg("dump-log").args(&arguments))?;
        ensure_equal(&format!("dump-log {option}"), &kafka, &klamm)?;
        let complaint = kafka.lines().find(|line| COMPLAINTS.iter().any(|word| line.contains(word)));
        ensure!(complaint.is_none(), "DumpLogSegments {option} complains: {complaint:?}");
        count += files.len();
        lines += kafka.lines().count();
    }
    eprintln!("dumps of {count} files in {} are equal ({lines} lines)", log_dir.display());
    Ok(())
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("run {command:?}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// All files of the partitions of a log directory, by path.
pub fn files_of(log_dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(log_dir)? {
        let path = entry?.path();
        if !path.is_dir() {
            continue;
        }
        for file in fs::read_dir(&path)? {
            files.push(file?.path());
        }
    }
    files.sort();
    Ok(files)
}
