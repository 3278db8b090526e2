//! What a handler answered: which kind of reply it is, and whether it has the documented shape.

use std::fmt;

use super::handlers::Handler;
use super::shape::{Shape, problems};
use super::shapes;
use crate::value::{Data, DateSettings};

/// The kinds of replies (cliq/help/platform/cliq-responses.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplyKind {
    /// Nothing to show.
    Nothing,
    /// A message: text, card, slides, buttons, suggestions.
    Message,
    /// A message that opens a context: questions asked one after the other.
    Context,
    /// A banner.
    Banner,
    /// A form.
    Form,
    /// Suggestions for a command.
    Suggestions,
    /// The message of a button, changed.
    MessageEdit,
    /// Changes of a form.
    FormModification,
    /// Options of a dynamic field.
    Options,
    /// What is wrong with a submitted form.
    FormError,
    /// A widget, or a section of one.
    Applet,
    /// The preview of a link.
    LinkPreview,
    /// Buttons of a link's menu.
    Buttons,
    /// Whether an extension may be installed.
    Installation,
    /// A page to show.
    PreviewUrl,
}

impl ReplyKind {
    /// Its name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Message => "message",
            Self::Context => "context",
            Self::Banner => "banner",
            Self::Form => "form",
            Self::Suggestions => "suggestions",
            Self::MessageEdit => "message edit",
            Self::FormModification => "form modification",
            Self::Options => "options",
            Self::FormError => "form error",
            Self::Applet => "applet",
            Self::LinkPreview => "link preview",
            Self::Buttons => "buttons",
            Self::Installation => "installation",
            Self::PreviewUrl => "preview URL",
        }
    }

    const fn shape(self) -> &'static Shape {
        match self {
            Self::Nothing => &Shape::Any,
            Self::Message | Self::Context => &shapes::MESSAGE,
            Self::Banner => &shapes::BANNER,
            Self::Form => &shapes::FORM,
            Self::Suggestions => &shapes::SUGGESTIONS,
            Self::MessageEdit => &shapes::MESSAGE_EDIT,
            Self::FormModification => &shapes::FORM_MODIFICATION,
            Self::Options => &shapes::OPTIONS,
            Self::FormError => &shapes::FORM_ERROR,
            Self::Applet => &shapes::APPLET,
            Self::LinkPreview => &shapes::LINK_PREVIEW,
            Self::Buttons => &shapes::LINK_BUTTONS,
            Self::Installation => &shapes::INSTALLATION,
            Self::PreviewUrl => &shapes::PREVIEW_URL,
        }
    }
}

/// A reply that may go back to the platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Which kind.
    pub kind: ReplyKind,
    /// The reply itself.
    pub data: Data,
    /// Entries that no page documents; the platform leaves them out of account.
    pub warnings: Vec<Problem>,
}

impl Reply {
    /// The answer to the platform's request: the reply under `output`.
    pub fn envelope(&self) -> serde_json::Value {
        serde_json::json!({ "output": self.data.to_json() })
    }

    /// The same as JSON text, with every digit.
    pub fn envelope_text(&self) -> String {
        let dates = DateSettings::default();
        // Nothing that passed the check is nested too deeply for a text.
        let output = self.data.to_json_text(&dates).unwrap_or_else(|_| "{}".to_owned());
        format!("{{\"output\":{output}}}")
    }
}

/// Something in a reply that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `slides[0].data.headers`; empty for the reply as a whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
    /// Whether the platform would refuse the reply.
    pub is_error: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(formatter, "the reply: {}", self.message),
            path => write!(formatter, "`{path}`: {}", self.message),
        }
    }
}

/// A reply that the platform would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyError {
    /// The handler that answered.
    pub handler: &'static str,
    /// Everything that does not fit.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ReplyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the reply of `{}` does not fit", self.handler)?;
        for problem in &self.problems {
            write!(formatter, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ReplyError {}

/// Entries by which a reply without a telling `type` is known.
const MARKS: [(&str, ReplyKind); 4] = [
    ("context", ReplyKind::Context),
    ("provider_url", ReplyKind::LinkPreview),
    ("status", ReplyKind::Installation),
    ("options", ReplyKind::Options),
];

impl Handler {
    /// Looks at what a script returned: of which kind it is, whether this handler may answer so, and whether everything
    /// in it has the documented shape and size.
    ///
    /// # Errors
    /// Everything that does not fit, each with its place.
    pub fn check(&self, result: Data) -> Result<Reply, ReplyError> {
        let refuse = |problems| ReplyError {
            handler: self.name,
            problems,
        };
        let Some(kind) = self.kind_of(&result) else {
            let allowed: Vec<&str> = self.replies.iter().map(|kind| kind.name()).collect();
            let allowed = if allowed.is_empty() {
                "nothing".to_owned()
            } else {
                allowed.join(", ")
            };
            return Err(refuse(vec![Problem {
                path: String::new(),
                message: format!("this handler may answer {allowed}"),
                is_error: true,
            }]));
        };
        let problems = problems(kind.shape(), &result);
        if problems.iter().any(|problem| problem.is_error) {
            return Err(refuse(problems));
        }
        Ok(Reply {
            kind,
            data: result,
            warnings: problems,
        })
    }

    /// The kind of a reply, if this handler may give it.
    fn kind_of(&self, result: &Data) -> Option<ReplyKind> {
        let allowed = |kind: ReplyKind| self.replies.contains(&kind).then_some(kind);
        let entries = match result {
            Data::Null => return Some(ReplyKind::Nothing),
            Data::Text(text) if text.is_empty() => return Some(ReplyKind::Nothing),
            Data::List(_) => return allowed(ReplyKind::Suggestions).or_else(|| allowed(ReplyKind::Buttons)),
            Data::Map(entries) if entries.is_empty() => return Some(ReplyKind::Nothing),
            Data::Map(entries) => entries,
            _ => return None,
        };
        // What a handler without a reply returns is not used by anybody.
        if self.replies.is_empty() {
            return Some(ReplyKind::Nothing);
        }
        let word = match entries.get("type") {
            Some(Data::Text(word)) => word.as_str(),
            _ => "",
        };
        match word {
            "banner" => allowed(ReplyKind::Banner),
            "form" => allowed(ReplyKind::Form),
            "message_edit" => allowed(ReplyKind::MessageEdit),
            "form_modification" => allowed(ReplyKind::FormModification),
            "form_error" => allowed(ReplyKind::FormError),
            "applet" | "section" => allowed(ReplyKind::Applet),
            "preview_url" => allowed(ReplyKind::PreviewUrl),
            _ => {
                let marked = MARKS.iter().filter(|(mark, _)| entries.contains_key(*mark));
                let marked = marked.map(|(_, kind)| *kind).find_map(allowed);
                marked
                    .or_else(|| allowed(ReplyKind::Message))
                    .or(self.replies.first().copied())
            }
        }
    }
}
