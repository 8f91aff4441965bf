//! `kafka-metadata-shell`: the metadata of a snapshot, or of a segment of the metadata log, as a tree of
//! files (Kafka: MetadataShell).

mod columns;
mod commands;
mod glob;
mod interactive;
mod load;
mod node;
mod text;
mod tree;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use klamm_metadata::MetadataImage;

use self::columns::{Listing, print_targets};
use self::commands::{Kind, Parsed};
use self::interactive::Lines;
use self::node::Node;
use crate::tool::{Terminal, Tool, ToolError, ToolResult};

/// The tool.
#[derive(Args, Debug)]
pub(crate) struct MetadataShell {
    /// The snapshot file to read
    #[arg(short = 's', long)]
    snapshot: Option<PathBuf>,
    /// The command to run; without one, commands are asked for
    #[arg(num_args = 0.., allow_hyphen_values = true)]
    command: Vec<String>,
}

impl Tool for MetadataShell {
    const ABOUT: &'static str = "The Apache Kafka metadata shell";

    fn run(self, terminal: &mut Terminal<'_>) -> ToolResult {
        let Some(path) = self.snapshot else {
            return Err(ToolError::Failed(
                "Unexpected error: You must specify either a raft manager or a snapshot file reader."
                    .to_owned(),
            ));
        };
        if self.command.is_empty() {
            writeln!(terminal.out, "Loading...")?;
            let image = load::load(&path)?;
            writeln!(terminal.out, "Starting...")?;
            return Shell::new(&image).run_lines(&mut Lines::of_stdin(), terminal.out);
        }
        let image = load::load(&path)?;
        match commands::parse(&self.command, false) {
            Parsed::Nothing => Ok(()),
            Parsed::Wrong(text) => Ok(writeln!(terminal.out, "{text}")?),
            Parsed::Command(kind, arguments) => {
                Shell::new(&image).act(kind, &arguments, terminal.out)?;
                Ok(())
            }
        }
    }
}

/// Where one is in the tree, and what was typed.
struct Shell<'a> {
    image: &'a MetadataImage,
    here: String,
    history: Vec<String>,
    /// Columns of the screen, if there is one.
    width: Option<usize>,
}

/// Whether the shell goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    GoOn,
    Exit,
}

impl<'a> Shell<'a> {
    fn new(image: &'a MetadataImage) -> Shell<'a> {
        Shell { image, here: "/".to_owned(), history: Vec::new(), width: None }
    }

    /// Runs a command.
    fn act(&mut self, kind: Kind, arguments: &[String], out: &mut dyn Write) -> io::Result<Then> {
        match kind {
            Kind::Cat => self.cat(arguments, out)?,
            Kind::Cd => self.cd(arguments.first().map_or("/", String::as_str), out)?,
            Kind::Exit => return Ok(Then::Exit),
            Kind::Find => self.find(arguments, out)?,
            Kind::Help => {
                write!(out, "Welcome to the Apache Kafka metadata shell.\n\n{}", commands::help())?;
            }
            Kind::History => self.print_history(arguments, out)?,
            Kind::Ls => self.ls(arguments, out)?,
            Kind::Man => out.write_all(commands::manual(&arguments[0]).as_bytes())?,
            Kind::Pwd => writeln!(out, "{}", self.here)?,
            Kind::Tree => self.tree(arguments, out)?,
        }
        Ok(Then::GoOn)
    }

    fn found(&self, path: &str) -> Vec<glob::Found<'a>> {
        glob::find(tree::root(self.image), &self.here, path)
    }

    fn cat(&self, targets: &[String], out: &mut dyn Write) -> io::Result<()> {
        for target in targets {
            let found = self.found(target);
            if found.is_empty() {
                writeln!(out, "cat: {target}: No such file or directory.")?;
            }
            for one in found {
                match one.node {
                    Node::Directory { .. } => writeln!(out, "cat: {target}: Is a directory")?,
                    leaf @ Node::Leaf(_) => leaf.print(0, out)?,
                }
            }
        }
        Ok(())
    }

    fn cd(&mut self, target: &str, out: &mut dyn Write) -> io::Result<()> {
        let found = self.found(target);
        if found.is_empty() {
            return writeln!(out, "cd: {target}: no such directory.");
        }
        for one in found {
            if one.node.is_directory() {
                self.here = one.absolute();
            } else {
                writeln!(out, "cd: {target}: not a directory.")?;
            }
        }
        Ok(())
    }

    fn find(&self, paths: &[String], out: &mut dyn Write) -> io::Result<()> {
        for path in effective(paths) {
            let found = self.found(path);
            if found.is_empty() {
                writeln!(out, "find: {path}: no such file or directory.")?;
            }
            found.iter().try_for_each(|one| print_paths(path, &one.node, out))?;
        }
        Ok(())
    }

    fn ls(&self, targets: &[String], out: &mut dyn Write) -> io::Result<()> {
        let (mut files, mut directories) = (Vec::new(), Vec::new());
        for target in effective(targets) {
            let found = self.found(target);
            if found.is_empty() {
                writeln!(out, "ls: {target}: no such file or directory.")?;
            }
            for one in found {
                let name = one.name().to_owned();
                if one.node.is_directory() {
                    directories.push(Listing { name, children: one.node.names() });
                } else {
                    files.push(name);
                }
            }
        }
        print_targets(self.width, &files, &directories, out)
    }

    fn tree(&self, targets: &[String], out: &mut dyn Write) -> io::Result<()> {
        for target in targets {
            let found = self.found(target);
            if found.is_empty() {
                writeln!(out, "tree: {target}: No such file or directory.")?;
            }
            found.iter().try_for_each(|one| one.node.print(0, out))?;
        }
        Ok(())
    }
}

/// The paths that are not empty, or else where one is.
fn effective(paths: &[String]) -> Vec<&str> {
    let given: Vec<&str> = paths.iter().map(String::as_str).filter(|path| !path.is_empty()).collect();
    if given.is_empty() { vec!["."] } else { given }
}

fn print_paths(path: &str, node: &Node<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{path}")?;
    for name in node.names() {
        let Some(child) = node.child(&name) else { continue };
        let next = if path == "/" { format!("/{name}") } else { format!("{path}/{name}") };
        print_paths(&next, &child, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
