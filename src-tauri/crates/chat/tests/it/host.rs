//! A host that answers what scripts want, from a small world in memory.

use std::sync::Arc;

use bubblescript::{Program, Severity, Source, compile};
use chat::{Answer, Chat, From, Handle, Item, Outside, Part, Persona, Reply, Setup, TokenCall, Wanted};
use zeroize::Zeroizing;

pub(crate) const CANARY: &str = "c4n4ry-5ecr3t";

/// A world in which some ids have tokens. The id of the token of alias `x` is `id-x`.
pub(crate) struct World {
    pub(crate) ids: &'static [&'static str],
    pub(crate) now: &'static str,
}

impl World {
    pub(crate) const fn with(ids: &'static [&'static str]) -> Self {
        Self { ids, now: "2024-05-01T12:00:00Z" }
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.contains(&id)
    }

    /// What a host without any network answers.
    pub(crate) fn answer(&self, wanted: &Wanted) -> Answer {
        let alias = |call: &TokenCall| call.id.trim_start_matches("id-").to_string();
        match wanted {
            Wanted::AccessToken(call) if call.id == "locked" => {
                Answer::Failed("The vault is locked, so no token can be read.".to_string())
            }
            Wanted::AccessToken(call) if self.has(&call.id) => {
                Answer::Token { alias: alias(call), handle: Handle(call.id.as_str().into()) }
            }
            Wanted::TokenInfo(call) if self.has(&call.id) => {
                Answer::Info(r#"{"name":"Ann Example","first_name":"Ann","image":"https://p.test/a.png"}"#.to_string())
            }
            Wanted::FullToken(call) if self.has(&call.id) => Answer::FullToken {
                alias: alias(call),
                json: r#"{"uid":"17","credentials":{"token":null,"refresh_token":null,"scopes":["email"]}}"#
                    .to_string(),
                secrets: vec![
                    ("credentials.token".to_string(), Handle(call.id.as_str().into())),
                    ("credentials.refresh_token".to_string(), Handle(format!("{}/refresh", call.id).into())),
                ],
            },
            Wanted::DeleteToken(call) => Answer::Bool(self.has(&call.id)),
            Wanted::OauthLink { alias, .. } if alias == "nowhere" => {
                Answer::Failed("No integration has the alias `nowhere`; there are `facebook` and `google`.".to_string())
            }
            Wanted::OauthLink { alias, .. } => Answer::Link(format!("https://sign-in.test/{alias}?state=1")),
            Wanted::Http(_) => Answer::Http(Reply::failed("There is no network here.")),
            _ => Answer::Nil { note: None },
        }
    }

    /// Answers all that is wanted.
    pub(crate) fn serve(&self, chat: &mut Chat) {
        self.serve_with(chat, |wanted| self.answer(wanted));
    }

    pub(crate) fn serve_with(&self, chat: &mut Chat, mut answer: impl FnMut(&Wanted) -> Answer) {
        while let Some((number, wanted)) = chat.wanted() {
            let answer = answer(wanted);
            chat.fulfil(number, answer, self);
        }
    }
}

impl Outside for World {
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        let id = handle.0.trim_end_matches("/refresh");
        let clear = if handle.0.ends_with("/refresh") { format!("refresh-{CANARY}") } else { CANARY.to_string() };
        self.has(id).then(|| Zeroizing::new(clear))
    }

    fn now(&self) -> String {
        self.now.to_string()
    }
}

pub(crate) const EMPTY: World = World::with(&[]);
pub(crate) const STOCKED: World = World::with(&["id-myapi_key", "id-google", "id-facebook"]);

pub(crate) fn program(script: &str) -> Arc<Program> {
    let (program, diagnostics) = compile(&[Source { file: "main.bubble".into(), text: script.into() }]);
    assert!(diagnostics.iter().all(|own| own.severity != Severity::Error), "{diagnostics:?}");
    Arc::new(program)
}

pub(crate) fn setup() -> Setup {
    let pair = |alias: &str| (alias.to_string(), format!("id-{alias}"));
    Setup {
        bot_title: "Weather".to_string(),
        bot_tokens: vec![pair("myapi_key")],
        persona: Persona { id: "ann".to_string(), tokens: vec![pair("facebook")], ..Persona::default() },
    }
}

pub(crate) fn start(script: &str, world: &World) -> Chat {
    start_as(script, &setup(), world)
}

pub(crate) fn start_as(script: &str, setup: &Setup, world: &World) -> Chat {
    let mut chat = Chat::start(program(script), setup, world);
    world.serve(&mut chat);
    chat
}

pub(crate) fn send(chat: &mut Chat, text: &str, world: &World) {
    chat.send(text, world);
    world.serve(chat);
}

pub(crate) fn text(parts: &[Part]) -> String {
    parts.iter().map(Part::to_string).collect()
}

/// Each item as a line: who, what, and the labels of its buttons.
pub(crate) fn lines(chat: &Chat) -> Vec<String> {
    let line = |item: &Item| {
        let place = item.place.as_ref().filter(|_| item.from == From::Error);
        let place = place.map(|place| format!("{place}: ")).unwrap_or_default();
        let buttons: String = item.buttons.iter().map(|button| format!(" [{}]", text(&button.label))).collect();
        format!("{:?}: {place}{}{buttons}", item.from, text(&item.parts))
    };
    chat.view().items.iter().map(line).collect()
}

pub(crate) fn log(chat: &Chat) -> Vec<String> {
    chat.view().log.iter().map(|entry| format!("{:?}: {}", entry.kind, text(&entry.parts))).collect()
}

pub(crate) fn variable(chat: &Chat, name: &str) -> Option<String> {
    chat.view().variables.iter().find(|own| own.name == name).map(|own| text(&own.parts))
}

/// Starts a script, sends texts, and compares what is seen.
pub(crate) fn check(script: &str, sent: &[&str], expect: &[&str]) -> Chat {
    let mut chat = start(script, &STOCKED);
    for text in sent {
        send(&mut chat, text, &STOCKED);
    }
    assert_eq!(lines(&chat), expect, "{script}");
    chat
}

/// That nothing of a conversation holds a piece of the canary in clear text.
pub(crate) fn assert_clean(chat: &Chat) {
    let view = chat.view();
    let wanted = chat.wanted().map(|(_, wanted)| serde_json::to_string(wanted).expect("JSON"));
    let traces = [
        format!("{chat:?} {view:?} {:?}", chat.state()),
        serde_json::to_string(&view).expect("JSON"),
        serde_json::to_string(chat.state()).expect("JSON"),
        wanted.unwrap_or_default(),
    ];
    for trace in traces {
        for fragment in ["c4n4ry", "5ecr3t", "C4N4RY", "5ECR3T"] {
            assert!(!trace.contains(fragment), "{trace}");
        }
    }
}
