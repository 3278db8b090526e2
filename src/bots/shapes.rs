//! The documented shapes of replies (cliq/help/platform/cliq-responses.html, cards, buttons, forms).

use super::shape::Shape::{Any, Either, Entries, List, Map, Number, Tagged, Text, Truth, Word};
use super::shape::{Shape, may, must};

/// Text whose length no page limits.
const FREE: usize = usize::MAX;

/// A list whose length no page limits.
const MANY: usize = usize::MAX;

const CONFIRM: Shape = Map(&[
    must("title", Text(FREE)),
    may("description", Text(FREE)),
    may("input", Text(FREE)),
    may("button_label", Text(FREE)),
    may("cancel_button_label", Text(FREE)),
    may("emotion", Word(&["positive", "neutral", "negative"])),
    may("mandatory", Truth),
]);

const FUNCTION: Shape = Map(&[
    must("name", Text(FREE)),
    may("owner", Text(FREE)),
    may("id", Text(FREE)),
]);

const OPEN: Shape = Either(&[
    Map(&[
        may("web", Text(256)),
        may("windows", Text(256)),
        may("iOS", Text(256)),
        may("android", Text(256)),
    ]),
    Text(256),
]);

/// An action with its data: `data` and `confirm` beside `type`.
macro_rules! action {
    ($data:expr) => {
        &Map(&[must("data", $data), may("confirm", CONFIRM)])
    };
}

const ACTION: Shape = Tagged(
    "type",
    &[
        ("invoke.function", action!(FUNCTION)),
        ("open.url", action!(OPEN)),
        ("system.api", action!(Map(&[must("api", Text(FREE))]))),
        ("preview.url", action!(Map(&[must("url", Text(500))]))),
        ("copy", action!(Map(&[must("text", Text(200))]))),
        (
            "invoke.bot",
            action!(Map(&[must("bot_name", Text(FREE)), must("message", Text(FREE))])),
        ),
    ],
);

const BUTTON: Shape = Map(&[
    must("label", Text(30)),
    may("type", Word(&["+", "-"])),
    may("hint", Text(100)),
    may("key", Text(100)),
    may("id", Text(FREE)),
    may("icon", Text(FREE)),
    may("name", Text(FREE)),
    must("action", ACTION),
]);

const BUTTONS: Shape = List(&BUTTON, 0, 5);

/// A slide with its data: the entries beside `type`.
macro_rules! slide {
    ($data:expr, $styles:expr) => {
        &Map(&[
            may("title", Text(FREE)),
            must("data", $data),
            may("buttons", BUTTONS),
            may("styles", $styles),
        ])
    };
}

const TABLE: Shape = Map(&[
    must("headers", List(&Text(FREE), 0, MANY)),
    must("rows", List(&Entries(&Any), 0, MANY)),
    may(
        "styles",
        Map(&[
            may("width", List(&Number, 0, MANY)),
            may("sticky", Map(&[may("rows", Number), may("columns", Number)])),
        ]),
    ),
]);

const LIST_STYLES: Shape = Map(&[may(
    "type",
    Word(&[
        "disc",
        "circle",
        "square",
        "decimal",
        "lower-alpha",
        "upper-alpha",
        "lower-roman",
        "upper-roman",
    ]),
)]);

const CHART_PART: Shape = Map(&[must("label", Text(20)), must("value", Number)]);

const GRAPH_PART: Shape = Map(&[must("category", Text(20)), must("values", List(&CHART_PART, 1, 20))]);

const SLIDE: Shape = Tagged(
    "type",
    &[
        ("text", slide!(Text(FREE), Any)),
        ("list", slide!(List(&Text(FREE), 0, MANY), LIST_STYLES)),
        ("table", slide!(TABLE, Any)),
        ("label", slide!(List(&Entries(&Any), 0, MANY), Any)),
        ("images", slide!(List(&Text(FREE), 1, MANY), Any)),
        ("image", slide!(List(&Text(FREE), 1, MANY), Any)),
        (
            "percentage_chart",
            slide!(
                List(&CHART_PART, 1, 5),
                Map(&[may("preview", Word(&["pie", "doughnut", "semi_doughnut"]))])
            ),
        ),
        (
            "graph",
            slide!(
                List(&GRAPH_PART, 1, 5),
                Map(&[
                    may("preview", Word(&["vertical_bar", "vertical_stacked_bar", "trend"])),
                    may("x_axis", Any),
                    may("y_axis", Any),
                ])
            ),
        ),
    ],
);

const SECTION: Shape = Map(&[
    may("title", Text(FREE)),
    must(
        "fields",
        List(&Map(&[must("title", Text(FREE)), must("value", Text(FREE))]), 1, MANY),
    ),
]);

