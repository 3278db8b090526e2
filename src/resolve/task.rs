//! Task blocks: `invokeurl [ ... ]`, `invokeapi [ ... ]`, `sendmail [ ... ]`. Keys are checked here, against one table.

use super::Resolver;
use super::expression::unavailable;
use super::program::{Constant, Expression, Invoke, InvokeEntry};
use crate::diagnostic::{Code, nearest};
use crate::host::{LinkName, mail};
use crate::source::Span;
use crate::syntax::ast::{Entry, ExpressionId, ExpressionKind, Task};
use crate::syntax::literal;

/// A task that runs here: its name, the keys it knows as people write them, and the keys it needs.
struct Known {
    name: &'static str,
    keys: &'static [&'static str],
    needs: &'static [&'static str],
    /// Keys whose value is a bare word: `type : GET`.
    words: &'static [&'static str],
}

const TASKS: [Known; 3] = [
    Known {
        name: "invokeurl",
        keys: &[
            "url",
            "type",
            "headers",
            "parameters",
            "body",
            "content-type",
            "files",
            "connection",
            "detailed",
            "response-format",
            "response-decoding",
            "useraccess",
            "timeout",
        ],
        needs: &["url"],
        words: &["type", "response-format"],
    },
    Known {
        name: "invokeapi",
        keys: &[
            "service",
            "path",
            "type",
            "headers",
            "parameters",
            "body",
            "content-type",
            "files",
            "connection",
            "detailed",
            "response-format",
            "response-decoding",
            "timeout",
        ],
        needs: &["service", "path"],
        words: &["service", "type", "response-format"],
    },
    Known {
        name: "sendmail",
        keys: &[
            "from",
            "to",
            "cc",
            "bcc",
            "reply-to",
            "subject",
            "message",
            "content-type",
            "attachments",
            "connection",
        ],
        needs: &["from", "to", "subject", "message"],
        words: &["content-type"],
    },
];

/// Keys that other languages and libraries have, in their plain spelling, with the key that is meant; the first that a task
/// knows counts.
const MEANT: &[(&str, &[&str])] = &[
    ("attachment", &["attachments"]),
    ("auth", &["connection"]),
    ("authorization", &["connection"]),
    ("body", &["message"]),
    ("content", &["message", "body"]),
    ("data", &["parameters"]),
    ("endpoint", &["url"]),
    ("html", &["message"]),
    ("json", &["body"]),
    ("link", &["url"]),
    ("method", &["type"]),
    ("param", &["parameters"]),
    ("params", &["parameters"]),
    ("payload", &["parameters"]),
    ("query", &["parameters"]),
    ("recipient", &["to"]),
    ("recipients", &["to"]),
    ("requesttype", &["type"]),
    ("sender", &["from"]),
    ("text", &["message", "body"]),
    ("title", &["subject"]),
    ("uri", &["url"]),
    ("verb", &["type"]),
];

/// The key of a task that is meant by one that it does not know.
fn meant(known: &Known, written: &str) -> Option<&'static str> {
    let key = plain(written);
    let listed = MEANT.iter().find(|(name, _)| *name == key);
    let listed = listed.and_then(|(_, keys)| keys.iter().copied().find(|key| known.keys.contains(key)));
    listed.or_else(|| nearest(written, known.keys.iter().copied()))
}

/// A key without what spelling varies in: case, blanks, hyphens, underscores.
fn plain(key: &str) -> String {
    key.chars()
        .filter(|character| character.is_ascii_alphanumeric())
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// The keys of a task that runs here, as people write them; none for any other word.
pub fn keys(task: &str) -> &'static [&'static str] {
    let known = TASKS.iter().find(|known| known.name.eq_ignore_ascii_case(task));
    known.map_or(&[], |known| known.keys)
}

