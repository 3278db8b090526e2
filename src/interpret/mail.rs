//! The `sendmail` task.

use super::{Frame, Interpreter};
use crate::diagnostic::Code;
use crate::host::{Attachment, EvalError, Evaluated, MailError, Message, mail};
use crate::resolve::program::{Invoke, InvokeEntry};
use crate::value::Value;

impl Interpreter<'_> {
    /// `sendmail [ ... ]`: hands the message to the host.
    pub(super) fn send_mail(&mut self, task: &Invoke, frame: &mut Frame) -> Evaluated {
        let mut message = Message::default();
        for entry in &task.entries {
            self.mail_entry(entry, &mut message, frame)?;
        }
        for (field, missing) in [("FROM", message.from.is_empty()), ("TO", message.to.is_empty())] {
            if missing {
                let text = format!("'{field}' message is missing for sendmail task: its value is empty");
                return Err(EvalError::failed(Code::BadArgument, text).at(task.at));
            }
        }
        let addresses = std::iter::once(&message.from)
            .chain(&message.to)
            .chain(&message.cc)
            .chain(&message.bcc);
        if let Some(bad) = addresses
            .chain(&message.reply_to)
            .find(|address| !mail::is_address(address))
        {
            let text = format!("Invalid email address found: `{bad}`");
            return Err(EvalError::failed(Code::BadArgument, text).at(task.at));
        }
        let sent = self.context.host.mail.send(&message, &self.context.meter.cancel());
        if sent.is_err() {
            self.context.meter.check().map_err(|stopped| stopped.at(task.at))?;
        }
        sent.map(|()| Value::Null).map_err(|error| {
            let error = match error {
                MailError::Failed(reason) => {
                    EvalError::failed(Code::MailFailed, format!("the mail was not sent: {reason}")).help(
                        "mail that names no connection is kept in the outbox, unless the run sends it (`--mail LINK`)",
                    )
                }
                MailError::Connection { error, asked } => EvalError::connection(*error, Some(*asked)),
            };
            error.at(task.at)
        })
    }

    fn mail_entry(&mut self, entry: &InvokeEntry, message: &mut Message, frame: &mut Frame) -> Evaluated<()> {
        let mut values = Vec::with_capacity(entry.values.len());
        for value in &entry.values {
            values.push(self.evaluate(value, frame)?);
        }
        if entry.key == "attachments" {
            values.iter().for_each(|value| attach(value, message));
            return Ok(());
        }
        let mut texts = Vec::new();
        for value in &values {
            match value.settled() {
                Value::List(list) => {
                    for item in list.items().iter() {
                        texts.push(self.text_of(item).map_err(|error| error.at(entry.at))?);
                    }
                }
                Value::Null => {}
                other => texts.push(self.text_of(other).map_err(|error| error.at(entry.at))?),
            }
        }
        let addresses = || {
            let split = texts.iter().flat_map(|text| mail::addresses(text));
            split.map(str::to_owned).collect()
        };
        match entry.key.as_str() {
            "from" => message.from = texts.concat().trim().to_owned(),
            "to" => message.to = addresses(),
            "cc" => message.cc = addresses(),
            "bcc" => message.bcc = addresses(),
            "replyto" => message.reply_to = addresses(),
            "subject" => message.subject = texts.concat().replace(['\r', '\n'], " "),
            "message" => message.body = texts.concat(),
            "contenttype" => message.html = texts.concat().to_ascii_lowercase().contains("html"),
            "connection" => message.connection = Some(texts.concat()),
            _ => {}
        }
        Ok(())
    }
}

/// Adds the files among a value to a message.
fn attach(value: &Value, message: &mut Message) {
    match value.settled() {
        Value::File(file) => {
            let content = file.content();
            message.attachments.push(Attachment {
                name: content.name.clone(),
                media_type: content.media_type.clone(),
                bytes: content.bytes().to_vec(),
            });
        }
        Value::List(list) => list.items().iter().for_each(|item| {
            if let Value::File(_) = item {
                attach(item, message);
            }
        }),
        _ => {}
    }
}
