//! The manifest, read again whenever its text changes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use klamm_lifecycle::ClusterSpec;
use klamm_manifest::read_manifest;

use super::ports;

/// A manifest on disk.
pub(super) struct ManifestFile {
    path: PathBuf,
    /// The text that was last looked at, usable or not.
    text: String,
}

impl ManifestFile {
    /// Reads a manifest for the first time.
    pub(super) fn open(path: &Path) -> Result<(ManifestFile, ClusterSpec)> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let spec = parse(&text).with_context(|| path.display().to_string())?;
        Ok((ManifestFile { path: path.to_owned(), text }, spec))
    }

    /// The new spec if the text changed, or why it cannot be used in place of `present`.
    pub(super) fn changed(&mut self, present: &ClusterSpec) -> Option<Result<ClusterSpec>> {
        // An editor may be replacing the file; the next look finds it.
        let text = std::fs::read_to_string(&self.path).ok().filter(|text| *text != self.text)?;
        self.text = text;
        Some(parse(&self.text).and_then(|spec| successor(present, spec)))
    }
}

fn parse(text: &str) -> Result<ClusterSpec> {
    let spec = ClusterSpec::of_manifest(&read_manifest(text)?)?;
    ports::check(&spec)?;
    Ok(spec)
}

/// Refuses what cannot change while the cluster exists.
fn successor(present: &ClusterSpec, next: ClusterSpec) -> Result<ClusterSpec> {
    let name = &present.name;
    if next.name != *name {
        bail!("KafkaCluster/{}: metadata.name: it was {name}; a cluster keeps its name", next.name);
    }
    let volumes = |spec: &ClusterSpec| -> Vec<_> {
        let volumes = spec.resource.storage.volumes.iter();
        volumes.map(|volume| (volume.name.clone(), volume.purpose)).collect()
    };
    if volumes(present) != volumes(&next) {
        bail!("KafkaCluster/{name}: spec.storage.volumes: names and purposes cannot change");
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(name: &str, spec: &str) -> String {
        format!(
            "apiVersion: klamm.dev/v1alpha1\nkind: KafkaCluster\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        )
    }

    #[test]
    fn an_edit_is_taken_over_once_and_a_wrong_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cluster.yaml");
        std::fs::write(&path, text("c", "{brokers: {replicas: 3}}")).unwrap();
        let (mut file, spec) = ManifestFile::open(&path).unwrap();
        assert!(file.changed(&spec).is_none());
        std::fs::write(&path, text("c", "{brokers: {replicas: 5}}")).unwrap();
        let edited = file.changed(&spec).unwrap().unwrap();
        assert_eq!(edited.brokers().count(), 5);
        assert!(file.changed(&edited).is_none());
        for (wrong, said) in [
            (text("c", "{brokers: {replica: 5}}"), "replica"),
            (text("d", "{}"), "a cluster keeps its name"),
            (text("c", "{storage: {volumes: [{name: x, size: 1Gi}]}}"), "cannot change"),
        ] {
            std::fs::write(&path, wrong).unwrap();
            let error = format!("{:#}", file.changed(&edited).unwrap().unwrap_err());
            assert!(error.contains(said), "{error}");
        }
    }
}
