//! The verdict on each step of each family, from one pass or from two that must agree.

use super::Pass;
use super::catalog::{self, Difference};
use super::difference;
use super::family::Family;
use super::transcript::{Step, Transcript};

/// Results are cut to this many characters unless all is asked for.
const SHOWN: usize = 90;

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Own assertions hold, and the systems gave the same result.
    Passed(String),
    /// The client cannot take the step.
    Skipped(String),
    /// The systems differ, as a decision page says: both results.
    Differs(String),
    /// What went wrong, for a reader.
    Failed(String),
}

/// All verdicts of one family in the order of its steps.
pub(super) struct FamilyReport {
    pub(super) family: Family,
    pub(super) client: String,
    pub(super) steps: Vec<(String, Verdict)>,
}

/// All verdicts of a run.
pub(super) struct Report {
    pub(super) families: Vec<FamilyReport>,
}

impl Report {
    /// Judges one pass by the programs' own assertions, two also by each other.
    pub(super) fn compare(passes: &[Pass]) -> Report {
        let Some((first, others)) = passes.split_first() else { return Report { families: Vec::new() } };
        let families = first
            .transcripts
            .iter()
            .enumerate()
            .map(|(index, transcript)| {
                let other = others.first().map(|pass| (pass.name, &pass.transcripts[index]));
                FamilyReport {
                    family: transcript.family,
                    client: transcript.client.clone(),
                    steps: compare(first.name, transcript, other),
                }
            })
            .collect();
        Report { families }
    }

    pub(super) fn passed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Passed(_)))
    }

    pub(super) fn failed(&self) -> usize {
        self.count(|verdict| matches!(verdict, Verdict::Failed(_)))
    }

    fn count(&self, wanted: impl Fn(&Verdict) -> bool) -> usize {
        self.families.iter().flat_map(|family| &family.steps).filter(|(_, verdict)| wanted(verdict)).count()
    }

    /// One line per step; failures once more at the end, whole.
    pub(super) fn print(&self, verbose: bool) {
        for family in &self.families {
            println!("\n{} ({})", family.family.name(), family.client);
            for (name, verdict) in &family.steps {
                match verdict {
                    Verdict::Passed(result) => println!("  ok    {name:<36} {}", shown(result, verbose)),
                    Verdict::Skipped(reason) => println!("  -     {name:<36} {reason}"),
                    Verdict::Differs(results) => println!("  diff  {name:<36} {results}"),
                    Verdict::Failed(_) => println!("  FAIL  {name}"),
                }
            }
        }
        println!();
        for family in &self.families {
            for (name, verdict) in &family.steps {
                if let Verdict::Failed(story) = verdict {
                    println!("FAIL {} {name}\n{story}", family.family.name());
                }
            }
        }
    }
}

fn shown(result: &str, verbose: bool) -> String {
    match result.char_indices().nth(SHOWN) {
        Some((end, _)) if !verbose => format!("{}...", &result[..end]),
        _ => result.to_owned(),
    }
}

type Named<'a> = (&'a str, &'a Transcript);

fn compare(name: &str, transcript: &Transcript, other: Option<Named>) -> Vec<(String, Verdict)> {
    let mut verdicts: Vec<(String, Verdict)> = transcript
        .steps
        .iter()
        .map(|step| {
            let verdict = match other {
                Some((other_name, other)) => judge_both((name, step), (other_name, other.step(&step.name))),
                None => judge(step),
            };
            (step.name.clone(), verdict)
        })
        .collect();
    if let Some((other_name, other)) = other {
        for step in other.steps.iter().filter(|step| transcript.step(&step.name).is_none()) {
            let story = format!("  {name}: no such step\n  {other_name}: {}", step.result);
            verdicts.push((step.name.clone(), Verdict::Failed(story)));
        }
    }
    for step in catalog::required().filter(|name| transcript.step(name).is_none()) {
        let story = "  absent: a family takes each step of the catalog, or skips it with a reason";
        if verdicts.iter().all(|(known, _)| known != step) {
            verdicts.push((step.to_owned(), Verdict::Failed(story.to_owned())));
        }
    }
    let runs = [Some((name, transcript)), other];
    for (name, run) in runs.into_iter().flatten() {
        if let Some(fault) = &run.fault {
            verdicts.push(("whole-run".to_owned(), Verdict::Failed(format!("  {name}: {fault}"))));
        }
    }
    verdicts
}

