//! A run as a handler of a bot: the platform's payload becomes its inputs, and its reply is checked and printed.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use url::Url;

use super::exit::Stop;
use super::print::Out;
use super::sources::read_text;
use crate::bots::{self, Attachment, Event, Handler, Problem};
use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::host::{Body, Cancel, Clock, Functions, Headers, Http, Method, Request};
use crate::tasks::cliq::{Cliq, Messages, Posted};
use crate::tasks::{Database, MemoryDatabase};
use crate::value::{Data, DateSettings};

/// How long an attachment may take to come, and how large it may be.
const ATTACHMENT: (Duration, usize) = (Duration::from_secs(40), 50 << 20);

/// Flags of a run that plays a bot's part.
#[derive(Debug, Default, Args)]
pub(super) struct HandlerArguments {
    /// Run as this handler of a bot, e.g. message or command/suggestion: the reply is checked and printed as JSON, and the
    /// lines of `info` go to standard error
    #[arg(long, value_name = "NAME")]
    handler: Option<String>,

    /// The JSON that the platform sends the handler; an envelope names its handler itself
    #[arg(long, value_name = "FILE.json")]
    payload: Option<String>,

    /// Give the script the tasks of Cliq, with databases in memory; ROWS.json has lists of rows by database
    #[arg(long, value_name = "cliq[=ROWS.json]")]
    tasks: Option<String>,
}

impl HandlerArguments {
    /// The call of a handler that was asked for; `None` for a plain run.
    pub(super) fn event(&self, http: &dyn Http) -> Result<Option<Event>, Stop> {
        let handler = self.handler.as_deref().map(handler).transpose()?;
        let event = match (&self.payload, handler) {
            (None, None) => return Ok(None),
            (None, Some(handler)) => Event::of(handler, Data::Map(indexmap::IndexMap::new())),
            (Some(file), Some(handler)) => Event::of_json(handler, read_text(file)?),
            (Some(file), None) => Event::read_json(read_text(file)?),
        };
        let mut event = event.map_err(|error| self.unusable(&error))?;
        event.load_attachments(|attachment| self.bytes_of(attachment, http))?;
        Ok(Some(event))
    }

    fn unusable(&self, error: &bots::PayloadError) -> Stop {
        let title = match &self.payload {
            Some(file) => format!("`--payload {file}`: {error}"),
            None => error.to_string(),
        };
        let help = match error {
            bots::PayloadError::NoHandler(_) => "say which with `--handler NAME`",
            _ => "give what the platform sends: an envelope, or the object of the handler's arguments",
        };
        Stop::usage(title, help)
    }

    /// The content of an attachment: from its link, or from a file beside the payload.
    fn bytes_of(&self, attachment: &Attachment, http: &dyn Http) -> Result<Vec<u8>, Stop> {
        let failed = |reason: &str| {
            let title = format!("the attachment `{}` cannot be read: {reason}", attachment.name);
            Stop::usage(title, "its `url` is a link, or the name of a file beside the payload")
        };
        if attachment.url.is_empty() {
            return Ok(Vec::new());
        }
        let link = Url::parse(&attachment.url).ok();
        let Some(url) = link.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            let payload = self.payload.as_deref().map_or(Path::new("."), Path::new);
            let path = payload.parent().unwrap_or(Path::new(".")).join(&attachment.url);
            return fs::read(path).map_err(|error| failed(&super::exit::reason_of(&error)));
        };
        let request = Request {
            method: Method::Get,
            url,
            headers: Headers::default(),
            body: Body::Empty,
            timeout: ATTACHMENT.0,
            response_limit: ATTACHMENT.1,
        };
        let answer = http.send(&request, &Cancel::new());
        match answer.map_err(|error| failed(&error.reason))? {
            answer if answer.status == 200 => Ok(answer.body),
            answer => Err(failed(&format!("the link answers {}", answer.status))),
        }
    }

    /// The functions that `--tasks` gives the script, in front of those of the host.
    pub(super) fn tasks(
        &self,
        clock: Arc<dyn Clock>,
        out: &Arc<Out>,
        rest: Arc<dyn Functions>,
    ) -> Result<Arc<dyn Functions>, Stop> {
        let Some(tasks) = &self.tasks else {
            return Ok(rest);
        };
        let database = match tasks.split_once('=') {
            None if tasks == "cliq" => MemoryDatabase::default(),
            Some(("cliq", file)) => rows(file, &*clock)?,
            _ => {
                let title = format!("`--tasks {tasks}`: there are no such tasks");
                return Err(Stop::usage(title, "there is `cliq`, or `cliq=ROWS.json`"));
            }
        };
        let cliq = Cliq {
            database: Arc::new(database),
            messages: Arc::new(TellMessages(Arc::clone(out))),
            clock,
        };
        Ok(Arc::new(cliq.functions().before(rest)))
    }
}

