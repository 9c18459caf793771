//! The clock that can be moved ahead.

use chat::{Payload, Status};

use crate::host::{STOCKED, lines, send, start, variable};

const QUESTION: &str = "x = ask \"?\", timeout: 90\nif x, do: say(x), else: say(\"too late\")";

#[test]
fn a_question_times_out_when_the_clock_passes_it() {
    let mut chat = start(QUESTION, &STOCKED);
    assert_eq!(chat.due(&STOCKED), Some(90));
    chat.jump(89, &STOCKED);
    assert_eq!((chat.due(&STOCKED), chat.offset(), lines(&chat).len()), (Some(1), 89, 1));
    chat.tick(&STOCKED);
    assert_eq!(chat.view().status, Status::Waiting);
    chat.jump(3_600, &STOCKED);
    assert_eq!(lines(&chat), ["Bot: ?", "Bot: too late"]);
    assert_eq!((chat.due(&STOCKED), chat.view().offset_seconds, variable(&chat, "answer")), (None, 3_689, None));
    assert_eq!(chat.view().items[1].at, "2024-05-01T12:01:30Z");
    chat.notice("now", None, &STOCKED);
    assert_eq!(chat.view().items[2].at, "2024-05-01T13:01:29Z");
}

#[test]
fn an_answer_in_time_counts() {
    let mut chat = start(QUESTION, &STOCKED);
    chat.jump(89, &STOCKED);
    send(&mut chat, "a", &STOCKED);
    chat.jump(100, &STOCKED);
    assert_eq!(lines(&chat), ["Bot: ?", "User: a", "Bot: a"]);
}

#[test]
fn real_time_counts_too() {
    let mut chat = start(QUESTION, &STOCKED);
    let later = crate::host::World { now: "2024-05-01T12:01:30.001Z", ..STOCKED };
    chat.tick(&STOCKED);
    assert_eq!(lines(&chat).len(), 1);
    assert_eq!(chat.due(&later), Some(0));
    chat.tick(&later);
    assert_eq!(lines(&chat).len(), 2);
}

#[test]
fn one_jump_passes_several_questions() {
    let script = "repeat n in [1, 2, 3] do\n ask \"#{n}?\", timeout: 60\nend\nx = ask \"last?\"";
    let mut chat = start(script, &STOCKED);
    chat.jump(120, &STOCKED);
    assert_eq!(lines(&chat), ["Bot: 1?", "Bot: 2?", "Bot: 3?"]);
    chat.jump(7_200, &STOCKED);
    assert_eq!((lines(&chat).len(), chat.view().status), (4, Status::Waiting));
    assert_eq!(chat.due(&STOCKED), None);
}

#[test]
fn jumps_are_bounded() {
    let mut chat = start("dialog main do\n ask \"?\", timeout: 1\n invoke main\nend", &STOCKED);
    chat.jump(u64::MAX, &STOCKED);
    assert!((100..110).contains(&lines(&chat).len()), "{}", lines(&chat).len());
    assert_eq!(chat.offset(), 100 * 366 * 24 * 3600);
    let mut chat = start("ask \"?\", timeout: :infinity\nask \"??\", timeout: -1\nsay 1", &STOCKED);
    assert_eq!(chat.due(&STOCKED), None);
    send(&mut chat, "x", &STOCKED);
    assert_eq!(chat.due(&STOCKED), None);
    let huge = start("ask \"?\", timeout: 100000000000000000000000", &STOCKED);
    assert_eq!(huge.due(&STOCKED), None);
}

#[test]
fn an_interrupted_question_gets_its_time_anew() {
    let script = "x = ask \"?\", timeout: 60\nsay 1\ndialog event: \"e\" do\n y = ask \"E?\"\nend";
    let mut chat = start(script, &STOCKED);
    chat.jump(50, &STOCKED);
    chat.event("e", Payload::None, &STOCKED).unwrap();
    assert_eq!(chat.due(&STOCKED), None);
    send(&mut chat, "a", &STOCKED);
    assert_eq!((lines(&chat).last().unwrap().as_str(), chat.due(&STOCKED)), ("Bot: ?", Some(60)));
}
