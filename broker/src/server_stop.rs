//! `server-stop`: asks the nodes of this machine for a controlled shutdown (SIGTERM), found by
//! what `/proc` tells of processes that run this program's `server-start`.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use klamm_config::Properties;
use rustix::process::{Pid, Signal, kill_process};

/// Options of the command.
#[derive(clap::Args, Debug)]
pub struct ServerStop {
    /// Only nodes of this role
    #[arg(long, value_parser = ["broker", "controller"])]
    process_role: Option<String>,
    /// Only the node with this id
    #[arg(long)]
    node_id: Option<String>,
}

/// A node that runs here.
struct RunningNode {
    pid: i32,
    /// Its settings, where they can be read.
    settings: Option<Properties>,
}

impl ServerStop {
    /// Signals each node that is meant; they stop in their own time.
    pub fn run(&self) -> Result<()> {
        let nodes = running_nodes()?;
        let meant: Vec<_> = nodes.iter().filter(|node| self.means(node)).collect();
        if meant.is_empty() {
            bail!("No kafka server to stop");
        }
        for node in meant {
            let pid = Pid::from_raw(node.pid).context("a process id is positive")?;
            kill_process(pid, Signal::TERM)
                .with_context(|| format!("process {} cannot be signalled", node.pid))?;
        }
        Ok(())
    }

    fn means(&self, node: &RunningNode) -> bool {
        let setting = |key: &str| node.settings.as_ref().and_then(|settings| settings.get(key));
        let role = |wanted: &String| {
            let roles = setting("process.roles").unwrap_or_default();
            roles.split(',').any(|role| role.trim() == wanted)
        };
        let id = |wanted: &String| setting("node.id").or_else(|| setting("broker.id")) == Some(wanted);
        self.process_role.as_ref().is_none_or(role) && self.node_id.as_ref().is_none_or(id)
    }
}

fn running_nodes() -> Result<Vec<RunningNode>> {
    let own = fs::canonicalize(std::env::current_exe()?)?;
    let mut nodes = Vec::new();
    for entry in fs::read_dir("/proc").context("/proc cannot be read")? {
        let Ok(entry) = entry else { continue };
        let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
        // Processes end while we look, and those of others do not let us look.
        if let Some(pid) = pid
            && fs::read_link(entry.path().join("exe")).is_ok_and(|exe| is_program(&exe, &own))
            && let Ok(line) = fs::read(entry.path().join("cmdline"))
            && let Some(settings) = server_arguments(&line)
        {
            nodes.push(RunningNode { pid, settings: settings.read(&entry.path().join("cwd")) });
        }
    }
    nodes.sort_by_key(|node| node.pid);
    Ok(nodes)
}

/// Whether a process of this program file runs it, or what it was before it was replaced.
fn is_program(exe: &Path, own: &Path) -> bool {
    let exe = exe.as_os_str().as_bytes();
    exe.strip_suffix(b" (deleted)").unwrap_or(exe) == own.as_os_str().as_bytes()
}

/// Where the settings of a running node come from.
#[derive(Debug, PartialEq, Eq)]
struct ServerArguments {
    file: PathBuf,
    overrides: Vec<String>,
}

impl ServerArguments {
    fn read(&self, directory: &Path) -> Option<Properties> {
        let mut settings = Properties::read_file(&directory.join(&self.file)).ok()?;
        self.overrides.iter().for_each(|setting| settings.apply_override(setting));
        Some(settings)
    }
}

/// Reads a command line of `/proc`; `None` if it is not that of a node.
fn server_arguments(line: &[u8]) -> Option<ServerArguments> {
    let mut parts = line.split(|byte| *byte == 0).map(OsStr::from_bytes);
    let program = Path::new(parts.next()?).file_name()?.to_str()?;
    if program.strip_suffix(".sh").unwrap_or(program) != "kafka-server-start"
        && parts.next()? != "server-start"
    {
        return None;
    }
    let mut file = None;
    let mut overrides = Vec::new();
    while let Some(part) = parts.next() {
        match part.to_str() {
            Some("--override") => overrides.extend(parts.next()?.to_str().map(str::to_owned)),
            Some("") => {}
            Some(text) if text.starts_with("--override=") => {
                overrides.extend(text.strip_prefix("--override=").map(str::to_owned));
            }
            Some("-daemon" | "--daemon") => return None,
            Some(text) if text.starts_with('-') => {}
            Some(_) | None => file = file.or(Some(PathBuf::from(part))),
        }
    }
    Some(ServerArguments { file: file?, overrides })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_told_from_other_commands() {
        let expected = ServerArguments { file: "a.properties".into(), overrides: vec!["node.id=7".into()] };
        let line = b"/usr/bin/klamm\0server-start\0--detached\0a.properties\0--override\0node.id=7\0";
        assert_eq!(server_arguments(line).as_ref(), Some(&expected));
        let link = b"kafka-server-start.sh\0a.properties\0--override=node.id=7\0";
        assert_eq!(server_arguments(link).as_ref(), Some(&expected));
        assert_eq!(server_arguments(b"klamm\0topics\0--list\0"), None);
        assert_eq!(server_arguments(b"klamm\0server-stop\0"), None);
    }

    #[test]
    fn a_node_whose_program_was_replaced_is_still_one() {
        let own = Path::new("/usr/bin/klamm");
        assert!(is_program(own, own));
        assert!(is_program(Path::new("/usr/bin/klamm (deleted)"), own));
        assert!(!is_program(Path::new("/usr/bin/other"), own));
    }

    #[test]
    fn a_role_and_an_id_choose_among_nodes() {
        let settings = Properties::from_iter([("process.roles", "broker, controller"), ("node.id", "1")]);
        let node = RunningNode { pid: 1, settings: Some(settings) };
        let stop = |role: Option<&str>, id: Option<&str>| ServerStop {
            process_role: role.map(str::to_owned),
            node_id: id.map(str::to_owned),
        };
        assert!(stop(None, None).means(&node));
        assert!(stop(Some("controller"), Some("1")).means(&node));
        assert!(!stop(Some("broker"), Some("2")).means(&node));
        let unknown = RunningNode { pid: 2, settings: None };
        assert!(stop(None, None).means(&unknown));
        assert!(!stop(None, Some("1")).means(&unknown));
    }
}
