//! Reading what has changed gives what reading everything gives.

use std::sync::Arc;

use bot::{Bot, SourceFile};
use proptest::prelude::*;

const PATHS: [&str; 7] = [
    "integrations.yaml",
    "integrations.yml",
    "skills/a/integrations.yaml",
    "main.bubble",
    "skills/a/x.bubble",
    "slots.yaml",
    "patchbay.yaml",
];

const TEXTS: [&str; 9] = [
    "",
    "- provider: secret\n  context: bot\n  alias: key\n",
    "- provider: google\n  context: user\n- provider: calendar\n  context: bot\n  alias: booking\n",
    "- provider: secret\n\tcontext: bot\n",
    "say get_access_token(bot.tokens.key)\n",
    "dialog main do\n  say oauth_link(\"google\")\n",
    "type: calendar\nstorage: {calendar_name: booking}\n",
    "title: Desk\nid: x\n",
    "a: \"é😀\n",
];

fn source((path, text): &(usize, usize)) -> SourceFile {
    SourceFile { path: PATHS[*path].into(), text: Ok(TEXTS[*text].into()) }
}

fn check(changed: &Bot, fresh: &Bot) {
    assert_eq!(changed.problems(), fresh.problems());
    assert_eq!(changed.entries(), fresh.entries());
    assert_eq!(changed.files(), fresh.files());
    assert_eq!(changed.title(), fresh.title());
    assert_eq!(changed.uses("key"), fresh.uses("key"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replaced_removed_updated(changes in prop::collection::vec((0..PATHS.len(), 0..TEXTS.len(), 0..4_u8), 0..12)) {
        let mut bot = Bot::default();
        let mut now: Vec<(usize, usize)> = Vec::new();
        for (path, text, how) in changes {
            now.retain(|(known, _)| *known != path);
            match how {
                0 => bot.remove(PATHS[path]),
                1 => {
                    now.push((path, text));
                    bot.update(&now.iter().map(source).collect::<Vec<_>>());
                }
                _ => {
                    now.push((path, text));
                    bot.replace(PATHS[path], TEXTS[text].into());
                }
            }
            check(&bot, &Bot::read(&now.iter().map(source).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn any_text_is_read(path in 0..PATHS.len(), text in "\\PC{0,40}|[-a:?&*!|>\"'#%\\[\\]{},\t\n\r \u{0}é😀\u{feff}@]{0,40}") {
        let file = SourceFile { path: PATHS[path].into(), text: Ok(text.as_str().into()) };
        let bot = Bot::read(&[file]);
        let units = text.encode_utf16().count() as u32;
        for problem in bot.problems() {
            prop_assert!(problem.range.start <= problem.range.end && problem.range.end <= units, "{:?}", problem);
        }
        let mut end = 0;
        for token in bot.tokens(PATHS[path]) {
            prop_assert!(token.range.start >= end && token.range.end <= units);
            end = token.range.end;
        }
    }
}

#[test]
fn an_unchanged_script_is_not_compiled_again() {
    let mut bot = Bot::read(&[source(&(3, 4)), source(&(0, 1))]);
    let before = bot.program().clone();
    bot.replace("integrations.yaml", TEXTS[2].into());
    assert!(Arc::ptr_eq(&before, bot.program()));
    bot.replace("main.bubble", TEXTS[5].into());
    assert!(!Arc::ptr_eq(&before, bot.program()));
}
