//! A node: a network namespace with containerd, a kubelet and kube-proxy in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::confine;
use super::control::{ADDRESS, join_bridge};
use super::kubectl::{Kubectl, PATIENCE, has_condition};
use super::parts::Parts;
use super::process::{Process, await_some, output, outputs};

/// Name of the image of pods' sandboxes.
pub(super) const PAUSE_IMAGE: &str = "klamm.test/pause:1";

/// A running node.
#[derive(Debug)]
pub(super) struct Node {
    name: String,
    address: String,
    folder: PathBuf,
    parts: Parts,
    // Ended in this order.
    proxy: Option<Process>,
    kubelet: Option<Process>,
    containerd: Process,
}

impl Node {
    /// Makes node `number`, with these images, and starts it.
    pub(super) fn start(
        parts: &Parts,
        (folder, number): (&Path, u8),
        admin: &Kubectl,
        images: &[PathBuf],
    ) -> Result<Node> {
        let name = format!("n{number}");
        let folder = folder.join(&name);
        fs::create_dir_all(&folder)?;
        make_network(&name, number)?;
        let group = confine::make_groups(&name)?;
        let socket = folder.join("containerd.sock");
        write_containerd(parts, &folder, number)?;
        write_kubelet(&folder, &socket, &group)?;
        let mut command = inside(&name, &parts.system_command("containerd"));
        parts.surround(&mut command);
        let containerd = command.arg("--config").arg(folder.join("containerd.toml"));
        let containerd = Process::start("containerd", containerd, &folder)?;
        let (address, parts) = (address(number), parts.clone());
        let mut node = Node { name, address, folder, parts, proxy: None, kubelet: None, containerd };
        node.import(images)?;
        node.start_kubelet(admin)?;
        node.start_proxy(admin)?;
        Ok(node)
    }

    /// Its name in Kubernetes.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its network namespace.
    pub(super) fn network(&self) -> PathBuf {
        network(&self.name)
    }

    /// Takes it off the network.
    pub(super) fn cut(&self) -> Result<()> {
        set_link(&link(&self.name), "down")
    }

    /// Puts it back.
    pub(super) fn mend(&self) -> Result<()> {
        set_link(&link(&self.name), "up")
    }

    /// Ends its kubelet, as the end of the machine would; what runs there runs on.
    pub(super) fn stop_kubelet(&mut self) {
        drop(self.kubelet.take());
    }

    /// Starts its kubelet, the first time or again.
    pub(super) fn start_kubelet(&mut self, admin: &Kubectl) -> Result<()> {
        let (config, folder) = (admin.config().display(), self.folder.display());
        let mut kubelet = inside(&self.name, &Command::new(self.parts.kubernetes.join("kubelet")));
        self.parts.surround(&mut kubelet);
        kubelet.args([
            format!("--kubeconfig={config}"),
            format!("--config={folder}/kubelet.yaml"),
            format!("--root-dir={folder}/kubelet"),
            format!("--cert-dir={folder}/certificates"),
            format!("--hostname-override={}", self.name),
            format!("--node-ip={}", self.address),
        ]);
        self.kubelet = Some(Process::start("kubelet", &mut kubelet, &self.folder)?);
        Ok(())
    }

    /// Waits until Kubernetes has it ready.
    pub(super) fn await_ready(&mut self, admin: &Kubectl) -> Result<()> {
        let name = self.name.clone();
        await_some(&format!("node {name} is ready"), PATIENCE, || {
            self.ensure_alive()?;
            let node = admin.get("default", &["node", &name])?;
            Ok(has_condition(&node, "Ready"))
        })
    }

    /// Fails if one of its programs has ended.
    pub(super) fn ensure_alive(&mut self) -> Result<()> {
        self.containerd.ensure_alive()?;
        let others = [&mut self.kubelet, &mut self.proxy];
        others.into_iter().flatten().try_for_each(Process::ensure_alive)
    }

    fn import(&mut self, images: &[PathBuf]) -> Result<()> {
        let socket = self.folder.join("containerd.sock");
        let ctr = || {
            let mut command = self.parts.system_command("ctr");
            command.arg("--address").arg(&socket).args(["--namespace", "k8s.io"]);
            command
        };
        let containerd = &mut self.containerd;
        await_some("containerd answers", PATIENCE, || {
            containerd.ensure_alive()?;
            let (answers, _, error) = outputs(ctr().arg("version"))?;
            Ok(if answers { Ok(()) } else { Err(error) })
        })?;
        for image in images {
            output(ctr().args(["images", "import"]).arg(image))?;
        }
        Ok(())
    }

