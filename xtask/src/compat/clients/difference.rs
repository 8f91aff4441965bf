//! Two results side by side, cut down to where they differ.

/// Characters shown around the part that differs.
const CONTEXT: usize = 60;
/// Longest part of one side that is shown.
const SHOWN: usize = 400;

/// Both results without what they have in common, except a little around it.
pub(super) fn narrow(left: &str, right: &str) -> (String, String) {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let shorter = left.len().min(right.len());
    let before = (0..shorter).take_while(|&at| left[at] == right[at]).count();
    let after = (1..=shorter - before)
        .take_while(|&back| left[left.len() - back] == right[right.len() - back])
        .count();
    (cut(&left, before, after), cut(&right, before, after))
}

fn cut(text: &[char], before: usize, after: usize) -> String {
    let from = before.saturating_sub(CONTEXT);
    let to = (text.len() - after + CONTEXT).min(text.len());
    let shown: String = text[from..to].iter().take(SHOWN).collect();
    let head = if from > 0 { "..." } else { "" };
    let tail = if to < text.len() || to - from > SHOWN { "..." } else { "" };
    format!("{head}{shown}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_results_are_shown_whole() {
        assert_eq!(narrow("a=1 b=2", "a=1 b=3"), ("a=1 b=2".to_owned(), "a=1 b=3".to_owned()));
        assert_eq!(narrow("", "x"), (String::new(), "x".to_owned()));
    }

    #[test]
    fn long_results_are_cut_to_their_difference() {
        let common = "c".repeat(500);
        let (left, right) = narrow(&format!("{common}1{common}"), &format!("{common}22{common}"));
        assert_eq!(left.len(), 3 + CONTEXT + 1 + CONTEXT + 3);
        assert_eq!(right.len(), 3 + CONTEXT + 2 + CONTEXT + 3);
    }
}
