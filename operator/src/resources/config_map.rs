//! The ConfigMap of a role: for each node its server.properties, and an instruction to the pod's first
//! container, `klamm pod-prepare`. Both change only by actions of a plan, so that a pod that ends by
//! itself comes back as it was.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use klamm_lifecycle::NodeRole;
use klamm_model::{NodeId, Uuid};

use super::{Site, StatefulRole, node_settings, render, restart_hash};

/// Whether a pod may format the node's directories if they are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founding {
    /// As the only voter of a new quorum.
    Alone,
    /// As one that finds the quorum.
    Joins,
    /// No: an empty directory is one that was lost, and the plan has not decided yet.
    Never,
}

impl Founding {
    fn word(self) -> &'static str {
        match self {
            Founding::Alone => "alone",
            Founding::Joins => "joins",
            Founding::Never => "never",
        }
    }

    fn of_word(word: &str) -> Option<Founding> {
        [Founding::Alone, Founding::Joins, Founding::Never].into_iter().find(|one| one.word() == word)
    }
}

/// What the pod is told besides its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Whose directories these are to be.
    pub cluster_id: Uuid,
    /// Whether they may be formatted.
    pub founding: Founding,
    /// The role in the settings.
    pub role: NodeRole,
    /// Hash of what takes a restart in the settings.
    pub settings_hash: String,
    /// Whether the pod waits instead of running the node.
    pub holds: bool,
}

/// What a ConfigMap says to one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeFile {
    /// Its instruction.
    pub instruction: Instruction,
    /// Its server.properties.
    pub properties: String,
}

impl NodeFile {
    /// What is told to node `id` for a start with `role`.
    pub fn new(
        site: &Site<'_>,
        id: NodeId,
        (cluster_id, role, founding): (Uuid, NodeRole, Founding),
    ) -> NodeFile {
        let settings = node_settings(site, (id, role));
        let settings_hash = restart_hash(&settings);
        NodeFile {
            instruction: Instruction {
                cluster_id,
                founding,
                role,
                settings_hash,
                holds: site.fenced.contains(&id),
            },
            properties: render(&settings),
        }
    }

    fn instruction_text(&self) -> String {
        let Instruction { cluster_id, founding, role, settings_hash, holds } = &self.instruction;
        let (format, role) = (founding.word(), role.process_roles());
        let hold = if *holds { "hold=true\n" } else { "" };
        format!(
            "cluster.id={cluster_id}\nformat={format}\nprocess.roles={role}\nsettings.hash={settings_hash}\n{hold}"
        )
    }

    fn read(instruction: &str, properties: &str) -> Option<NodeFile> {
        let lines = instruction.lines().filter_map(|line| line.split_once('='));
        let lines: BTreeMap<&str, &str> = lines.collect();
        let roles = lines.get("process.roles")?;
        let all = [NodeRole::Broker, NodeRole::Controller, NodeRole::Combined];
        let instruction = Instruction {
            cluster_id: lines.get("cluster.id")?.parse().ok()?,
            founding: Founding::of_word(lines.get("format")?)?,
            role: all.into_iter().find(|role| role.process_roles() == *roles)?,
            settings_hash: (*lines.get("settings.hash")?).to_owned(),
            holds: lines.get("hold") == Some(&"true"),
        };
        Some(NodeFile { instruction, properties: properties.to_owned() })
    }
}

/// The ConfigMap of a role.
pub fn config_map(site: &Site<'_>, role: StatefulRole, files: &BTreeMap<NodeId, NodeFile>) -> ConfigMap {
    let of_role = files.iter().filter(|(id, _)| site.role_of(**id) == role);
    let entries = of_role.flat_map(|(id, file)| {
        [
            (format!("{id}.properties"), file.properties.clone()),
            (format!("{id}.instruction"), file.instruction_text()),
        ]
    });
    ConfigMap {
        metadata: site.meta(site.set_name(role), Some(role)),
        data: Some(entries.collect()),
        ..ConfigMap::default()
    }
}

/// What a ConfigMap says to each node. Entries that cannot be read count as absent.
pub fn read_node_files(map: &ConfigMap) -> BTreeMap<NodeId, NodeFile> {
    let empty = BTreeMap::new();
    let data = map.data.as_ref().unwrap_or(&empty);
    let files = data.iter().filter_map(|(key, instruction)| {
        let id = key.strip_suffix(".instruction")?;
        let properties = data.get(&format!("{id}.properties"))?;
        Some((NodeId::new(id.parse().ok()?)?, NodeFile::read(instruction, properties)?))
    });
    files.collect()
}
