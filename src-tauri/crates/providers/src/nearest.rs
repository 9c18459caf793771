/// Longer words are names of something else, not slips.
const LONGEST: usize = 64;

/// The candidate that `word` most likely meant: the same but for case, or a few slips of the fingers away, or its
/// beginning. `None` when nothing is like it. The first of equally near candidates wins.
pub fn nearest_word<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let typed = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| distance(&typed, &candidate.to_lowercase()).map(|distance| (distance, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn distance(typed: &str, candidate: &str) -> Option<usize> {
    let slips = strsim::damerau_levenshtein(typed, candidate);
    let allowed = 1 + typed.chars().count().min(candidate.chars().count()) / 4;
    if slips <= allowed {
        return Some(slips);
    }
    let is_beginning = typed.len() >= 4 && candidate.starts_with(typed);
    is_beginning.then_some(allowed + 1)
}

#[cfg(test)]
mod tests {
    use super::nearest_word;

    fn check(word: &str, candidates: &[&str], expect: Option<&str>) {
        assert_eq!(nearest_word(word, candidates.iter().copied()), expect, "{word}");
    }

    #[test]
    fn nearest_wins() {
        check("contxt", &["provider", "context", "title"], Some("context"));
        check("tilte", &["title", "flow"], Some("title"));
        check("Alias", &["scope", "alias"], Some("alias"));
        check("desc", &["description"], Some("description"));
        check("bot", &["bot", "boat"], Some("bot"));
        check("x", &["flow", "title"], None);
        check("", &["a"], None);
        check("abc", &[], None);
    }

    #[test]
    fn other_scripts_do_no_harm() {
        check("contëxt", &["context"], Some("context"));
        check("ключ", &["context"], None);
    }
}
