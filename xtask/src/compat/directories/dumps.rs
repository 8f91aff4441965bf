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
/// How the tool, on its standard error and with exit code 0, begins to tell of files that a broker would not trust.
const COMPLAINTS: [&str; 4] = [
    "Mismatches in",
    "Found timestamp mismatch",
    "Found out of order timestamp",
    "The following indexed offsets are not found",
];
/// How lines begin that tell of gaps, which compaction leaves, and of the details of anything.
const DETAILS: [&str; 3] = ["Non-consecutive offsets", "Indexed offset: ", "  "];
/// Bytes of an entry of an offset index: relative offset and position.
const ENTRY: usize = 8;

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
        let kafka = by_kafka(&arguments)?;
        let klamm = output(Command::new(klamm_binary()?).arg("dump-log").args(&arguments))?;
        ensure_equal(&format!("dump-log {option}"), &kafka.out, &klamm.out)?;
        ensure_equal(&format!("what dump-log {option} finds wrong"), &kafka.told(), &klamm.told())?;
        let complaint = kafka.complaint();
        ensure!(complaint.is_none(), "DumpLogSegments {option} complains: {complaint:?}");
        count += files.len();
        lines += kafka.out.lines().count();
    }
    tells_a_wrong_index(&of(&["index"], &is_data))?;
    eprintln!("dumps of {count} files in {} are equal ({lines} lines)", log_dir.display());
    Ok(())
}

/// That a wrong entry would have been told: the last entry of one of `indexes` is moved in a copy, and both tools complain.
fn tells_a_wrong_index(indexes: &[PathBuf]) -> Result<()> {
    let filled = indexes.iter().find_map(|index| {
        let bytes = fs::read(index).ok()?;
        // An index that is still written to is filled up with zeros.
        let entries =
            bytes.chunks_exact(ENTRY).take_while(|entry| entry.iter().any(|byte| *byte != 0)).count();
        (entries > 0 && index.with_extension("log").exists()).then_some((index, bytes, entries))
    });
    let Some((index, mut bytes, entries)) = filled else { return Ok(()) };
    let offset: &mut [u8; 4] =
        bytes[(entries - 1) * ENTRY..].first_chunk_mut().context("an entry has an offset")?;
    *offset = (u32::from_be_bytes(*offset) - 1).to_be_bytes();
    let copy = tempfile::tempdir()?;
    let moved = copy.path().join(index.file_name().context("an index has a name")?);
    fs::write(&moved, bytes)?;
    fs::copy(index.with_extension("log"), moved.with_extension("log"))?;
    let arguments = ["--files".to_owned(), moved.display().to_string()];
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let kafka = by_kafka(&arguments)?;
    ensure!(kafka.complaint().is_some(), "DumpLogSegments says nothing of a wrong index:\n{}", kafka.err);
    let klamm = output(Command::new(klamm_binary()?).arg("dump-log").args(&arguments))?;
    ensure_equal("what dump-log finds wrong in a wrong index", &kafka.told(), &klamm.told())
}

/// What a tool printed.
struct Dump {
    out: String,
    err: String,
}

impl Dump {
    /// What it found wrong, and gaps, sorted: files come in no order of their own. Not what loggers say.
    fn told(&self) -> String {
        let begins = |line: &&str| COMPLAINTS.iter().chain(&DETAILS).any(|one| line.starts_with(one));
        let mut told: Vec<&str> = self.err.lines().filter(begins).collect();
        told.sort_unstable();
        told.join("\n")
    }

    fn complaint(&self) -> Option<&str> {
        let complains =
            |line: &&str| COMPLAINTS.iter().any(|one| line.starts_with(one)) || line.contains("Exception");
        self.err.lines().chain(self.out.lines()).find(complains)
    }
}

fn by_kafka(arguments: &[&str]) -> Result<Dump> {
    output(Program::of_jars(JarSet::Tools)?.command(CLASS).args(arguments))
}

fn output(command: &mut Command) -> Result<Dump> {
    let output = command.output().with_context(|| format!("run {command:?}"))?;
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{command:?}: {}\n{err}", output.status);
    Ok(Dump { out: String::from_utf8_lossy(&output.stdout).into_owned(), err })
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
