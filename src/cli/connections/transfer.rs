//! `dg connections export` and `import`: definitions, never credentials.

use std::fs;

use super::Desk;
use crate::cli::exit::{Exit, Stop};
use crate::cli::prompt;
use crate::connections::Import;
use crate::diagnostic::{Code, Diagnostic};

/// Writes definitions.
pub(super) fn export(links: &[String], to: Option<&str>, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let definitions = desk.connections.export(links, &desk.user)?;
    let text = format!("{definitions:#}");
    let Some(file) = to else {
        desk.out.line(&text);
        return Ok(Exit::Done);
    };
    fs::write(file, text + "\n").map_err(|error| {
        let title = format!("cannot write `{file}`: {error}");
        Stop::new(Exit::Usage, Diagnostic::placeless(Code::FileUnreadable, title))
    })?;
    desk.out
        .line(&format!("wrote the definitions to `{file}`; they hold no credentials"));
    Ok(Exit::Done)
}

/// Takes definitions in. The hosts to which credentials could go are told first.
pub(super) fn import(file: &str, sure: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let definitions = prompt::read_object(file)?;
    let import = desk.connections.read_import(&definitions, &desk.user)?;
    announce(&import, desk);
    if import.services.is_empty() && import.connections.is_empty() {
        desk.out.line("everything in it is there already; nothing was changed");
        return Ok(Exit::Done);
    }
    // Standing at the terminal, somebody has read the hosts before anything is written.
    if !sure && file != "-" && prompt::is_possible() && !prompt::confirm("take these in?")? {
        desk.out.talk("nothing was taken in");
        return Ok(Exit::Done);
    }
    desk.connections.import(&import)?;
    desk.out.line(&format!(
        "took in {} and {}",
        count(import.services.len(), "service"),
        count(import.connections.len(), "connection")
    ));
    for connection in &import.connections {
        desk.out
            .talk(&format!("next: dg connections connect {}", connection.link_name));
    }
    Ok(Exit::Done)
}

fn announce(import: &Import, desk: &Desk<'_>) {
    for service in &import.services {
        let hosts: Vec<String> = service.hosts.iter().map(ToString::to_string).collect();
        desk.out.talk(&format!(
            "service `{}`: its credentials may go to {}",
            service.link_name,
            hosts.join(", ")
        ));
    }
    for connection in &import.connections {
        let (link, service) = (&connection.link_name, &connection.service);
        desk.out.talk(&format!(
            "connection `{link}` to `{service}`, owned by `{}`",
            connection.owner
        ));
    }
    for kept in &import.kept {
        desk.out.talk(&format!("{kept} is there already and stays as it is"));
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
