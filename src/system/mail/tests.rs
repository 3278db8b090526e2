//! Messages in the outbox, and over SMTP to a server on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;
use crate::host::fake::{FakeClock, NOW_MILLIS};
use crate::host::{
    Asked, Attachment, Authority, AuthorityError, AuthorityErrorKind, Cancel, Grant, LinkName, MailError, Message,
    Request, Retry, UserId,
};
use crate::system::Network;

fn message() -> Message {
    Message {
        from: "Ada Lovelace <ada@example.com>".to_owned(),
        to: vec!["bob@example.com".to_owned(), "Käthe <kaethe@example.com>".to_owned()],
        cc: vec!["cc@example.com".to_owned()],
        bcc: vec!["hidden@example.com".to_owned()],
        reply_to: vec!["answers@example.com".to_owned()],
        subject: "Grüße".to_owned(),
        body: "<p>Hello</p>".to_owned(),
        html: true,
        attachments: vec![Attachment {
            name: "report.csv".to_owned(),
            media_type: "text/csv".to_owned(),
            bytes: b"a,b".to_vec(),
        }],
        connection: None,
    }
}

/// A folder of its own for each test, gone at the end of it.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("dg-mail-{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_outbox_keeps_each_message_whole_for_its_owner_alone() {
    let scratch = Scratch::new("outbox");
    let outbox = Outbox::at(scratch.0.join("outbox"), FakeClock(NOW_MILLIS));
    let first = outbox.keep(&message()).unwrap();
    let second = outbox.keep(&message()).unwrap();
    assert_ne!(first, second, "messages of one millisecond");
    let text = std::fs::read_to_string(&first).unwrap();
    for part in [
        "From: \"Ada Lovelace\" <ada@example.com>\r\n",
        "To: bob@example.com, =?utf-8?b?S8OkdGhl?= <kaethe@example.com>\r\n",
        "Cc: cc@example.com\r\n",
        "Bcc: hidden@example.com\r\n",
        "Reply-To: answers@example.com\r\n",
        "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n",
        "Date: Mon, 01 Jan 2024 00:00:00 +0000\r\n",
        "Content-Type: multipart/mixed;",
        "Content-Type: text/html; charset=utf-8\r\n",
        "<p>Hello</p>",
        "Content-Disposition: attachment; filename=\"report.csv\"\r\n",
        "Content-Type: text/csv\r\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&first), mode(first.parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn plain_messages_without_attachments_have_one_part() {
    let scratch = Scratch::new("plain");
    let outbox = Outbox::at(&scratch.0, FakeClock(NOW_MILLIS));
    let plain = Message {
        html: false,
        body: "a < b".to_owned(),
        attachments: Vec::new(),
        ..message()
    };
    let text = std::fs::read_to_string(outbox.keep(&plain).unwrap()).unwrap();
    assert!(text.contains("Content-Type: text/plain; charset=utf-8\r\n") && text.trim_end().ends_with("\r\n\r\na < b"));
}

#[test]
fn no_line_of_a_message_begins_another_header() {
    let scratch = Scratch::new("headers");
    let outbox = Outbox::at(&scratch.0, FakeClock(NOW_MILLIS));
    let sly = Message {
        subject: "x\r\nBcc: sly@example.com".to_owned(),
        ..message()
    };
    let text = std::fs::read_to_string(outbox.keep(&sly).unwrap()).unwrap();
    assert!(!text.contains("\nBcc: sly"), "{text}");
    let to = Message {
        to: vec!["bob@example.com\r\nBcc: sly@example.com".to_owned()],
        ..message()
    };
    let refused = outbox.keep(&to).unwrap_err();
    assert!(matches!(refused, MailError::Failed(reason) if reason.starts_with("Invalid email address found")));
}

/// Signs as a connection of auth type Basic does, for one origin.
struct Basic(&'static str);

impl Authority for Basic {
    fn authorize(&self, asked: &Asked, request: &mut Request, _cancel: &Cancel) -> Result<Grant, AuthorityError> {
        if asked.connection.as_str() != "mail" {
            return Err(AuthorityError {
                kind: AuthorityErrorKind::Unknown,
                message: format!("there is no connection `{}`", asked.connection),
                help: None,
                missing: None,
            });
        }
        request.headers.set("Authorization", self.0);
        Ok(Grant {
            connection: asked.connection.clone(),
            user: asked.user.clone(),
            version: 1,
            refreshable: false,
            overridden: Vec::new(),
            refreshed: false,
        })
    }

    fn rejected(&self, _grant: &Grant, _cancel: &Cancel) -> Result<Retry, AuthorityError> {
        Ok(Retry::No)
    }

    fn known(&self) -> Vec<LinkName> {
        Vec::new()
    }

    fn redact(&self, text: &str) -> String {
        text.replace("hunter2", "•••")
    }
}

/// `ada:hunter2`
const ADA: &str = "Basic YWRhOmh1bnRlcjI=";

/// A mail server that keeps what it is told, and answers a sign-in as it is told to.
fn mail_server(sign_in: &'static str) -> (url::Url, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap()).parse().unwrap();
    let told = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&told);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            converse(stream, sign_in, &kept);
        }
    });
    (url, told)
}

