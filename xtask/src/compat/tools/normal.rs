//! What of an outcome is compared: all of it but what must differ between two runs.

use super::help;
use super::line::{Line, Mark};
use super::pass::Ran;

/// The outcome as text, with ids, times and the like replaced.
pub(super) fn of(line: &Line, ran: &Ran) -> String {
    if line.has(Mark::Code) {
        return format!("exit {}", ran.code);
    }
    if line.has(Mark::Options) {
        return help::options(&format!("{}\n{}", ran.out, ran.err)).join("\n");
    }
    let told = ran.out.contains("Error: ");
    let complaint = complaint(&ran.err, told);
    let mut parts: Vec<String> = ran.out.lines().filter(|line| !is_trace(line)).map(normal).collect();
    while parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    if line.has(Mark::Json) {
        parts = parts.into_iter().map(|part| sorted_json(&part)).collect();
    }
    if line.has(Mark::Digits) {
        parts = parts.iter().map(|part| without_numbers(part)).collect();
    }
    if line.has(Mark::Sort) {
        parts.retain(|part| !part.trim().is_empty());
        parts.sort();
    }
    if line.has(Mark::Words) {
        parts = parts.iter().map(|part| sorted_words(part)).collect();
    }
    let complaint = if line.has(Mark::Words) { sorted_words(&complaint) } else { complaint };
    format!("exit {}\nstderr: {complaint}\nstdout:\n{}", ran.code, parts.join("\n"))
}

/// A line of a stack trace.
fn is_trace(line: &str) -> bool {
    let class = line.split(':').next().unwrap_or_default();
    let is_exception = class.contains('.')
        && (class.ends_with("Exception") || class.ends_with("Error"))
        && class.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".$_".contains(&byte));
    line.starts_with("\tat ") || line.starts_with("\t... ") || line.starts_with("Caused by: ") || is_exception
}

/// The line of standard error that says what is wrong: usages and stack traces around it are each tool's own.
/// `told`: the output says it already, and Kafka adds only the trace.
fn complaint(err: &str, told: bool) -> String {
    // One dialect breaks its complaint into lines, filled up with blanks.
    let whole: Vec<&str> = err.split_whitespace().collect();
    let error = whole.windows(2).position(|two| two[0].starts_with("kafka-") && two[1] == "error:");
    if let Some(at) = error {
        return format!("{} error: {}", whole[at], whole[at + 2..].concat());
    }
    let mut lines = err.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| {
        !line.starts_with("WARN New offset")
            && !(told && (is_trace(line) || line.starts_with("at ") || line.starts_with("... ")))
    });
    let first = first.unwrap_or_default();
    let first = match first.strip_prefix("Exception in thread \"main\" ") {
        Some(exception) => exception.split_once(": ").map_or(exception, |(_, message)| message),
        None => first,
    };
    normal(first)
}

/// Ids of topics, members and directories replaced by as many letters.
fn normal(text: &str) -> String {
    let is_id_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_id_letter) {
        result.push_str(&rest[..start]);
        let tail = &rest[start..];
        let end = tail.find(|letter| !is_id_letter(letter)).unwrap_or(tail.len());
        result.push_str(&normal_word(&tail[..end]));
        rest = &tail[end..];
    }
    result.push_str(rest);
    result
}

fn normal_word(word: &str) -> String {
    // A member's id ends in a UUID; a random id has 22 letters, of which some are digits or capitals.
    if word.len() > 36 && is_uuid(&word[word.len() - 36..]) {
        return format!("{}{}", &word[..word.len() - 36], "U".repeat(36));
    }
    let mixed = |test: fn(&u8) -> bool| word.as_bytes().iter().filter(|byte| test(byte)).count() >= 2;
    let is_random = word.len() == 22
        && mixed(u8::is_ascii_uppercase)
        && mixed(u8::is_ascii_lowercase)
        && !word.ends_with("Exception")
        && !word.starts_with("klamm")
        && !word.starts_with("AAAA");
    if is_random { "I".repeat(22) } else { word.to_owned() }
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.bytes().enumerate().all(|(at, byte)| match byte {
        b'-' => dashes.contains(&at),
        _ => byte.is_ascii_hexdigit() && !dashes.contains(&at),
    })
}

/// Each run of digits becomes one N; blanks that only pad become one.
fn without_numbers(text: &str) -> String {
    let mut result = String::new();
    for letter in text.chars() {
        let letter = if letter.is_ascii_digit() { 'N' } else { letter };
        let is_repeated = matches!(letter, 'N' | ' ') && result.ends_with(letter);
        if !is_repeated {
            result.push(letter);
        }
    }
    // A tool does not know the names of later releases' levels.
    result.replace("UNKNOWN N", "N.N-IVN")
}

fn sorted_words(text: &str) -> String {
    let mut words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || ",()[]".contains(letter))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.join(" ")
}

/// The members of each object and the items of each list, sorted; enough where no string holds a bracket.
fn sorted_json(text: &str) -> String {
    if !text.starts_with('{') {
        return text.to_owned();
    }
    let mut items: Vec<&str> =
        text.split(['{', '}', '[', ']', ',']).filter(|item| !item.is_empty()).collect();
    items.sort_unstable();
    items.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_that_must_differ_are_replaced() {
        assert_eq!(normal("TopicId: Qb3zv9XYSxS1rT0a_Gk2aQ\tx"), format!("TopicId: {}\tx", "I".repeat(22)));
        let member = "worker-a-123e4567-e89b-12d3-a456-426614174000";
        assert_eq!(normal(member), format!("worker-a-{}", "U".repeat(36)));
        assert_eq!(normal("a-plain-sentence stays"), "a-plain-sentence stays");
        assert_eq!(without_numbers("12   ms 7"), "N ms N");
    }

    #[test]
    fn the_complaint_is_found_between_usage_and_trace() {
        assert_eq!(complaint("usage: x\nkafka-x:  error:  too\nfew\n", false), "kafka-x: error: toofew");
        assert_eq!(complaint("\n\nwrong\n\tat java\n", false), "wrong");
        assert_eq!(complaint("Exception in thread \"main\" a.B: wrong\n", false), "wrong");
    }
}
