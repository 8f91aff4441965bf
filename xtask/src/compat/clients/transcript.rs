//! What one program printed: its client's name and one result per step.

use super::family::Family;

/// The step under which a program tells the name and version of its client library.
const CLIENT: &str = "client";
/// How the result of a step begins whose own assertion failed.
const FAILED: &str = "FAIL";
/// How the result of a step begins that the client cannot take; the reason follows.
const SKIPPED: &str = "skip: ";

/// The whole output of one run of a program.
#[derive(Clone, Debug)]
pub(super) struct Transcript {
    pub(super) family: Family,
    /// Name and version of the client library, as the library itself says.
    pub(super) client: String,
    pub(super) steps: Vec<Step>,
    /// Why the run as a whole failed: a crash, a time-out, a line out of form.
    pub(super) fault: Option<String>,
}

/// One line of a program's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) result: String,
}

impl Step {
    pub(super) fn has_failed(&self) -> bool {
        self.result.starts_with(FAILED)
    }

    /// The reason why the client cannot take this step.
    pub(super) fn skip_reason(&self) -> Option<&str> {
        self.result.strip_prefix(SKIPPED)
    }
}

impl Transcript {
    /// Reads `step<TAB>result` lines; the run's own `prefix` of names is told as `P`.
    pub(super) fn parse(family: Family, output: &str, prefix: &str) -> Transcript {
        let mut transcript = Transcript { family, client: String::new(), steps: Vec::new(), fault: None };
        for line in output.lines() {
            match line.split_once('\t') {
                Some((CLIENT, client)) => transcript.client = client.to_owned(),
                Some((name, result)) => transcript.steps.push(Step {
                    name: name.to_owned(),
                    result: result.replace(&format!("{prefix}-"), "P-"),
                }),
                None => transcript.fault = Some(format!("printed a line that is no step: {line}")),
            }
        }
        transcript
    }

    pub(super) fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_line_is_a_step_and_the_prefix_is_told_as_p() {
        let output = "client\tsome 1.2\nlist-topics\tx1-a, x1-b\nproduce\tFAIL no\nacls\tskip: none";
        let transcript = Transcript::parse(Family::ALL[0], output, "x1");
        assert_eq!(transcript.client, "some 1.2");
        assert_eq!(transcript.step("list-topics").unwrap().result, "P-a, P-b");
        assert!(transcript.step("produce").unwrap().has_failed());
        assert_eq!(transcript.step("acls").unwrap().skip_reason(), Some("none"));
        assert_eq!(transcript.fault, None);
    }

    #[test]
    fn a_line_without_a_tab_is_a_fault() {
        assert!(Transcript::parse(Family::ALL[0], "oops", "x1").fault.is_some());
    }
}
