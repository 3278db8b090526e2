//! The bots of `scripts/bots`, called through the embedding API with the platform's payloads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use dgscript::bots::{self, Event, Handler, ReplyKind};
use dgscript::host::fake::{FakeClock, FakeHttp, NOW_MILLIS};
use dgscript::host::{
    Asked, Authority, AuthorityError, AuthorityErrorKind, Cancel, Grant, LinkName, MissingConsent, Request, Response,
    Retry, UserId,
};
use dgscript::runtime::{Consent, RunErrorKind};
use dgscript::tasks::cliq::{Cliq, KeptMessages};
use dgscript::tasks::{Database, MemoryDatabase};
use dgscript::value::Data;
use dgscript::{Compiled, Runtime};
use serde_json::{Value as Json, json};

use crate::support::{Dg, Done, root};

fn text(name: &str) -> String {
    std::fs::read_to_string(root().join("scripts/bots").join(name)).unwrap()
}

fn json_of(name: &str) -> Json {
    serde_json::from_str(&text(name)).unwrap()
}

fn script(runtime: &Runtime, name: &str) -> Compiled {
    runtime
        .compile(name, &text(name))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Sends a payload in the platform's envelope, and gives the reply.
fn reply_to(script: &Compiled, handler: &Handler, payload: &Json) -> Json {
    let envelope = json!({
        "type": handler.component, "handler": { "type": handler.name }, "params": payload,
        "response_url": "https://cliq.example/1", "timestamp": 1_569_520_690_703_i64
    });
    let event = Event::read(&envelope).unwrap();
    let outcome = event.call(script).run().unwrap_or_else(|error| panic!("{error}"));
    let reply = handler.check(outcome.result).unwrap_or_else(|error| panic!("{error}"));
    assert!(reply.warnings.is_empty(), "{:?}", reply.warnings);
    reply.data.to_json()
}

fn handler(component: &str, name: &str) -> &'static Handler {
    bots::find(component, name).unwrap()
}

#[test]
fn the_help_desk_suggests_asks_writes_and_shows() {
    let messages = Arc::new(KeptMessages::default());
    let cliq = Cliq {
        messages: Arc::<KeptMessages>::clone(&messages),
        ..Cliq::in_memory(FakeClock(NOW_MILLIS))
    };
    let runtime = Runtime::builder().functions(cliq.functions()).build();
    let (desk, context) = (
        script(&runtime, "help_desk.dg"),
        script(&runtime, "help_desk_context.dg"),
    );
    let talk = handler("bot", "message_handler");
    let payload = json_of("help_desk.json");
    assert_eq!(reply_to(&desk, talk, &payload), json_of("help_desk.reply.json"));

    let say = |message: &str| {
        let mut payload = payload.clone();
        payload["message"] = json!(message);
        reply_to(&desk, talk, &payload)
    };
    assert_eq!(say("New ticket please")["context"]["params"][1]["name"], "urgency");
    assert_eq!(say("ticket 1")["text"], "There is no ticket 1.");
    let answered = reply_to(
        &context,
        handler("bot", "context_handler"),
        &json_of("help_desk_context.json"),
    );
    assert_eq!(answered, json_of("help_desk_context.reply.json"));
    let card = say("ticket 1");
    assert_eq!(
        card["card"]["sections"][0]["fields"][0]["value"],
        "The printer is on fire"
    );
    let posted = messages.posted();
    assert_eq!(
        (posted[0].to.as_str(), posted[0].user.as_str()),
        ("helpdesk", "648123456")
    );
    assert_eq!(
        posted[0].message,
        Data::from("Urgent: ticket 1, The printer is on fire")
    );
}

#[test]
fn the_webhook_obeys_only_who_knows_the_key() {
    let runtime = Runtime::builder().build();
    let script = script(&runtime, "deploy_webhook.dg");
    let webhook = handler("bot", "incomingwebhook_handler");
    let mut payload = json_of("deploy_webhook.json");
    assert_eq!(
        reply_to(&script, webhook, &payload),
        json_of("deploy_webhook.reply.json")
    );
    payload["body"] = json!(payload["body"].as_str().unwrap().replace("2.4.1", "6.6.6"));
    assert_eq!(reply_to(&script, webhook, &payload), json!({}));
}

#[test]
fn the_command_answers_with_a_table() {
    let database = Arc::new(MemoryDatabase::of(&["leave"]));
    let rows = [("August", 8, 5, 2026), ("March", 3, 3, 2026), ("May", 5, 9, 2025)];
    for (name, month, days, year) in rows {
        let row = json!({ "month_name": name, "month": month, "days": days, "year": year });
        let Data::Map(columns) = Data::from(row) else {
            unreachable!()
        };
        database.create("leave", columns, 0).unwrap();
    }
    let cliq = Cliq {
        database,
        ..Cliq::in_memory(FakeClock(NOW_MILLIS))
    };
    let runtime = Runtime::builder().functions(cliq.functions()).build();
    let script = script(&runtime, "leave_command.dg");
    let execution = handler("command", "execution_handler");
    let mut payload = json_of("leave_command.json");
    assert_eq!(
        reply_to(&script, execution, &payload),
        json_of("leave_command.reply.json")
    );
    payload["arguments"] = json!("soon");
    assert_eq!(reply_to(&script, execution, &payload)["type"], "banner");
}