fn converse(stream: TcpStream, sign_in: &str, kept: &Mutex<String>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    writer.write_all(b"220 mail.example ESMTP\r\n").ok()?;
    let mut in_data = false;
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        kept.lock().unwrap().push_str(&format!("{line}\n"));
        let word = line.split(' ').next().unwrap_or_default();
        let answer = match word {
            "." => "250 kept",
            _ if in_data => continue,
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => sign_in,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        in_data = word == "DATA";
        writer.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

fn smtp(server: url::Url, header: &'static str) -> Smtp {
    Smtp {
        network: Network::open(),
        authority: Arc::new(Basic(header)),
        server: Box::new(move |_| Ok(server.clone())),
        user: UserId::new("ada"),
        clock: Arc::new(FakeClock(NOW_MILLIS)),
    }
}

fn link(name: &str) -> LinkName {
    LinkName::new(name).unwrap()
}

#[test]
fn a_server_is_told_every_receiver_and_the_header_hides_the_hidden_one() {
    let (server, told) = mail_server("235 welcome");
    smtp(server, ADA)
        .send_through(&link("mail"), &message(), &Cancel::new())
        .unwrap();
    let told = told.lock().unwrap().clone();
    for receiver in ["bob@", "kaethe@", "cc@", "hidden@"] {
        assert!(told.contains(&format!("RCPT TO:<{receiver}example.com>")), "{told}");
    }
    assert!(told.contains("AUTH PLAIN AGFkYQBodW50ZXIy\n"), "{told}");
    assert!(
        told.contains("MAIL FROM:<ada@example.com>") && !told.contains("Bcc:"),
        "{told}"
    );
}

#[test]
fn what_is_in_the_way_of_a_message_is_told_without_the_password() {
    let (refusing, _) = mail_server("535 no such user, or hunter2 is wrong");
    let (server, _) = mail_server("235 welcome");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed: url::Url = format!("smtp://{closed}").parse().unwrap();
    for (smtp, connection, expected) in [
        (
            smtp(refusing, ADA),
            "mail",
            "127.0.0.1: 535 no such user, or ••• is wrong",
        ),
        (smtp(closed, ADA), "mail", "127.0.0.1: Connection refused"),
        (
            smtp(server.clone(), "Bearer token"),
            "mail",
            "the connection `mail` has no user name and password",
        ),
        (smtp(server, ADA), "other", "there is no connection `other`"),
    ] {
        let reason = match smtp
            .send_through(&link(connection), &message(), &Cancel::new())
            .unwrap_err()
        {
            MailError::Failed(reason) => reason,
            MailError::Connection { error, .. } => error.message,
        };
        assert!(reason.starts_with(expected), "{reason}");
    }
}

#[test]
fn a_server_outside_the_network_is_not_even_called() {
    let (server, told) = mail_server("235 welcome");
    let smtp = Smtp {
        network: Network::none(),
        ..smtp(server, ADA)
    };
    let refused = smtp
        .send_through(&link("mail"), &message(), &Cancel::new())
        .unwrap_err();
    assert_eq!(refused, MailError::new("127.0.0.1: requests are switched off"));
    assert_eq!(*told.lock().unwrap(), "");
}

#[test]
fn a_stopped_run_does_not_wait_for_a_server_that_says_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap()).parse().unwrap();
    let cancel = Cancel::new();
    let stop = cancel.clone();
    // The run is stopped once the server has been called.
    let called = std::thread::spawn(move || {
        let client = silent.accept().unwrap();
        stop.cancel();
        client
    });
    let refused = smtp(url, ADA)
        .send_through(&link("mail"), &message(), &cancel)
        .unwrap_err();
    assert_eq!(refused, MailError::new("127.0.0.1: the run was stopped"));
    drop(called.join().unwrap());
}
