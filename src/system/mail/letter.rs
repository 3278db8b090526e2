//! A message as mail programs write it (RFC 5322, RFC 2045).

use std::time::SystemTime;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};

use crate::host::{MailError, Message};

/// The message, with its hidden receivers in the envelope alone unless they are `kept` in the header.
pub(super) fn letter(message: &Message, at: SystemTime, kept: bool) -> Result<lettre::Message, MailError> {
    let mut builder = lettre::Message::builder()
        .from(mailbox(&message.from)?)
        .date(at)
        .message_id(None)
        .subject(&message.subject);
    builder = each(builder, &message.to, MessageBuilder::to)?;
    builder = each(builder, &message.cc, MessageBuilder::cc)?;
    builder = each(builder, &message.bcc, MessageBuilder::bcc)?;
    builder = each(builder, &message.reply_to, MessageBuilder::reply_to)?;
    if kept {
        builder = builder.keep_bcc();
    }
    let content = if message.html {
        SinglePart::html(message.body.clone())
    } else {
        SinglePart::plain(message.body.clone())
    };
    let letter = if message.attachments.is_empty() {
        builder.singlepart(content)
    } else {
        let mut parts = MultiPart::mixed().singlepart(content);
        for attachment in &message.attachments {
            let media_type = ContentType::parse(&attachment.media_type)
                .or_else(|_| ContentType::parse("application/octet-stream"))
                .map_err(|error| MailError::new(error.to_string()))?;
            let part = Attachment::new(attachment.name.clone()).body(attachment.bytes.clone(), media_type);
            parts = parts.singlepart(part);
        }
        builder.multipart(parts)
    };
    letter.map_err(|error| MailError::new(error.to_string()))
}

fn each(
    mut builder: MessageBuilder,
    addresses: &[String],
    add: fn(MessageBuilder, Mailbox) -> MessageBuilder,
) -> Result<MessageBuilder, MailError> {
    for address in addresses {
        builder = add(builder, mailbox(address)?);
    }
    Ok(builder)
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    let parsed = address.parse();
    parsed.map_err(|_| MailError::new(format!("Invalid email address found: `{address}`")))
}
