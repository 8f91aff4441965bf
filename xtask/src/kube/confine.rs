//! The bed lives in namespaces of its own: network, mounts and processes. All its processes and mounts are gone once
//! its first process is, whatever way that ends; what then is left, the folder and the control groups, is removed
//! here, by this run or by the next.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::{env, fs, io};

use anyhow::{Context as _, Result};

use super::process::output;

/// Names the bed's folder to the process inside.
const INSIDE: &str = "KLAMM_BED";
const PREFIX: &str = "klamm-bed-";
const CGROUPS: &str = "/sys/fs/cgroup";
/// Folders that programs of the bed write to at fixed places; inside, each is one of the bed's.
const HIDDEN: [&str; 2] = ["/var/lib", "/var/log"];

/// The bed's folder, where this process is inside.
pub(super) fn folder_inside() -> Option<PathBuf> {
    env::var_os(INSIDE).map(PathBuf::from)
}

/// Runs this program once more, with the same arguments, in new namespaces. `folder` is kept if given.
pub(super) fn run_inside(folder: Option<&Path>, variables: &[(&str, PathBuf)]) -> Result<ExitStatus> {
    sweep();
    let name = format!("{PREFIX}{}", std::process::id());
    let temporary = env::temp_dir().join(&name);
    let place = folder.map_or(temporary, Path::to_path_buf);
    fs::create_dir_all(&place).with_context(|| place.display().to_string())?;
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "unshare", "--net", "--mount", "--pid", "--fork"]);
    command.args(["--kill-child", "--mount-proc", "--propagation", "private", "--"]);
    command.arg(env::current_exe().context("the path of this program")?).args(env::args_os().skip(1));
    command.env(INSIDE, &place).env("KLAMM_BED_GROUP", &name);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let ended = command.status().context("run setpriv and unshare, of util-linux");
    remove_groups(&name);
    if folder.is_none() {
        fs::remove_dir_all(&place).with_context(|| place.display().to_string())?;
    }
    ended
}

/// The name of the bed's control groups.
pub(super) fn group() -> Result<String> {
    env::var("KLAMM_BED_GROUP").context("the name of the control groups is not told")
}

/// Prepares the namespaces: a loopback, an own `/run`, and folders of the bed where programs write to fixed places.
pub(super) fn furnish(folder: &Path) -> Result<()> {
    output(Command::new("ip").args(["link", "set", "lo", "up"]))?;
    output(Command::new("mount").args(["-t", "tmpfs", "tmpfs", "/run"]))?;
    fs::create_dir_all("/run/lock")?;
    for (number, hidden) in HIDDEN.iter().enumerate() {
        let own = folder.join(format!("hidden-{number}"));
        fs::create_dir_all(&own)?;
        output(Command::new("mount").arg("--bind").arg(&own).arg(hidden))?;
    }
    // Nodes pass packets on between pods; this is the namespace's own setting.
    fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("let packets pass")?;
    Ok(())
}

/// Makes control groups for a node, in every hierarchy. Its path below each.
pub(super) fn make_groups(node: &str) -> Result<String> {
    let path = format!("{}/{node}", group()?);
    for hierarchy in hierarchies()? {
        let made = hierarchy.join(&path);
        fs::create_dir_all(&made).with_context(|| made.display().to_string())?;
        // A new group of this kind may use nothing until it is told what.
        for file in ["cpuset.cpus", "cpuset.mems"] {
            if !hierarchy.join(file).exists() {
                continue;
            }
            let all = fs::read_to_string(hierarchy.join(file))?;
            for below in made.ancestors().take(2).collect::<Vec<_>>().into_iter().rev() {
                fs::write(below.join(file), &all).with_context(|| below.display().to_string())?;
            }
        }
    }
    Ok(format!("/{path}"))
}

/// The mounted hierarchies: one for each controller, or the only one of version 2.
pub(super) fn hierarchies() -> Result<Vec<PathBuf>> {
    if Path::new(CGROUPS).join("cgroup.controllers").exists() {
        return Ok(vec![PathBuf::from(CGROUPS)]);
    }
    let entries = fs::read_dir(CGROUPS)?.collect::<io::Result<Vec<_>>>()?;
    let paths = entries.into_iter().map(|entry| entry.path());
    Ok(paths.filter(|path| path.is_dir() && !path.is_symlink() && !path.ends_with("unified")).collect())
}

/// Removes what runs that were killed have left.
fn sweep() {
    let left = fs::read_dir(env::temp_dir()).into_iter().flatten().flatten();
    for entry in left {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name.strip_prefix(PREFIX).filter(|pid| pid.bytes().all(|byte| byte.is_ascii_digit()));
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            remove_groups(&name);
            // Another run may be quicker.
            fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// Removes control groups, which are empty once the bed's processes are gone.
fn remove_groups(name: &str) {
    // The container runtime makes one in the hierarchy of version 2, too, where both are mounted.
    let unified = Path::new(CGROUPS).join("unified");
    for hierarchy in hierarchies().unwrap_or_default().into_iter().chain([unified]) {
        remove_group(&hierarchy.join(name));
    }
}

fn remove_group(path: &Path) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_group(&entry.path());
        }
    }
    // One that is in use yet is left to the next run.
    fs::remove_dir(path).ok();
}