const CARD: Shape = Map(&[
    may("title", Text(200)),
    may("theme", Word(&["modern-inline", "poll", "prompt", "basic"])),
    may("thumbnail", Text(FREE)),
    may("icon", Text(FREE)),
    may("color", Text(FREE)),
    may("preview", Any),
    may("options", List(&Map(&[must("text", Text(100))]), 2, 10)),
    may("sections", List(&SECTION, 1, MANY)),
    may("buttons", BUTTONS),
]);

const BOT: Shape = Map(&[must("name", Text(FREE)), may("image", Text(FREE))]);

const BOT_SUGGESTIONS: Shape = Map(&[must(
    "list",
    List(&Map(&[must("text", Text(FREE)), may("icon", Text(FREE))]), 1, MANY),
)]);

const QUESTION: Shape = Map(&[
    must("name", Text(FREE)),
    must("question", Text(FREE)),
    may("value", Any),
    may("suggestions", BOT_SUGGESTIONS),
]);

const CONTEXT: Shape = Map(&[
    must("id", Text(FREE)),
    must("timeout", Number),
    must("params", List(&QUESTION, 1, MANY)),
]);

const STYLES: Shape = Map(&[
    may("highlight", Truth),
    may("background", Word(&["red", "yellow", "green", "blue", "grey"])),
    may("markdown", Truth),
]);

const REFERENCE: Shape = Map(&[must("type", Text(FREE)), must("object", Any)]);

/// The entries of a message, for it and for what is one with a `type`.
macro_rules! message {
    ($($more:expr),*) => {
        Map(&[
            may("text", Text(10_000)),
            may("bot", BOT),
            may("card", CARD),
            may("slides", List(&SLIDE, 0, 20)),
            may("buttons", BUTTONS),
            may("suggestions", BOT_SUGGESTIONS),
            may("context", CONTEXT),
            may("references", Entries(&REFERENCE)),
            may("styles", STYLES),
            may("view", Word(&["navigation", "ephemeral", "popup"])),
            may("navigation", Any),
            may("broadcast", Truth),
            may("user_ids", Any),
            may("userids", Text(FREE)),
            $($more),*
        ])
    };
}

pub(super) static MESSAGE: Shape = message!();

pub(super) static MESSAGE_EDIT: Shape = message!(must("type", Word(&["message_edit"])));

pub(super) static BANNER: Shape = Map(&[
    must("type", Word(&["banner"])),
    must("text", Text(FREE)),
    may("status", Word(&["success", "failure"])),
]);

pub(super) static SUGGESTIONS: Shape = List(
    &Map(&[
        must("title", Text(FREE)),
        may("description", Text(FREE)),
        may("imageurl", Text(FREE)),
    ]),
    0,
    MANY,
);

const CHOICE: Shape = Map(&[must("label", Text(FREE)), must("value", Text(FREE))]);

const CHOICES: Shape = List(&CHOICE, 0, MANY);

/// An input of a form with the entries that its type adds.
macro_rules! input {
    ($($more:expr),*) => {
        &Map(&[
            must("name", Text(50)),
            must("label", Text(50)),
            may("hint", Text(FREE)),
            may("placeholder", Text(FREE)),
            may("mandatory", Truth),
            may("value", Any),
            may("disabled", Truth),
            may("trigger_on_change", Truth),
            $($more),*
        ])
    };
}

const INPUT: Shape = Tagged(
    "type",
    &[
        (
            "text",
            input!(
                may("format", Word(&["email", "tel", "url", "password"])),
                may("min_length", Number),
                may("max_length", Number)
            ),
        ),
        ("textarea", input!(may("min_length", Number), may("max_length", Number))),
        (
            "number",
            input!(may("min", Number), may("max", Number), may("step_value", Number)),
        ),
        ("date", input!()),
        ("datetime", input!()),
        (
            "select",
            input!(
                must("options", CHOICES),
                may("multiple", Truth),
                may("max_selections", Number)
            ),
        ),
        (
            "native_select",
            input!(
                must("data_source", Word(&["channels", "conversations", "contacts", "teams"])),
                may("filter", Any),
                may("multiple", Truth),
                may("max_selections", Number)
            ),
        ),
        (
            "dynamic_select",
            input!(
                may("options", CHOICES),
                may("multiple", Truth),
                may("max_selections", Number),
                may("min_characters", Number),
                may("auto_search_min_results", Number)
            ),
        ),
        ("radio", input!(must("options", CHOICES))),
        ("checkbox", input!(must("options", CHOICES))),
        ("toggle", input!()),
        ("file", input!(may("multiple", Truth), may("max_selections", Number))),
        ("location", input!(may("boundary", Any))),
        ("phone_number", input!(may("filter", Any))),
        (
            "hidden",
            &Map(&[must("name", Text(50)), may("label", Text(50)), may("value", Any)]),
        ),
        ("catalogue", input!(may("options", Any))),
    ],
);

