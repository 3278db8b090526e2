//! `dg services`: how providers want to be authorised, and where their credentials may go.

mod arguments;
mod fields;
mod list;
mod setup;

use std::sync::Arc;

use serde_json::{Value, json};

pub(super) use arguments::ServicesArguments;
use arguments::{CreateService, EditService, ServicesCommand};

use super::exit::{Exit, Stop};
use super::print::Out;
use super::{home, prompt};
use crate::connections::{Connections, DeskError, Service};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::NoNetwork;

/// Runs `dg services`.
pub(super) fn run(arguments: &ServicesArguments, out: &Out) -> Result<Exit, Stop> {
    let home = home::home(&arguments.store)?;
    // Services alone ask no provider anything.
    let desk = home::desk(&home, Arc::new(NoNetwork));
    match &arguments.command {
        ServicesCommand::Create(arguments) => create(arguments, &desk, out),
        ServicesCommand::List(arguments) => list::list(arguments, &desk, out),
        ServicesCommand::Setup(arguments) => setup::setup(arguments, &desk, out),
        ServicesCommand::Show(arguments) => list::show(arguments, &desk, out),
        ServicesCommand::Edit(arguments) => edit(arguments, &desk, out),
        ServicesCommand::Remove { service } => {
            desk.remove_service(service)?;
            out.line(&format!("removed the service `{service}`"));
            Ok(Exit::Done)
        }
    }
}

fn create(arguments: &CreateService, desk: &Connections, out: &Out) -> Result<Exit, Stop> {
    let mut description = fields::described(arguments.from.as_deref(), &arguments.fields)?;
    if prompt::is_possible() && arguments.from.is_none() {
        fields::ask_for_the_rest(&mut description)?;
    } else if description.is_empty() {
        return Err(Stop::usage(
            "nothing describes the service, and there is no terminal to ask at",
            "give `--from FILE`, or flags: `dg help services create`",
        ));
    }
    let service = Service::from_json(&Value::Object(description)).map_err(|problems| invalid(problems, "create"))?;
    desk.create_service(&service)?;
    out.line(&format!(
        "made the service `{}`: {}, its credentials go to {}",
        service.link_name,
        service.auth.label(),
        hosts(&service)
    ));
    out.talk(&format!(
        "next: dg connections create {0} --service {0}",
        service.link_name
    ));
    Ok(Exit::Done)
}

/// Every problem of a description, and how one looks.
fn invalid(problems: Vec<Diagnostic>, command: &str) -> Stop {
    Stop::from(DeskError::Invalid(problems)).with_help(&format!(
        "`dg help services {command}` tells the fields, each of which may stand in the file too"
    ))
}

fn hosts(service: &Service) -> String {
    let hosts: Vec<String> = service.hosts.iter().map(ToString::to_string).collect();
    hosts.join(", ")
}

fn edit(arguments: &EditService, desk: &Connections, out: &Out) -> Result<Exit, Stop> {
    let mut changes = fields::described(arguments.from.as_deref(), &arguments.fields)?;
    if !arguments.added_hosts.is_empty() {
        let service = desk.service(&arguments.service)?;
        let mut all: Vec<String> = service.hosts.iter().map(ToString::to_string).collect();
        all.extend(arguments.added_hosts.iter().cloned());
        changes.insert("hosts".to_owned(), json!(all));
    }
    if changes.is_empty() {
        return Err(Stop::usage(
            "nothing says what to change",
            "give `--from FILE`, or flags: `dg help services edit`",
        ));
    }
    let mut edited = desk.edit_service(&arguments.service, &Value::Object(changes.clone()));
    if let Err(DeskError::SecretNeeded { changed, .. }) = &edited
        && prompt::is_possible()
    {
        out.talk(&format!(
            "the change of `{}` may send the client secret elsewhere",
            changed.join("`, `")
        ));
        changes.insert("client_secret".to_owned(), json!(prompt::secret("Client secret")?));
        edited = desk.edit_service(&arguments.service, &Value::Object(changes));
    }
    let edited = match edited {
        Err(DeskError::Invalid(problems)) => return Err(invalid(problems, "edit")),
        other => other?,
    };
    out.line(&format!("changed the service `{}`", edited.service.link_name));
    for link in &edited.reconnect {
        out.message(
            &reconnect_warning(link.as_str(), &edited.redirected),
            &[],
            super::print::Channel::Talk,
        );
    }
    Ok(Exit::Done)
}

fn reconnect_warning(link: &str, changed: &[&str]) -> Diagnostic {
    let title = format!(
        "the connection `{link}` has to be connected again: what decides where its credentials go was changed ({})",
        changed.join(", ")
    );
    Diagnostic {
        severity: crate::diagnostic::Severity::Warning,
        ..Diagnostic::placeless(Code::ConnectionNotAuthorised, title)
    }
    .help(format!("run `dg connections reconnect {link}`"))
}
