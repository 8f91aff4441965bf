//! Small Java programs against the oracle's jars: compiled once per source text, run as child processes.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::cache;
use super::jars::JarSet;

/// What Kafka's scripts give to the JVM of a broker.
const OF_THE_SCRIPTS: &[&str] = &[
    "-Xmx1G",
    "-Xms1G",
    "-server",
    "-XX:+UseG1GC",
    "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35",
    "-XX:+ExplicitGCInvokesConcurrent",
    "-XX:MaxInlineLevel=15",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
];

/// Compiled classes and the jars they need.
#[derive(Clone, Debug)]
pub struct Program {
    class_path: String,
}

impl Program {
    /// Compiles `sources` (paths relative to the checkout) against `jars`, or finds the classes of a former run.
    pub fn compile(jars: JarSet, sources: &[&str]) -> Result<Program> {
        let library = jars.class_path()?;
        let sources: Vec<PathBuf> = sources.iter().map(|path| cache::workspace().join(path)).collect();
        let key = cache::key(&sources, &[&library])?;
        let classes = cache::enter(&format!("java/{key}"), |dir| {
            let status = Command::new("javac")
                .args(["-nowarn", "-encoding", "UTF-8", "-cp", &library, "-d"])
                .arg(dir)
                .args(&sources)
                .status()
                .context("run javac (a JDK 17 is needed for comparisons with Apache Kafka)")?;
            ensure!(status.success(), "javac failed for {sources:?}: {status}");
            Ok(())
        })?;
        Ok(Program { class_path: format!("{}:{library}", classes.display()) })
    }

    /// A class of the jars themselves, such as `kafka.tools.StorageTool`.
    pub fn of_jars(jars: JarSet) -> Result<Program> {
        Ok(Program { class_path: jars.class_path()? })
    }

    /// The value of `java -cp` for those who start the JVM themselves.
    pub fn class_path(&self) -> &str {
        &self.class_path
    }

    /// A broker with the options of Kafka's own scripts; its server.properties is the caller's to add.
    pub fn broker_of_the_scripts(&self) -> Command {
        let mut command = Command::new("java");
        command.args(OF_THE_SCRIPTS).args(["-cp", &self.class_path, "kafka.Kafka"]);
        command
    }

    /// A command that runs `main_class` in a small, fast-starting JVM; options of one more JVM go in `$JAVA_OPTS`
    /// of the caller, arguments and streams are the caller's to add.
    pub fn command(&self, main_class: &str) -> Command {
        let mut command = Command::new("java");
        command
            .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx512m"])
            .args(["-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", &self.class_path])
            .arg(main_class);
        command
    }
}
