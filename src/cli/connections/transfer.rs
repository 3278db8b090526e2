//! `dg connections export` and `import`: definitions, and credentials where they are asked for, sealed with a passphrase.

use std::io::{self, Write};

use serde_json::Value;

use super::Desk;
use crate::cli::exit::{Exit, Stop, reason_of};
use crate::cli::prompt;
use crate::cli::sources::{read_bytes, read_text};
use crate::connections::{Connections, Import, Secret, is_sealed_export, private_file};
use crate::diagnostic::{Code, Diagnostic};

/// Writes definitions. `sealing` is there where credentials go with them: the file with the passphrase, if one is named.
pub(super) fn export(
    links: &[String],
    to: Option<&str>,
    sealing: Option<Option<&str>>,
    desk: &Desk<'_>,
) -> Result<Exit, Stop> {
    let text = match sealing {
        None => format!("{:#}\n", desk.connections.export(links, &desk.user)?),
        Some(file) => {
            let passphrase = new_passphrase(file)?;
            desk.connections.export_sealed(links, &desk.user, &passphrase)?
        }
    };
    let Some(file) = to else {
        desk.out.line(text.trim_end());
        return Ok(Exit::Done);
    };
    write(file, &text).map_err(|error| {
        let title = format!("cannot write `{file}`: {}", reason_of(&error));
        let diagnostic = Diagnostic::placeless(Code::FileUnreadable, title);
        Stop::new(Exit::Usage, diagnostic.help("check the name and the permissions"))
    })?;
    if sealing.is_none() {
        desk.out
            .line(&format!("wrote the definitions to `{file}`; they hold no credentials"));
        return Ok(Exit::Done);
    }
    desk.out.line(&format!(
        "wrote definitions and credentials to `{file}`; the passphrase opens it"
    ));
    desk.out.talk(
        "a refresh token that changes with each use serves one store only: where the file is imported, use that one, or \
         connect again",
    );
    Ok(Exit::Done)
}

/// A file for its owner alone, since who uses what is nobody else's business either.
fn write(file: &str, text: &str) -> io::Result<()> {
    let mut opened = private_file().write(true).create(true).truncate(true).open(file)?;
    opened.write_all(text.as_bytes())?;
    opened.sync_all()
}

/// The passphrase to seal with: from a file, or typed twice.
fn new_passphrase(file: Option<&str>) -> Result<Secret, Stop> {
    let passphrase = passphrase(file)?;
    if file.is_none() && prompt::secret("passphrase again")? != passphrase.expose() {
        return Err(Stop::usage("the two passphrases differ", "run the command again"));
    }
    Ok(passphrase)
}

fn passphrase(file: Option<&str>) -> Result<Secret, Stop> {
    let Some(file) = file else {
        if prompt::is_possible() {
            return Ok(Secret::new(prompt::secret("passphrase")?));
        }
        return Err(Stop::usage(
            "a passphrase is needed, and there is no terminal to ask at",
            "give it with `--passphrase-file FILE`",
        ));
    };
    let text = Secret::new(read_text(file)?);
    Ok(Secret::new(text.expose().trim_end_matches(['\r', '\n'])))
}

/// What is in a file, opened where it is sealed.
fn read(file: &str, passphrase_file: Option<&str>) -> Result<Value, Stop> {
    if file == "-" && passphrase_file == Some("-") {
        return Err(Stop::usage(
            "file and passphrase cannot both come from standard input",
            "put one of them into a file",
        ));
    }
    let bytes = read_bytes(file)?;
    if is_sealed_export(&bytes) {
        return Ok(Connections::open_export(&bytes, &passphrase(passphrase_file)?)?);
    }
    match String::from_utf8(bytes) {
        Ok(text) => prompt::object_in(file, &text),
        Err(_) => Err(Stop::usage(
            format!("`{file}` is neither JSON nor an export with credentials"),
            "give what `dg connections export` wrote",
        )),
    }
}

/// Takes definitions in. The hosts to which credentials could go are told first.
pub(super) fn import(file: &str, passphrase_file: Option<&str>, sure: bool, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let definitions = read(file, passphrase_file)?;
    let mut import = desk.connections.read_import(&definitions, &desk.user)?;
    announce(&import, desk);
    if import.services.is_empty() && import.connections.is_empty() {
        desk.out.line("everything in it is there already; nothing was changed");
        return Ok(Exit::Done);
    }
    let asks = !sure && file != "-" && prompt::is_possible();
    // Standing at the terminal, somebody has read the hosts before anything is written.
    if asks && !prompt::confirm("take these in?")? {
        desk.out.talk("nothing was taken in");
        return Ok(Exit::Done);
    }
    if asks {
        ask_for_secrets(&mut import)?;
    }
    desk.connections.import(&import)?;
    desk.out.line(&format!(
        "took in {} and {}",
        count(import.services.len(), "service"),
        count(import.connections.len(), "connection")
    ));
    tell_what_is_next(&import, desk);
    Ok(Exit::Done)
}

/// Client secrets do not travel with definitions.
fn ask_for_secrets(import: &mut Import) -> Result<(), Stop> {
    for service in import.secretless.clone() {
        let label = format!("client secret of the service `{service}`, empty to give it later");
        let secret = Secret::new(prompt::secret(&label)?);
        if !secret.is_empty() {
            import.give_secret(&service, &secret);
        }
    }
    Ok(())
}

fn tell_what_is_next(import: &Import, desk: &Desk<'_>) {
    for service in &import.secretless {
        desk.out.talk(&format!(
            "next: dg services edit {service} --secrets FILE   (its client secret did not travel)"
        ));
    }
    for connection in &import.connections {
        let link = &connection.link_name;
        let verb = if import.brings_credentials(link) {
            "test"
        } else {
            "connect"
        };
        desk.out.talk(&format!("next: dg connections {verb} {link}"));
    }
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
    for link in &import.parted {
        desk.out.talk(&format!(
            "the credentials of `{link}` are left out: the service of that name here would send them elsewhere"
        ));
    }
    for kept in &import.kept {
        desk.out.talk(&format!("{kept} is there already and stays as it is"));
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
