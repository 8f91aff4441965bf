//! The jars of Apache Kafka 4.4.0 and of its tools 4.3.1, resolved by Maven once, on separate class paths.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use super::cache;

/// The Maven plug-in that copies a project's resolved dependencies, with its version pinned.
const COPY_DEPENDENCIES: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/// A set of jars that belongs on one class path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JarSet {
    /// `kafka_2.13:4.4.0`: broker, controller, storage tool and the Java client.
    Kafka,
    /// `kafka-tools:4.3.1`: the command-line tools and the log dumper.
    Tools,
}

impl JarSet {
    /// The folder of `tests/compat/jars` with the set's `pom.xml`.
    fn folder(self) -> &'static str {
        match self {
            JarSet::Kafka => "kafka",
            JarSet::Tools => "tools",
        }
    }

    fn variable(self) -> &'static str {
        match self {
            JarSet::Kafka => "KLAMM_KAFKA_LIBS",
            JarSet::Tools => "KLAMM_KAFKA_TOOLS_LIBS",
        }
    }

    /// The directory that holds the set's jars; fetched by Maven unless the environment names one or a former
    /// run left it in the cache.
    pub fn resolve(self) -> Result<PathBuf> {
        if let Some(dir) = env::var_os(self.variable()) {
            let dir = PathBuf::from(dir);
            ensure!(dir.is_dir(), "{}={} is not a directory", self.variable(), dir.display());
            return Ok(dir);
        }
        let pom = cache::workspace().join("tests/compat/jars").join(self.folder()).join("pom.xml");
        let key = cache::key(std::slice::from_ref(&pom), &[COPY_DEPENDENCIES])?;
        cache::enter(&format!("jars/{}-{key}", self.folder()), |dir| fetch(&pom, dir))
    }

    /// The set as the value of `java -cp`.
    pub fn class_path(self) -> Result<String> {
        Ok(format!("{}/*", self.resolve()?.display()))
    }
}

fn fetch(pom: &Path, dir: &Path) -> Result<()> {
    eprintln!("fetching the jars of {} by Maven (once)", pom.display());
    // Maven writes beside the pom, which stays untouched in the checkout.
    let project = tempfile::tempdir()?;
    fs::copy(pom, project.path().join("pom.xml"))?;
    let status = Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(project.path().join("pom.xml"))
        .arg(COPY_DEPENDENCIES)
        .arg(format!("-DoutputDirectory={}", dir.display()))
        .status()
        .context("run mvn (Maven and a JDK 17 are needed for comparisons with Apache Kafka)")?;
    ensure!(status.success(), "mvn could not resolve {}: {status}", pom.display());
    Ok(())
}
