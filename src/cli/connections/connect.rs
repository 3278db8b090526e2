//! Making connections and connecting them.

use serde_json::Value;

use super::Desk;
use super::arguments::{ConnectConnection, CreateConnection, EditConnection, HowToConnect};
use super::consent;
use crate::cli::exit::{Exit, Stop};
use crate::cli::prompt;
use crate::connections::{AuthKind, ConnectionEdit, DeskError, NewConnection, Question, Service};
use crate::host::LinkName;

/// `dg connections create`: makes it, and connects it unless told not to. Secrets are read before anything is made.
pub(super) fn create(arguments: &CreateConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let mut new = NewConnection {
        link_name: arguments.link.clone(),
        name: arguments.name.clone(),
        service: arguments.service.clone(),
        scopes: arguments.scopes.clone(),
        owner: desk.user.clone(),
        per_user: arguments.use_login_user,
        values: pairs(&arguments.values)?,
    };
    let service = plan(&mut new, desk)?;
    let readied = if arguments.no_connect {
        None
    } else {
        Some(Readied::new(&service, &arguments.link, &arguments.how, desk)?)
    };
    let link = desk.connections.create_connection(&new)?.link_name;
    desk.out
        .line(&format!("made the connection `{link}` to {}", service.name));
    let Some(readied) = readied else {
        desk.out.talk(&format!("next: dg connections connect {link}"));
        return Ok(Exit::Done);
    };
    let connected = readied.connect(&link, desk);
    if connected.is_err() {
        desk.out.talk(&format!(
            "it stays listed; to connect it after all: dg connections connect {link}"
        ));
    }
    connected
}

/// Looks whether the connection can be made; placeholders without a value are asked for at the terminal.
fn plan(new: &mut NewConnection, desk: &Desk<'_>) -> Result<Service, Stop> {
    let missing = match desk.connections.check_new(new) {
        Err(DeskError::ValuesNeeded(missing)) if prompt::is_possible() => missing,
        other => return Ok(other?),
    };
    for placeholder in missing {
        let value = prompt::text(&placeholder.label)?;
        new.values.push((placeholder.name, value));
    }
    Ok(desk.connections.check_new(new)?)
}

/// `NAME=VALUE`, as `--set` takes it.
fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, Stop> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Stop::usage(
            format!("`--set {text}` has no `=`"),
            "write `--set NAME=VALUE`",
        )),
    };
    texts.iter().map(pair).collect()
}

/// `dg connections edit`.
pub(super) fn edit(arguments: &EditConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let edit = ConnectionEdit {
        name: arguments.name.clone(),
        scopes: (!arguments.scopes.is_empty()).then(|| arguments.scopes.clone()),
        added_scopes: arguments.added_scopes.clone(),
        per_user: arguments.use_login_user,
        values: pairs(&arguments.values)?,
    };
    if edit == ConnectionEdit::default() {
        return Err(Stop::usage(
            "nothing says what to change",
            "see `dg help connections edit`",
        ));
    }
    let reconnect = desk.connections.edit_connection(&arguments.link, &desk.user, &edit)?;
    desk.out.line(&format!("changed the connection `{}`", arguments.link));
    if reconnect {
        let link = &arguments.link;
        desk.out.talk(&format!(
            "it has to be connected again: dg connections reconnect {link}"
        ));
    }
    Ok(Exit::Done)
}

/// `dg connections connect` and `reconnect`.
pub(super) fn connect(arguments: &ConnectConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let (connection, service) = desk.connections.connection(&arguments.link, &desk.user)?;
    Readied::new(&service, &arguments.link, &arguments.how, desk)?.connect(&connection.link_name, desk)
}

/// Everything that connecting needs of whoever is at the terminal, but his consent.
struct Readied<'r> {
    service: &'r Service,
    /// What he knows; `None` where the provider gives the credential itself.
    answers: Option<Value>,
    how: &'r HowToConnect,
}

impl<'r> Readied<'r> {
    fn new(service: &'r Service, link: &str, how: &'r HowToConnect, desk: &Desk<'_>) -> Result<Self, Stop> {
        let questions = service.questions();
        if let Some(flag) = how.page_flag()
            && !questions.is_empty()
        {
            let (name, kind) = (&service.link_name, service.auth.label());
            return Err(Stop::usage(
                format!("`{flag}` does not serve here: the service `{name}` ({kind}) has no page to consent at"),
                "leave it out; secrets are asked for, or read with `--secrets FILE`",
            ));
        }
        let secrets = how.secrets.as_deref();
        if questions.is_empty() && secrets.is_none() {
            return Ok(Self {
                service,
                answers: None,
                how,
            });
        }
        let answers = prompt::answers(&questions, secrets, &format!("the connection `{link}`"))?;
        if let Err(error) = desk.connections.check_answers(service, &answers) {
            return Err(Stop::from(error).with_help(&shape(service, &questions)));
        }
        Ok(Self {
            service,
            answers: Some(answers),
            how,
        })
    }

    fn connect(&self, link: &LinkName, desk: &Desk<'_>) -> Result<Exit, Stop> {
        let (service, connections) = (self.service, &desk.connections);
        let mut connected = None;
        match &self.answers {
            Some(answers) => connections.connect_with(link.as_str(), &desk.user, answers, &desk.cancel)?,
            None if service.asks_consent() => connected = Some(consent::consent(link, service, self.how, desk)?),
            None => connections.connect_client(link.as_str(), &desk.user, &desk.cancel)?,
        }
        desk.out.line(&format!("connected `{link}`"));
        if let Some(connected) = &connected {
            consent::tell(connected, desk.out);
        }
        desk.out.talk(&format!(
            "in a script: connection: \"{link}\"   to try it: dg connections test {link}"
        ));
        Ok(Exit::Done)
    }
}

/// How a file with what a service takes looks: the answers to its questions, or tokens had elsewhere.
fn shape(service: &Service, questions: &[Question]) -> String {
    let fields: Vec<&str> = match &service.auth {
        AuthKind::OAuth1(_) => vec!["token", "token_secret"],
        AuthKind::OAuth2(_) => vec!["access_token", "refresh_token"],
        AuthKind::ApiKey { .. } | AuthKind::Basic => questions.iter().map(|one| one.field.as_str()).collect(),
    };
    let pairs: Vec<String> = fields.iter().map(|field| format!("\"{field}\": \"...\"")).collect();
    format!("write one JSON object: {{{}}}", pairs.join(", "))
}
