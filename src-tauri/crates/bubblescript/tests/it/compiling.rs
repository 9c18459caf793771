//! What is wrong with scripts, said at its place.

use bubblescript::{Severity, Source, compile};

/// Compiles files named `a`, `b`, … and compares the diagnostics: severity, file, text meant, code, message, hint.
fn check(scripts: &[&str], expect: &[&str]) {
    let names = ["a", "b", "c"];
    let sources: Vec<Source> =
        scripts.iter().zip(names).map(|(text, file)| Source { file: file.into(), text: (*text).into() }).collect();
    let (_, diagnostics) = compile(&sources);
    let shown: Vec<String> = diagnostics
        .iter()
        .map(|own| {
            let file = own.file.as_deref().unwrap_or("?");
            let text = sources
                .iter()
                .find(|source| &*source.file == file)
                .map_or("", |source| &source.text[own.range.clone()]);
            let severity = if own.severity == Severity::Error { "E" } else { "W" };
            let hint = own.hint.as_deref().unwrap_or("-");
            format!("{severity} {file} `{text}` {}: {} {hint}", own.code, own.message)
        })
        .collect();
    assert_eq!(shown, expect, "{scripts:?}");
}

#[test]
fn dialogs() {
    check(
        &["dialog main do\n invoke carts\nend\ndialog cart do\nend"],
        &["E a `carts` unknown-dialog: There is no dialog `carts`. Did you mean `cart`?"],
    );
    check(&["invoke b", "dialog b do\nend"], &[]);
    check(
        &["dialog a do\nend\ndialog a when x do\nend"],
        &[
            "W a `a` duplicate-dialog: An earlier dialog `a` always comes first, so this one never runs. Rename one of them, or give the earlier one a `when` condition.",
        ],
    );
    check(&["dialog a when x do\nend\ndialog a do\nend"], &[]);
    check(
        &["dialog a do\nend", "dialog a do\nend"],
        &[
            "W b `a` duplicate-dialog: An earlier dialog `a` always comes first, so this one never runs. Rename one of them, or give the earlier one a `when` condition.",
        ],
    );
    check(&["dialog event: \"a\" do\nend\ndialog event: \"a\" do\nend"], &[]);
    check(
        &["dialog main"],
        &[
            "E a `dialog main` missing-body: This dialog has no body. Add `do` behind its header and `end` where it stops.",
        ],
    );
    check(
        &["task a do\nend\ninvoke a"],
        &["E a `a` unknown-dialog: There is no dialog `a`. Add a dialog `a`, or remove this line."],
    );
}

#[test]
fn loose_statements() {
    check(
        &["say 1\nsay 2\ndialog main do\nend"],
        &[
            "W a `say 1` loose-statements: These statements stand outside of any dialog, and as there is a dialog `main` they never run. Move them into a dialog.",
        ],
    );
    check(
        &["say 1", "dialog __main__ do\nend"],
        &[
            "W a `say 1` loose-statements: These statements stand outside of any dialog, and as there is a dialog `main` they never run. Move them into a dialog.",
        ],
    );
    check(&["say 1", "say 2"], &[]);
}

#[test]
fn names() {
    check(
        &["x = get_acces_token(1)"],
        &[
            "W a `get_acces_token` unknown-function: There is no function `get_acces_token`. Did you mean `get_access_token`?",
        ],
    );
    check(
        &["x = frobnicate(1)"],
        &[
            "W a `frobnicate` unknown-function: There is no function `frobnicate`. Check the spelling, or define it with `function`.",
        ],
    );
    check(
        &["function f(_a) do\nend\nf(1, 2)"],
        &["W a `f(1, 2)` too-many-arguments: `f` takes 1 argument, but this call has 2. -"],
    );
    check(
        &["@color 1\nlog @colour"],
        &["W a `@colour` unknown-constant: There is no constant `@colour`; it counts as nil. Did you mean `@color`?"],
    );
    check(
        &["@a 1\n@a 2"],
        &["W a `@a` duplicate-constant: The constant `@a` is already defined; this definition is ignored. -"],
    );
}

#[test]
fn events_and_buttons() {
    check(
        &["dialog event: \"a#{b}\" do\nend"],
        &[
            "W a `\"a#{b}\"` computed-event: The name of this event cannot be known before the script runs, so nothing is listened for. Write the name as a text, such as `event: \"order\"`.",
        ],
    );
    check(
        &["buttons \"a\" do\n \"b\" -> say 1\n \"c\" ->\n  open \"d\"\n  say 2\nend"],
        &[
            "W a `say 1` button-without-action: A button does one thing: `open` an address, or send an `event`. -",
            "W a `say 2` second-action: Only the first line of a button counts, so this never runs. -",
        ],
    );
    check(
        &["buttons \"a\" do\n say 1\n \"b\" -> open \"c\"\nend"],
        &[
            "W a `say 1` outside-of-button: This stands before the first button, so it never runs. Put it before `buttons`, or behind the `->` of a button.",
        ],
    );
    check(
        &["dialog a do\n _x = 1\n remember _x\nend"],
        &[
            "E a `_x` not-a-memory: Only variables that are not local, and their members, can be remembered or forgotten. -",
        ],
    );
    check(&["dialog main do\n dialog __returning__ do\n end\nend\ndialog __returning__ do\nend"], &[]);
    check(&["dialog trigger: \"hi|hello\" do\n say 1\nend\nsay 2"], &[]);
}

#[test]
fn syntax() {
    check(
        &["dialog main do\n say 1\n"],
        &[
            "E a `do` missing-end: This `do` has no matching `end`. Add `end` on a line of its own where the block stops.",
        ],
    );
    check(&["say 1\nend"], &["E a `end` unexpected: This `end` closes nothing. -"]);
    check(&["say \"abc"], &["E a `\"` missing-quote: This text is never closed. Add the missing quotation mark."]);
    check(&["x = [1, 2\nsay 3"], &["E a `say` unexpected: Expected `]`, but there is `say`. -"]);
    check(&["x = \nsay 1 +"], &["E a `` unexpected: Expected a value, but the text ends here. -"]);
    check(&["say 1 § 2\nsay 3"], &["E a `§` unexpected: Expected the end of the line, but there is `§`. -"]);
    check(&["1 = x"], &["E a `1` not-assignable: Only variables and their members can be assigned to. -"]);
    check(&["@a 1\n@a = 2"], &["E a `@a` not-assignable: A constant cannot be changed. -"]);
    check(&["if do\nend"], &["E a `if do\nend` missing-condition: This `if` has no condition. -"]);
    check(&["x = a."], &["E a `` unexpected: Expected a name behind the dot, but the text ends here. -"]);
}

#[test]
fn mistakes_do_not_spread() {
    let (_, diagnostics) =
        compile(&[Source { file: "a".into(), text: "x = )\ny = (1\nz = 3 4\nsay \"ok\"\n-> 3\nsay [1 2]\n".into() }]);
    let lines: Vec<usize> = diagnostics.iter().map(|own| own.range.start).collect();
    assert_eq!(diagnostics.len(), 5, "{diagnostics:?}");
    assert!(lines.is_sorted());
}