/// Signs for those who consented, each with his own token.
struct OwnTokens(Mutex<HashMap<UserId, &'static str>>);

impl Authority for OwnTokens {
    fn authorize(&self, asked: &Asked, request: &mut Request, _cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let tokens = self.0.lock().unwrap();
        let token = tokens.get(&asked.user).ok_or_else(|| AuthorityError {
            kind: AuthorityErrorKind::ConsentNeeded,
            message: format!("the user `{}` has not authorised `{}`", asked.user, asked.connection),
            help: None,
            missing: Some(Box::new(MissingConsent {
                user: asked.user.clone(),
                authorize_url: Some(format!("https://login.example/{}/{}", asked.connection, asked.user)),
            })),
        })?;
        request.headers.set("Authorization", format!("Bearer {token}"));
        Ok(Grant {
            connection: asked.connection.clone(),
            user: asked.user.clone(),
            version: 1,
            refreshable: false,
            refreshed: false,
            overridden: Vec::new(),
        })
    }

    fn rejected(&self, _grant: &Grant, _cancel: &Cancel) -> Result<Retry, AuthorityError> {
        Ok(Retry::No)
    }

    fn known(&self) -> Vec<LinkName> {
        Vec::new()
    }

    fn redact(&self, text: &str) -> String {
        text.to_owned()
    }
}

#[test]
fn the_task_bot_asks_with_the_credentials_of_who_writes() {
    let tasks = json!({ "tasks": [{ "title": "Write the report", "due": "2026-12-01" }, { "title": "Call Ada" }] });
    let http = Arc::new(FakeHttp::answering([Ok(Response::new(
        200,
        "application/json",
        tasks.to_string(),
    ))]));
    let scott = UserId::new("648123456");
    let mut host = dgscript::host::Host::fake();
    host.http = Arc::<FakeHttp>::clone(&http);
    host.authority = Arc::new(OwnTokens(Mutex::new(HashMap::from([(scott, "scotts-token")]))));
    let runtime = Runtime::builder().host(host).build();
    let script = script(&runtime, "task_bot.dg");
    let talk = handler("bot", "message_handler");
    let mut payload = json_of("task_bot.json");
    assert_eq!(reply_to(&script, talk, &payload), json_of("task_bot.reply.json"));
    let sent = http.requests();
    assert_eq!(sent[0].headers.get("Authorization"), Some("Bearer scotts-token"));

    payload["user"]["id"] = json!("999");
    let error = Event::of(talk, &payload).unwrap().call(&script).run().unwrap_err();
    let expected = Consent {
        connection: LinkName::new("tasks").unwrap(),
        user: UserId::new("999"),
        authorize_url: Some("https://login.example/tasks/999".to_owned()),
    };
    assert_eq!(error.kind, RunErrorKind::ConsentNeeded(expected));
    assert_eq!(http.requests().len(), 1, "nobody else's token was used");
}

#[test]
#[expect(clippy::too_many_lines, reason = "two tables of replies")]
fn replies_are_held_to_the_documented_shapes() {
    let talk = handler("bot", "message_handler");
    let button = json!({ "label": "Go", "action": { "type": "invoke.function", "data": { "name": "go" } } });
    let cases = [
        (json!({ "text": 5 }), ""),
        (json!({ "txt": "hi", "text": "hi" }), ""),
        (json!({ "text": ["a"] }), "`text`: it has to be text, and is LIST"),
        (
            json!({ "slides": [{ "type": "tabel", "data": {} }] }),
            "`slides[0].type`: there is no `tabel`; there is a similar one, `table`",
        ),
        (
            json!({ "slides": [{ "type": "table", "data": { "rows": [] } }] }),
            "`slides[0].data`: `headers` is missing",
        ),
        (
            json!({ "buttons": [button, button, button, button, button, button] }),
            "`buttons`: it has 6 elements, and 0 to 5 are allowed",
        ),
        (
            json!({ "buttons": [{ "label": "Go", "action": { "type": "open.url", "data": { "web": "x".repeat(300) } } }] }),
            "`buttons[0].action.data`: it has to be text, and is KEY-VALUE",
        ),
        (
            json!({ "card": { "theme": "dark" } }),
            "`card.theme`: there is no `dark`",
        ),
        (
            json!({ "type": "message_edit", "text": "x" }),
            "the reply: this handler may answer message",
        ),
        (json!([1]), "the reply: this handler may answer message"),
        (
            json!({ "type": "form", "title": "T", "name": "f", "inputs": [{ "type": "select", "name": "n", "label": "l" }] }),
            "`inputs[0]`: `options` is missing",
        ),
    ];
    for (reply, expected) in cases {
        match talk.check(Data::from(reply.clone())) {
            Ok(_) => assert_eq!(expected, "", "{reply}"),
            Err(error) => assert!(
                !expected.is_empty() && error.to_string().contains(expected),
                "{reply}: {error}"
            ),
        }
    }
    let warned = talk.check(Data::from(json!({ "txt": "hi" }))).unwrap();
    assert_eq!(
        warned.warnings[0].message,
        "it is not documented; there is a similar one, `text`"
    );
    for (component, name, reply, kind) in [
        (
            "command",
            "suggestion_handler",
            json!([{ "title": "a" }]),
            ReplyKind::Suggestions,
        ),
        (
            "function",
            "button_handler",
            json!({ "type": "message_edit", "text": "x" }),
            ReplyKind::MessageEdit,
        ),
        (
            "function",
            "form_values_handler",
            json!({ "options": [] }),
            ReplyKind::Options,
        ),
        (
            "extension",
            "installation_validator",
            json!({ "status": 200 }),
            ReplyKind::Installation,
        ),
        (
            "scheduler",
            "execution_handler",
            json!({ "anything": 1 }),
            ReplyKind::Nothing,
        ),
        ("bot", "welcome_handler", json!({}), ReplyKind::Nothing),
        (
            "widget",
            "view_handler",
            json!({ "type": "applet", "tabs": [] }),
            ReplyKind::Applet,
        ),
    ] {
        assert_eq!(
            handler(component, name).check(Data::from(reply)).unwrap().kind,
            kind,
            "{name}"
        );
    }
}

#[test]
fn a_handler_is_tried_from_the_command_line() {
    let bots = root().join("scripts/bots");
    let try_out = |name: &str, flags: &[&str]| {
        let file = |ending: &str| bots.join(format!("{name}{ending}")).display().to_string();
        let (script, payload) = (file(".dg"), file(".json"));
        Dg::new("run")
            .arg(&script)
            .args(flags)
            .args(["--payload", &payload])
            .run()
    };
    let replied = |done: &Done, name: &str| {
        let reply: Json = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done:?}"));
        assert_eq!(reply, json_of(&format!("{name}.reply.json")), "{name}");
    };
    let rows = format!("cliq={}", bots.join("leave_command.rows.json").display());
    for (name, flags) in [
        ("help_desk", &["--handler", "message", "--tasks", "cliq"][..]),
        (
            "help_desk_context",
            &["--handler", "bot/context_handler", "--tasks", "cliq"],
        ),
        ("deploy_webhook", &["--handler", "incomingwebhook"]),
        ("order_bot", &["--handler", "message"]),
        ("leave_command", &["--handler", "command", "--tasks", &rows]),
    ] {
        let done = try_out(name, flags);
        assert_eq!(done.status, 0, "{done:?}");
        replied(&done, name);
    }
    let posted = try_out("help_desk_context", &["--handler", "context", "--tasks", "cliq"]).stderr;
    assert!(
        posted.contains("postToChannel helpdesk: Urgent: ticket 1, The printer is on fire"),
        "{posted}"
    );
    let object = try_out("help_desk", &["--handler", "message", "--tasks", "cliq", "--json"]);
    let object: Json = serde_json::from_str(&object.stdout).unwrap();
    assert_eq!(object["result"], json_of("help_desk.reply.json"));
}

#[test]
fn what_cannot_be_tried_is_told_with_what_can() {
    let run = |flags: &[&str]| {
        Dg::new("run")
            .arg("-")
            .args(flags)
            .stdin("return {\"text\":message};")
            .run()
    };
    let plain = run(&["--handler", "message"]);
    assert_eq!((plain.status, plain.stdout.as_str()), (0, "{\"text\":\"\"}\n"));
    for (flags, code, said) in [
        (
            &["--handler", "mesage"][..],
            1,
            "there is a similar one: `bot/message_handler`",
        ),
        (&["--handler", "message", "--tasks", "crm"], 1, "there is `cliq`"),
        (&["--handler", "call", "--arg", "message=x"], 0, ""),
        (&["--handler", "widget"], 2, "Variable 'message' is not defined"),
        (
            &["--handler", "form_change", "--arg", "message=x"],
            3,
            "the reply of `function/form_change_handler`: `type` is missing",
        ),
    ] {
        let done = run(flags);
        assert_eq!(done.status, code, "{flags:?}: {done:?}");
        assert!(done.stderr.contains(said), "{flags:?}: {done:?}");
    }
}
