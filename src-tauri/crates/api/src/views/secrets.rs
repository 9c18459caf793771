//! Secrets and `.env` previews, without values.

use crate::types::{EnvEffect, EnvPreview, EnvProblem, EnvRow, SecretRow};
use crate::views::bots::place;

impl From<studio::SecretRow> for SecretRow {
    fn from(row: studio::SecretRow) -> Self {
        Self {
            alias: row.alias,
            description: row.description,
            file: row.file,
            line: row.line,
            skill: row.skill,
            set: row.set,
            changed_at: row.changed_at.map(|at| at.to_string()),
            last_used_at: row.last_used_at.map(|at| at.to_string()),
            used_by: row.used_by.iter().map(place).collect(),
        }
    }
}

impl From<studio::EnvPreview> for EnvPreview {
    fn from(preview: studio::EnvPreview) -> Self {
        let row = |row: studio::EnvRow| EnvRow {
            name: row.name,
            line: row.line,
            alias: row.alias,
            effect: match row.effect {
                studio::EnvEffect::Add => EnvEffect::Add,
                studio::EnvEffect::Replace => EnvEffect::Replace,
                studio::EnvEffect::Same => EnvEffect::Same,
                studio::EnvEffect::NoEntry => EnvEffect::NoEntry,
            },
        };
        let problem =
            |problem: studio::EnvProblem| EnvProblem { line: problem.line, message: problem.message.to_owned() };
        Self {
            import: preview.import,
            rows: preview.rows.into_iter().map(row).collect(),
            problems: preview.problems.into_iter().map(problem).collect(),
        }
    }
}
