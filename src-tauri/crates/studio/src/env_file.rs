//! Reads a `.env` file: names and values, nothing substituted.
//!
//! The format is the one that dotenv readers agree on: `NAME=value`, an optional `export`, `#` comments, single quotes
//! literal, double quotes with `\n \r \t \" \\` and line breaks. `$NAME` stays as written: a secret may hold a dollar sign.

use store::Secret;

/// One assignment.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    /// 1-based line of the name.
    pub(crate) line: u32,
    pub(crate) value: Secret<String>,
}

/// A line that could not be read. The message never quotes it, for it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvProblem {
    pub line: u32,
    pub message: &'static str,
}

/// All assignments, the last of each name winning, and what could not be read.
pub(crate) fn read(text: &str) -> (Vec<Assignment>, Vec<EnvProblem>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut assignments: Vec<Assignment> = Vec::new();
    let mut problems = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let (outcome, after) = read_line(rest);
        match outcome {
            Ok(Some((name, value))) => {
                assignments.retain(|earlier| earlier.name != name);
                assignments.push(Assignment { name: name.to_owned(), line, value: Secret::new(value) });
            }
            Ok(None) => {}
            Err(message) => problems.push(EnvProblem { line, message }),
        }
        let consumed = &rest[..rest.len() - after.len()];
        line += u32::try_from(consumed.matches('\n').count()).unwrap_or(u32::MAX);
        rest = after;
    }
    (assignments, problems)
}

type Line<'t> = Result<Option<(&'t str, String)>, &'static str>;

/// Reads one logical line; returns what it holds and the text after it.
fn read_line(text: &str) -> (Line<'_>, &str) {
    let physical = text.split_inclusive('\n').next().unwrap_or(text);
    let next = &text[physical.len()..];
    let trimmed = physical.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return (Ok(None), next);
    }
    let Some(equals) = physical.find('=') else {
        return (Err("This line has no =. Write NAME=value."), next);
    };
    let name = physical[..equals].trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim);
    if !is_name(name) {
        return (Err("The name before = may hold letters, digits, _, - and dots only."), next);
    }
    let after = text[equals + 1..].trim_start_matches([' ', '\t']);
    match after.chars().next() {
        Some(quote @ ('"' | '\'')) => match quoted(&after[1..], quote) {
            Some((value, rest)) => {
                let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
                let tail = rest[..end].trim();
                if tail.is_empty() || tail.starts_with('#') {
                    (Ok(Some((name, value))), &rest[end..])
                } else {
                    (Err("Text follows the closing quote."), &rest[end..])
                }
            }
            None => (Err("The quote that opens here is not closed."), next),
        },
        _ => (Ok(Some((name, bare(&physical[equals + 1..])))), next),
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// An unquoted value: to the end of the line, a comment needs a space before it.
fn bare(text: &str) -> String {
    let end = text.find(" #").or_else(|| text.find("\t#")).unwrap_or(text.len());
    text[..end].trim().to_owned()
}

/// A quoted value and the text after its closing quote.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some((value, &text[at + c.len_utf8()..]));
        }
        if c == '\\' && quote == '"' {
            match chars.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                escaped @ ('"' | '\\' | '$') => value.push(escaped),
                other => value.extend(['\\', other]),
            }
        } else {
            value.push(c);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, u32, &str)], problem_lines: &[u32]) {
        let (assignments, problems) = read(text);
        let found: Vec<_> = assignments.iter().map(|a| (a.name.as_str(), a.line, a.value.expose().as_str())).collect();
        assert_eq!(found, expect, "{text:?}");
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), problem_lines, "{text:?}");
    }

    #[test]
    fn reads_plain_assignments() {
        check("A=1\nexport B = two words  \n\n# no\nC=\n", &[("A", 1, "1"), ("B", 2, "two words"), ("C", 5, "")], &[]);
        check("\u{feff}A=1\r\nB=2\r\n", &[("A", 1, "1"), ("B", 2, "2")], &[]);
        check("A=no newline", &[("A", 1, "no newline")], &[]);
        check("", &[], &[]);
    }

    #[test]
    fn keeps_what_a_secret_may_hold() {
        check(
            "A=pa$$word$HOME\nB=a=b==\nC=x#y # note",
            &[("A", 1, "pa$$word$HOME"), ("B", 2, "a=b=="), ("C", 3, "x#y")],
            &[],
        );
    }

    #[test]
    fn reads_quotes() {
        check(r#"A="a \"b\" # c\n$D" # note"#, &[("A", 1, "a \"b\" # c\n$D")], &[]);
        check("A='raw \\n $X'\n", &[("A", 1, "raw \\n $X")], &[]);
        check("A=\"-----BEGIN\nline\n\"\nB=1", &[("A", 1, "-----BEGIN\nline\n"), ("B", 4, "1")], &[]);
    }

    #[test]
    fn the_last_assignment_of_a_name_wins() {
        check("A=1\nB=2\nA=3", &[("B", 2, "2"), ("A", 3, "3")], &[]);
    }

    #[test]
    fn tells_the_line_of_what_it_cannot_read() {
        check("nonsense\nA=1\n1B=2\nC=\"open\nD='x' y\nE=5", &[("A", 2, "1"), ("E", 6, "5")], &[1, 3, 4, 5]);
    }
}