    fn start_proxy(&mut self, admin: &Kubectl) -> Result<()> {
        let config = admin.config().display();
        let mut proxy = inside(&self.name, &Command::new(self.parts.kubernetes.join("kube-proxy")));
        self.parts.surround(&mut proxy);
        // Limits of connection tracking are the machine's, which a namespace cannot set.
        proxy.args([
            &format!("--kubeconfig={config}"),
            &format!("--hostname-override={}", self.name),
            "--proxy-mode=iptables",
            "--cluster-cidr=10.88.0.0/16",
            "--conntrack-max-per-core=0",
            "--conntrack-tcp-timeout-established=0s",
            "--conntrack-tcp-timeout-close-wait=0s",
        ]);
        self.proxy = Some(Process::start("kube-proxy", &mut proxy, &self.folder)?);
        Ok(())
    }
}

/// A command in a node's network namespace. Mounts, with them the control groups, stay those of the bed.
fn inside(node: &str, command: &Command) -> Command {
    let mut entering = Command::new("nsenter");
    entering.arg(format!("--net={}", network(node).display())).arg("--").arg(command.get_program());
    entering.args(command.get_args());
    entering
}

fn network(node: &str) -> PathBuf {
    Path::new("/run/netns").join(node)
}

/// The bridge's end of a node's cable.
fn link(node: &str) -> String {
    format!("link-{node}")
}

fn set_link(link: &str, state: &str) -> Result<()> {
    output(Command::new("ip").args(["link", "set", link, state])).map(|_| ())
}

/// Address of a node on the bridge.
fn address(number: u8) -> String {
    format!("10.89.0.1{number}")
}

fn make_network(node: &str, number: u8) -> Result<()> {
    let (link, address) = (link(node), address(number));
    let ip = |arguments: &str| output(Command::new("ip").args(arguments.split_whitespace())).map(|_| ());
    ip(&format!("netns add {node}"))?;
    ip(&format!("link add {link} type veth peer name eth0 netns {node}"))?;
    join_bridge(&link)?;
    ip(&format!("-n {node} address add {address}/24 dev eth0"))?;
    ip(&format!("-n {node} link set eth0 up"))?;
    ip(&format!("-n {node} link set lo up"))?;
    ip(&format!("-n {node} route add default via {ADDRESS}"))?;
    ip(&format!("route add 10.88.{number}.0/24 via {address}"))?;
    let mut forward = inside(node, &Command::new("sh"));
    output(forward.args(["-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"])).map(|_| ())
}

fn write_containerd(parts: &Parts, folder: &Path, number: u8) -> Result<()> {
    let (own, plugins) = (folder.display(), parts.network_plugins());
    let network = folder.join("network");
    fs::create_dir_all(&network)?;
    let config = format!(
        r#"version = 2
root = "{own}/containerd/root"
state = "{own}/containerd/state"
[grpc]
  address = "{own}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{}"
    conf_dir = "{}"
"#,
        plugins.display(),
        network.display()
    );
    fs::write(folder.join("containerd.toml"), config)?;
    let pods = serde_json::json!({
        "cniVersion": "0.4.0",
        "name": "pods",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "pods",
                "isGateway": true,
                "ipMasq": false,
                "hairpinMode": true,
                "ipam": {
                    "type": "host-local",
                    "dataDir": folder.join("addresses"),
                    "ranges": [[{ "subnet": format!("10.88.{number}.0/24") }]],
                    "routes": [{ "dst": "0.0.0.0/0" }],
                },
            },
            { "type": "portmap", "capabilities": { "portMappings": true } },
        ],
    });
    fs::write(network.join("10-pods.conflist"), pods.to_string()).context("the pods' network")
}

fn write_kubelet(folder: &Path, socket: &Path, group: &str) -> Result<()> {
    let (own, socket) = (folder.display(), socket.display());
    let config = format!(
        "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: {group}
containerRuntimeEndpoint: unix://{socket}
authentication: {{anonymous: {{enabled: true}}, webhook: {{enabled: false}}}}
authorization: {{mode: AlwaysAllow}}
clusterDNS: [\"{ADDRESS}\"]
clusterDomain: cluster.local
resolvConf: \"\"
podLogsDir: {own}/pods
evictionHard: {{}}
localStorageCapacityIsolation: false
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 3s
"
    );
    fs::write(folder.join("kubelet.yaml"), config).context("the kubelet's configuration")
}
