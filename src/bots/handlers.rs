//! The one table of handlers: component, name, arguments, kinds of reply, help page.

use super::reply::ReplyKind;
use crate::value::Kind;

/// A handler of a component, as the platform knows it.
#[derive(Debug)]
pub struct Handler {
    /// The component: `bot`, `command`, `messageaction`, `function`, `widget`, `link_preview`, `extension`, `scheduler`.
    pub component: &'static str,
    /// Its name in the platform's envelope: `message_handler`.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What the script is given, by name.
    pub arguments: &'static [Argument],
    /// What it may answer. An empty answer is always allowed.
    pub replies: &'static [ReplyKind],
    /// The help page, below `cliq/help/platform/`.
    pub source: &'static str,
}

/// An argument of a handler.
#[derive(Debug)]
pub struct Argument {
    /// The name of the variable.
    pub name: &'static str,
    /// Its kind. Where the platform leaves it out it is empty: a text, list or map without contents, `false`; a file list
    /// is null.
    pub kind: Kind,
}

const fn text(name: &'static str) -> Argument {
    Argument { name, kind: Kind::Text }
}

const fn map(name: &'static str) -> Argument {
    Argument { name, kind: Kind::Map }
}

const fn list(name: &'static str) -> Argument {
    Argument { name, kind: Kind::List }
}

const fn truth(name: &'static str) -> Argument {
    Argument {
        name,
        kind: Kind::Boolean,
    }
}

const USER: Argument = map("user");
const CHAT: Argument = map("chat");
const LOCATION: Argument = map("location");
const MESSAGE_TEXT: Argument = text("message");
const DETAILS: Argument = map("message_details");
const MENTIONS: Argument = list("mentions");
const ATTACHMENTS: Argument = Argument {
    name: "attachments",
    kind: Kind::File,
};
const OPTIONS: Argument = map("options");
const SELECTIONS: Argument = list("selections");
const ARGUMENTS: Argument = text("arguments");

use ReplyKind::{
    Applet, Banner, Context, Form, FormError, FormModification, Installation, LinkPreview, Message, MessageEdit,
    Options, PreviewUrl, Suggestions,
};

const TALK: &[ReplyKind] = &[Message, Context, Banner, Form, PreviewUrl];
const MENTION: &[ReplyKind] = &[Message, Banner, Form, PreviewUrl];
const BUTTON: &[ReplyKind] = &[Message, Banner, Form, MessageEdit, PreviewUrl];

const fn handler(
    component: &'static str,
    name: &'static str,
    arguments: &'static [Argument],
    replies: &'static [ReplyKind],
    source: &'static str,
) -> Handler {
    Handler {
        component,
        name,
        aliases: &[],
        arguments,
        replies,
        source,
    }
}

const fn also(handler: Handler, aliases: &'static [&'static str]) -> Handler {
    Handler { aliases, ..handler }
}

/// What both handlers of a command receive.
const OF_A_COMMAND: &[Argument] = &[
    ARGUMENTS,
    OPTIONS,
    SELECTIONS,
    MENTIONS,
    ATTACHMENTS,
    USER,
    CHAT,
    LOCATION,
];