impl Resolver<'_> {
    /// A task block as expression.
    pub(super) fn task(&mut self, task: &Task, at: Span) -> Expression {
        let word = self.script().name(task.name.symbol);
        let Some(known) = TASKS.iter().find(|known| known.name.eq_ignore_ascii_case(word)) else {
            for entry in &task.entries {
                entry.values.iter().for_each(|value| _ = self.expression(value.value));
            }
            return unavailable(format!("the task `{word}` is not available here"), None, at);
        };
        let mut entries: Vec<InvokeEntry> = Vec::with_capacity(task.entries.len());
        let mut misspelt: Vec<&str> = Vec::new();
        for entry in &task.entries {
            let written = self.text(entry.key);
            let key = plain(written);
            if !known.keys.iter().any(|name| plain(name) == key) {
                misspelt.extend(self.unknown_key(known, written, entry.key));
            } else if entries.iter().any(|former| former.key == key) {
                let title = format!("the key `{written}` stands twice in this {}", known.name);
                self.report(
                    Code::DuplicateName,
                    entry.key,
                    title,
                    Some("remove one of the two".to_owned()),
                );
            } else {
                self.lint_key(known, &key, entry);
                if known.name == "sendmail" {
                    self.lint_addresses(&key, entry);
                }
                entries.push(self.entry(known, key, entry));
            }
        }
        self.check_needed(known, (&entries, &misspelt), task.name.at);
        if known.name == "invokeurl" {
            self.lint_json_payload(task);
            self.lint_unchecked_response(task);
        }
        let invoke = Box::new(Invoke {
            task: known.name,
            entries: entries.into_boxed_slice(),
            at,
        });
        if known.name == "sendmail" {
            Expression::SendMail(invoke)
        } else {
            Expression::Invoke(invoke)
        }
    }

    fn entry(&mut self, known: &Known, key: String, entry: &Entry) -> InvokeEntry {
        let is_word = known.words.iter().any(|word| plain(word) == key);
        let values = entry.values.iter().map(|value| {
            if is_word {
                self.bare_word(value.value)
            } else {
                self.expression(value.value)
            }
        });
        let values = values.collect();
        let at = entry
            .values
            .first()
            .map_or(entry.key, |value| self.script().expression(value.value).at);
        InvokeEntry { key, values, at }
    }

    /// A word such as `GET` that stands for itself, unless a variable has that name.
    fn bare_word(&mut self, id: ExpressionId) -> Expression {
        match self.script().expression(id).kind {
            ExpressionKind::Name(symbol) if !self.scope.is_variable(symbol) => {
                let word = self.script().name(symbol);
                Expression::Constant(self.constant(word, |word| Constant::Text(word.to_owned())))
            }
            _ => self.expression(id),
        }
    }

    fn lint_key(&mut self, known: &Known, key: &str, entry: &Entry) {
        if key == "timeout" {
            self.warn(
                Code::NotPortable,
                entry.key,
                format!("`timeout` in `{}` is an extension: Zoho does not know it", known.name),
                "leave it out where the script has to run in Zoho too",
            );
        }
        if key == "connection"
            && let Some(value) = entry.values.first()
            && let ExpressionKind::Text = self.script().expression(value.value).kind
        {
            let at = self.script().expression(value.value).at;
            let link = literal::text(self.text(at)).into_owned();
            if LinkName::new(&link).is_none() {
                self.warn(
                    Code::InvalidLinkName,
                    at,
                    format!("`{link}` is not a link name"),
                    "link names begin with a lower-case letter and hold lower-case letters, digits and underscores",
                );
            }
            let location = self.location(at);
            self.program.connections.push((link, location));
        }
    }

    /// A literal among the senders and receivers of a mail that is no address.
    fn lint_addresses(&mut self, key: &str, entry: &Entry) {
        if !["from", "to", "cc", "bcc", "replyto"].contains(&key) {
            return;
        }
        for value in &entry.values {
            let node = self.script().expression(value.value);
            if !matches!(node.kind, ExpressionKind::Text | ExpressionKind::Quoted) {
                continue;
            }
            let (at, text) = (node.at, literal::text(self.text(node.at)));
            if let Some(bad) = mail::addresses(&text).find(|address| !mail::is_address(address)) {
                self.warn(
                    Code::InvalidAddress,
                    at,
                    format!("Invalid email address found: `{bad}`"),
                    "an address is `name@host` or `Name <name@host>`; several are separated by commas",
                );
            }
        }
    }

    /// Tells that a task does not know a key, and gives the one that is meant.
    fn unknown_key(&mut self, known: &Known, written: &str, at: Span) -> Option<&'static str> {
        let meant = meant(known, written);
        let help = match meant {
            Some(meant) if nearest(written, [meant]).is_some() => {
                format!("there is a key of a similar name: `{meant}`")
            }
            Some(meant) => format!("the key for that is `{meant}`"),
            None => format!("the keys of `{}` are {}", known.name, known.keys.join(", ")),
        };
        let title = format!("`{}` has no key `{written}`", known.name);
        let diagnostic = self.error(Code::UnknownKey, at, title);
        self.diagnostics
            .push(diagnostic.label("not a key of this task").help(help));
        meant
    }

    /// Tells which keys a task lacks. One that stands there under a wrong name was told already.
    fn check_needed(&mut self, known: &Known, (entries, misspelt): (&[InvokeEntry], &[&str]), at: Span) {
        for needed in known.needs {
            if misspelt.contains(needed) || entries.iter().any(|entry| entry.key == plain(needed)) {
                continue;
            }
            let title = if known.name == "sendmail" {
                format!("'{}' message is missing for sendmail task", needed.to_uppercase())
            } else {
                format!("`{}` needs the key `{needed}`", known.name)
            };
            let diagnostic = self.error(Code::MissingKey, at, title);
            self.diagnostics.push(
                diagnostic
                    .label(format!("no `{needed}` in this task"))
                    .help(format!("add a line `{needed} : ...`")),
            );
        }
    }
}
