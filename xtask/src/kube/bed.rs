//! The whole bed: control plane, nodes, volumes, images.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::control::{Control, user_configuration};
use super::image::Image;
use super::kubectl::Kubectl;
use super::node::{Node, PAUSE_IMAGE};
use super::parts::Parts;

/// Nodes of the bed, so that one may be lost.
const NODES: u8 = 2;
/// Volumes on each node.
const VOLUMES: u8 = 64;
/// Size of each; nothing holds anybody to it.
const SIZE: &str = "20Gi";
/// Tags of the node's image; both are the same image, so that a change of the image is a roll and nothing else.
pub(super) const NODE_IMAGES: [&str; 2] = ["klamm.test/klamm:1", "klamm.test/klamm:2"];
/// Tag of the operator's image.
pub(super) const OPERATOR_IMAGE: &str = "klamm.test/klamm-operator:1";

/// The product's programs that the bed runs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    /// `klamm`.
    pub(super) node: PathBuf,
    /// `klamm-operator`.
    pub(super) operator: PathBuf,
    /// `kubectl-klamm`; it runs outside.
    pub(super) plugin: PathBuf,
}

/// The running bed.
#[derive(Debug)]
pub(super) struct Bed {
    pub(super) folder: PathBuf,
    pub(super) parts: Parts,
    pub(super) programs: Programs,
    // Nodes end before the control plane.
    pub(super) nodes: Vec<Node>,
    pub(super) control: Control,
}

impl Bed {
    /// Starts what resources need: etcd and the API server.
    pub(super) fn start(folder: &Path, parts: Parts, programs: Programs) -> Result<Bed> {
        let control = Control::start(&parts, folder)?;
        Ok(Bed { folder: folder.to_path_buf(), parts, programs, nodes: Vec::new(), control })
    }

    /// Starts what pods need besides; once.
    pub(super) fn start_nodes(&mut self) -> Result<()> {
        if !self.nodes.is_empty() {
            return Ok(());
        }
        self.control.start_rest(&self.parts)?;
        let images = self.write_images()?;
        let admin = self.admin().clone();
        for number in 1..=NODES {
            self.nodes.push(Node::start(&self.parts, (&self.folder, number), &admin, &images)?);
        }
        for node in &mut self.nodes {
            node.await_ready(&admin)?;
        }
        self.offer_volumes()
    }

    /// The user who may do everything.
    pub(super) fn admin(&self) -> &Kubectl {
        self.control.admin()
    }

    /// Access with the rights of a service account.
    pub(super) fn as_account(&self, namespace: &str, account: &str) -> Result<Kubectl> {
        let token = self.admin().run(&["create", "token", account, "--namespace", namespace])?;
        let certificate = self.folder.join("certificates/apiserver.crt");
        let certificate = certificate.to_str().context("the folder's path is not text")?;
        let config = self.folder.join(format!("{namespace}-{account}.yaml"));
        fs::write(&config, user_configuration(certificate, token.trim()))?;
        Ok(Kubectl::new(&self.parts, config, &self.folder))
    }

    /// Fails if one of its programs has ended.
    pub(super) fn ensure_alive(&mut self) -> Result<()> {
        self.control.ensure_alive()?;
        self.nodes.iter_mut().try_for_each(Node::ensure_alive)
    }

    fn write_images(&self) -> Result<Vec<PathBuf>> {
        let pause = self.parts.pause();
        let images = [
            Image { program: &pause, place: "/usr/bin/pause", tags: &[PAUSE_IMAGE], run: None },
            Image {
                program: &self.programs.node,
                place: "/usr/bin/klamm",
                tags: &NODE_IMAGES,
                run: Some(&["make-links", "/usr/bin"]),
            },
            Image {
                program: &self.programs.operator,
                place: "/usr/bin/klamm-operator",
                tags: &[OPERATOR_IMAGE],
                run: None,
            },
        ];
        let mut archives = Vec::new();
        for image in images {
            let name = image.program.file_name().context("a program has a name")?;
            let archive = self.folder.join(name).with_extension("tar");
            image.write(&self.folder, &archive)?;
            archives.push(archive);
        }
        Ok(archives)
    }

    /// Folders of the nodes as volumes, of the class that claims get which name none.
    fn offer_volumes(&self) -> Result<()> {
        let mut manifest =
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: local, annotations: \
                            {storageclass.kubernetes.io/is-default-class: \"true\"}}\nprovisioner: \
                            kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\nallowVolumeExpansion: true\n"
                .to_owned();
        for node in &self.nodes {
            let name = node.name();
            for number in 0..VOLUMES {
                let folder = self.folder.join(name).join(format!("volumes/{number}"));
                fs::create_dir_all(&folder)?;
                write!(
                    manifest,
                    "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}-{number}}}\nspec:\n  capacity: \
                     {{storage: {SIZE}}}\n  accessModes: [ReadWriteOnce]\n  persistentVolumeReclaimPolicy: Retain\n  \
                     storageClassName: local\n  local: {{path: \"{}\"}}\n  nodeAffinity: {{required: {{nodeSelectorTerms: \
                     [{{matchExpressions: [{{key: kubernetes.io/hostname, operator: In, values: [{name}]}}]}}]}}}}\n",
                    folder.display()
                )?;
            }
        }
        let (applied, answer) =
            self.admin().try_apply("default", &manifest, &["--server-side", "--field-manager=bed"])?;
        ensure!(applied, "the volumes: {answer}");
        Ok(())
    }
}
