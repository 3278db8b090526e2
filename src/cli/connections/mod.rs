//! `dg connections`: named, authorised uses of services.

mod arguments;
mod connect;
mod consent;
mod offer;
mod show;
mod transfer;
mod upkeep;

use std::sync::Arc;

use url::Url;

pub(super) use arguments::ConnectionsArguments;
use arguments::ConnectionsCommand;
pub(super) use offer::offer;

use super::exit::{Exit, Stop};
use super::print::Out;
use super::{home, prompt, table};
use crate::connections::{Connections, DeskError};
use crate::host::{Cancel, UserId};
use crate::system::{Network, SystemHttp};

/// What the commands work with.
struct Desk<'a> {
    connections: Connections,
    user: UserId,
    cancel: Cancel,
    out: &'a Out,
}

/// Runs `dg connections`.
pub(super) fn run(arguments: &ConnectionsArguments, out: &Out) -> Result<Exit, Stop> {
    let home = home::home(&arguments.store)?;
    let desk = Desk {
        connections: home::desk(&home, Arc::new(SystemHttp::new(Network::open()))),
        user: home::user(arguments.user.as_deref()),
        cancel: Cancel::new(),
        out,
    };
    match &arguments.command {
        ConnectionsCommand::Create(arguments) => connect::create(arguments, &desk),
        ConnectionsCommand::Connect(arguments) | ConnectionsCommand::Reconnect(arguments) => {
            connect::connect(arguments, &desk)
        }
        ConnectionsCommand::Revoke { link } => consent::revoke(link, &desk),
        ConnectionsCommand::List { json } => show::list(*json, &desk),
        ConnectionsCommand::Show { link, json } => show::show(link, *json, &desk),
        ConnectionsCommand::Edit(arguments) => connect::edit(arguments, &desk),
        ConnectionsCommand::Log { link, last, json } => show::log(link.as_deref(), *last, *json, &desk),
        ConnectionsCommand::Export {
            links,
            to,
            with_credentials,
            passphrase_file,
        } => {
            let sealing = with_credentials.then_some(passphrase_file.as_deref());
            transfer::export(links, to.as_deref(), sealing, &desk)
        }
        ConnectionsCommand::Import {
            file,
            passphrase_file,
            yes,
        } => transfer::import(file, passphrase_file.as_deref(), *yes, &desk),
        ConnectionsCommand::Doctor => upkeep::doctor(&home, &desk),
        ConnectionsCommand::Rekey { new_key } => upkeep::rekey(new_key.as_deref(), &desk),
        ConnectionsCommand::Remove { link, yes } => remove(link, *yes, &desk),
        ConnectionsCommand::Test { link, url } => test(link, url.as_deref(), &desk),
    }
}

/// Removes a connection. Somebody at a terminal is asked first.
fn remove(link: &str, sure: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    desk.connections.connection_only(link, &desk.user)?;
    if !sure
        && prompt::is_possible()
        && !prompt::confirm(&format!("remove the connection `{link}` and its credentials?"))?
    {
        desk.out.talk("nothing was removed");
        return Ok(Exit::Done);
    }
    desk.connections.remove_connection(link, &desk.user)?;
    desk.out
        .line(&format!("removed the connection `{link}` and its credentials"));
    Ok(Exit::Done)
}

fn test(link: &str, url: Option<&str>, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let url = match url {
        Some(text) => Some(Url::parse(text).map_err(|error| {
            Stop::usage(
                format!("`{text}` is not a URL: {error}"),
                "write it whole, as in https://api.example.com/me",
            )
        })?),
        None => None,
    };
    let trial = desk.connections.test(link, &desk.user, url.as_ref(), &desk.cancel);
    let steps: Vec<(&str, String)> = trial
        .steps
        .iter()
        .map(|step| (step.name, desk.connections.redact(&step.finding)))
        .collect();
    table::values(desk.out, &steps);
    let good = trial.is_good();
    match trial.failure {
        Some(error @ DeskError::Invalid(_)) => Err(Stop {
            exit: Exit::Usage,
            ..Stop::from(error)
        }),
        Some(error) => Err(Stop::from(error)),
        None if good => Ok(Exit::Done),
        None => Ok(Exit::Connection),
    }
}
