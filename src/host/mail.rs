//! Mail, as `sendmail` hands it over.

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

/// Why a message could not be taken, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError(pub String);

/// Takes mail.
pub trait Mail: Send + Sync {
    /// Takes a message; returning means it was accepted for delivery.
    ///
    /// # Errors
    /// Why it was not accepted.
    fn send(&self, message: &Message) -> Result<(), MailError>;
}

/// No mail.
pub struct NoMail;

impl Mail for NoMail {
    fn send(&self, _message: &Message) -> Result<(), MailError> {
        Err(MailError("the host of this run takes no mail".to_owned()))
    }
}
