//! Whether this machine can hold a bed at all, in one sentence and before minutes are spent on its parts.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use super::confine::hierarchies;
use super::process::outputs;

const PROGRAMS: [&str; 15] = [
    "apt-get",
    "chroot",
    "curl",
    "dpkg-deb",
    "go",
    "ip",
    "ldd",
    "mount",
    "nsenter",
    "openssl",
    "setpriv",
    "sha256sum",
    "strip",
    "tar",
    "unshare",
];
/// What the bed does in its namespaces, in small.
const TRIAL: &str = "set -e
mount -t tmpfs tmpfs /run
ip link set lo up
ip link add trial type bridge
ip netns add node
ip link add cable type veth peer name eth0 netns node
echo 1 > /proc/sys/net/ipv4/ip_forward
mkdir /run/lower /run/upper /run/work /run/whole
mount -t overlay overlay -o lowerdir=/run/lower,upperdir=/run/upper,workdir=/run/work /run/whole
";

/// What a bed needs and this machine has not.
pub(super) fn missing() -> Option<String> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Some("its parts are for Linux on x86-64".to_owned());
    }
    if !rustix::process::geteuid().is_root() {
        return Some("it makes namespaces and mounts, which takes root".to_owned());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &&str| env::split_paths(&path).any(|folder| folder.join(program).is_file());
    let lacking: Vec<&str> = PROGRAMS.into_iter().filter(|program| !is_there(program)).collect();
    if !lacking.is_empty() {
        return Some(format!("not on the PATH: {}", lacking.join(", ")));
    }
    groups().or_else(namespaces)
}

/// The kubelets put pods into control groups.
fn groups() -> Option<String> {
    let all = match hierarchies() {
        Ok(all) if !all.is_empty() => all,
        Ok(_) => return Some("no control groups are mounted".to_owned()),
        Err(error) => return Some(format!("control groups cannot be read: {error:#}")),
    };
    let name = format!("klamm-trial-{}", std::process::id());
    all.iter().find_map(|hierarchy| {
        let group = hierarchy.join(&name);
        let made = fs::create_dir(&group);
        // One that could not be made cannot be removed.
        fs::remove_dir(&group).ok();
        made.err().map(|error| format!("no control group can be made in {}: {error}", hierarchy.display()))
    })
}

fn namespaces() -> Option<String> {
    let mut trial = Command::new("unshare");
    trial.args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
    trial.args(["--propagation", "private", "--", "sh", "-c", TRIAL]);
    match outputs(&mut trial) {
        Ok((true, _, _)) => None,
        Ok((false, _, said)) => {
            Some(format!("namespaces, links and mounts as it makes them fail: {}", said.trim()))
        }
        Err(error) => Some(format!("namespaces cannot be made: {error:#}")),
    }
}

/// Whether packets can be directed as kube-proxy does it, with these programs.
pub(super) fn directs_packets(iptables: &mut Command) -> Option<String> {
    let program = Path::new(iptables.get_program()).to_path_buf();
    let mut trial = Command::new("unshare");
    for (name, value) in iptables.get_envs() {
        if let Some(value) = value {
            trial.env(name, value);
        }
    }
    trial.args(["--net", "--mount", "--propagation", "private", "--", "sh", "-c"]);
    trial
        .arg("mount -t tmpfs tmpfs /run && \"$0\" --table nat --append POSTROUTING --jump MASQUERADE")
        .arg(program);
    match outputs(&mut trial) {
        Ok((true, _, _)) => None,
        Ok((false, _, said)) => Some(format!("the kernel takes no rules of iptables: {}", said.trim())),
        Err(error) => Some(format!("rules of iptables cannot be tried: {error:#}")),
    }
}
