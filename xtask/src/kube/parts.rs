//! Obtains the programs of the test bed: Go modules are built, packages unpacked, once, into the user's cache.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};

use super::versions::{COREDNS, HELM, KUBERNETES, KUBERNETES_STAGING, PACKAGES};
use crate::oracle::cache;

const KUBERNETES_SOURCE: &str = include_str!("go/kubernetes.go");
const DNS_SOURCE: &str = include_str!("go/dns.go");
const PAUSE_SOURCE: &str = include_str!("go/pause.go");

/// The names under which Kubernetes' one binary is started.
const KUBERNETES_PROGRAMS: [&str; 6] =
    ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl"];
/// The names of iptables that kube-proxy and CNI's plugins start.
const IPTABLES_PROGRAMS: [&str; 6] =
    ["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"];

/// Folders with the programs.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// Kubernetes', by their names.
    pub(super) kubernetes: PathBuf,
    helm: PathBuf,
    dns: PathBuf,
    pause: PathBuf,
    /// The root of what Debian's packages hold.
    system: PathBuf,
}

impl Parts {
    /// All of them; those that are not in the cache are made now, which takes minutes.
    pub(super) fn obtain() -> Result<Parts> {
        Ok(Parts {
            system: packages()?,
            kubernetes: kubernetes()?,
            helm: helm()?,
            dns: dns()?,
            pause: pause()?,
        })
    }

    /// Whether all of them are in the cache already.
    pub(super) fn are_cached() -> Result<bool> {
        let all = [Part::System, Part::Kubernetes, Part::Helm, Part::Dns, Part::Pause];
        let root = cache::root()?;
        all.into_iter().try_fold(true, |are, part| Ok(are && root.join(place(part)?).is_dir()))
    }

    /// Helm.
    pub(super) fn helm(&self) -> PathBuf {
        self.helm.join("helm")
    }

    /// The cluster's DNS server.
    pub(super) fn dns(&self) -> PathBuf {
        self.dns.join("dns")
    }

    /// The program of a pod's sandbox.
    pub(super) fn pause(&self) -> PathBuf {
        self.pause.join("pause")
    }

    /// CNI's plugins.
    pub(super) fn network_plugins(&self) -> PathBuf {
        self.system.join("usr/lib/cni")
    }

    /// A command that finds the packages' programs and their libraries, and starts `program` by its name.
    pub(super) fn system_command(&self, program: &str) -> Command {
        let folders = ["names", "usr/bin", "usr/sbin"].map(|folder| self.system.join(folder));
        let found = folders.iter().map(|folder| folder.join(program)).find(|path| path.exists());
        let mut command = Command::new(found.unwrap_or_else(|| PathBuf::from(program)));
        self.surround(&mut command);
        command
    }

    /// Lets `command` find the packages' programs and libraries.
    pub(super) fn surround(&self, command: &mut Command) {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let own = ["names", "usr/bin", "usr/sbin"].map(|folder| self.system.join(folder));
        let all = own.into_iter().chain(env::split_paths(&inherited));
        // The folders exist and have no colon in their names, the cache's path aside.
        if let Ok(path) = env::join_paths(all) {
            command.env("PATH", path);
        }
        let libraries = self.system.join("usr/lib/x86_64-linux-gnu");
        command.env("XTABLES_LIBDIR", libraries.join("xtables")).env("LD_LIBRARY_PATH", libraries);
    }
}

/// A part as the cache has it.
#[derive(Clone, Copy)]
enum Part {
    System,
    Kubernetes,
    Helm,
    Dns,
    Pause,
}

/// Its folder in the cache, by what it is made of.
fn place(part: Part) -> Result<String> {
    let (name, made_of): (&str, &[&str]) = match part {
        Part::System => ("system", &PACKAGES),
        Part::Kubernetes => ("kubernetes", &[KUBERNETES, KUBERNETES_SOURCE]),
        Part::Helm => ("helm", &[HELM, KUBERNETES]),
        Part::Dns => ("dns", &[COREDNS, DNS_SOURCE]),
        Part::Pause => ("pause", &[PAUSE_SOURCE]),
    };
    Ok(format!("kube/{name}-{}", cache::key(&[], made_of)?))
}

