//! The record of uses: who used which connection for which host, and what came of it. Never a secret, never a path or a
//! query, which may hold one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::host::{LinkName, Method, UserId};

use super::home::private_file;

/// One use of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Milliseconds since 1970.
    pub at: i64,
    /// The connection.
    pub connection: LinkName,
    /// Whose grant, or who asked where it did not come to a grant.
    pub user: UserId,
    /// The host that the request goes to; for a refresh the provider's.
    pub host: String,
    /// The method.
    pub method: &'static str,
    /// What came of it: `signed`, `refreshed`, `refused: ...`.
    pub outcome: String,
}

impl Use {
    /// What came of a request that got its credential.
    pub const SIGNED: &'static str = "signed";

    /// The use as one line of JSON, without its line break.
    pub fn to_line(&self) -> String {
        let time = Timestamp::from_millisecond(self.at).unwrap_or_default();
        let line = Line {
            time: time.to_string(),
            connection: self.connection.as_str(),
            user: self.user.as_str(),
            host: &self.host,
            method: self.method,
            outcome: &self.outcome,
        };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads what [`Use::to_line`] wrote.
    fn from_line(line: &str) -> Option<Self> {
        let fields: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| fields[name].as_str();
        Some(Self {
            at: text("time")?.parse::<Timestamp>().ok()?.as_millisecond(),
            connection: LinkName::new(text("connection")?)?,
            user: UserId::new(text("user")?),
            host: text("host")?.to_owned(),
            method: Method::find(text("method")?)?.as_str(),
            outcome: text("outcome")?.to_owned(),
        })
    }
}

/// A use as it is written.
#[derive(Serialize)]
struct Line<'u> {
    time: String,
    connection: &'u str,
    user: &'u str,
    host: &'u str,
    method: &'u str,
    outcome: &'u str,
}

/// Takes uses as they come.
pub trait Audit: Send + Sync {
    /// One use. What goes wrong here stops no request.
    fn note(&self, event: &Use);

    /// The uses noted so far, oldest first, as far as they can be read.
    fn uses(&self) -> Vec<Use>;
}

/// Notes nothing.
pub struct NoAudit;

impl Audit for NoAudit {
    fn note(&self, _event: &Use) {}

    fn uses(&self) -> Vec<Use> {
        Vec::new()
    }
}

/// Appends lines to a file that its owner alone can read.
pub struct FileAudit {
    path: PathBuf,
    /// Opening it for each line would take longer than writing the line.
    open: Mutex<Option<File>>,
}

impl FileAudit {
    /// The audit in this file, made at the first use.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            open: Mutex::default(),
        }
    }

    fn append(&self, line: &str) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match open.take().filter(|file| self.is_at_path(file)) {
            Some(file) => open.insert(file),
            None => open.insert(private_file().append(true).create(true).open(&self.path)?),
        };
        // One write a line, so that lines of several processes do not mix.
        file.write_all(line.as_bytes())
    }

    /// Whether an open file is the one that the path leads to: nobody has removed it, renamed it or put another there. Where
    /// the system does not tell, it counts as another.
    fn is_at_path(&self, file: &File) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
            let open = file.metadata().map(identity).ok();
            open.is_some() && open == fs::metadata(&self.path).map(identity).ok()
        }
        #[cfg(not(unix))]
        {
            _ = file;
            false
        }
    }
}

impl Audit for FileAudit {
    fn note(&self, event: &Use) {
        // A full disk must not stop the scripts; the missing line is all there is to notice.
        let _ = self.append(&(event.to_line() + "\n"));
    }

    fn uses(&self) -> Vec<Use> {
        // A line cut short by a full disk says nothing, and is left out.
        let text = fs::read(&self.path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        text.lines().filter_map(Use::from_line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::home::scratch::Scratch;
    use crate::host::fake::NOW_MILLIS;

    #[test]
    fn uses_are_appended_line_by_line() {
        let scratch = Scratch::new();
        let audit = FileAudit::at(scratch.path().join("audit.jsonl"));
        let event = Use {
            at: NOW_MILLIS,
            connection: LinkName::new("crm").unwrap(),
            user: UserId::new("a\"da\n"),
            host: "api.example.com".to_owned(),
            method: "GET",
            outcome: "signed".to_owned(),
        };
        audit.note(&event);
        audit.note(&event);
        let text = std::fs::read_to_string(scratch.path().join("audit.jsonl")).unwrap();
        let line = "{\"time\":\"2024-01-01T00:00:00Z\",\"connection\":\"crm\",\"user\":\"a\\\"da\\n\",\
                    \"host\":\"api.example.com\",\"method\":\"GET\",\"outcome\":\"signed\"}\n";
        assert_eq!(text, line.repeat(2));
        assert_eq!(audit.uses(), [event.clone(), event]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(scratch.path().join("audit.jsonl"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn an_audit_that_somebody_removes_or_renames_begins_anew() {
        let scratch = Scratch::new();
        let path = scratch.path().join("audit.jsonl");
        let audit = FileAudit::at(&path);
        let event = Use {
            at: NOW_MILLIS,
            connection: LinkName::new("crm").unwrap(),
            user: UserId::new("ada"),
            host: String::new(),
            method: "GET",
            outcome: String::new(),
        };
        audit.note(&event);
        std::fs::remove_file(&path).unwrap();
        audit.note(&event);
        audit.note(&event);
        assert_eq!(audit.uses(), [event.clone(), event.clone()]);
        std::fs::rename(&path, scratch.path().join("audit.jsonl.1")).unwrap();
        audit.note(&event);
        assert_eq!(audit.uses(), [event]);
    }

    #[test]
    fn an_audit_that_cannot_be_written_stops_nothing() {
        let scratch = Scratch::new();
        FileAudit::at(scratch.path().join("missing/audit")).note(&Use {
            at: 0,
            connection: LinkName::new("a").unwrap(),
            user: UserId::new(""),
            host: String::new(),
            method: "GET",
            outcome: String::new(),
        });
        assert!(!scratch.path().join("missing").exists());
    }
}
