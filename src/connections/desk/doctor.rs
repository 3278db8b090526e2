//! What is wrong with a home, if anything: directory, key, lock, leftovers, store, records, audit. Looks, and changes
//! nothing.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::connections::home::Home;
use crate::connections::store::StoreError;
use crate::host::UserId;

use super::{Connections, DeskError, Standing};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What: `key`, `lock`, `records`.
    pub name: &'static str,
    /// What was found.
    pub text: String,
    /// What to do about it; `None` where nothing is wrong.
    pub cure: Option<String>,
}

impl Finding {
    fn good(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            text: text.into(),
            cure: None,
        }
    }

    fn bad(name: &'static str, text: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            cure: Some(cure.into()),
            ..Self::good(name, text)
        }
    }

    fn of(name: &'static str, error: StoreError) -> Self {
        Self::bad(name, error.message, error.help.unwrap_or_default())
    }
}

impl Connections {
    /// Looks at everything in the home of this desk's store, as a user sees it.
    pub fn examine(&self, home: &Home, user: &UserId) -> Vec<Finding> {
        if !home.root().exists() {
            return vec![Finding::good(
                "home",
                format!("`{}` is not there yet", home.root().display()),
            )];
        }
        let mut findings = vec![directory(home), self.key(home), lock(home)];
        findings.extend(leftovers(home));
        match self.records() {
            Ok(text) => findings.push(Finding::good("records", text)),
            Err(error) => findings.push(Finding::of("records", error)),
        }
        match self.summaries(user) {
            Ok(summaries) => findings.extend(summaries.iter().filter_map(|summary| {
                let link = &summary.connection.link_name;
                let command = match summary.standing {
                    Standing::Connected => return None,
                    Standing::NotConnected => "connect",
                    Standing::Expired | Standing::NeedsReconnect { .. } => "reconnect",
                };
                let text = format!("`{link}`: {}", summary.standing.label());
                Some(Finding::bad(
                    "connection",
                    text,
                    format!("run `dg connections {command} {link}`"),
                ))
            })),
            // Told above already.
            Err(DeskError::Store(_)) => {}
            Err(error) => findings.extend(
                error
                    .into_diagnostics()
                    .into_iter()
                    .map(|problem| Finding::bad("connection", problem.title, problem.help.unwrap_or_default())),
            ),
        }
        findings.push(audit(home));
        findings
    }

    fn key(&self, home: &Home) -> Finding {
        let next = home.key().with_extension("next");
        if next.exists() {
            let text = format!("a change of the key was interrupted: `{}` is there", next.display());
            return Finding::bad("key", text, "run `dg connections rekey` to finish it");
        }
        let source = self.shared.records.source();
        match source.load() {
            Ok(Some(_)) => Finding::good("key", format!("in {}", source.place())),
            Ok(None) => Finding::good("key", "none yet; one is made with the first record"),
            Err(error) => Finding::of("key", error),
        }
    }

    /// Opens every record.
    fn records(&self) -> Result<String, StoreError> {
        let records = &self.shared.records;
        let (services, connections) = (records.services()?, records.connections()?);
        let mut grants = 0;
        for found in &connections {
            grants += records.grants(&found.value.link_name)?.len();
        }
        Ok(format!(
            "services: {}, connections: {}, grants: {grants}; all of them open",
            services.len(),
            connections.len()
        ))
    }
}

fn directory(home: &Home) -> Finding {
    let place = home.root().display();
    if is_open_to_others(home.root()) {
        return Finding::bad(
            "home",
            format!("other users can enter `{place}`"),
            format!("run `chmod 700 {place}`"),
        );
    }
    Finding::good("home", format!("`{place}`"))
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "modes are a Unix matter"))]
fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    false
}

fn lock(home: &Home) -> Finding {
    let path = home.store().with_extension("lock");
    let Ok(mut file) = File::open(&path) else {
        return Finding::good("lock", "nobody used the store yet");
    };
    if file.try_lock_shared().is_ok() {
        return Finding::good("lock", "free");
    }
    let mut holder = String::new();
    // Who has it is only told; a lock without a name is one all the same.
    let _ = file.by_ref().take(32).read_to_string(&mut holder);
    Finding::bad(
        "lock",
        format!("held, by process {} it seems", holder.trim()),
        "let that process finish; commands hold the store for milliseconds",
    )
}

/// What a crash left behind.
fn leftovers(home: &Home) -> Vec<Finding> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let half = names(&home.store())
        .into_iter()
        .filter(|name| name.ends_with(".generating"));
    let drafts = names(home.root()).into_iter().filter(|name| name.starts_with(".key."));
    let mut findings: Vec<Finding> = half
        .map(|name| Finding::good("leftover", format!("`{name}`, which the next use clears away")))
        .collect();
    findings.extend(drafts.map(|name| {
        let path = home.root().join(&name);
        Finding::bad(
            "leftover",
            format!("`{name}`, the draft of a key"),
            format!("run `rm {}`", path.display()),
        )
    }));
    findings
}

fn audit(home: &Home) -> Finding {
    let path = home.audit();
    match fs::metadata(&path) {
        Ok(_) if is_open_to_others(&path) => Finding::bad(
            "audit",
            "other users can read who used what",
            format!("run `chmod 600 {}`", path.display()),
        ),
        Ok(found) => Finding::good("audit", format!("{} KB", found.len().div_ceil(1024))),
        Err(_) => Finding::good("audit", "no use was noted yet"),
    }
}
