//! What scripts do.

use crate::host::{check, run};

/// What `say` shows of a value.
fn value(expression: &str, expect: &str) {
    check(&format!("log {expression}"), &format!("log {expect}"));
}

#[test]
fn literals() {
    value("12", "12");
    value("1_000", "1000");
    value("1.50", "1.5");
    value("2e3", "2000.0");
    value("-3", "-3");
    value("true", "true");
    value("nil", "nil");
    value(":infinity", "infinity");
    value("[1, :a, \"b\", nil]", "[1,\"a\",\"b\",null]");
    value("[a: 1, \"Content-Type\": \"x\"]", "{\"a\":1,\"Content-Type\":\"x\"}");
    value("%{a: 1, \"k\" => 2}", "{\"a\":1,\"k\":2}");
    value("[1, a: 2]", "[1,{\"a\":2}]");
    value("[]", "[]");
    value("99999999999999999999", "1e20");
}

#[test]
fn texts() {
    value(r#""a\tb\"c\" \#{x} \u{e9}\\""#, "a\tb\"c\" #{x} é\\");
    value(r##""#{1 + 1} and #{"in #{"deep"}"}""##, "2 and in deep");
    value(r##""#{upcase("a}b")}!""##, "A}B!");
    value("\"two\nlines\"", "two\nlines");
    value("\"\"\"\n  a\n    b \"q\"\n  \"\"\"", "a\n  b \"q\"\n");
    value("\"x#{nil}y\"", "xy");
}

#[test]
fn operators_follow_the_table() {
    value("1 + 2 * 3", "7");
    value("(1 + 2) * 3", "9");
    value("10 - 2 - 3", "5");
    value("1 + 1 == 2 && 3 > 2", "true");
    value("false || nil || 5", "5");
    value("nil && boom", "nil");
    value("not true or true", "true");
    value("!nil", "true");
    value("2 in [1, 2]", "true");
    value("\"a\" in %{a: 1}", "true");
    value("[1, 2] ++ [3] -- [2]", "[1,3]");
    value("\"a\" <> \"b\"", "ab");
    value("[1, 2] |> length", "2");
    value("\"a,b\" |> split(\",\") |> last()", "b");
    value("1 <= 1.0", "true");
    value("2 >= 3", "false");
    value("1 != 2", "true");
    check("x = 5\nlog x -1\nlog x - 1", "log 4\nlog 4");
    check("a = false\n  || 3\nlog a", "log 3");
}

#[test]
fn odd_operands() {
    value("\"n: \" + 12", "n: 12");
    value("12 + \"!\"", "12!");
    value("nil + 1", "1");
    value("nil + \"a\"", "a");
    value("nil + [1]", "[1]");
    value("nil - 1", "-1");
    value("[1] + [2]", "[1,2]");
    value("\"5\" * 2", "10");
    value("1 == \"1\"", "true");
    value("1 == 1.0", "true");
    value("\"1.0\" == 1", "true");
    value(":a == \"a\"", "true");
    value("true == \"true\"", "false");
    value("[1, \"2\"] == [\"1\", 2]", "true");
    value("nil < 1", "false");
    value("nil > 1", "false");
    value("6 / 3", "2");
    value("1 / 4", "0.25");
    value("if_zero_is_true && 1", "nil");
    value("0 && \"\" && [] && 1", "1");
    value("9223372036854775807 + 1", "9.223372036854776e18");
    check("log 1\nlog 1 / 0", "log 1\nerror 2:5 This divides by zero.");
    check("log [1] + 2", "error 1:5 `+` cannot be used with a list and a number.");
}

#[test]
fn access_is_lenient() {
    check("x = 3\nlog x.a.b", "log nil");
    check("log nothing.at.all[3]", "log nil");
    check("l = [1, 2, 3]\nlog l[0]\nlog l[-1]\nlog l[3]\nlog l[-4]", "log 1\nlog 3\nlog nil\nlog nil");
    check("m = %{a: 1}\nlog m.a\nlog m[\"a\"]\nlog m[:a]", "log 1\nlog 1\nlog 1");
}

#[test]
fn assignment_through_paths() {
    check("a.b.c = 1\nlog a", "log {\"b\":{\"c\":1}}");
    check("a = 5\na.b = 1\nlog a", "log {\"b\":1}");
    check("a[2] = :x\nlog a", "log [null,null,\"x\"]");
    check("a = [1]\nb = a\na[0] = 2\nlog b\nlog a", "log [1]\nlog [2]");
    check("a = %{n: 1}\na.n += 2\na.n *= 5\na.n -= 1\na.n /= 7\nlog a", "log {\"n\":2}");
    check("a.list += [1]\na.list += [2]\nlog a.list", "log [1,2]");
    check("k = \"b\"\na[k][0].c = 1\nlog a", "log {\"b\":[{\"c\":1}]}");
    check("x = y = 2\nlog x + y", "log 4");
    check("_a = 1\n_a += _a\nlog _a", "log 2");
    check("l = [1]\nl.a = 2", "error 2:1 A list has no entry named `a`.");
}

#[test]
fn conditions() {
    check("if 1 == 1 do\n say \"y\"\nelse\n say \"n\"\nend", "say y");
    check("if nil do\n say \"y\"\nelse\n say \"n\"\nend", "say n");
    check("if false, do: say \"y\", else: say \"n\"", "say n");
    check("if true, do: x = 4\nlog x", "log 4");
    check("if true, do: if false, do: say(\"a\"), else: say(\"b\")", "say b");
    check(
        "x = 2\nbranch do\n x > 5 -> say \"big\"\n x > 1 ->\n  say \"mid\"\n  say \"dle\"\nelse\n say \"no\"\nend",
        "say mid\nsay dle",
    );
    check("branch \"b\" do\n \"a\" -> say \"A\"\n :b -> say \"B\"\nend", "say B");
    check("branch 9 do\n 1 -> say \"A\"\nelse\n say \"none\"\nend", "say none");
}

#[test]
fn loops() {
    check("repeat x in [1, 2] do\n say x\nend", "say 1\nsay 2");
    check("repeat 2 do\n say \"hi\"\nend", "say hi\nsay hi");
    check("i = 0\nrepeat while i < 3 do\n i += 1\nend\nlog i", "log 3");
    check("repeat x in nil do\n say x\nend\nlog 1", "log 1");
    check("repeat e in [a: 1] do\n log e\nend", "log [\"a\",1]");
    check("repeat x in [1] do\n repeat y in [2] do\n  log x + y\n end\nend", "log 3");
    check("repeat x in \"text\" do\nend", "error 1:1 `repeat` cannot go over a text.");
}

#[test]
fn asking() {
    let script = "name = ask \"Name?\", expecting: [\"Ann\"], quick_replies: [\"Bob\"]\nsay \"Hi #{name}\"\nlog name.text == answer";
    assert_eq!(run(script, &["Ann"])[..2], ["ask Name? [\"Ann\"] [\"Bob\"]", "say Hi Ann"]);
    assert_eq!(run("x = [ask(\"A?\"), ask(\"B?\")]\nlog x", &["1", "2"]), ["ask A?", "ask B?", "log [\"1\",\"2\"]"]);
    assert_eq!(run("log ask(\"A?\") - 1", &["5"]), ["ask A?", "log 4"]);
    assert_eq!(run("if ask(\"Ok?\") == \"yes\", do: say \"fine\"", &["yes"]), ["ask Ok?", "say fine"]);
}

#[test]
fn saying() {
    check("say \"a\", class: \"large\"", "say a {\"class\": \"large\"}");
    check("say nil\nsay \"\"", "hint 1:1 This `say` has nothing to show.\nhint 2:1 This `say` has nothing to show.");
    check("say [1, %{a: nil}]", "say [1,{\"a\":null}]");
    check("say(\"with\"); say \"and\" ; log 1", "say with\nsay and\nlog 1");
    check("log \"no such\" + @nowhere", "hint 1:17 There is no constant `@nowhere`; it counts as nil.\nlog no such");
}

#[test]
fn dialogs_invoke_each_other() {
    check(
        "dialog main do\n say \"a\"\n invoke other\n say \"c\"\nend\ndialog other do\n say \"b\"\nend",
        "say a\nsay b\nsay c",
    );
    check("dialog __main__ do\n say \"m\"\nend", "say m");
    let guarded = "dialog main do\n n = 3\n invoke cart\n n = 1\n invoke cart\nend\ndialog cart when n >= 3 do\n say \"full\"\nend\ndialog cart do\n say \"room\"\nend";
    check(guarded, "say full\nsay room");
    check("dialog main, do: say \"short\"", "say short");
    check("dialog(main) do\n say \"paren\"\nend", "say paren");
    check("dialog main do\n _x = 1\n invoke b\n log _x\nend\ndialog b do\n log _x\n _x = 2\nend", "log nil\nlog 1");
    check("dialog main do\n say \"a\"\n close\n say \"b\"\nend", "say a");
}

#[test]
fn functions_and_constants() {
    check("function add(_a, b) do\n return _a + b\n say \"never\"\nend\nlog add(1, 2)\nlog add(1)", "log 3\nlog 1");
    check(
        "function fib(_n) do\n if _n < 2, do: return _n\n return fib(_n - 1) + fib(_n - 2)\nend\nlog fib(15)",
        "log 610",
    );
    check("function ask_name do\n return ask(\"Name?\")\nend\nx = ask_name()\nsay x", "ask Name?");
    check("@greeting \"Hi \" + @name\n@name \"Ann\"\nsay @greeting\nsay @greeting", "say Hi Ann\nsay Hi Ann");
    check("function f(_a) do\n _a = _a + 1\n return _a\nend\nlog [f(1), f(f(2)), f(3) + f(4)]", "log [2,4,9]");
}

#[test]
fn own_functions() {
    value("length(\"é😀\")", "2");
    value("length([1, 2])", "2");
    value("first([1, 2])", "1");
    value("item([1, 2], -1)", "2");
    value("join([1, 2, 3], \", \", \" or \")", "1, 2 or 3");
    value("join_and([\"a\", \"b\", \"c\"])", "a, b and c");
    value("keys([a: 1])", "[\"a\"]");
    value("values([a: 1])", "[1]");
    value("split(\"a b\", \" \")", "[\"a\",\"b\"]");
    value("capitalize(\"éa\")", "Éa");
    value("replace(\"aba\", \"a\", \"c\")", "cbc");
    value("url_encode(\"Den Haag & é\")", "Den%20Haag%20%26%20%C3%A9");
    value("\"[\" + url_encode(nil) + \"]\"", "[]");
    value("number(\"4.5\") + 1", "5.5");
    value("round(2.5)", "3");
    value("abs(-3)", "3");
    check("log length()", "error 1:5 `length` takes 1 argument, but got 0.");
}

#[test]
fn outside_functions_are_asked_for() {
    check(
        "http_post \"https://a/\" + url_encode(\"b c\"), form: [message: 1]",
        "call http_post [\"https://a/b%20c\"] {\"form\": {\"message\": 1}}\nerror 1:1 The host said no.",
    );
}

#[test]
fn asking_for_a_while() {
    assert_eq!(run("ask \"?\", timeout: 30", &[]), ["ask ? for 30"]);
    assert_eq!(run("ask \"?\", timeout: 1.5", &[]), ["ask ? for 1.5"]);
    assert_eq!(run("ask \"?\", timeout: :infinity", &[]), ["ask ?"]);
}

#[test]
fn buttons() {
    check(
        "n = 2\nbuttons \"Pick #{n}\" do\n \"a\" -> open \"https://a.test/#{n}\"\n \"b#{n}\" ->\n  event \"e\", [n]\n \"c\" -> postback \"p\"\n \"d\" -> event \"k\", x: 1\nend\nsay \"on\"",
        "buttons Pick 2 [a: open https://a.test/2] [b2: event e [2]] [c: event p nil] [d: event k {\"x\": 1}]\nsay on",
    );
    check("buttons nil do\n 1 -> open nil\nend", "buttons  [1: open ]");
    check("buttons \"t\" do\nend", "buttons t");
    check(
        "t = get_access_token(1)\nbuttons t do\n t -> open t\nend\nbuttons \"x\" do\n \"y\" -> event t\nend",
        "call get_access_token [1] nil\nbuttons ‹secret:myapi_key› [‹secret:myapi_key›: open ‹secret:myapi_key›]\nerror 5:1 The secret `myapi_key` cannot be the name of an entry.",
    );
}

#[test]
fn remembering() {
    check("a.b = [1]\nremember a.b\nremember a, c", "remember a.b [1]\nremember a {\"b\": [1]}\nremember c nil");
    check("a.b.c = 1\nforget a.b.c\nlog a\nforget user\nforget(a)", "forget a.b.c\nlog nil\nforget user\nforget a");
    check("l = [1]\nk = \"x\"\nl[0] = %{x: 2}\nremember l[0][k]", "remember l.0.x 2");
    check(
        "remember 1 + 1",
        "error 1:10 Only variables that are not local, and their members, can be remembered or forgotten.",
    );
    check("remember", "error 1:1 `remember` is not supported yet.");
}

#[test]
fn what_is_known_by_name_only_fails_when_it_runs() {
    check("say \"a\"\n  show image \"x\", caption: \"y\"", "say a\nerror 2:3 `show` is not supported yet.");
    check("if false do\n break\nend\nlog 1", "log 1");
    check("open \"b\"", "error 1:1 `open` is not supported yet.");
    check("x = 1\nreset", "error 2:1 `reset` is not supported yet.");
    check("log people[city: \"Delft\"]", "error 1:5 `a query in brackets` is not supported yet.");
    check("log 1 =~ 2", "error 1:5 `=~` is not supported yet.");
    check("frobnicate 3", "error 1:1 There is no function `frobnicate`.");
}

#[test]
fn columns_count_utf16_units() {
    check("say \"é😀\" + 1 / 0", "error 1:13 This divides by zero.");
}
