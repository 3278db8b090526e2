//! Whether a shared value was changed: its content is summed up before an entry runs, and again where the entry failed.

use std::hash::{BuildHasher, Hasher};

use indexmap::IndexMap;

use crate::value::{Contents, DateSettings, Value};

/// How many elements are looked at in all the values of a session. Beyond that a change may go unnoticed.
const MOST: usize = 200_000;

/// The sums of the containers among the variables.
pub(super) struct Sums(Vec<(String, u64)>);

impl Sums {
    pub(super) fn of(variables: &IndexMap<String, Value>, dates: &DateSettings) -> Self {
        let mut left = MOST;
        let containers = variables
            .iter()
            .filter(|(_, value)| value.is_container() || matches!(value, Value::File(_)));
        Self(
            containers
                .map(|(name, value)| (name.clone(), sum(value, dates, &mut left)))
                .collect(),
        )
    }

    /// The names whose value has another content now.
    pub(super) fn changed(&self, variables: &IndexMap<String, Value>, dates: &DateSettings) -> Vec<String> {
        let now = Self::of(variables, dates);
        let pairs = self.0.iter().zip(now.0);
        pairs
            .filter(|(before, now)| before.1 != now.1)
            .map(|(before, _)| before.0.clone())
            .collect()
    }
}

/// A number that two values share if they hold the same. Walks without recursion, so that depth and cycles do no harm.
fn sum(value: &Value, dates: &DateSettings, left: &mut usize) -> u64 {
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    let mut waiting = vec![value.clone()];
    while let Some(value) = waiting.pop() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        hasher.write_u8(value.kind() as u8);
        match value.settled() {
            Value::List(list) => {
                hasher.write_usize(list.len());
                waiting.extend(list.items().iter().take(*left).cloned());
            }
            Value::Map(map) => {
                hasher.write_usize(map.len());
                let entries = map.entries();
                waiting.extend(
                    entries
                        .iter()
                        .take(*left)
                        .flat_map(|(key, value)| [key.value().clone(), value.clone()]),
                );
            }
            Value::Collection(collection) => match &*collection.contents() {
                Contents::Empty => {}
                Contents::Values(values) => waiting.extend(values.iter().take(*left).cloned()),
                Contents::Pairs(pairs) => {
                    let pairs = pairs.iter().take(*left);
                    waiting.extend(pairs.flat_map(|(key, value)| [key.value().clone(), value.clone()]));
                }
            },
            Value::File(file) => {
                hasher.write(file.content().name.as_bytes());
                hasher.write(file.content().bytes());
            }
            plain => hasher.write(plain.to_text(dates).unwrap_or_default().as_bytes()),
        }
    }
    hasher.finish()
}
