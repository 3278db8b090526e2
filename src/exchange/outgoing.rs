//! What a script asked for, by the keys of the task.

use std::time::Duration;

use encoding_rs::Encoding;

use crate::diagnostic::{Code, nearest};
use crate::host::{Asked, Context, EvalError, Evaluated, LinkName, Method};
use crate::value::{File, Value};

/// As long as a script may let a request take: longer than anybody waits, and short enough to be added to any time.
const LONGEST: Duration = Duration::from_secs(1 << 32);

/// The evaluated keys of a request task (deluge/help/webhook/invokeurl-api-task.html).
#[derive(Clone, Default)]
pub struct Outgoing {
    /// `url`, without the blanks around it.
    pub url: String,
    /// `service` and `path` of `invokeapi`, which stand for a URL of Zoho's.
    pub service: Option<String>,
    /// See `service`.
    pub path: String,
    /// `type`
    pub method: Method,
    /// `headers`
    pub headers: Vec<(String, String)>,
    /// `parameters`
    pub parameters: Option<Value>,
    /// `body`
    pub body: Option<Value>,
    /// `content-type`
    pub content_type: Option<String>,
    /// `files`
    pub files: Vec<File>,
    /// `connection`
    pub connection: Option<LinkName>,
    /// `detailed`
    pub detailed: bool,
    /// `response-format`
    pub format: Format,
    /// `response-decoding`
    pub decoding: Option<&'static Encoding>,
    /// `useraccess`
    pub user_access: Option<bool>,
    /// `timeout`, an extension.
    pub timeout: Option<Duration>,
}

/// What a script wants the answer to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// What its content type tells.
    #[default]
    Any,
    /// A FILE: the one value that Zoho documents for `response-format`.
    File,
    /// TEXT, whatever it holds.
    Text,
    /// KEY-VALUE or LIST where it can be read as JSON, else TEXT.
    Json,
}

impl Outgoing {
    /// What it asks of its connection, where it names one.
    pub(super) fn asked(&self, context: &Context<'_>) -> Option<Asked> {
        Some(Asked {
            connection: self.connection.clone()?,
            user: context.user.clone(),
            user_access: self.user_access,
        })
    }

    /// Takes one key; it is in lower case without blanks, hyphens and underscores. Null counts as left out.
    ///
    /// # Errors
    /// The value does not fit the key.
    pub fn set(&mut self, key: &str, value: &Value, context: &Context<'_>) -> Evaluated<()> {
        let value = value.settled();
        if value.is_null() {
            return Ok(());
        }
        let text = || text(value, context);
        match key {
            "url" => self.url = text()?.trim().to_owned(),
            "service" => self.service = Some(text()?),
            "path" => self.path = text()?,
            "type" => self.method = method(&text()?)?,
            "headers" => self.headers = pairs(key, value, context)?,
            "parameters" => self.parameters = Some(value.clone()),
            "body" => self.body = Some(value.clone()),
            "contenttype" => self.content_type = Some(text()?.trim().to_owned()).filter(|text| !text.is_empty()),
            "files" => self.files = files(value)?,
            "connection" => self.connection = Some(link_name(&text()?)?),
            "detailed" => self.detailed = boolean(key, value)?,
            "useraccess" => self.user_access = Some(boolean(key, value)?),
            "responseformat" => self.format = format(text()?.trim())?,
            "responsedecoding" => self.decoding = Some(encoding(text()?.trim())?),
            "timeout" => self.timeout = Some(seconds(value)?),
            _ => {}
        }
        Ok(())
    }
}

/// The text form of a value.
pub(super) fn text(value: &Value, context: &Context<'_>) -> Evaluated<String> {
    value.to_text(context.dates()).map_err(|_| {
        EvalError::failed(
            Code::ContainsItself,
            "the value contains itself, or is nested too deeply, and has no text form",
        )
    })
}

