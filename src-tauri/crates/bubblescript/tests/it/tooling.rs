//! Colours, and where integrations are named.

use bubblescript::{UseContext, parse, tokens, uses};

fn colours(text: &str, expect: &str) {
    let shown: Vec<String> =
        tokens(text).into_iter().map(|token| format!("{:?}:{}", token.kind, &text[token.range])).collect();
    assert_eq!(shown.join(" "), expect);
}

#[test]
fn each_piece_has_its_colour() {
    colours(
        "dialog main do # x\n say \"a\\n#{b.c}\", class: :d\nend",
        "Keyword:dialog Function:main Keyword:do Comment:# x Keyword:say String:\" String:a Escape:\\n Punctuation:#{ Variable:b \
         Punctuation:. Variable:c Punctuation:} String:\" Punctuation:, Key:class Key:: Constant::d Keyword:end",
    );
    colours(
        "close\nx = first(@l) or nil",
        "Keyword:close Variable:x Punctuation:= Function:first Punctuation:( Constant:@l Punctuation:) Keyword:or Constant:nil",
    );
    colours("event.name = 1.5 §", "Variable:event Punctuation:. Variable:name Punctuation:= Number:1.5 Invalid:§");
}

#[test]
fn integrations_named() {
    let text = "a = bot.tokens.one.x\nb = user.tokens[\"two\"]\nc = bot[:tokens][:three]\nsay \"#{oauth_link(\"four\")}\"\nlog oauth_link \"five\"\nbot.title.x\nbot.tokens";
    let found: Vec<(&str, UseContext)> =
        uses(&parse(text)).into_iter().map(|own| (&text[own.range], own.context)).collect();
    use UseContext::{Bot, Link, User};
    assert_eq!(found, [("one", Bot), ("two", User), ("three", Bot), ("four", Link), ("five", Link)]);
}

#[test]
fn while_typing() {
    let found = uses(&parse("x = get_access_token(bot.tokens."));
    assert!(found.is_empty());
}