/// Every handler.
const HANDLERS: &[Handler] = &[
    handler(
        "bot",
        "welcome_handler",
        &[USER, truth("newuser")],
        &[Message, Banner],
        "bot-welcomehandler",
    ),
    handler(
        "bot",
        "message_handler",
        &[
            MESSAGE_TEXT,
            text("raw_message"),
            DETAILS,
            ATTACHMENTS,
            MENTIONS,
            list("links"),
            USER,
            CHAT,
            LOCATION,
            OPTIONS,
            SELECTIONS,
            ARGUMENTS,
        ],
        TALK,
        "bot-messagehandler",
    ),
    handler(
        "bot",
        "mention_handler",
        &[
            MESSAGE_TEXT,
            DETAILS,
            text("raw_message"),
            MENTIONS,
            USER,
            CHAT,
            LOCATION,
        ],
        MENTION,
        "bot-mentionshandler",
    ),
    handler(
        "bot",
        "context_handler",
        &[
            text("context_id"),
            map("answers"),
            map("context_summary"),
            ATTACHMENTS,
            USER,
            CHAT,
            MENTIONS,
            OPTIONS,
            SELECTIONS,
            ARGUMENTS,
        ],
        TALK,
        "bot-contexthandler",
    ),
    also(
        handler(
            "bot",
            "incomingwebhook_handler",
            &[
                map("headers"),
                map("params"),
                map("parameters"),
                text("body"),
                text("http_method"),
                USER,
            ],
            &[Message, Banner],
            "bot-incomingwebhookhandler",
        ),
        &["incoming_webhook_handler"],
    ),
    handler(
        "bot",
        "participation_handler",
        &[text("operation"), map("data"), USER, CHAT],
        &[Message],
        "bot-participation-handler",
    ),
    also(
        handler(
            "bot",
            "action_handler",
            &[text("action"), text("sub_action"), USER, CHAT, LOCATION],
            TALK,
            "bothandler-menu",
        ),
        &["menu_handler"],
    ),
    also(
        handler(
            "bot",
            "alert_handler",
            &[text("operation"), USER, map("data")],
            &[],
            "bot-callhandler",
        ),
        &["call_handler"],
    ),
    handler(
        "bot",
        "status_change_handler",
        &[map("existing_status"), map("current_status"), USER],
        &[Message],
        "bot-statuschangehandler",
    ),
    handler(
        "command",
        "execution_handler",
        OF_A_COMMAND,
        MENTION,
        "commandexecution",
    ),
    handler(
        "command",
        "suggestion_handler",
        OF_A_COMMAND,
        &[Suggestions],
        "commandexecution",
    ),
    handler(
        "messageaction",
        "execution_handler",
        &[
            map("message"),
            map("messages"),
            ATTACHMENTS,
            MENTIONS,
            USER,
            CHAT,
            LOCATION,
        ],
        MENTION,
        "cliq-responses",
    ),
    handler(
        "function",
        "button_handler",
        &[
            USER,
            CHAT,
            map("message"),
            map("target"),
            map("arguments"),
            text("event"),
            LOCATION,
        ],
        BUTTON,
        "functions_workflow",
    ),
    also(
        handler(
            "function",
            "form_handler",
            &[map("form"), USER, CHAT, map("message"), map("target")],
            &[Message, Banner, Form, MessageEdit, FormError, PreviewUrl],
            "functions_workflow",
        ),
        &["form_submit_handler"],
    ),
    handler(
        "function",
        "form_change_handler",
        &[
            map("form"),
            map("target"),
            USER,
            CHAT,
            map("access"),
            map("environment"),
        ],
        &[FormModification],
        "form_functions_workflow/change-handler",
    ),
    also(
        handler(
            "function",
            "form_values_handler",
            &[map("target"), map("form"), USER, CHAT],
            &[Options],
            "form_functions_workflow/dynamic-field-handler",
        ),
        &["form_dynamic_select_handler"],
    ),
    handler(
        "function",
        "form_view_handler",
        &[map("params"), USER],
        &[Form, Banner],
        "cliq-form",
    ),
    also(
        handler(
            "function",
            "applet_button_handler",
            &[map("target"), map("arguments"), USER],
            &[Applet, Banner, Form, Message],
            "functions_workflow",
        ),
        &["widget_button_handler"],
    ),
    handler(
        "widget",
        "view_handler",
        &[text("event"), map("target"), USER, CHAT],
        &[Applet],
        "cliq-responses",
    ),
    handler(
        "link_preview",
        "unfurl_handler",
        &[text("url"), text("domain"), USER, CHAT],
        &[LinkPreview],
        "build-cliq-extensions/extension-unfurling",
    ),
    handler(
        "link_preview",
        "unfurl_dynamic_action_handler",
        &[text("url"), text("domain"), USER, CHAT],
        &[ReplyKind::Buttons],
        "build-cliq-extensions/extension-unfurling",
    ),
    handler(
        "link_preview",
        "unfurl_post_message_handler",
        &[text("url"), text("domain"), USER, CHAT],
        &[LinkPreview, Message],
        "build-cliq-extensions/extension-unfurling",
    ),
    handler(
        "link_preview",
        "unfurl_button_action_handler",
        &[text("url"), text("domain"), map("target"), USER, CHAT],
        &[LinkPreview, Message, Banner],
        "build-cliq-extensions/extension-unfurling",
    ),
    handler(
        "extension",
        "installation_validator",
        &[USER, map("app_info")],
        &[Installation],
        "build-cliq-extensions/installation-validator",
    ),
    handler(
        "extension",
        "installation_handler",
        &[USER, map("app_info"), map("form"), text("authtoken")],
        &[Installation, Message],
        "build-cliq-extensions/installation-handler",
    ),
    handler(
        "extension",
        "uninstallation_handler",
        &[USER, map("app_info")],
        &[],
        "build-cliq-extensions/installation-handler",
    ),
    handler("scheduler", "execution_handler", &[USER], &[], "schedulers"),
];

