//! Consent at the terminal: pages to open, codes to type in, addresses to paste.

use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use url::Url;

use super::Desk;
use super::arguments::HowToConnect;
use crate::cli::exit::{Exit, Stop};
use crate::cli::print::Out;
use crate::cli::{interrupt, prompt};
use crate::connections::{AtProvider, Connected, ConsentError, ConsentErrorKind, Person, Service, UserCode, Way, Wish};
use crate::host::{Cancel, LinkName};

/// Somebody at the terminal.
struct Terminal<'o> {
    out: &'o Out,
    opens_browser: bool,
    /// Why nothing could be pasted.
    stopped: Mutex<Option<Stop>>,
}

impl Person for Terminal<'_> {
    fn visit(&self, url: &Url) {
        self.out
            .talk(&format!("open this page and allow the access:\n\n  {url}\n"));
        if self.opens_browser && !open(url) {
            self.out.talk("(no browser could be started here)");
        }
        self.out
            .talk("waiting for the provider's answer, five minutes at most; Ctrl-C stops");
    }

    fn type_in(&self, code: &UserCode) {
        let minutes = code.lifetime.as_secs().div_ceil(60);
        self.out.talk(&format!(
            "open this page within {minutes} minutes, on any device:\n\n  {}\n\nand type in the code\n\n  {}\n",
            code.url, code.code
        ));
        if let Some(url) = &code.complete_url {
            self.out
                .talk(&format!("or open the page with the code in it:\n\n  {url}\n"));
        }
        self.out.talk("waiting for the provider's answer; Ctrl-C stops");
    }

    fn paste(&self, url: &Url) -> Option<String> {
        self.out.talk(&format!(
            "open this page in any browser and allow the access:\n\n  {url}\n\nThen copy the address at which the browser ends (the \
             page itself may fail to load), or the code that the provider shows.\n"
        ));
        match prompt::text("address or code") {
            Ok(text) => Some(text),
            Err(stop) => {
                *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
                None
            }
        }
    }
}

/// Starts the browser of this machine, if there is one.
fn open(url: &Url) -> bool {
    let candidates: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else {
        &[&["xdg-open"]]
    };
    candidates.iter().any(|words| {
        let (program, arguments) = (words[0], &words[1..]);
        let mut command = Command::new(program);
        command.args(arguments).arg(url.as_str());
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.spawn().is_ok()
    })
}

/// Asks the user for his consent, and keeps what the provider gives.
pub(super) fn consent(
    link: &LinkName,
    service: &Service,
    how: &HowToConnect,
    desk: &Desk<'_>,
) -> Result<Connected, Stop> {
    let way = how.way().or_else(|| Way::of(service));
    let terminal = Terminal {
        out: desk.out,
        opens_browser: !how.no_browser && prompt::is_possible(),
        stopped: Mutex::new(None),
    };
    stop_on_interrupt(way, &desk.cancel);
    let wish = Wish {
        connection: link.clone(),
        user: desk.user.clone(),
    };
    let connected = desk.connections.connect(&wish, way, &terminal, &desk.cancel);
    let stopped = terminal.stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
    connected.map_err(|error| stopped.unwrap_or_else(|| Stop::from(error)))
}

/// An interrupt ends the waiting, and the command with it. While the terminal is read nothing else can end the command,
/// and nothing has been begun.
fn stop_on_interrupt(way: Option<Way>, cancel: &Cancel) {
    match way {
        Some(Way::Paste) => interrupt::ends(),
        _ => interrupt::cancels(cancel),
    }
}

/// What the user should know of a connection that was just authorised.
pub(super) fn tell(connected: &Connected, out: &Out) {
    let link = &connected.connection;
    if !connected.missing_scopes.is_empty() {
        let missing = connected.missing_scopes.join("`, `");
        out.talk(&format!(
            "note: the provider did not grant `{missing}`; requests that need it will be refused"
        ));
    }
    if connected.expires_at.is_some() && !connected.renewable {
        out.talk(&format!(
            "note: the provider gave no refresh token, so `{link}` has to be connected again when the access token ends; many \
             providers give one for a further parameter, such as `access_type` = `offline`, or a scope, such as `offline_access`"
        ));
    }
}

/// `dg connections revoke`.
pub(super) fn revoke(link: &str, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let (connection, _) = desk.connections.connection(link, &desk.user)?;
    let wish = Wish {
        connection: connection.link_name,
        user: desk.user.clone(),
    };
    let revoked = desk.connections.revoke(&wish, &desk.cancel)?;
    if !revoked.forgotten {
        desk.out.line(&format!("`{link}` was not connected"));
        return Ok(Exit::Done);
    }
    desk.out
        .line(&format!("revoked `{link}`; it stays listed and can be connected again"));
    match revoked.at_provider {
        AtProvider::Done => desk.out.talk("the provider revoked the tokens too"),
        AtProvider::NotAsked => desk.out.talk(
            "the provider was not told, for its service has no `revocation_url`; withdraw the access in your account there if \
             the tokens may have been seen",
        ),
        AtProvider::Failed(why) => desk.out.talk(&format!(
            "the provider could not be told ({why}); withdraw the access in your account there"
        )),
    }
    Ok(Exit::Done)
}

impl HowToConnect {
    /// The flag that names a way of consenting, if one was given.
    pub(super) fn page_flag(&self) -> Option<&'static str> {
        match self.way()? {
            Way::Paste => Some("--paste"),
            Way::Device => Some("--device"),
            Way::Browser => None,
        }
    }

    fn way(&self) -> Option<Way> {
        match (self.paste, self.device) {
            (true, _) => Some(Way::Paste),
            (_, true) => Some(Way::Device),
            _ => None,
        }
    }
}

impl From<ConsentError> for Stop {
    fn from(error: ConsentError) -> Self {
        let exit = match error.kind {
            ConsentErrorKind::Interrupted => Exit::Interrupted,
            _ => Exit::Connection,
        };
        Self::new(exit, error.into_diagnostic())
    }
}
