//! `kafka-dump-log`: the content of log segments, indexes, snapshots and checkpoints (Kafka:
//! DumpLogSegments). Reads files only; nothing else of a log directory has to be there.

mod batch_file;
mod decoder;
mod index_files;
mod remote_metadata;
mod segment;
mod state_files;

pub(crate) use batch_file::BatchFile;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use self::decoder::{Decoder, TextDecoder};
use self::index_files::TimeComplaints;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// Options of the tool.
#[derive(Args, Debug)]
pub(crate) struct DumpLog {
    /// The files, separated by commas
    #[arg(long, value_name = "FILE1,FILE2,...")]
    files: String,
    /// Print the records of logs; any decoder implies it
    #[arg(long)]
    print_data_log: bool,
    /// Look at each record of a batch; printing records implies it
    #[arg(long)]
    deep_iteration: bool,
    /// Size of the largest batch
    #[arg(long, default_value_t = 5 * 1024 * 1024)]
    max_message_size: u32,
    /// Read no further than this in a log
    #[arg(long, default_value_t = i32::MAX)]
    max_bytes: i32,
    /// Only check an index as a broker does at its start
    #[arg(long)]
    index_sanity_check: bool,
    /// Check an index against its log without printing it
    #[arg(long)]
    verify_index_only: bool,
    /// How values are printed: StringDecoder, LongDecoder or IntegerDecoder
    #[arg(long, num_args = 0..=1, default_missing_value = "StringDecoder")]
    value_decoder_class: Option<TextDecoder>,
    /// How keys are printed: StringDecoder, LongDecoder or IntegerDecoder
    #[arg(long, num_args = 0..=1, default_missing_value = "StringDecoder")]
    key_decoder_class: Option<TextDecoder>,
    /// The log is one of __consumer_offsets
    #[arg(long)]
    offsets_decoder: bool,
    /// The log is one of __transaction_state
    #[arg(long)]
    transaction_log_decoder: bool,
    /// The log is __cluster_metadata, or a snapshot of it
    #[arg(long)]
    cluster_metadata_decoder: bool,
    /// The log is one of __remote_log_metadata
    #[arg(long)]
    remote_log_metadata_decoder: bool,
    /// The log is one of __share_group_state
    #[arg(long)]
    share_group_state_decoder: bool,
    /// Leave out what a record is besides key and value, and control records
    #[arg(long)]
    skip_record_metadata: bool,
}

/// What was found wrong in the files, told at the end.
#[derive(Default)]
struct Complaints {
    /// By index file: indexed offset, newest first, with the offset found in the log.
    index: BTreeMap<PathBuf, Vec<(i64, i64)>>,
    time: TimeComplaints,
    /// By log: an offset with the one that follows it.
    gaps: BTreeMap<PathBuf, Vec<(i64, i64)>>,
}

impl Tool for DumpLog {
    const ABOUT: &'static str = "Print the content of log segments, indexes, snapshots and checkpoints";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        let mut complaints = Complaints::default();
        for file in self.files.split(',') {
            writeln!(terminal.out, "Dumping {file}")?;
            self.dump(Path::new(file), &mut complaints, terminal)?;
        }
        terminal.out.flush()?;
        complaints.print(terminal)
    }
}

impl DumpLog {
    fn dump(&self, file: &Path, complaints: &mut Complaints, terminal: &mut Terminal<'_>) -> ToolResult {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("log" | "checkpoint") => {
                let dump = segment::SegmentDump {
                    records: self.record_mode(),
                    max_bytes: u64::try_from(self.max_bytes).unwrap_or(0),
                    is_limited: self.max_bytes != i32::MAX,
                };
                let gaps = dump.run(file, terminal)?;
                if !gaps.is_empty() {
                    complaints.gaps.insert(std::path::absolute(file)?, gaps);
                }
                Ok(())
            }
            Some("index") => {
                let (mode, largest) = (self.index_mode(), self.max_message_size);
                let wrong = index_files::dump_offset_index(file, mode, largest, terminal)?;
                if !wrong.is_empty() {
                    complaints.index.insert(std::path::absolute(file)?, wrong);
                }
                Ok(())
            }
            Some("timeindex") => {
                index_files::dump_time_index(file, self.index_mode(), &mut complaints.time, terminal)
            }
            Some("snapshot") => state_files::dump_producers(file, terminal),
            Some("txnindex") => state_files::dump_aborted(file, terminal),
            Some(_) | None => Ok(writeln!(terminal.err, "Ignoring unknown file {}", file.display())?),
        }
    }

    fn index_mode(&self) -> index_files::IndexMode {
        if self.index_sanity_check {
            index_files::IndexMode::SanityOnly
        } else if self.verify_index_only {
            index_files::IndexMode::VerifyOnly
        } else {
            index_files::IndexMode::Print
        }
    }

    fn record_mode(&self) -> segment::RecordMode {
        let decoder = self.decoder();
        let wanted = self.print_data_log
            || self.key_decoder_class.is_some()
            || self.value_decoder_class.is_some()
            || !matches!(decoder, Decoder::Text { .. });
        match (wanted, self.deep_iteration, self.skip_record_metadata) {
            (true, _, false) => segment::RecordMode::Whole(decoder),
            (true, _, true) => segment::RecordMode::ContentOnly(decoder),
            (false, true, false) => segment::RecordMode::MetadataOnly,
            (false, true, true) => segment::RecordMode::Nothing,
            (false, false, _) => segment::RecordMode::Shallow,
        }
    }

    fn decoder(&self) -> Decoder {
        if self.offsets_decoder {
            Decoder::Offsets
        } else if self.transaction_log_decoder {
            Decoder::Transactions
        } else if self.cluster_metadata_decoder {
            Decoder::ClusterMetadata
        } else if self.remote_log_metadata_decoder {
            Decoder::RemoteLogMetadata
        } else if self.share_group_state_decoder {
            Decoder::ShareGroupState
        } else {
            Decoder::Text {
                key: self.key_decoder_class.unwrap_or_default(),
                value: self.value_decoder_class.unwrap_or_default(),
            }
        }
    }
}

impl Complaints {
    fn print(&self, terminal: &mut Terminal<'_>) -> ToolResult {
        for (file, wrong) in &self.index {
            writeln!(terminal.err, "Mismatches in :{}", file.display())?;
            for (index, log) in wrong {
                writeln!(terminal.err, "  Index offset: {index}, log offset: {log}")?;
            }
        }
        self.time.print(terminal)?;
        for (file, gaps) in &self.gaps {
            writeln!(terminal.err, "Non-consecutive offsets in {}", file.display())?;
            for (offset, next) in gaps {
                writeln!(terminal.err, "  {offset} is followed by {next}")?;
            }
        }
        Ok(())
    }
}

/// The offset in a file's name.
fn base_offset(file: &Path) -> Result<i64, ToolError> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let digits = name.split('.').next().unwrap_or_default();
    digits.parse().map_err(|_| ToolError::Failed(format!("{name} does not begin with an offset")))
}

/// An error of a file, with its name.
pub(crate) fn at_file(file: &Path, error: impl std::fmt::Display) -> ToolError {
    ToolError::Failed(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests;