/// The entries of a map as texts; null values count as empty.
pub(super) fn pairs(key: &str, value: &Value, context: &Context<'_>) -> Evaluated<Vec<(String, String)>> {
    let Value::Map(map) = value else {
        if matches!(value, Value::Empty(_)) {
            return Ok(Vec::new());
        }
        let message = format!("`{key}` has to be KEY-VALUE, and is {}", value.kind().name());
        return Err(EvalError::failed(Code::BadRequest, message));
    };
    let entries = map.entries();
    let mut pairs = Vec::with_capacity(entries.len());
    for (key, value) in entries.iter() {
        pairs.push((text(key.value(), context)?, plain(value.settled(), context)?));
    }
    Ok(pairs)
}

/// A value as the text of a form field: null is empty, nested values travel as their JSON text.
pub(super) fn plain(value: &Value, context: &Context<'_>) -> Evaluated<String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::List(_) | Value::Collection(_) => json(value, context),
        other => text(other, context),
    }
}

/// The JSON text of a value.
pub(super) fn json(value: &Value, context: &Context<'_>) -> Evaluated<String> {
    crate::value::json::to_text(value, context.dates()).map_err(|_| {
        EvalError::failed(
            Code::ContainsItself,
            "the value contains itself, or is nested too deeply, and has no text form",
        )
    })
}

fn method(name: &str) -> Evaluated<Method> {
    Method::find(name.trim()).ok_or_else(|| {
        let names = Method::ALL.map(Method::as_str);
        let near = nearest(&name.to_uppercase(), names).map(|near| format!("`{near}` is near"));
        EvalError::failed(Code::BadRequest, format!("`{}` is not a request method", name.trim()))
            .help(near.unwrap_or_else(|| format!("the methods are {}", names.join(", "))))
    })
}

fn format(name: &str) -> Evaluated<Format> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "" => Format::Any,
        "file" => Format::File,
        "text" => Format::Text,
        "json" | "map" | "list" | "key-value" => Format::Json,
        _ => {
            let message = format!("`{name}` is not a response format");
            return Err(EvalError::failed(Code::BadRequest, message).help("the one that Zoho knows is FILE"));
        }
    })
}

fn encoding(name: &str) -> Evaluated<&'static Encoding> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        EvalError::failed(Code::BadRequest, format!("`{name}` is not a character encoding"))
            .help("write for instance `\"UTF-8\"` or `\"ISO-8859-1\"`")
    })
}

fn link_name(name: &str) -> Evaluated<LinkName> {
    LinkName::new(name).ok_or_else(|| {
        EvalError::failed(
            Code::InvalidLinkName,
            format!("Connection Name was not found: `{name}` is not a link name"),
        )
        .help("a link name begins with a lower-case letter and holds lower-case letters, digits and underscores")
    })
}

fn boolean(key: &str, value: &Value) -> Evaluated<bool> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        other => match other.as_text() {
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => {
                let message = format!("`{key}` has to be BOOLEAN, and is {}", value.kind().name());
                Err(EvalError::failed(Code::BadRequest, message))
            }
        },
    }
}

fn seconds(value: &Value) -> Evaluated<Duration> {
    let number = value
        .as_double()
        .or_else(|| value.as_text().and_then(|text| text.trim().parse().ok()));
    let seconds = number
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let seconds = seconds.map(|seconds| seconds.min(LONGEST));
    seconds.ok_or_else(|| EvalError::failed(Code::BadRequest, "`timeout` has to be a number of seconds above zero"))
}

fn files(value: &Value) -> Evaluated<Vec<File>> {
    let wrong = |value: &Value| {
        EvalError::failed(
            Code::BadRequest,
            format!(
                "`files` takes FILE or a LIST of them, and holds {}",
                value.kind().name()
            ),
        )
    };
    match value {
        Value::File(file) => Ok(vec![file.clone()]),
        Value::List(list) => list
            .items()
            .iter()
            .filter(|item| !item.is_null())
            .map(|item| match item {
                Value::File(file) => Ok(file.clone()),
                other => Err(wrong(other)),
            })
            .collect(),
        other => Err(wrong(other)),
    }
}
