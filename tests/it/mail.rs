//! `sendmail` of the binary: into the outbox, and through a connection to a mail server.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::connections::Store;

const MAIL: &str = "report = \"a,b\".toFile(\"report.csv\");\nsendmail\n[\n from : \"ada@example.com\"\n to : \"bob@example.com\",\"eve@example.com\"\n \
     bcc : \"hidden@example.com\"\n subject : \"Report\"\n message : \"<b>here</b>\"\n content type : HTML\n Attachments : file:report\n]\ninfo \"done\";";

fn outbox(store: &Store) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(store.path().join("outbox")) else {
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A mail server on loopback, and what it was told.
fn mail_server() -> (SocketAddr, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let told = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&told);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            converse(stream, &kept);
        }
    });
    (address, told)
}

fn converse(stream: TcpStream, kept: &Mutex<String>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    writer.write_all(b"220 mail.example ESMTP\r\n").ok()?;
    let mut in_data = false;
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        kept.lock().unwrap().push_str(&format!("{line}\n"));
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." => "250 kept",
            _ if in_data => continue,
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => "235 welcome",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        in_data = line == "DATA";
        writer.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

#[test]
fn mail_is_kept_in_the_outbox_and_the_file_is_told() {
    let store = Store::new();
    let done = store.run(MAIL).exits(0).stdout("done\n").says("mail kept in ");
    let files = outbox(&store);
    assert_eq!(files.len(), 1);
    assert!(done.stderr.contains(&files[0].display().to_string()));
    let text = std::fs::read_to_string(&files[0]).unwrap();
    for part in [
        "To: bob@example.com, eve@example.com",
        "Bcc: hidden@example.com",
        "<b>here</b>",
        "filename=\"report.csv\"",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn mail_goes_through_a_connection_of_auth_type_basic() {
    let store = Store::new();
    let (address, told) = mail_server();
    let hosts = [format!("smtp://{address}")];
    store.service(&json!({"name": "Post", "auth": "basic", "hosts": hosts}));
    store.connect("mail", "post", &json!({"user": "ada", "password": "hunter2-secret"}));
    let done = store.run(MAIL).args(["--mail", "mail"]).exits(0).stdout("done\n");
    assert!(!done.stderr.contains("hunter2") && outbox(&store).is_empty());
    let told = told.lock().unwrap().clone();
    for part in ["AUTH PLAIN", "RCPT TO:<hidden@example.com>", "<b>here</b>"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert!(!told.contains("Bcc:"));
}

#[test]
fn a_connection_without_a_mail_server_sends_no_mail() {
    let store = Store::new();
    store.service(&json!({"name": "Post", "auth": "basic", "hosts": ["api.example.com"]}));
    store.connect("mail", "post", &json!({"user": "ada", "password": "hunter2-secret"}));
    store
        .run(MAIL)
        .args(["--mail", "mail"])
        .exits(3)
        .says("add `smtps://HOST`");
    store
        .run(MAIL)
        .args(["--mail", "nosuch"])
        .exits(5)
        .says("there is no connection `nosuch`");
    store
        .run(MAIL)
        .args(["--mail", "No Such"])
        .exits(1)
        .says("not the link name");
    store
        .run(MAIL)
        .args(["--mail", "mail", "--offline"])
        .exits(3)
        .says("requests are switched off");
}
