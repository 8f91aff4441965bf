//! The client families: where each program lies, and how it is fetched and built.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::program::Program;
use crate::oracle::jars::JarSet;
use crate::oracle::{cache, java};

/// A client library, or Kafka's own tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Java,
    Tools,
    Confluent,
    KafkaPython,
    Aiokafka,
    Kafkajs,
    FranzGo,
    Sarama,
    Rdkafka,
}

impl Family {
    pub(super) const ALL: [Family; 9] = [
        Family::Java,
        Family::Tools,
        Family::Confluent,
        Family::KafkaPython,
        Family::Aiokafka,
        Family::Kafkajs,
        Family::FranzGo,
        Family::Sarama,
        Family::Rdkafka,
    ];

    /// The name on the command line and in reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Family::Java => "java",
            Family::Tools => "tools",
            Family::Confluent => "confluent-kafka",
            Family::KafkaPython => "kafka-python",
            Family::Aiokafka => "aiokafka",
            Family::Kafkajs => "kafkajs",
            Family::FranzGo => "franz-go",
            Family::Sarama => "sarama",
            Family::Rdkafka => "rdkafka",
        }
    }

    /// Whether it prints what other programs change: all configs of the broker.
    pub(super) fn runs_alone(self) -> bool {
        self == Family::Java
    }

    /// Fetches and builds what the program needs, unless a former run has.
    pub(super) fn prepare(self) -> Result<Program> {
        let made = match self {
            Family::Java => self.java(JarSet::Kafka, "java", "compat.JavaClient"),
            Family::Tools => self.java(JarSet::Tools, "kafka-tools", "compat.Tools"),
            Family::Confluent => self.python("confluent_client.py"),
            Family::KafkaPython => self.python("kafka_python_client.py"),
            Family::Aiokafka => self.python("aiokafka_client.py"),
            Family::Kafkajs => self.node(),
            Family::FranzGo => self.go("franz-go"),
            Family::Sarama => self.go("sarama"),
            Family::Rdkafka => self.cargo(),
        };
        made.with_context(|| format!("prepare {}", self.name()))
    }

    fn java(self, jars: JarSet, folder: &str, main: &str) -> Result<Program> {
        let sources = sources(folder, "java")?;
        let shown: Vec<String> = sources.iter().map(|path| path.display().to_string()).collect();
        let program = java::Program::compile(jars, &shown.iter().map(String::as_str).collect::<Vec<_>>())?;
        let command = program.command(main);
        let mut line = vec![command.get_program().to_owned()];
        line.extend(command.get_args().map(OsString::from));
        Ok(Program::new(self, line))
    }

    /// All Python clients share one environment, made from the pinned requirements.
    fn python(self, script: &str) -> Result<Program> {
        let folder = folder("python");
        let requirements = folder.join("requirements.txt");
        let python = env::var("KLAMM_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let key = cache::key(std::slice::from_ref(&requirements), &[&python])?;
        // A virtual environment knows its own path, so it is made where it stays.
        let home = cache::root()?.join(format!("clients/python-{key}"));
        let ready = home.join("ready");
        if !ready.is_file() {
            let_run(Command::new(&python).args(["-m", "venv", "--clear"]).arg(&home))?;
            let_run(
                Command::new(home.join("bin/python"))
                    .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                    .arg(&requirements),
            )?;
            fs::write(&ready, "")?;
        }
        Ok(Program::new(self, vec![home.join("bin/python").into(), "-B".into(), folder.join(script).into()]))
    }

    fn node(self) -> Result<Program> {
        let folder = folder("kafkajs");
        let locks = [folder.join("package.json"), folder.join("package-lock.json")];
        let modules = cache::enter(&format!("clients/node-{}", cache::key(&locks, &[])?), |dir| {
            for lock in &locks {
                fs::copy(lock, dir.join(lock.file_name().context("a file name")?))?;
            }
            let_run(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(dir))
        })?;
        // The program finds its modules beside itself; the checkout stays clean.
        let sources = sources("kafkajs", "js")?;
        let key = cache::key(&sources, &[&modules.display().to_string()])?;
        let program = cache::enter(&format!("clients/kafkajs-{key}"), |dir| {
            for source in &sources {
                fs::copy(source, dir.join(source.file_name().context("a file name")?))?;
            }
            std::os::unix::fs::symlink(modules.join("node_modules"), dir.join("node_modules"))?;
            Ok(())
        })?;
        Ok(Program::new(self, vec!["node".into(), program.join("main.js").into()]))
    }

    /// Both Go programs share the package of steps and records.
    fn go(self, name: &str) -> Result<Program> {
        let mut inputs = sources(name, "go")?;
        inputs.extend([folder(name).join("go.mod"), folder(name).join("go.sum")]);
        inputs.extend(sources("go", "go")?);
        let dir = cache::enter(&format!("clients/{name}-{}", cache::key(&inputs, &[])?), |dir| {
            let program = dir.join("program");
            let_run(
                Command::new("go")
                    .args(["build", "-mod=readonly", "-buildvcs=false", "-o"])
                    .arg(program)
                    .arg(".")
                    .current_dir(folder(name)),
            )
        })?;
        Ok(Program::of_file(self, dir.join("program")))
    }

    /// librdkafka is built from C once; Cargo's own checks find it in the shared target folder.
    fn cargo(self) -> Result<Program> {
        let target = cache::root()?.join("clients/rdkafka-target");
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let_run(
            Command::new(cargo)
                .args(["build", "--locked", "--quiet"])
                .current_dir(folder("rdkafka"))
                .env("CARGO_TARGET_DIR", &target),
        )?;
        Ok(Program::of_file(self, target.join("debug/compat-rdkafka")))
    }
}

fn folder(name: &str) -> PathBuf {
    cache::workspace().join("tests/compat").join(name)
}

/// The files of a program in one order.
fn sources(name: &str, extension: &str) -> Result<Vec<PathBuf>> {
    let folder = folder(name);
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == extension) {
            found.push(path);
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "{} holds no .{extension} file", folder.display());
    Ok(found)
}

fn let_run(command: &mut Command) -> Result<()> {
    let program = Path::new(command.get_program()).display().to_string();
    let status = command.status().with_context(|| format!("run {program}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}
