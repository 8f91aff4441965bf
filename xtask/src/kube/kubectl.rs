//! kubectl and Helm, as people use them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::parts::Parts;
use super::process::{await_some, output, outputs};

/// How long most states may take: the machine may be busy.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// Access to the bed's API server as one user.
#[derive(Clone, Debug)]
pub(super) struct Kubectl {
    program: PathBuf,
    helm: PathBuf,
    config: PathBuf,
    /// Where it keeps what it knows of the server.
    home: PathBuf,
}

impl Kubectl {
    /// As the user of that configuration.
    pub(super) fn new(parts: &Parts, config: PathBuf, home: &Path) -> Kubectl {
        let home = home.to_path_buf();
        Kubectl { program: parts.kubernetes.join("kubectl"), helm: parts.helm(), config, home }
    }

    /// The file with the server's address and the user.
    pub(super) fn config(&self) -> &Path {
        &self.config
    }

    /// `kubectl` with these arguments.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env("KUBECONFIG", &self.config).env("HOME", &self.home).args(arguments);
        command
    }

    /// Runs it; it has to succeed.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String> {
        output(&mut self.command(arguments))
    }

    /// Runs `helm`; it has to succeed.
    pub(super) fn helm(&self, arguments: &[&str]) -> Result<String> {
        output(&mut self.helm_command(arguments))
    }

    /// `helm` with these arguments.
    pub(super) fn helm_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.helm);
        command.env("KUBECONFIG", &self.config).env("HOME", &self.home).args(arguments);
        command
    }

    /// Applies a manifest.
    pub(super) fn apply(&self, namespace: &str, manifest: &str) -> Result<()> {
        let (applied, answer) = self.try_apply(namespace, manifest, &[])?;
        ensure!(applied, "kubectl apply: {answer}");
        Ok(())
    }

    /// Tries to apply a manifest. Whether that succeeded, and the answer.
    pub(super) fn try_apply(
        &self,
        namespace: &str,
        manifest: &str,
        further: &[&str],
    ) -> Result<(bool, String)> {
        let mut command = self.command(&["apply", "--namespace", namespace, "--filename", "-"]);
        command.args(further).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("run kubectl")?;
        let mut input = child.stdin.take().context("kubectl's input")?;
        input.write_all(manifest.as_bytes())?;
        drop(input);
        let ended = child.wait_with_output()?;
        let answer = [ended.stdout, ended.stderr].concat();
        Ok((ended.status.success(), String::from_utf8_lossy(&answer).trim().to_owned()))
    }

    /// Tries a command. Whether it succeeded, and the answer.
    pub(super) fn attempt(&self, arguments: &[&str]) -> Result<(bool, String)> {
        let (succeeded, out, err) = outputs(&mut self.command(arguments))?;
        Ok((succeeded, format!("{}{}", out.trim(), err.trim())))
    }

    /// An object or a list, as JSON; `Null` where it is not there.
    pub(super) fn get(&self, namespace: &str, what: &[&str]) -> Result<Value> {
        let common = ["get", "--namespace", namespace, "--ignore-not-found", "--output", "json"];
        let printed = self.run(&[&common[..], what].concat())?;
        if printed.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&printed).context("kubectl prints JSON")
    }

    /// Waits until `holds` says nothing against the object.
    pub(super) fn await_object(
        &self,
        (namespace, what): (&str, &[&str]),
        state: &str,
        mut holds: impl FnMut(&Value) -> Result<(), String>,
    ) -> Result<Value> {
        await_some(&format!("{} {state}", what.join(" ")), PATIENCE, || {
            let object = self.get(namespace, what)?;
            Ok(holds(&object).map(|()| object))
        })
    }
}

/// The items of a list.
pub(super) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list["items"].as_array().into_iter().flatten()
}

/// The condition of that type, if the object has it.
pub(super) fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    let conditions = object["status"]["conditions"].as_array()?;
    conditions.iter().find(|condition| condition["type"] == kind)
}

/// Whether a condition is true; else what the object says of it.
pub(super) fn has_condition(object: &Value, kind: &str) -> Result<(), String> {
    match condition(object, kind) {
        Some(condition) if condition["status"] == "True" => Ok(()),
        Some(condition) => Err(format!("{kind} is {}: {}", condition["status"], condition["message"])),
        None => Err(format!("there is no condition {kind}")),
    }
}
