//! `patchbay completions`: what makes a shell complete the words of this command line.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::output;
use crate::stop::Stop;

pub(crate) fn run(shell: Shell) -> Result<(), Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "patchbay", &mut script);
    Ok(output::print_bytes(&script)?)
}