fn judge(step: &Step) -> Verdict {
    match step.skip_reason() {
        Some(reason) => Verdict::Skipped(reason.to_owned()),
        None if step.has_failed() => Verdict::Failed(format!("  {}", step.result)),
        None => Verdict::Passed(step.result.clone()),
    }
}

fn judge_both((left_name, left): (&str, &Step), (right_name, right): (&str, Option<&Step>)) -> Verdict {
    let Some(right) = right else {
        return Verdict::Failed(format!("  {left_name}: {}\n  {right_name}: no such step", left.result));
    };
    if let Some(declared) = catalog::difference(&left.name).filter(|_| left.skip_reason().is_none()) {
        return judge_difference(declared, (left_name, left), (right_name, right));
    }
    if left == right {
        return judge(left);
    }
    let (left_shown, right_shown) = difference::narrow(&left.result, &right.result);
    Verdict::Failed(format!("  {left_name}: {left_shown}\n  {right_name}: {right_shown}"))
}

/// Klamm's result must be the declared one, and a declared difference must be one.
fn judge_difference(
    declared: &Difference,
    (left_name, left): (&str, &Step),
    right: (&str, &Step),
) -> Verdict {
    let (right_name, right) = right;
    if left_name == right_name {
        return if left == right {
            judge(left)
        } else {
            Verdict::Failed(format!("  {}\n  {}", left.result, right.result))
        };
    }
    let results = format!("{left_name}: {}; {right_name}: {}", left.result, right.result);
    if left != right && !left.has_failed() && right.result.starts_with(declared.ours) {
        Verdict::Differs(results)
    } else {
        Verdict::Failed(format!("  not the difference of {}\n  {results}", declared.page))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The given steps, and all others that are required as skipped.
    fn pass(name: &'static str, output: &str) -> Pass {
        let mut transcript = Transcript::parse(Family::ALL[0], output, "x");
        for step in catalog::required() {
            if transcript.step(step).is_none() {
                transcript
                    .steps
                    .push(Step { name: step.to_owned(), result: "skip: not of this test".to_owned() });
            }
        }
        Pass { name, transcripts: vec![transcript] }
    }

    #[test]
    fn a_required_step_that_is_absent_fails() {
        let transcript = Transcript::parse(Family::ALL[0], "list-topics\tx", "x");
        let report = Report::compare(&[Pass { name: "A", transcripts: vec![transcript] }]);
        assert_eq!((report.passed(), report.failed()), (1, catalog::required().count() - 1));
    }

    #[test]
    fn a_declared_difference_holds_only_as_declared() {
        let step = catalog::DIFFERENCES[0].step;
        let ours = catalog::DIFFERENCES[0].ours;
        let verdict = |left: &str, right: &str| {
            let passes = [pass("A", &format!("{step}\t{left}")), pass("B", &format!("{step}\t{right}"))];
            Report::compare(&passes).failed()
        };
        assert_eq!(verdict("committed", &format!("{ours}SOME_ERROR")), 0);
        assert_eq!(verdict("committed", "committed"), 1);
        assert_eq!(verdict("FAIL no", &format!("{ours}SOME_ERROR")), 1);
        assert_eq!(verdict("committed", "something else"), 1);
    }

    #[test]
    fn equal_results_pass_and_different_ones_fail() {
        let report = Report::compare(&[pass("A", "one\t1\ntwo\t2"), pass("B", "one\t1\ntwo\t3")]);
        assert_eq!((report.passed(), report.failed()), (1, 1));
    }

    #[test]
    fn a_failed_assertion_fails_even_where_both_systems_agree() {
        let report = Report::compare(&[pass("A", "one\tFAIL x"), pass("B", "one\tFAIL x")]);
        assert_eq!((report.passed(), report.failed()), (0, 1));
    }

    #[test]
    fn steps_missing_on_either_side_fail() {
        let report = Report::compare(&[pass("A", "one\t1"), pass("B", "two\t2")]);
        assert_eq!((report.passed(), report.failed()), (0, 2));
    }

    #[test]
    fn skipped_steps_count_as_neither() {
        let report = Report::compare(&[pass("A", "one\tskip: no call")]);
        assert_eq!((report.passed(), report.failed()), (0, 0));
    }
}
