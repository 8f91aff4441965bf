//! Images without an engine: an archive, as `docker save` writes them, of programs that are already built. A program
//! that is not static gets its libraries beside it, so that the binaries of the tests will do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::process::{output, outputs};

/// One image.
#[derive(Clone, Debug)]
pub(super) struct Image<'a> {
    /// Its program, and where it lies in the image.
    pub(super) program: &'a Path,
    pub(super) place: &'a str,
    /// Names with tags.
    pub(super) tags: &'a [&'a str],
    /// What the program is told to do to the image, as the Dockerfile's RUN.
    pub(super) run: Option<&'a [&'a str]>,
}

impl Image<'_> {
    /// Writes the archive; `folder` has room for what is in between.
    pub(super) fn write(&self, folder: &Path, archive: &Path) -> Result<()> {
        let root = tempfile::Builder::new().prefix("image-").tempdir_in(folder)?;
        let layer = root.path().join("layer");
        fs::create_dir(&layer)?;
        self.fill(&layer)?;
        let tar = root.path().join("layer.tar");
        pack(&layer, &["."], &tar)?;
        let layer_digest = digest(&tar)?;
        let config = json!({
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "User": "65532:65532",
                "Env": ["PATH=/usr/bin"],
                "Entrypoint": [self.place],
            },
            "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{layer_digest}")] },
            "history": [{}],
        });
        let whole = root.path().join("whole");
        fs::create_dir(&whole)?;
        fs::rename(&tar, whole.join("layer.tar"))?;
        fs::write(whole.join("config.json"), config.to_string())?;
        let manifest = json!([{ "Config": "config.json", "RepoTags": self.tags, "Layers": ["layer.tar"] }]);
        fs::write(whole.join("manifest.json"), manifest.to_string())?;
        pack(&whole, &["config.json", "layer.tar", "manifest.json"], archive)
    }

    fn fill(&self, root: &Path) -> Result<()> {
        let inside = put(self.program, root, Path::new(self.place))?;
        // What debuggers read is most of a debug build.
        output(Command::new("strip").arg("--strip-debug").arg(&inside))?;
        for library in libraries(self.program)? {
            put(&library, root, &library)?;
        }
        if let Some(arguments) = self.run {
            // As an engine runs it: with the processes' file system, where a program finds its own path.
            let processes = root.join("proc");
            fs::create_dir(&processes)?;
            output(Command::new("mount").arg("--bind").arg("/proc").arg(&processes))?;
            let ran = output(Command::new("chroot").arg(root).arg(self.place).args(arguments));
            output(Command::new("umount").arg(&processes))?;
            ran?;
        }
        Ok(())
    }
}

/// Copies a file into an image.
fn put(file: &Path, root: &Path, place: &Path) -> Result<PathBuf> {
    let inside = root.join(place.strip_prefix("/").context("a place in an image begins at its root")?);
    fs::create_dir_all(inside.parent().context("a file lies in a folder")?)?;
    fs::copy(file, &inside).with_context(|| file.display().to_string())?;
    fs::set_permissions(&inside, fs::Permissions::from_mode(0o755))?;
    Ok(inside)
}

/// The shared libraries of a program, by the paths where its loader looks for them; none if it is static.
fn libraries(program: &Path) -> Result<Vec<PathBuf>> {
    let (dynamic, listed, _) = outputs(Command::new("ldd").arg(program))?;
    let paths = listed.lines().filter(|_| dynamic).filter_map(|line| {
        // `libc.so.6 => /lib/libc.so.6 (0x1)`, and the loader itself without an arrow.
        let words: Vec<&str> = line.split_whitespace().collect();
        words.into_iter().find(|word| word.starts_with('/')).map(PathBuf::from)
    });
    Ok(paths.collect())
}

fn pack(folder: &Path, entries: &[&str], archive: &Path) -> Result<()> {
    let mut command = Command::new("tar");
    command.args(["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]);
    output(command.arg("--file").arg(archive).arg("--directory").arg(folder).args(entries)).map(|_| ())
}

fn digest(file: &Path) -> Result<String> {
    let printed = output(Command::new("sha256sum").arg(file))?;
    Ok(printed.split_whitespace().next().context("sha256sum prints a digest")?.to_owned())
}
