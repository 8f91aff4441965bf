//! Error codes: `schemas/errors.txt` and the Rust table made from it.

use anyhow::{Context, Result, bail};

/// One line of `errors.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorFacts {
    code: i16,
    name: String,
    /// The exception of Kafka's Java client; `-` for none.
    exception: String,
    retry: Retry,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retry {
    Never,
    Retriable,
    /// Retriable once the metadata has been refreshed.
    StaleMetadata,
}

/// Reads `<code> <NAME> <exception> [retriable|stale-metadata] | <message>` per line.
pub fn parse_errors(text: &str) -> Result<Vec<ErrorFacts>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| parse_error(line).with_context(|| format!("\"{line}\""))).collect()
}

fn parse_error(line: &str) -> Result<ErrorFacts> {
    let (facts, message) = line.split_once(" | ").context("no message")?;
    let mut words = facts.split_whitespace();
    let mut word = || words.next().context("too few words");
    let (code, name, exception) = (word()?.parse()?, word()?.to_owned(), word()?.to_owned());
    let retry = match words.next() {
        None => Retry::Never,
        Some("retriable") => Retry::Retriable,
        Some("stale-metadata") => Retry::StaleMetadata,
        Some(other) => bail!("\"{other}\" is not a way to retry"),
    };
    Ok(ErrorFacts { code, name, exception, retry, message: message.to_owned() })
}

/// The text of `error_code.rs`.
pub fn errors(errors: &[ErrorFacts]) -> String {
    let (mut variants, mut facts, mut from, mut index) =
        (String::new(), String::new(), String::new(), String::new());
    for (row, error) in errors.iter().enumerate() {
        let variant = camel_case(&error.name);
        variants.push_str(&format!("/// `{}`\n{variant} = {},\n", error.name, error.code));
        from.push_str(&format!("{} => ErrorCode::{variant},\n", error.code));
        index.push_str(&format!("ErrorCode::{variant} => {row},\n"));
        facts.push_str(&format!(
            "ErrorFacts {{ code: ErrorCode::{variant}, name: {:?}, exception: {:?}, message: {:?}, retry: Retry::{:?} }},\n",
            error.name, error.exception, error.message, error.retry
        ));
    }
    format!(
        "//! Generated from `schemas/errors.txt` by `cargo xtask codegen`: the error codes of responses.

        use crate::error_code::{{ErrorFacts, Retry}};

        /// What a response says went wrong.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(i16)]
        pub enum ErrorCode {{ {variants} }}

        impl ErrorCode {{
            /// The error of a code on the wire; `None` for a code this build does not know.
            pub const fn from_i16(code: i16) -> Option<ErrorCode> {{
                Some(match code {{ {from} _ => return None }})
            }}

            pub(crate) const fn facts(self) -> &'static ErrorFacts {{ &FACTS[self.row()] }}

            const fn row(self) -> usize {{ match self {{ {index} }} }}
        }}

        pub(crate) static FACTS: [ErrorFacts; {}] = [{facts}];",
        errors.len()
    )
    .replace("/// `NONE`\n", "/// `NONE`\n#[default]\n")
}

/// `NOT_LEADER_OR_FOLLOWER` as `NotLeaderOrFollower`.
fn camel_case(name: &str) -> String {
    let capitalized = |word: &str| {
        let (first, rest) = word.split_at(1);
        format!("{first}{}", rest.to_ascii_lowercase())
    };
    name.split('_').map(capitalized).collect()
}
