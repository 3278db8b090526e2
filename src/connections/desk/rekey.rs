//! Another key for the whole store. The new key is on the disk before anything is sealed with it, every record changes in
//! one step, and the old key is given up last; whatever stops it in between, doing it again finishes it.

use crate::connections::Secret;
use crate::connections::key::{Key, KeySource};

use super::{Connections, DeskError};

impl Connections {
    /// Seals every record with another key: `key`, or where it is `None` one that is made, which takes the place of the key
    /// file. Gives how many records were sealed again.
    ///
    /// # Errors
    /// The key is none, or the store or its key file cannot be read or written.
    pub fn rekey(&self, key: Option<&Secret>) -> Result<usize, DeskError> {
        let source = self.shared.records.source();
        match (source, key) {
            (KeySource::File(path), None) => {
                let next = Key::next_to(path)?;
                let changed = self.shared.records.reseal(&next)?;
                Key::take_over(path)?;
                Ok(changed)
            }
            (source @ (KeySource::Given(_) | KeySource::Command(_)), None) => Err(DeskError::invalid(format!(
                "the store's key is {}, so the new one has to be given too (`--new-key FILE`)",
                source.place()
            ))),
            (KeySource::File(_), Some(_)) => Err(DeskError::invalid(
                "the store's key is in its `key` file, for which a new one is made; `--new-key` is for one that is kept elsewhere",
            )),
            (KeySource::Given(_) | KeySource::Command(_), Some(text)) => {
                let next = KeySource::Given(text.clone()).load()?;
                let next = next.ok_or_else(|| DeskError::invalid("there is no new key"))?;
                Ok(self.shared.records.reseal(&next)?)
            }
        }
    }
}
