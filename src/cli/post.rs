//! Where the mail of scripts goes: into the outbox, or through a connection to its server.

use std::sync::Arc;

use super::print::Out;
use crate::connections::{AllowedHost, Connections, DeskError, Home};
use crate::host::{Asked, Authority, Cancel, LinkName, Mail, MailError, Message, UserId};
use crate::system::{Network, Outbox, Smtp, SystemClock};

/// Takes the mail of a run. Nothing is opened before the first message.
pub(super) struct Post {
    outbox: Outbox<SystemClock>,
    /// None where the run is offline.
    smtp: Option<Smtp>,
    /// The connection that sends what names none itself.
    through: Option<LinkName>,
    out: Arc<Out>,
}

impl Post {
    /// The post of a home: messages are kept in its outbox, or sent through the connection `through`.
    pub(super) fn of(home: &Home, through: Option<LinkName>, out: &Arc<Out>) -> Self {
        Self {
            outbox: Outbox::at(home.outbox(), SystemClock),
            smtp: None,
            through,
            out: Arc::clone(out),
        }
    }

    /// Sends messages with the connections of this desk, to servers that the network allows.
    pub(super) fn with(
        mut self,
        desk: Connections,
        network: Network,
        authority: Arc<dyn Authority>,
        user: UserId,
    ) -> Self {
        let asks = user.clone();
        self.smtp = Some(Smtp {
            network,
            authority,
            server: Box::new(move |link| server(&desk, link, &asks)),
            user,
            clock: Arc::new(SystemClock),
        });
        self
    }

    fn connection(&self, message: &Message) -> Result<Option<LinkName>, MailError> {
        match &message.connection {
            Some(name) => match LinkName::new(name) {
                Some(link) => Ok(Some(link)),
                None => Err(MailError::new(format!("`{name}` is not a link name"))),
            },
            None => Ok(self.through.clone()),
        }
    }
}

impl Mail for Post {
    fn send(&self, message: &Message, cancel: &Cancel) -> Result<(), MailError> {
        let Some(link) = self.connection(message)? else {
            let path = self.outbox.keep(message)?;
            self.out.talk(&format!("mail kept in {}", path.display()));
            return Ok(());
        };
        match &self.smtp {
            Some(smtp) => smtp.send_through(&link, message, cancel),
            None => Err(MailError::new("requests are switched off")),
        }
    }
}

/// The mail server that the service of a connection lists.
fn server(desk: &Connections, link: &LinkName, user: &UserId) -> Result<url::Url, MailError> {
    let (_, service) = desk.connection(link.as_str(), user).map_err(|error| match error {
        DeskError::Connection(error) => {
            let asked = Asked {
                connection: link.clone(),
                user: user.clone(),
                user_access: None,
            };
            MailError::connection(error, asked)
        }
        other => {
            let titles = other.into_diagnostics().into_iter().map(|diagnostic| diagnostic.title);
            MailError::new(titles.collect::<Vec<_>>().join("; "))
        }
    })?;
    service.hosts.iter().find_map(AllowedHost::mail_server).ok_or_else(|| {
        let service = &service.link_name;
        MailError::new(format!(
            "the service `{service}` of the connection `{link}` lists no mail server among its hosts: add `smtps://HOST`"
        ))
    })
}
