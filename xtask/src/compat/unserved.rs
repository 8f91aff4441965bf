//! `cargo xtask compat unserved`: every API that Klamm does not serve yet, in all its versions, on the listeners of a broker
//! and of a controller. What it answers must be what Apache Kafka answers with the features off or, where Kafka serves
//! the API always, UNSUPPORTED_VERSION as Kafka's own classes put it into an answer.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use crate::oracle::broker::{Site, System};
use crate::oracle::jars::JarSet;
use crate::oracle::java::Program;

/// Compares the refusals.
#[derive(clap::Args)]
pub struct Args {
    /// Print the answers that are equal, too
    #[arg(long, short)]
    verbose: bool,
}

const SOURCES: [&str; 5] = [
    "tests/compat/unserved/UnservedApis.java",
    "tests/compat/java/Records.java",
    "tests/compat/java/Requests.java",
    "tests/compat/java/Steps.java",
    "tests/compat/java/Wire.java",
];

/// What Apache Kafka does at every level of its features, on a listener: `docs/decisions/0027-unserved-apis.md`.
const ALWAYS_SERVED: [&str; 15] = [
    "broker DescribeClientQuotas",
    "broker AlterClientQuotas",
    "broker DescribeUserScramCredentials",
    "broker AlterUserScramCredentials",
    "broker AddPartitionsToTxn",
    "broker AddOffsetsToTxn",
    "broker EndTxn",
    "broker WriteTxnMarkers",
    "broker TxnOffsetCommit",
    "broker DescribeTransactions",
    "broker ListTransactions",
    "broker GetTelemetrySubscriptions",
    "broker PushTelemetry",
    "controller AlterClientQuotas",
    "controller AlterUserScramCredentials",
];

/// Results by step.
type Steps = BTreeMap<String, String>;

/// Runs the comparison; an error is a difference.
pub fn run(args: &Args) -> Result<()> {
    let program = Program::compile(JarSet::Kafka, &SOURCES)?;
    let theirs = ask(System::Kafka, &program)?;
    let ours = ask(System::Klamm, &program)?;
    ensure!(theirs.keys().eq(ours.keys()), "the program took other steps against the other system");
    let (mut equal, mut declared, mut failed) = (0, 0, 0);
    for (step, theirs) in theirs.iter().filter(|(step, _)| !step.starts_with("refusal ")) {
        let our = &ours[step];
        let refusal = step.split_once(' ').and_then(|(_, api)| ours.get(&format!("refusal {api}")));
        let is_declared = ALWAYS_SERVED.contains(&step.as_str());
        let is_right = if is_declared { theirs != our && Some(our) == refusal } else { theirs == our };
        match (is_right, is_declared) {
            (true, true) => declared += 1,
            (true, false) => equal += 1,
            (false, _) => failed += 1,
        }
        if !is_right {
            println!("FAIL {step}\n  Apache Kafka: {theirs}\n  Klamm:        {our}");
            println!("  Kafka's class: {}", refusal.map_or("", String::as_str));
        } else if args.verbose {
            println!("ok   {step}\n  Apache Kafka: {theirs}\n  Klamm:        {our}");
        }
    }
    println!(
        "{equal} answers are equal, {declared} refuse what Apache Kafka serves always, {failed} are wrong"
    );
    ensure!(failed == 0, "{failed} answers are wrong");
    Ok(())
}

/// What the program prints of a fresh node. Nothing that it asks may alarm whoever reads the log.
fn ask(system: System, program: &Program) -> Result<Steps> {
    let site = Site::create(&[])?;
    site.format(system)?;
    let broker = site.start(system)?;
    let addresses = [broker.bootstrap(), &site.controller()];
    let output = program.command("compat.UnservedApis").args(addresses).output()?;
    let log = broker.output();
    broker.stop()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "against {}: {}\n{text}{said}", system.name(), output.status);
    if system == System::Klamm {
        let alarming = |line: &&str| [" WARN ", "ERROR ", "panicked"].iter().any(|word| line.contains(word));
        let alarms: Vec<&str> = log.lines().filter(alarming).collect();
        ensure!(alarms.is_empty(), "Klamm logged what no request may cause:\n{}", alarms.join("\n"));
    }
    let steps = text.lines().map(|line| {
        let (step, result) = line.split_once('\t').with_context(|| format!("no step: {line}"))?;
        Ok((step.to_owned(), result.to_owned()))
    });
    steps.collect()
}
