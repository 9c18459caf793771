//! `patchbay check`: all problems of a folder, compiler style. Reads the folder and nothing else: no vault, no lists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anstyle::Style;
use api::types::{Problem, Severity};
use studio::bot::{Bot, FileKind};
use studio::{Error, Folder, Studio, manifest};

use crate::args::Globals;
use crate::excerpt::excerpt;
use crate::output::{self, BOLD, CYAN, DIM, RED, YELLOW};
use crate::stop::{Status, Stop};

pub(crate) fn run(globals: &Globals, folder: Option<&Path>) -> Result<(), Stop> {
    let folder = folder.map_or_else(|| globals.folder.clone(), |folder| globals.folder.join(folder));
    let folder = Folder::open(&folder).map_err(Error::from)?;
    let bot = Studio::look(&folder)?;
    let makes_a_bot = |kind| matches!(kind, FileKind::Manifest | FileKind::Script | FileKind::DataDefinition);
    if !bot.files().iter().any(|file| makes_a_bot(file.kind)) {
        return Err(Stop::wrong_use(
            format!(
                "There is no bot in {}: it has neither an integrations.yaml nor a script.",
                studio::display(folder.path())
            ),
            "Name a bot's folder.",
        ));
    }
    let problems: Vec<Problem> = bot.problems().iter().map(Problem::from).collect();
    if globals.json {
        output::print_json(&problems)?;
    } else {
        let files: BTreeSet<&str> = problems.iter().map(|problem| &*problem.file).collect();
        let quotable: BTreeMap<_, _> = files.into_iter().map(|file| (file, Quotable::of(&bot, file))).collect();
        let quote = |problem: &Problem| quotable.get(&*problem.file).and_then(|file| file.line(problem.line));
        let mut lines: Vec<String> = problems.iter().map(|problem| told(problem, quote(problem))).collect();
        lines.push(summary(&problems, bot.files().len()));
        output::print(&lines.join("\n"))?;
    }
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    if failed { Err(Stop::Told(Status::Problems)) } else { Ok(()) }
}

/// The lines of a file that may be quoted: those that cannot show a client secret. Made once per file, because a file may
/// have as many problems as it has lines.
struct Quotable<'b> {
    lines: Vec<&'b str>,
    open: Vec<bool>,
}

impl<'b> Quotable<'b> {
    fn of(bot: &'b Bot, file: &str) -> Self {
        let text = bot.text(file).map_or("", |text| text);
        let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        let is_manifest = bot.files().iter().any(|known| *known.path == *file && known.kind == FileKind::Manifest);
        if !is_manifest {
            return Self { open: vec![true; lines.len()], lines };
        }
        // Where a manifest is too broken to be read as entries, a mention of a client secret anywhere in it is reason
        // enough to quote none of it.
        let harmless = !text.to_lowercase().replace(['_', '-'], "").contains("clients");
        let mut open = vec![harmless; lines.len()];
        let masked = manifest::mask(text, 0..text.len());
        let masked: Vec<&str> = masked.split('\n').map(|line| line.trim_end_matches('\r')).collect();
        for entry in bot.entries().iter().filter(|entry| *entry.file == *file) {
            for line in entry.line.saturating_sub(1)..entry.end_line {
                let line = line as usize;
                if let Some(open) = open.get_mut(line) {
                    *open = masked.len() == lines.len() && masked[line] == lines[line];
                }
            }
        }
        Self { lines, open }
    }

    fn line(&self, number: u32) -> Option<&'b str> {
        let at = number.checked_sub(1)? as usize;
        self.open.get(at).copied().unwrap_or(false).then(|| self.lines[at])
    }
}

fn told(problem: &Problem, line: Option<&str>) -> String {
    let (style, label) = severity(&problem.severity);
    let place = output::clean_line(&format!("{}:{}:{}:", problem.file, problem.line, problem.column));
    let message = output::clean_line(&problem.message);
    let mut told = format!("{BOLD}{place}{BOLD:#} {style}{label}:{style:#} {message} {DIM}[{}]{DIM:#}", problem.code);
    let margin = problem.line.to_string();
    if let Some(line) = line {
        let end = (problem.end_line == problem.line).then_some(problem.end_column);
        let shown = excerpt(line, problem.column, end);
        let empty = " ".repeat(margin.len());
        told += &format!(
            "\n {DIM}{margin} |{DIM:#} {}\n {DIM}{empty} |{DIM:#} {style}{}{style:#}",
            shown.line, shown.marks
        );
    }
    if !problem.hint.is_empty() {
        told += &format!("\n {} {DIM}={DIM:#} {}", " ".repeat(margin.len()), output::clean_line(&problem.hint));
    }
    told
}

fn severity(severity: &Severity) -> (Style, &'static str) {
    match severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Hint => (CYAN, "hint"),
    }
}

/// `2 errors, 1 warning in 3 files`.
fn summary(problems: &[Problem], files: usize) -> String {
    if problems.is_empty() {
        return format!("No problems in {}", output::count(files, "file", "files"));
    }
    let counted = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Hint, "hint", "hints"),
    ]
    .map(|(severity, one, more)| (problems.iter().filter(|problem| problem.severity == severity).count(), one, more));
    let counted = counted
        .into_iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, more)| output::count(number, one, more));
    let places: BTreeSet<_> = problems.iter().map(|problem| &problem.file).collect();
    format!("{} in {}", counted.collect::<Vec<_>>().join(", "), output::count(places.len(), "file", "files"))
}

#[cfg(test)]
mod tests {
    use api::types::Range;

    use super::*;

    fn problem(file: &str, severity: Severity) -> Problem {
        Problem {
            file: file.to_owned(),
            line: 12,
            column: 3,
            end_line: 12,
            end_column: 5,
            range: Range { from: 0, to: 0 },
            severity,
            code: "unknown-key".to_owned(),
            message: "There is no key xx.".to_owned(),
            hint: "Remove it.".to_owned(),
        }
    }

    #[test]
    fn a_problem_reads_like_a_compiler_s() {
        let plain =
            anstream::adapter::strip_str(&told(&problem("a.yaml", Severity::Error), Some("- xx: 1"))).to_string();
        let expect =
            "a.yaml:12:3: error: There is no key xx. [unknown-key]\n 12 | - xx: 1\n    |   ^^\n    = Remove it.";
        assert_eq!(plain, expect);
    }

    #[test]
    fn the_summary_counts_by_severity() {
        let check = |problems: &[Problem], expect: &str| assert_eq!(summary(problems, 4), expect);
        check(&[], "No problems in 4 files");
        check(&[problem("a", Severity::Warning)], "1 warning in 1 file");
        check(
            &[problem("a", Severity::Error), problem("b", Severity::Error), problem("b", Severity::Hint)],
            "2 errors, 1 hint in 2 files",
        );
    }
}
