//! Mail, as `sendmail` hands it over.

use super::{Asked, AuthorityError, Cancel};

/// A file sent with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name with extension.
    pub name: String,
    /// Its media type; empty where unknown.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A message to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The sender.
    pub from: String,
    /// The receivers.
    pub to: Vec<String>,
    /// Receivers of a copy.
    pub cc: Vec<String>,
    /// Receivers of a hidden copy.
    pub bcc: Vec<String>,
    /// Where answers go, where it differs from the sender.
    pub reply_to: Vec<String>,
    /// The subject line.
    pub subject: String,
    /// The content.
    pub body: String,
    /// Whether the content is HTML.
    pub html: bool,
    /// Files sent with it.
    pub attachments: Vec<Attachment>,
    /// The link name of the connection that sends it, where the script names one.
    pub connection: Option<String>,
}

/// The addresses in a text: separated by commas or semicolons, without the blanks around them.
pub fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';'])
        .map(str::trim)
        .filter(|address| !address.is_empty())
}

/// Whether a text could be an address: `name@host`, or `Name <name@host>`, on one line.
pub fn is_address(text: &str) -> bool {
    let inner = match (text.find('<'), text.ends_with('>')) {
        (Some(start), true) => &text[start + 1..text.len() - 1],
        _ => text,
    };
    let parts = inner.rsplit_once('@');
    let clean = !text.contains(['\r', '\n', '\0']);
    clean && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !inner.contains(' '))
}

/// Why a message could not be taken. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailError {
    /// It could not be kept or sent; the reason as a clause: "the mail was not sent: `reason`".
    Failed(String),
    /// The connection that it was to be sent through cannot be used.
    Connection {
        /// Why.
        error: Box<AuthorityError>,
        /// What was asked of it.
        asked: Box<Asked>,
    },
}

impl MailError {
    /// It could not be kept or sent, for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self::Failed(reason.into())
    }

    /// The connection cannot be used.
    pub fn connection(error: AuthorityError, asked: Asked) -> Self {
        Self::Connection {
            error: Box::new(error),
            asked: Box::new(asked),
        }
    }
}

/// Takes mail.
pub trait Mail: Send + Sync {
    /// Takes a message; returning means it was accepted for delivery. Whoever has to wait for that gives up when `cancel`
    /// says so; the run tells then that it was stopped, whatever the error says.
    ///
    /// # Errors
    /// Why it was not accepted.
    fn send(&self, message: &Message, cancel: &Cancel) -> Result<(), MailError>;
}

/// No mail.
pub struct NoMail;

impl Mail for NoMail {
    fn send(&self, _message: &Message, _cancel: &Cancel) -> Result<(), MailError> {
        Err(MailError::new("the host of this run takes no mail".to_owned()))
    }
}
