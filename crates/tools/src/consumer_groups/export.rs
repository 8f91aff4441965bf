//! Resets as CSV, written by `--export` and read by `--from-file`: `topic,partition,offset` of one group, or
//! with the group before it (Kafka: CsvUtils).

use klamm_model::TopicPartition;
use klamm_protocol::Str;

use super::reset::Plan;
use crate::java;
use crate::tool::ToolError;

/// Longest text that is looked at before it is quoted anyway.
const MAX_UNQUOTED: usize = 24;

/// One line per partition.
pub(super) fn to_csv(plan: &Plan, is_single_group: bool) -> String {
    let mut text = String::new();
    for (group, places) in plan {
        for (at, offset) in places {
            if !is_single_group {
                text.push_str(&quoted(group));
                text.push(',');
            }
            text.push_str(&format!("{},{},{offset}\n", quoted(&at.topic), at.partition));
        }
    }
    text
}

/// As Jackson quotes: long texts, and those with a character up to the comma.
fn quoted(text: &str) -> String {
    let is_plain = text.encode_utf16().count() <= MAX_UNQUOTED && text.chars().all(|letter| letter > ',');
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// Reads a file; a file without groups is that of the only group in `groups`.
pub(super) fn read(file: &str, groups: &[&str]) -> Result<Plan, ToolError> {
    let text = std::fs::read_to_string(file)
        .map_err(|_| ToolError::Failed(format!("java.io.IOException: {}", java::unreadable(file))))?;
    parse(&text, groups)
}

fn parse(text: &str, groups: &[&str]) -> Result<Plan, ToolError> {
    let mut plan = Plan::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let cells = cells(line);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let (group, rest) = match (groups, cells.as_slice()) {
            ([group], rest @ [_, _, _]) => (*group, rest),
            (_, [group, rest @ ..]) => (*group, rest),
            (_, []) => continue,
        };
        let refused = || ToolError::Failed(format!("{line} is no line of a reset plan"));
        let [topic, partition, offset] = rest else { return Err(refused()) };
        let partition = partition.trim().parse().map_err(|_| refused())?;
        let offset = offset.trim().parse().map_err(|_| refused())?;
        plan.entry(Str::from(group)).or_default().insert(TopicPartition::new(*topic, partition), offset);
    }
    Ok(plan)
}

/// The cells of a line; `""` in a quoted one is a quote.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always one");
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_exported_is_read_again() {
        let mut plan = Plan::new();
        let places = plan.entry("a \"b\"".into()).or_default();
        places.insert(TopicPartition::new("orders", 1), 7);
        places.insert(TopicPartition::new("a-topic-with-a-rather-long-name", 0), 8);
        let text = to_csv(&plan, false);
        assert!(text.contains("\"a \"\"b\"\"\",orders,1,7\n"), "{text}");
        assert!(text.contains("\"a-topic-with-a-rather-long-name\",0,8\n"), "{text}");
        assert_eq!(parse(&text, &["x", "y"]).unwrap(), plan);
    }

    #[test]
    fn lines_without_a_group_are_of_the_only_one() {
        let plan = parse("orders,0,5\n", &["g"]).unwrap();
        assert_eq!(plan["g"][&TopicPartition::new("orders", 0)], 5);
        assert!(parse("orders,0\n", &["g"]).is_err());
    }
}
