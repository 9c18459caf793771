//! How secrets and answers come in: standard input, a file descriptor, a hidden prompt; never an argument.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use studio::Secret;

use crate::output;
use crate::stop::Stop;

/// More than any value, `.env` file or passphrase may hold; keeps an endless stream from filling the memory.
const LIMIT: u64 = 2 * 1024 * 1024;

/// Whether a person sits at a terminal and can be asked something.
pub(crate) fn can_ask() -> bool {
    io::stderr().is_terminal()
}

pub(crate) fn from_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Asks for something that is not shown while it is typed.
pub(crate) fn hidden(prompt: &str) -> Result<Secret<String>, Stop> {
    match rpassword::prompt_password(prompt) {
        Ok(typed) => Ok(Secret::new(typed)),
        Err(error) if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::Interrupted) => {
            Err(Stop::cancelled())
        }
        Err(error) => Err(Stop::wrong_use(
            format!("The terminal could not be read: {error}."),
            "Give the value on standard input.",
        )),
    }
}

/// All of standard input as text.
pub(crate) fn all() -> Result<Secret<String>, Stop> {
    text(&mut io::stdin().lock())
}

/// Standard input or, on a terminal, a hidden prompt. One line break at the end is not part of it.
pub(crate) fn value(prompt: &str) -> Result<Secret<String>, Stop> {
    if from_terminal() { hidden(prompt) } else { Ok(without_line_break(&all()?)) }
}

/// The first line of a file descriptor that the caller opened for this process.
pub(crate) fn first_line(descriptor: u32) -> Result<Secret<String>, Stop> {
    if descriptor == 0 {
        // What follows the line stays in the buffer of standard input, for the value.
        return line(&mut io::stdin().lock());
    }
    let file = std::fs::File::open(format!("/dev/fd/{descriptor}"));
    let file =
        file.map_err(|error| Stop::wrong_use(format!("File descriptor {descriptor} cannot be read: {error}."), ""))?;
    line(&mut io::BufReader::new(file))
}

/// Asks a question that is answered with `y`; anything else means no.
pub(crate) fn confirm(question: &str) -> io::Result<bool> {
    let mut err = io::stderr().lock();
    write!(err, "{} [y/N] ", output::clean(question))?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().take(LIMIT).read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn line(from: &mut dyn BufRead) -> Result<Secret<String>, Stop> {
    let mut bytes = Vec::new();
    from.take(LIMIT).read_until(b'\n', &mut bytes).map_err(unreadable)?;
    Ok(without_line_break(&decoded(bytes)?))
}

fn text(from: &mut dyn Read) -> Result<Secret<String>, Stop> {
    let mut bytes = Vec::new();
    from.take(LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let text = decoded(bytes)?;
    if text.expose().len() as u64 > LIMIT {
        return Err(Stop::wrong_use(
            "Standard input holds more than 2 MiB, so nothing was stored.",
            "Give the value alone.",
        ));
    }
    Ok(text)
}

fn decoded(bytes: Vec<u8>) -> Result<Secret<String>, Stop> {
    String::from_utf8(bytes).map(Secret::new).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        drop(Secret::new(error.into_bytes()));
        Stop::wrong_use(
            format!("What was given is not UTF-8 text: byte {at} cannot be read."),
            "Encode it as text first, for example with base64.",
        )
    })
}

fn unreadable(error: io::Error) -> Stop {
    Stop::wrong_use(format!("Standard input could not be read: {error}."), "")
}

fn without_line_break(text: &Secret<String>) -> Secret<String> {
    let text = text.expose();
    let line = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    Secret::new(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_not_part_of_a_value() {
        let check =
            |text: &str, expect: &str| assert_eq!(without_line_break(&Secret::new(text.to_owned())).expose(), expect);
        check("value\n", "value");
        check("value\r\n", "value");
        check("two\nlines\n\n", "two\nlines\n");
        check("  spaced\t", "  spaced\t");
        check("", "");
    }

    #[test]
    fn a_passphrase_is_one_line_and_the_rest_stays() {
        let mut input = io::Cursor::new(b"open sesame\nvalue\n");
        assert_eq!(line(&mut input).unwrap().expose(), "open sesame");
        assert_eq!(text(&mut input).unwrap().expose(), "value\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place_and_not_quoted() {
        let mut input = io::Cursor::new(b"hunter2\xff");
        let refused = format!("{:?}", text(&mut input).unwrap_err());
        assert!(refused.contains("byte 7") && !refused.contains("hunter2"), "{refused}");
    }
}
