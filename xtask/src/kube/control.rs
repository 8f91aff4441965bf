//! The control plane: etcd and the API server, which is enough for resources; controllers, scheduler and DNS, which
//! pods need besides.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::audit::Audit;
use super::kubectl::{Kubectl, PATIENCE};
use super::parts::Parts;
use super::process::{Process, await_some, output};

/// The bridge that nodes and control plane share; the namespace has nothing else, so addresses are fixed.
const BRIDGE: &str = "klamm-bridge";
/// Address of the API server and of the DNS server.
pub(super) const ADDRESS: &str = "10.89.0.1";
const ETCD: &str = "http://127.0.0.1:2379";
const PEER: &str = "http://127.0.0.1:2380";
/// What the API server writes down of each request: who, what, on which object; and what became of a StatefulSet,
/// since most patches of it change nothing.
const AUDIT_POLICY: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n\
                            - level: None\n  userGroups: [\"system:masters\"]\n- level: RequestResponse\n  verbs: [patch]\n  \
                            resources: [{group: apps, resources: [statefulsets]}]\n- level: Metadata\n";

/// The running control plane.
#[derive(Debug)]
pub(super) struct Control {
    folder: PathBuf,
    admin: Kubectl,
    // Ended in this order.
    further: Vec<Process>,
    api_server: Option<Process>,
    etcd: Process,
}

impl Control {
    /// Starts etcd and the API server, and waits until it serves.
    pub(super) fn start(parts: &Parts, folder: &Path) -> Result<Control> {
        make_bridge()?;
        let tokens = format!("{:032x},admin,1,system:masters\n", rand::random::<u128>());
        let token = tokens.split(',').next().unwrap_or_default().to_owned();
        fs::write(folder.join("tokens.csv"), &tokens)?;
        fs::write(folder.join("audit.yaml"), AUDIT_POLICY)?;
        output(
            Command::new("openssl").args(["genrsa", "-out"]).arg(folder.join("accounts.key")).arg("2048"),
        )?;
        let mut etcd = parts.system_command("etcd");
        // In memory: a bed does not outlive its processes.
        etcd.args(["--data-dir", "/run/etcd", "--listen-client-urls", ETCD, "--advertise-client-urls", ETCD]);
        etcd.args(["--listen-peer-urls", PEER, "--initial-advertise-peer-urls", PEER]);
        etcd.args(["--initial-cluster", &format!("default={PEER}")]);
        let etcd = Process::start("etcd", &mut etcd, folder)?;
        let admin = Kubectl::new(parts, folder.join("admin.yaml"), folder);
        let mut control =
            Control { folder: folder.to_path_buf(), admin, further: Vec::new(), api_server: None, etcd };
        control.start_api_server(parts)?;
        fs::write(control.admin.config(), configuration(folder, &token)?)?;
        control.await_ready()?;
        Ok(control)
    }

    /// The user who may do everything.
    pub(super) fn admin(&self) -> &Kubectl {
        &self.admin
    }

    /// Starts the API server, the first time or again.
    pub(super) fn start_api_server(&mut self, parts: &Parts) -> Result<()> {
        let file = |name: &str| self.folder.join(name).display().to_string();
        let mut command = Command::new(parts.kubernetes.join("kube-apiserver"));
        command.args([
            format!("--etcd-servers={ETCD}"),
            format!("--bind-address={ADDRESS}"),
            format!("--advertise-address={ADDRESS}"),
            "--secure-port=6443".to_owned(),
            format!("--cert-dir={}", file("certificates")),
            format!("--service-account-key-file={}", file("accounts.key")),
            format!("--service-account-signing-key-file={}", file("accounts.key")),
            "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
            format!("--token-auth-file={}", file("tokens.csv")),
            "--authorization-mode=Node,RBAC".to_owned(),
            "--service-cluster-ip-range=10.96.0.0/16".to_owned(),
            "--kubelet-preferred-address-types=InternalIP".to_owned(),
            "--allow-privileged=true".to_owned(),
            format!("--audit-policy-file={}", file("audit.yaml")),
            format!("--audit-log-path={}", file("audit.json")),
            // Megabytes: it is followed as one file.
            "--audit-log-maxsize=4000".to_owned(),
        ]);
        self.api_server = Some(Process::start("kube-apiserver", &mut command, &self.folder)?);
        // It writes its certificate at its start.
        let certificate = self.folder.join("certificates/apiserver.crt");
        await_some("the API server's certificate", PATIENCE, || {
            self.ensure_alive()?;
            Ok(if certificate.is_file() { Ok(()) } else { Err("it is not there".to_owned()) })
        })
    }

    /// Takes the API server away at once, as the end of its machine would: an orderly end waits for requests.
    pub(super) fn kill_api_server(&mut self) {
        // A process ends with its owner.
        drop(self.api_server.take());
    }

    /// Waits until the API server says that it is ready.
    pub(super) fn await_ready(&mut self) -> Result<()> {
        await_some("the API server is ready", PATIENCE, || {
            self.ensure_alive()?;
            let (ready, answer) = self.admin.attempt(&["get", "--raw", "/readyz"])?;
            Ok(if ready { Ok(()) } else { Err(answer) })
        })
    }

    /// Starts what pods need besides.
    pub(super) fn start_rest(&mut self, parts: &Parts) -> Result<()> {
        let (folder, config) = (self.folder.clone(), self.admin.config().display().to_string());
        let file = |name: &str| folder.join(name).display().to_string();
        let mut controllers = Command::new(parts.kubernetes.join("kube-controller-manager"));
        controllers.args([
            format!("--kubeconfig={config}"),
            format!("--service-account-private-key-file={}", file("accounts.key")),
            format!("--root-ca-file={}", file("certificates/apiserver.crt")),
            format!("--cert-dir={}", file("certificates-controllers")),
            "--use-service-account-credentials=true".to_owned(),
            "--bind-address=127.0.0.1".to_owned(),
            // One that has lost its lease ends, and nobody here would start it again.
            "--leader-elect=false".to_owned(),
            // A node that is gone is noticed in seconds.
            "--node-monitor-period=1s".to_owned(),
            "--node-monitor-grace-period=12s".to_owned(),
        ]);
        let mut scheduler = Command::new(parts.kubernetes.join("kube-scheduler"));
        scheduler.args([
            format!("--kubeconfig={config}"),
            format!("--cert-dir={}", file("certificates-scheduler")),
            "--bind-address=127.0.0.1".to_owned(),
            "--leader-elect=false".to_owned(),
        ]);
        let zones = format!(
            ".:53 {{\n  bind {ADDRESS}\n  errors\n  kubernetes cluster.local {{\n    kubeconfig {config}\n    ttl 0\n  \
             }}\n}}\n"
        );
        fs::write(folder.join("Corefile"), zones)?;
        let mut dns = Command::new(parts.dns());
        dns.args(["-conf", &file("Corefile")]);
        let programs = [
            ("kube-controller-manager", &mut controllers),
            ("kube-scheduler", &mut scheduler),
            ("dns", &mut dns),
        ];
        for (name, command) in programs {
            self.further.push(Process::start(name, command, &folder)?);
        }
        // Programs of the tests find brokers by the names that brokers tell.
        let resolver = folder.join("resolv.conf");
        fs::write(&resolver, format!("nameserver {ADDRESS}\nsearch cluster.local\noptions ndots:5\n"))?;
        output(Command::new("mount").arg("--bind").arg(&resolver).arg("/etc/resolv.conf"))?;
        Ok(())
    }

    /// Fails if one of its programs has ended.
    pub(super) fn ensure_alive(&mut self) -> Result<()> {
        self.etcd.ensure_alive()?;
        self.api_server.iter_mut().try_for_each(Process::ensure_alive)?;
        self.further.iter_mut().try_for_each(Process::ensure_alive)
    }

    /// The audit log from its beginning.
    pub(super) fn audit(&self) -> Result<Audit> {
        Audit::open(&self.folder.join("audit.json"))
    }
}

/// Joins a node's end of a link to the bridge.
pub(super) fn join_bridge(link: &str) -> Result<()> {
    output(Command::new("ip").args(["link", "set", link, "master", BRIDGE, "up"])).map(|_| ())
}

fn make_bridge() -> Result<()> {
    output(Command::new("ip").args(["link", "add", BRIDGE, "type", "bridge"]))?;
    output(Command::new("ip").args(["address", "add", &format!("{ADDRESS}/24"), "dev", BRIDGE]))?;
    output(Command::new("ip").args(["link", "set", BRIDGE, "up"])).map(|_| ())
}

/// What kubectl and the nodes know of the API server.
fn configuration(folder: &Path, token: &str) -> Result<String> {
    let certificate = folder.join("certificates/apiserver.crt");
    let certificate = certificate.to_str().context("the folder's path is not text")?;
    Ok(user_configuration(certificate, token))
}

/// The same for any user.
pub(super) fn user_configuration(certificate: &str, token: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: bed\nclusters:\n- name: bed\n  cluster: {{server: \
         \"https://{ADDRESS}:6443\", certificate-authority: \"{certificate}\"}}\nusers:\n- name: user\n  user: {{token: \
         \"{token}\"}}\ncontexts:\n- name: bed\n  context: {{cluster: bed, user: user}}\n"
    )
}
