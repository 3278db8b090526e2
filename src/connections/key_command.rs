//! A key that a command gives: a password manager, or the tool of the system's keyring (`secret-tool lookup service dg`,
//! `security find-generic-password -w -s dg`). It is asked once in a process, nobody answers it, and it has a time limit, so
//! that a machine without a desktop never hangs.

use std::fmt;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::diagnostic::Code;

use super::credential::Secret;
use super::store::StoreError;

/// How long the command may take: somebody may have to unlock a keyring.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes that are read of it; a key has 64 digits.
const MOST: u64 = 1_024;

/// The command in `DG_KEY_COMMAND`, for the system's shell. Clones share the key that it gave.
#[derive(Clone)]
pub struct KeyCommand {
    text: String,
    patience: Duration,
    given: Arc<Mutex<Option<Secret>>>,
}

impl fmt::Debug for KeyCommand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyCommand({:?})", self.text)
    }
}

impl KeyCommand {
    /// The command; it is not run before the key is needed.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            patience: PATIENCE,
            given: Arc::default(),
        }
    }

    /// What the command printed, the first time that it is asked.
    pub(super) fn ask(&self) -> Result<Secret, StoreError> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*given {
            return Ok(key.clone());
        }
        let key = self.run()?;
        *given = Some(key.clone());
        Ok(key)
    }

    fn run(&self) -> Result<Secret, StoreError> {
        let mut child = shell(&self.text)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(&format!("could not be started: {error}")))?;
        let printed = self.printed(&mut child);
        if printed.is_none() {
            // One that is gone already cannot be killed, which is as well.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| failed(&format!("was lost: {error}")))?;
        let Some(printed) = printed else {
            let seconds = self.patience.as_secs();
            return Err(failed(&format!(
                "gave no key within {seconds} seconds, and was stopped"
            )));
        };
        if !status.success() {
            return Err(failed(&format!("failed ({status})")));
        }
        let text = std::str::from_utf8(&printed).map_err(|_| failed("printed something that is no text"))?;
        Ok(Secret::new(text.trim()))
    }

    /// What it prints until it closes its output; `None` where that takes too long.
    fn printed(&self, child: &mut Child) -> Option<Zeroizing<Vec<u8>>> {
        let output = child.stdout.take()?;
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut bytes = Zeroizing::new(Vec::with_capacity(128));
            let _ = output.take(MOST).read_to_end(&mut bytes);
            let _ = sender.send(bytes);
        });
        receiver.recv_timeout(self.patience).ok()
    }
}

fn shell(text: &str) -> Command {
    let (program, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(program);
    command.args([flag, text]);
    command
}

fn failed(what: &str) -> StoreError {
    StoreError::new(Code::StoreKey, format!("the command in `DG_KEY_COMMAND` {what}")).help(
        "run the command by itself to see why; it has to print 64 hex digits or base64 and must not ask anything at the \
         terminal",
    )
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_asked_once_and_its_output_is_the_key() {
        let command = KeyCommand::new("printf '%s\\n' canary-$$");
        let first = command.ask().unwrap();
        assert!(first.expose().starts_with("canary-"));
        assert_eq!(command.clone().ask().unwrap(), first);
    }

    #[test]
    fn a_command_that_fails_or_hangs_is_told_without_its_output() {
        for (text, why) in [
            ("echo canary; exit 3", "exit status: 3"),
            ("exec tail -f /dev/null", "within 0 seconds"),
        ] {
            let command = KeyCommand {
                patience: Duration::from_millis(if why.contains("within") { 50 } else { 20_000 }),
                ..KeyCommand::new(text)
            };
            let error = command.ask().unwrap_err();
            assert_eq!(error.code, Code::StoreKey);
            assert!(error.message.contains(why), "{}", error.message);
            assert!(!error.message.contains("canary"));
        }
    }
}