fn packages() -> Result<PathBuf> {
    cache::enter(&place(Part::System)?, |folder| {
        eprintln!("kube: fetching {} packages (once)", PACKAGES.len());
        let fetched = tempfile::tempdir()?;
        let download = || {
            let mut command = Command::new("apt-get");
            // The folder is ours alone, so apt cannot fetch into it as another user.
            command
                .args(["--quiet", "--quiet", "--option=APT::Sandbox::User=root", "download"])
                .args(PACKAGES)
                .current_dir(fetched.path());
            command
                .status()
                .context("run apt-get: the test bed takes containerd and etcd from Debian's packages")
        };
        if !download()?.success() {
            run(Command::new("apt-get").args(["--quiet", "--quiet", "update"]))?;
            let status = download()?;
            ensure!(status.success(), "apt-get download: {status}");
        }
        for entry in fs::read_dir(fetched.path())? {
            run(Command::new("dpkg-deb").arg("--extract").arg(entry?.path()).arg(folder))?;
        }
        let names = folder.join("names");
        fs::create_dir(&names)?;
        for name in IPTABLES_PROGRAMS {
            symlink("../usr/sbin/xtables-nft-multi", names.join(name))?;
        }
        Ok(())
    })
}

fn kubernetes() -> Result<PathBuf> {
    cache::enter(&place(Part::Kubernetes)?, |folder| {
        eprintln!("kube: building Kubernetes {KUBERNETES} (once; about 6 minutes on two idle cores)");
        let patch = KUBERNETES.split_once('.').context("a version has dots")?.1;
        let replaced =
            KUBERNETES_STAGING.map(|name| format!("replace k8s.io/{name} => k8s.io/{name} v0.{patch}\n"));
        let (major, minor) = versions();
        let package = "k8s.io/component-base/version";
        let flags = format!(
            "-s -w -X {package}.gitVersion=v{KUBERNETES} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
        );
        let module = format!("require k8s.io/kubernetes v{KUBERNETES}\n{}", replaced.concat());
        build(KUBERNETES_SOURCE, &module, &flags, &folder.join("kubernetes"))?;
        for name in KUBERNETES_PROGRAMS {
            symlink("kubernetes", folder.join(name))?;
        }
        Ok(())
    })
}

/// The first two numbers of Kubernetes' version.
fn versions() -> (&'static str, &'static str) {
    let mut numbers = KUBERNETES.split('.');
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
}

fn helm() -> Result<PathBuf> {
    cache::enter(&place(Part::Helm)?, |folder| {
        eprintln!("kube: building Helm {HELM} (once)");
        // Without these flags Helm takes a cluster that it does not ask for an ancient one.
        let (major, minor) = versions();
        let set = ["chartutil", "lint/rules"].map(|package| {
            let package = format!("helm.sh/helm/v3/pkg/{package}");
            format!(" -X {package}.k8sVersionMajor={major} -X {package}.k8sVersionMinor={minor}")
        });
        let mut command = go(folder);
        command.args(["install", "-trimpath", "-ldflags", &format!("-s -w{}", set.concat())]);
        run(command.arg(format!("helm.sh/helm/v3/cmd/helm@v{HELM}")).env("GOBIN", folder))
    })
}

fn dns() -> Result<PathBuf> {
    cache::enter(&place(Part::Dns)?, |folder| {
        eprintln!("kube: building CoreDNS {COREDNS} (once)");
        let module = format!("require github.com/coredns/coredns v{COREDNS}\n");
        build(DNS_SOURCE, &module, "-s -w", &folder.join("dns"))
    })
}

fn pause() -> Result<PathBuf> {
    cache::enter(&place(Part::Pause)?, |folder| build(PAUSE_SOURCE, "", "-s -w", &folder.join("pause")))
}

/// Builds a static program of one file in a module of its own.
fn build(source: &str, requirements: &str, flags: &str, program: &Path) -> Result<()> {
    let module = tempfile::tempdir()?;
    fs::write(module.path().join("main.go"), source)?;
    fs::write(module.path().join("go.mod"), format!("module klamm.dev/bed\n\ngo 1.26.0\n\n{requirements}"))?;
    run(go(module.path()).args(["mod", "tidy"]))?;
    let mut command = go(module.path());
    command.args(["build", "-trimpath", "-ldflags", flags, "-o"]).arg(program).arg(".");
    run(&mut command)
}

fn go(folder: &Path) -> Command {
    let mut command = Command::new("go");
    // Two at a time: each of Kubernetes' packages takes up to a gigabyte.
    command.current_dir(folder).env("GOFLAGS", "-p=2 -buildvcs=false");
    command
}

/// Runs a command that has to succeed; its output is passed on.
fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("run {}", command.get_program().display()))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}
