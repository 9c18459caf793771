//! The recovery key: 32 random bytes that open the vault when its keychain entry or passphrase is lost.
//!
//! Written as 13 groups of five characters: four of base32 (Crockford's alphabet, without I, L, O and U) and one check
//! character over the group and its position. A single wrong or swapped character is always noticed, and in which group.

use std::fmt;

use thiserror::Error;

use crate::secret::{Key, Secret};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 13;
const DIGITS: usize = 4;

/// Opens the vault without keychain or passphrase. Shown to the person once, never stored.
pub struct RecoveryKey(Key);

/// What is wrong with a recovery key as typed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecoveryKeyError {
    /// The text does not have 65 letters and digits.
    #[error(
        "A recovery key has 13 groups of 5 characters; this one has {found} characters. Compare it with what you wrote down."
    )]
    Length {
        /// How many characters were found, dashes and spaces not counted.
        found: usize,
    },
    /// A group's check character does not fit, or it holds a character that no recovery key has.
    #[error("Group {group} of the recovery key has a typing mistake. Compare it with what you wrote down.")]
    Group {
        /// Which group, counted from 1.
        group: usize,
    },
}

impl RecoveryKey {
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        Key::random().map(Self)
    }

    pub(crate) fn key(&self) -> &Key {
        &self.0
    }

    /// Reads a recovery key as a person types it: any case, dashes and spaces ignored, `o` read as 0 and `i`, `l` as 1.
    pub fn parse(text: &str) -> Result<Self, RecoveryKeyError> {
        let typed: Secret<Vec<char>> = Secret::new(text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
        if typed.expose().len() != GROUPS * (DIGITS + 1) {
            return Err(RecoveryKeyError::Length { found: typed.expose().len() });
        }
        let mut digits = Secret::new([0; GROUPS * DIGITS]);
        for (index, group) in typed.expose().chunks(DIGITS + 1).enumerate() {
            let slot = &mut digits.expose_mut()[index * DIGITS..][..DIGITS];
            read_group(index, group, slot).ok_or(RecoveryKeyError::Group { group: index + 1 })?;
        }
        let key = Secret::new(std::array::from_fn(|byte| {
            (0..8).fold(0, |all, bit| (all << 1) | bit_of_digits(digits.expose(), byte * 8 + bit))
        }));
        // 52 digits carry 260 bits: the four beyond the key are always zero.
        if (256..260).any(|bit| bit_of_digits(digits.expose(), bit) != 0) {
            return Err(RecoveryKeyError::Group { group: GROUPS });
        }
        Ok(Self(key))
    }

    /// The text to show: 13 groups of 5 characters, joined by dashes.
    pub fn to_text(&self) -> Secret<String> {
        let mut text = String::with_capacity(GROUPS * (DIGITS + 2));
        let bytes = self.0.expose();
        for group in 0..GROUPS {
            let digits: [u8; DIGITS] = std::array::from_fn(|place| digit_at(bytes, group * DIGITS + place));
            if group > 0 {
                text.push('-');
            }
            for digit in digits.into_iter().chain([check_digit(group, &digits)]) {
                text.push(char::from(ALPHABET[usize::from(digit)]));
            }
        }
        Secret::new(text)
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(…)")
    }
}

fn read_group(index: usize, typed: &[char], digits: &mut [u8]) -> Option<()> {
    for (digit, letter) in digits.iter_mut().zip(typed) {
        *digit = digit_of(*letter)?;
    }
    let check = digit_of(typed[DIGITS])?;
    (check == check_digit(index, digits)).then_some(())
}

fn digit_of(typed: char) -> Option<u8> {
    let plain = match typed.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|letter| char::from(*letter) == plain).map(|at| at as u8)
}

/// The `n`th five bits of `bytes`, most significant first; bits beyond the end are zero.
fn digit_at(bytes: &[u8; 32], n: usize) -> u8 {
    (n * 5..n * 5 + 5)
        .fold(0, |digit, bit| (digit << 1) | bytes.get(bit / 8).map_or(0, |byte| (byte >> (7 - bit % 8)) & 1))
}

fn bit_of_digits(digits: &[u8; GROUPS * DIGITS], bit: usize) -> u8 {
    (digits[bit / 5] >> (4 - bit % 5)) & 1
}

/// A weighted sum in the field of 32 elements: the weights are distinct powers of its generator, so that one wrong digit or two
/// swapped ones always change the sum; the group's number is added, so that swapped groups do too.
fn check_digit(group: usize, data: &[u8]) -> u8 {
    let weighted = data.iter().fold(0, |sum, digit| times_generator(sum ^ digit));
    weighted ^ group as u8
}

/// Multiplies by x in GF(2)[x] / (x⁵ + x² + 1).
fn times_generator(element: u8) -> u8 {
    let shifted = element << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

#[cfg(test)]
mod tests;