/// Every handler there is.
pub fn all() -> &'static [Handler] {
    HANDLERS
}

/// The handler of a component, by its name or another name for it; letter case does not count. Where no component is
/// known, `""` finds the first of this name.
pub fn find(component: &str, name: &str) -> Option<&'static Handler> {
    let is_named = |handler: &&Handler| {
        let names = std::iter::once(&handler.name).chain(handler.aliases);
        names.into_iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    let belongs = |handler: &&Handler| component.is_empty() || handler.component.eq_ignore_ascii_case(component);
    HANDLERS.iter().find(|handler| belongs(handler) && is_named(handler))
}

/// The handler that a person means: `message`, `message_handler`, `bot/message_handler`, `command`, `command/suggestion`.
/// A component alone stands for its execution handler, or for the only one it has.
pub fn named(name: &str) -> Option<&'static Handler> {
    let (component, name) = name.split_once('/').unwrap_or(("", name));
    let short = find(component, name).or_else(|| find(component, &format!("{name}_handler")));
    short.or_else(|| {
        let mut own = HANDLERS
            .iter()
            .filter(|handler| handler.component.eq_ignore_ascii_case(name));
        let first = own.next().filter(|_| component.is_empty())?;
        find(name, "execution_handler").or_else(|| own.next().is_none().then_some(first))
    })
}

impl Handler {
    /// Its component and name: `bot/message_handler`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.component, self.name)
    }

    /// The names of its arguments, for `dg check --inputs` and completion.
    pub fn inputs(&self) -> impl Iterator<Item = &'static str> {
        self.arguments.iter().map(|argument| argument.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_are_found_by_any_of_their_names() {
        for (component, name, expected) in [
            ("bot", "message_handler", "message_handler"),
            ("BOT", "incoming_webhook_handler", "incomingwebhook_handler"),
            ("", "form_submit_handler", "form_handler"),
            ("command", "execution_handler", "execution_handler"),
        ] {
            assert_eq!(find(component, name).unwrap().name, expected, "{component} {name}");
        }
        assert_eq!(
            find("messageaction", "execution_handler").unwrap().arguments[0].name,
            "message"
        );
        assert!(find("bot", "nothing").is_none());
        for (name, expected) in [
            ("message", "bot/message_handler"),
            ("Message_Handler", "bot/message_handler"),
            ("command", "command/execution_handler"),
            ("messageaction", "messageaction/execution_handler"),
            ("command/suggestion", "command/suggestion_handler"),
            ("incoming_webhook", "bot/incomingwebhook_handler"),
            ("installation_validator", "extension/installation_validator"),
            ("scheduler", "scheduler/execution_handler"),
            ("widget", "widget/view_handler"),
        ] {
            assert_eq!(named(name).unwrap().full_name(), expected, "{name}");
        }
        assert!(named("dance").is_none() && named("function").is_none() && named("command/command").is_none());
    }
}
