//! Paths with wildcards: `*`, `?` and `{a,b}` within a part, `\` before a letter that is meant itself
//! (Kafka: GlobComponent, GlobVisitor).

use regex::Regex;

use super::node::{Node, resolve};

/// One part of a path.
enum Part {
    Literal(String),
    Pattern(Regex),
}

impl Part {
    /// A malformed pattern stands for itself.
    fn new(text: &str) -> Part {
        let pattern = expression(text).and_then(|expression| Regex::new(&expression).ok());
        pattern.map_or_else(|| Part::Literal(text.to_owned()), Part::Pattern)
    }
}

/// The regular expression of a part with wildcards; `None` if it has none or is malformed.
fn expression(glob: &str) -> Option<String> {
    let mut expression = "^".to_owned();
    let (mut wild, mut in_group) = (false, false);
    let mut letters = glob.chars();
    while let Some(letter) = letters.next() {
        let written = match letter {
            '?' => ".".to_owned(),
            '*' => ".*".to_owned(),
            '\\' => {
                expression.push_str(&regex::escape(&letters.next().unwrap_or('\\').to_string()));
                continue;
            }
            '{' if in_group => return None,
            '{' => {
                in_group = true;
                "(?:(?:".to_owned()
            }
            ',' if in_group => ")|(?:".to_owned(),
            '}' if in_group => {
                in_group = false;
                "))".to_owned()
            }
            letter => {
                expression.push_str(&regex::escape(&letter.to_string()));
                continue;
            }
        };
        wild = true;
        expression.push_str(&written);
    }
    expression.push('$');
    (wild && !in_group).then_some(expression)
}

/// A node that a path leads to.
pub(super) struct Found<'a> {
    path: Vec<String>,
    pub(super) node: Node<'a>,
}

impl Found<'_> {
    pub(super) fn name(&self) -> &str {
        self.path.last().map_or("/", String::as_str)
    }

    pub(super) fn absolute(&self) -> String {
        format!("/{}", self.path.join("/"))
    }
}

/// The nodes that `glob`, seen from `here`, leads to, in the order of their names.
pub(super) fn find<'a>(root: Node<'a>, here: &str, glob: &str) -> Vec<Found<'a>> {
    let parts: Vec<Part> = resolve(here, glob).iter().map(|part| Part::new(part)).collect();
    let mut found = vec![Found { path: Vec::new(), node: root }];
    for part in &parts {
        found = found.iter().flat_map(|at| step(at, part)).collect();
    }
    found
}

fn step<'a>(at: &Found<'a>, part: &Part) -> Vec<Found<'a>> {
    let names = match part {
        Part::Literal(name) => vec![name.clone()],
        Part::Pattern(pattern) => at.node.names().into_iter().filter(|name| pattern.is_match(name)).collect(),
    };
    let child = |name: String| {
        let node = at.node.child(&name)?;
        let path = at.path.iter().cloned().chain([name]).collect();
        Some(Found { path, node })
    };
    names.into_iter().filter_map(child).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_part_matches_as_kafkas_does() {
        let matches = |glob: &str, name: &str| match Part::new(glob) {
            Part::Literal(literal) => literal == name,
            Part::Pattern(pattern) => pattern.is_match(name),
        };
        for (glob, name, is_match) in [
            ("foo", "foo", true),
            ("foo", "foobar", false),
            ("*", "anything", true),
            ("b?b", "bob", true),
            ("b?b", "bb", false),
            ("a.c*", "abcd", false),
            ("b{o,e}b", "beb", true),
            ("b{o,e}b", "bab", false),
            ("$lit.{x,y}[", "$lit.x[", true),
            ("b{ob", "b{ob", true),
            ("a\\*b*", "a*bc", true),
            ("a\\*b*", "axbc", false),
        ] {
            assert_eq!(matches(glob, name), is_match, "{glob} {name}");
        }
    }

    #[test]
    fn paths_are_seen_from_where_one_is() {
        assert_eq!(resolve("/image/topics", "../features/./x"), ["image", "features", "x"]);
        assert_eq!(resolve("/image", "/local//version/"), ["local", "version"]);
        assert!(resolve("/image", "../../..").is_empty());
    }
}
