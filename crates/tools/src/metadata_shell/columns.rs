//! What `ls` prints: names below each other, in as many columns as the screen has room for (Kafka:
//! LsCommandHandler).

use std::io::{self, Write};

/// Columns of a screen that one column of names takes at least.
const LEAST: usize = 4;
/// Columns between two names.
const GAP: usize = 2;

/// A directory that was asked for.
pub(super) struct Listing {
    pub(super) name: String,
    pub(super) children: Vec<String>,
}

/// Prints files, then directories; each directory under its name where more than one thing is shown.
pub(super) fn print_targets(
    width: Option<usize>,
    files: &[String],
    directories: &[Listing],
    out: &mut dyn Write,
) -> io::Result<()> {
    print_entries(width, None, files, out)?;
    let titled = !files.is_empty() || directories.len() > 1;
    let mut is_first = files.is_empty();
    for directory in directories {
        let title = titled.then(|| {
            let gap = if is_first { "" } else { "\n" };
            format!("{gap}{}:", directory.name)
        });
        is_first = is_first && !titled;
        print_entries(width, title, &directory.children, out)?;
    }
    Ok(())
}

fn print_entries(
    width: Option<usize>,
    title: Option<String>,
    entries: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    if let Some(title) = title {
        writeln!(out, "{title}")?;
    }
    let widths = widths(width, entries);
    let rows = entries.len().div_ceil(widths.len());
    for row in 0..rows {
        let mut line = String::new();
        for (column, width) in widths.iter().enumerate() {
            let Some(entry) = entries.get(row + column * rows) else { continue };
            line.push_str(entry);
            if column + 1 < widths.len() {
                line.push_str(&" ".repeat(width.saturating_sub(length(entry))));
            }
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The widths of the most columns that fit.
fn widths(screen: Option<usize>, entries: &[String]) -> Vec<usize> {
    let Some(screen) = screen else { return vec![0] };
    let candidates = (2..=screen / LEAST).rev().map(|count| {
        let rows = entries.len().div_ceil(count);
        let mut widths = vec![0; count];
        for (index, entry) in entries.iter().enumerate() {
            let column = &mut widths[index / rows];
            *column = (*column).max(length(entry) + GAP);
        }
        widths
    });
    let fits = |widths: &Vec<usize>| widths.last() != Some(&0) && widths.iter().sum::<usize>() <= screen;
    candidates.into_iter().find(fits).unwrap_or_else(|| vec![0])
}

/// As Java counts.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shown(width: Option<usize>, files: &[&str], directories: &[(&str, &[&str])]) -> String {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let directories: Vec<Listing> = directories
            .iter()
            .map(|(name, children)| Listing { name: (*name).to_owned(), children: owned(children) })
            .collect();
        let mut out = Vec::new();
        print_targets(width, &owned(files), &directories, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_fill_the_screen_column_by_column() {
        assert_eq!(shown(None, &["a", "b"], &[]), "a\nb\n");
        assert_eq!(shown(Some(20), &[], &[("d", &["abc", "def", "ghi", "jkl"])]), "abc  def  ghi  jkl\n");
        assert_eq!(shown(Some(10), &[], &[("d", &["abc", "def", "ghi"])]), "abc  ghi\ndef  \n");
    }

    #[test]
    fn several_targets_are_titled() {
        let text = shown(None, &["file"], &[("x", &["1"]), ("empty", &[]), ("y", &["2"])]);
        assert_eq!(text, "file\n\nx:\n1\n\ny:\n2\n");
        assert_eq!(shown(None, &[], &[("x", &["1"]), ("y", &["2"])]), "x:\n1\n\ny:\n2\n");
    }
}