/// The handler of this name.
pub(super) fn handler(name: &str) -> Result<&'static Handler, Stop> {
    bots::named(name).ok_or_else(|| {
        let full: Vec<String> = bots::all().iter().map(Handler::full_name).collect();
        let short = |full: &str| full.rsplit('/').next().unwrap_or(full).replace("_handler", "");
        let near = nearest(name, full.iter().map(String::as_str));
        let near = near.or_else(|| {
            full.iter()
                .map(String::as_str)
                .find(|full| nearest(name, [short(full).as_str()]).is_some())
        });
        let help = match near {
            Some(near) => format!("there is a similar one: `{near}`"),
            None => format!("there are {}", full.join(", ")),
        };
        Stop::usage(format!("there is no handler `{name}`"), &help)
    })
}

/// Databases in memory with the rows of a JSON file: lists of maps by the name of their database.
fn rows(file: &str, clock: &dyn Clock) -> Result<MemoryDatabase, Stop> {
    let refuse = |reason: &str| {
        let help = "give an object whose keys are databases and whose values are lists of rows: `{\"tickets\":[{\"number\":1}]}`";
        Stop::usage(format!("`--tasks cliq={file}`: {reason}"), help)
    };
    let data = Data::from_json_text(&read_text(file)?).map_err(|error| refuse(&error.to_string()))?;
    let Data::Map(tables) = data else {
        return Err(refuse("that is not one JSON object"));
    };
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    let database = MemoryDatabase::of(&names);
    for (name, rows) in &tables {
        let Data::List(rows) = rows else {
            return Err(refuse(&format!("`{name}` is no list of rows")));
        };
        for row in rows {
            let Data::Map(columns) = row else {
                return Err(refuse(&format!("a row of `{name}` is no map")));
            };
            let created = database.create(name, columns.clone(), clock.now_millis());
            created.map_err(|error| refuse(&error.message()))?;
        }
    }
    Ok(database)
}

/// Tells of the messages that a script posts, which go nowhere.
struct TellMessages(Arc<Out>);

impl Messages for TellMessages {
    fn post(&self, message: Posted) -> Result<(), (String, String)> {
        let text = match &message.message {
            Data::Text(text) => text.clone(),
            other => other.to_json_text(&DateSettings::default()).unwrap_or_default(),
        };
        let bot = message.bot.map(|bot| format!(" as {bot}")).unwrap_or_default();
        self.0.talk(&format!("{} {}{bot}: {text}", message.task, message.to));
        Ok(())
    }
}

/// Looks at a result as the reply of a handler: the warnings about it, or everything that does not fit.
pub(super) fn check(handler: &Handler, result: &Data) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let name = handler.full_name();
    let tell = |problem: &Problem| {
        let place = match problem.path.as_str() {
            "" => String::new(),
            path => format!("`{path}` in "),
        };
        let title = format!("{place}the reply of `{name}`: {}", problem.message);
        let page = format!("see https://www.zoho.com/cliq/help/platform/{}.html", handler.source);
        let severity = if problem.is_error {
            Severity::Error
        } else {
            Severity::Warning
        };
        Diagnostic {
            severity,
            ..Diagnostic::placeless(Code::ReplyShape, title).help(page)
        }
    };
    match handler.check(result.clone()) {
        Ok(reply) => Ok(reply.warnings.iter().map(tell).collect()),
        Err(error) => Err(error.problems.iter().map(tell).collect()),
    }
}
