//! The distinct names of a script, each with its number.

use std::collections::HashMap;

use super::ast::Symbol;

/// About how much text there is for each distinct name of a long script.
const BYTES_A_NAME: usize = 256;

/// How many names are remembered beside the table.
const REMEMBERED: usize = 128;

/// The numbers of names.
pub(super) struct Names<'t> {
    symbols: HashMap<&'t str, Symbol, foldhash::fast::RandomState>,
    /// The name met last of each look: most words of a script are names that stood a few lines before, and comparing two
    /// texts is less than hashing one.
    last: [(&'t str, Symbol); REMEMBERED],
}

impl<'t> Names<'t> {
    /// Room for the names of a text of this length.
    pub(super) fn of(length: usize) -> Self {
        Self {
            symbols: HashMap::with_capacity_and_hasher(length / BYTES_A_NAME, Default::default()),
            last: [("", Symbol(0)); REMEMBERED],
        }
    }

    /// The number of a name. One that is new is added to `names`.
    pub(super) fn symbol(&mut self, name: &'t str, names: &mut Vec<Box<str>>) -> Symbol {
        let look = look(name);
        let (last, symbol) = self.last[look];
        if last == name && !name.is_empty() {
            return symbol;
        }
        let symbol = *self.symbols.entry(name).or_insert_with(|| {
            names.push(name.into());
            Symbol(names.len() as u32 - 1)
        });
        self.last[look] = (name, symbol);
        symbol
    }
}

/// What is seen of a name at a glance: its ends and its length.
fn look(name: &str) -> usize {
    let [first, .., last] = *name.as_bytes() else {
        return name.bytes().next().map_or(0, usize::from) % REMEMBERED;
    };
    (usize::from(first) * 5 + usize::from(last) * 3 + name.len()) % REMEMBERED
}