const FORM_ACTION: Shape = Map(&[
    must("type", Word(&["invoke.function"])),
    must("name", Text(FREE)),
    may("owner", Text(FREE)),
]);

pub(super) static FORM: Shape = Map(&[
    must("type", Word(&["form"])),
    must("title", Text(FREE)),
    must("name", Text(50)),
    may("hint", Text(FREE)),
    may("button_label", Text(FREE)),
    may("version", Number),
    may("mode", Word(&["classic", "kiosk"])),
    may("trigger_on_cancel", Truth),
    may("action", FORM_ACTION),
    may(
        "actions",
        Map(&[may("submit", FORM_ACTION), may("cancel", FORM_ACTION)]),
    ),
    must("inputs", List(&INPUT, 1, 25)),
]);

pub(super) static FORM_MODIFICATION: Shape = Map(&[
    must("type", Word(&["form_modification"])),
    must(
        "actions",
        List(
            &Map(&[
                must(
                    "type",
                    Word(&[
                        "add_before",
                        "add_after",
                        "remove",
                        "clear",
                        "enable",
                        "disable",
                        "update",
                    ]),
                ),
                must("name", Text(50)),
                may("input", Any),
            ]),
            0,
            MANY,
        ),
    ),
]);

pub(super) static OPTIONS: Shape = Map(&[must("options", CHOICES)]);

pub(super) static FORM_ERROR: Shape = Map(&[
    must("type", Word(&["form_error"])),
    may("text", Text(FREE)),
    may("inputs", Entries(&Text(FREE))),
]);

pub(super) static PREVIEW_URL: Shape = Map(&[must("type", Word(&["preview_url"])), must("url", Text(500))]);

const WIDGET_SECTION: Shape = Map(&[
    may("id", Any),
    must(
        "elements",
        List(
            &Tagged(
                "type",
                &[
                    ("title", &Any),
                    ("text", &Any),
                    ("subtext", &Any),
                    ("activity", &Any),
                    ("user_activity", &Any),
                    ("divider", &Any),
                    ("buttons", &Any),
                    ("table", &Any),
                    ("fields", &Any),
                    ("cards", &Any),
                    ("images", &Any),
                    ("percentage_chart", &Any),
                    ("graph", &Any),
                ],
            ),
            0,
            20,
        ),
    ),
]);

pub(super) static APPLET: Shape = Tagged(
    "type",
    &[
        (
            "applet",
            &Map(&[
                may(
                    "tabs",
                    List(&Map(&[must("id", Text(FREE)), must("label", Text(FREE))]), 0, 5),
                ),
                may("active_tab", Text(FREE)),
                may("data_type", Word(&["sections", "info", "map", "form", "web_view"])),
                may("sections", List(&WIDGET_SECTION, 0, 25)),
                may("info", Any),
                may("map", Any),
                may("form", Any),
                may("web_view", Any),
                may("header", Any),
                may("footer", Any),
            ]),
        ),
        ("section", &Any),
    ],
);

pub(super) static INSTALLATION: Shape = Map(&[
    must("status", Number),
    may("title", Text(FREE)),
    may("message", Text(FREE)),
    may("note", List(&Text(FREE), 0, MANY)),
    may("footer", Text(FREE)),
]);

const LINK_BUTTON: Shape = Map(&[
    must("type", Word(&["button", "open.url", "system.api"])),
    must("label", Text(FREE)),
    may("hint", Text(FREE)),
    may("style", Text(FREE)),
    may("url", Text(FREE)),
    may("confirm", CONFIRM),
    may("params", Any),
    may("name", Text(FREE)),
]);

pub(super) static LINK_BUTTONS: Shape = List(&LINK_BUTTON, 0, MANY);

pub(super) static LINK_PREVIEW: Shape = Map(&[
    must("title", Text(FREE)),
    must("type", Word(&["link", "photo", "video", "rich"])),
    must("provider_url", Text(FREE)),
    may("description", Text(FREE)),
    may("provider_name", Text(FREE)),
    may("author_name", Text(FREE)),
    may("favicon_url", Text(FREE)),
    may("thumbnail_url", Text(FREE)),
    may("dynamic_actions", Any),
    may(
        "fields",
        Map(&[
            may("styles", Any),
            must(
                "data",
                List(&Map(&[must("label", Text(FREE)), must("value", Text(FREE))]), 0, MANY),
            ),
        ]),
    ),
    may("actions", List(&LINK_BUTTON, 0, MANY)),
]);
