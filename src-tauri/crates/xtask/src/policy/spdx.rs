//! Licence expressions, as far as crates use them: `MIT OR Apache-2.0`, `(A OR B) AND C`, `X WITH exception`, `A/B`.

/// Whether the licences one may rely on satisfy the expression. An expression that cannot be read does not.
pub(super) fn satisfied(expression: &str, allowed: &[String]) -> bool {
    // The old way to write OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    reader.either() == Some(true) && reader.at == words.len()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a [String],
}

impl Reader<'_> {
    fn either(&mut self) -> Option<bool> {
        let mut good = self.both()?;
        while self.take("OR") {
            good |= self.both()?;
        }
        Some(good)
    }

    fn both(&mut self) -> Option<bool> {
        let mut good = self.one()?;
        while self.take("AND") {
            good &= self.one()?;
        }
        Some(good)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let good = self.either()?;
            return self.take(")").then_some(good);
        }
        let mut licence = self.word()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.word()?);
        }
        Some(self.allowed.contains(&licence))
    }

    fn word(&mut self) -> Option<&str> {
        let word = self.words.get(self.at).filter(|word| !matches!(**word, "(" | ")" | "OR" | "AND" | "WITH"))?;
        self.at += 1;
        Some(word)
    }

    fn take(&mut self, word: &str) -> bool {
        let here = self.words.get(self.at) == Some(&word);
        self.at += usize::from(here);
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        #[track_caller]
        fn check(expression: &str, expect: bool) {
            let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
            assert_eq!(satisfied(expression, &allowed), expect, "{expression}");
        }
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only AND MIT", false);
        check("MIT/GPL-3.0", true);
        check("(GPL-3.0-only OR MIT) AND Apache-2.0", true);
        check("GPL-3.0-only OR MIT AND BSD-3-Clause", false);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("MIT WITH LLVM-exception", false);
        for unreadable in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "OR MIT", "AND"] {
            check(unreadable, false);
        }
    }
}
