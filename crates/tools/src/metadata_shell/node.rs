//! The tree of nodes: directories with named children, and leaves with a text. Made on demand: a
//! directory knows its names and makes a child when it is asked for.

use std::io::{self, Write};

type Names<'a> = Box<dyn Fn() -> Vec<String> + 'a>;
type Child<'a> = Box<dyn Fn(&str) -> Option<Node<'a>> + 'a>;

/// One node.
pub(super) enum Node<'a> {
    /// What `cat` shows.
    Leaf(String),
    /// What `ls` lists.
    Directory {
        /// Its children's names, in any order.
        names: Names<'a>,
        /// The child of a name. May know more names than it lists.
        child: Child<'a>,
    },
}

impl<'a> Node<'a> {
    pub(super) fn directory(
        names: impl Fn() -> Vec<String> + 'a,
        child: impl Fn(&str) -> Option<Node<'a>> + 'a,
    ) -> Node<'a> {
        Node::Directory { names: Box::new(names), child: Box::new(child) }
    }

    /// A directory with these children and no others.
    pub(super) fn fixed(
        children: &'static [&'static str],
        child: impl Fn(&str) -> Option<Node<'a>> + 'a,
    ) -> Node<'a> {
        Node::directory(|| children.iter().map(|name| (*name).to_owned()).collect(), child)
    }

    pub(super) fn is_directory(&self) -> bool {
        matches!(self, Node::Directory { .. })
    }

    /// The child `name`, if this is a directory that has it.
    pub(super) fn child(&self, name: &str) -> Option<Node<'a>> {
        match self {
            Node::Leaf(_) => None,
            Node::Directory { child, .. } => child(name),
        }
    }

    /// Its children's names in Java's order of strings.
    pub(super) fn names(&self) -> Vec<String> {
        let Node::Directory { names, .. } = self else { return Vec::new() };
        let mut names = names();
        names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        names
    }

    /// Prints it with all below it, each level two columns further in.
    pub(super) fn print(&self, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        let indent = "  ".repeat(depth);
        match self {
            Node::Leaf(text) => writeln!(out, "{indent}{text}"),
            Node::Directory { .. } => self.names().iter().try_for_each(|name| {
                writeln!(out, "{indent}{name}:")?;
                self.child(name).map_or(Ok(()), |child| child.print(depth + 1, out))
            }),
        }
    }
}

/// The parts of `path`; empty ones do not count.
pub(super) fn split(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// `path`, seen from `here`, without `.` and `..`; above the root is the root.
pub(super) fn resolve(here: &str, path: &str) -> Vec<String> {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{here}/{path}") };
    let mut parts = Vec::new();
    for part in split(&whole) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part.to_owned()),
        }
    }
    parts
}
