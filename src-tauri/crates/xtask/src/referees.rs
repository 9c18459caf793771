//! The independent programs that judge Patchbay in tests, from the registries: npm's always, PyPI's in long runs.

use anyhow::Result;

use crate::{shell, ui};

const FOLDER: &str = "tests/referees";

/// Installs what is missing.
pub(crate) fn provide(long: bool) -> Result<()> {
    ui::install(FOLDER)?;
    if long { python() } else { Ok(()) }
}

/// A virtual environment with the packages of `requirements.txt`, made again when that file is newer.
fn python() -> Result<()> {
    let folder = shell::root().join(FOLDER);
    let done = folder.join(".venv/installed");
    if ui::changed_at(&done).is_some_and(|done| ui::changed_at(&folder.join("requirements.txt")) <= Some(done)) {
        return Ok(());
    }
    println!("Installing the Python packages of {}", folder.display());
    shell::must(shell::command("python3").current_dir(&folder).args(["-m", "venv", ".venv"]))?;
    let mut pip = shell::command(folder.join(".venv/bin/pip"));
    shell::must(pip.current_dir(&folder).args(["install", "--quiet", "-r", "requirements.txt"]))?;
    std::fs::write(done, "")?;
    Ok(())
}
