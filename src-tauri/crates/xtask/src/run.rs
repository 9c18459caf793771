//! `cargo xtask run`: from a fresh clone to the open window.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::packages::{self, Need};
use crate::test::cargo::SHELL_FEATURES;
use crate::{FINE, NEEDS_YOU, Status, machine, shell, ui};

/// The example that opens when no folder is given.
const EXAMPLE: &str = "src-tauri/crates/studio/examples-bots/secret";

pub(crate) fn run(folder: Option<&str>) -> Result<Status> {
    if let Some(status) = not_ready(if has_display() { Need::Window } else { Need::Engine })? {
        return Ok(status);
    }
    let bot = match folder {
        Some(folder) => given(folder)?,
        None => example()?,
    };
    if has_display() { open_window(&bot) } else { name_the_command_line(&bot) }
}

/// The status to end with when a tool or package is missing that only the person can install.
pub(crate) fn not_ready(need: Need) -> Result<Option<Status>> {
    let tools = machine::missing_tools(need);
    for sentence in &tools {
        println!("{sentence}");
    }
    if !tools.is_empty() {
        return Ok(Some(NEEDS_YOU));
    }
    let status = packages::provide(need)?;
    Ok((status != FINE).then_some(status))
}

fn open_window(bot: &Path) -> Result<Status> {
    ui::provide()?;
    println!("Building Patchbay. The first time takes several minutes.");
    // The same selection as the tests make: cargo gives dependencies their features by it, and another one would compile
    // the web view's whole stack a second time.
    shell::must(shell::cargo().args(["build", "--locked", "--workspace", "--features", SHELL_FEATURES]))?;
    println!("Opening {}", bot.display());
    let window = shell::binaries("debug")?.join(shell::executable("patchbay-desktop"));
    let closed_well = shell::succeeds(shell::command(window).arg(bot))?;
    Ok(if closed_well { FINE } else { crate::FAILED })
}

fn name_the_command_line(bot: &Path) -> Result<Status> {
    println!("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.");
    println!("Building the command line instead, which does the same on a terminal.");
    shell::must(shell::cargo().args(["build", "-p", "cli"]))?;
    let patchbay = shell::binaries("debug")?.join(shell::executable("patchbay"));
    let (patchbay, bot) = (patchbay.display(), bot.display());
    println!("\nTry, on the bot in {bot}:\n");
    for rest in ["integrations", "secret set myapi_key", "chat"] {
        println!("  {patchbay} -C {bot} {rest}");
    }
    println!("  {patchbay} --help");
    Ok(FINE)
}

fn given(folder: &str) -> Result<PathBuf> {
    // Relative to where the person typed it, which is not the repository's root.
    let path = fs::canonicalize(folder).with_context(|| format!("{folder} cannot be opened"))?;
    if !path.is_dir() {
        bail!("{folder} is not a folder. A bot is a folder with an integrations.yaml; name that folder.");
    }
    Ok(path)
}

/// The person's own copy of the example: made once, then left alone.
fn example() -> Result<PathBuf> {
    let home =
        std::env::home_dir().context("Your home folder is unknown; name the bot's folder: cargo xtask run FOLDER")?;
    let copy = home.join("Patchbay").join("secret");
    if !copy.exists() {
        println!("Copying the example bot to {}", copy.display());
        copy_folder(&shell::root().join(EXAMPLE), &copy)
            .with_context(|| format!("{} cannot be written", copy.display()))?;
    }
    Ok(copy)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            // Read and written rather than copied: a read-only checkout must not make a read-only bot.
            fs::write(target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Only Linux may lack a display; elsewhere the window system is always there.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["WAYLAND_DISPLAY", "DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_there_and_a_copy_of_it_is_whole() {
        let scratch = shell::Scratch::new("example").expect("a folder");
        let copy = scratch.path().join("Patchbay/secret");
        copy_folder(&shell::root().join(EXAMPLE), &copy).expect("a copy");
        assert!(copy.join("integrations.yaml").is_file());
        assert!(copy.join("patchbay.yaml").is_file());
    }

    #[test]
    fn a_file_or_nothing_is_not_taken_for_a_bot() {
        let file = shell::root().join("Cargo.toml");
        let problem = given(&file.display().to_string()).expect_err("a file").to_string();
        assert!(problem.contains("not a folder"), "{problem}");
        assert!(given("/nowhere/at/all").is_err());
    }
}
