//! `klamm pod-prepare`: what a pod of the operator does before its node starts.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const CLUSTER: &str = "AAAAAAAAAAAAAAAAAAAA9A";

struct Pod {
    root: tempfile::TempDir,
}

impl Pod {
    fn new() -> Pod {
        let root = tempfile::tempdir().unwrap();
        for folder in ["from", "to", "disk"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let properties = format!(
            "node.id=3\nprocess.roles=broker,controller\nlisteners=PLAIN://127.0.0.1:9092,CONTROLLER://127.0.0.1:9090\n\
             advertised.listeners=PLAIN://127.0.0.1:9092,CONTROLLER://127.0.0.1:9090\n\
             listener.security.protocol.map=PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT\ninter.broker.listener.name=PLAIN\n\
             controller.listener.names=CONTROLLER\ncontroller.quorum.bootstrap.servers=127.0.0.1:9090\n\
             log.dirs={}\n",
            root.path().join("disk/log").display()
        );
        fs::write(root.path().join("from/3.properties"), properties).unwrap();
        Pod { root }
    }

    fn told(&self, cluster: &str, format: &str) {
        let text = format!(
            "cluster.id={cluster}\nformat={format}\nprocess.roles=broker,controller\nsettings.hash=abc\n"
        );
        // At once, as the kubelet does it.
        fs::write(self.path("next"), text).unwrap();
        fs::rename(self.path("next"), self.path("from/3.instruction")).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.root.path().join(name).display().to_string()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_klamm"));
        command.args(["pod-prepare", "--from", &self.path("from"), "--to", &self.path("to")]);
        command.args(["--node-id", "3", "--report", &self.path("report")]);
        command
    }

    /// Exit code and report.
    fn prepare(&self) -> (Option<i32>, String) {
        let output = self.command().output().unwrap();
        (output.status.code(), fs::read_to_string(self.path("report")).unwrap())
    }

    /// Fences the node, and waits until its pod says that it waits.
    fn prepare_fenced(&self) -> Child {
        let place = self.root.path().join("from/3.instruction");
        let text = fs::read_to_string(&place).unwrap();
        fs::write(&place, format!("{text}hold=true\n")).unwrap();
        let mut child = self.command().stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        assert!(said.contains("node 3 is fenced"), "{said}");
        assert!(!Path::new(&self.path("report")).exists(), "nothing was prepared");
        child
    }

    fn meta(&self) -> String {
        fs::read_to_string(self.root.path().join("disk/log/meta.properties")).unwrap()
    }
}

#[test]
fn empty_volumes_are_formatted_only_if_the_pod_was_told_so_and_never_again() {
    let pod = Pod::new();
    pod.told(CLUSTER, "never");
    let (code, report) = pod.prepare();
    assert_eq!(code, Some(1));
    assert!(report.contains("directory=empty\n") && report.contains("settings.hash=abc\n"), "{report}");
    assert!(!Path::new(&pod.root.path().join("disk/log")).exists());
    pod.told(CLUSTER, "alone");
    let (code, report) = pod.prepare();
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains(&format!("directory=formatted\ncluster.id={CLUSTER}\n")), "{report}");
    assert!(pod.root.path().join("to/server.properties").exists());
    let meta = pod.meta();
    for format in ["never", "joins", "alone"] {
        pod.told(CLUSTER, format);
        let (code, again) = pod.prepare();
        assert_eq!((code, again.as_str()), (Some(0), report.as_str()), "{format}");
        assert_eq!(pod.meta(), meta, "{format}");
    }
}

#[test]
fn a_fenced_node_is_prepared_once_it_may_run() {
    let pod = Pod::new();
    pod.told(CLUSTER, "joins");
    let mut waits = pod.prepare_fenced();
    pod.told(CLUSTER, "joins");
    assert_eq!(waits.wait().unwrap().code(), Some(0));
    assert!(fs::read_to_string(pod.path("report")).unwrap().contains("directory=formatted\n"));
}

#[test]
fn a_fenced_pod_ends_when_it_is_told_to() {
    let pod = Pod::new();
    pod.told(CLUSTER, "joins");
    let mut waits = pod.prepare_fenced();
    let ended = Command::new("kill").arg(waits.id().to_string()).status().unwrap();
    assert!(ended.success());
    assert_eq!(waits.wait().unwrap().code(), Some(1));
    assert!(!Path::new(&pod.path("disk/log")).exists(), "its volumes are as they were");
}

#[test]
fn volumes_of_another_cluster_or_node_are_left_alone() {
    let pod = Pod::new();
    pod.told(CLUSTER, "joins");
    assert_eq!(pod.prepare().0, Some(0));
    let meta = pod.meta();
    pod.told("AAAAAAAAAAAAAAAAAAAB9A", "joins");
    let (code, report) = pod.prepare();
    assert!(code == Some(1) && report.contains("belongs to cluster AAAAAAAAAAAAAAAAAAAA9A"), "{report}");
    fs::write(pod.root.path().join("disk/log/meta.properties"), meta.replace("node.id=3", "node.id=4"))
        .unwrap();
    pod.told(CLUSTER, "joins");
    let (code, report) = pod.prepare();
    assert!(code == Some(1) && report.contains("belongs to another node"), "{report}");
}

#[test]
fn a_pod_without_instruction_reports_that() {
    let (code, report) = Pod::new().prepare();
    assert!(code == Some(1) && report.starts_with("directory=unusable\nreason="), "{report}");
}
