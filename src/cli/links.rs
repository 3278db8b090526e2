//! Literal link names of scripts, held against the store. Where there is no store yet there is nothing to hold them
//! against, and a store that cannot be opened is told by what needs it.

use std::cell::OnceCell;
use std::sync::Arc;

use super::arguments::StoreArgument;
use super::home;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::host::{LinkName, NoNetwork};
use crate::resolve::program::Program;

/// The link names of a home's store, which is looked for when the first script names one.
pub(super) struct Links<'a> {
    store: &'a StoreArgument,
    known: OnceCell<Option<Vec<LinkName>>>,
}

impl<'a> Links<'a> {
    /// Those of the home that is meant; where there is none nothing is unknown.
    pub(super) fn of(store: &'a StoreArgument) -> Self {
        Self {
            store,
            known: OnceCell::new(),
        }
    }

    fn known(&self) -> Option<&[LinkName]> {
        let read = || {
            let home = home::home(self.store).ok().filter(|home| home.store().is_dir())?;
            home::desk(&home, Arc::new(NoNetwork)).link_names().ok()
        };
        self.known.get_or_init(read).as_deref()
    }

    /// A warning for each literal link name of a program that the store does not have.
    pub(super) fn unknown(&self, program: &Program) -> Vec<Diagnostic> {
        if program.connections.is_empty() {
            return Vec::new();
        }
        let Some(known) = self.known() else {
            return Vec::new();
        };
        let is_unknown = |name: &str| LinkName::new(name).is_some_and(|link| !known.contains(&link));
        let unknown = program.connections.iter().filter(|(name, _)| is_unknown(name));
        unknown
            .map(|(name, at)| {
                let title = format!("the store has no connection `{name}`");
                let help = match nearest(name, known.iter().map(LinkName::as_str)) {
                    Some(near) => format!("there is a connection of a similar name: `{near}`"),
                    None => format!("run `dg connections create {name} --service SERVICE` to make it"),
                };
                Diagnostic::warning(Code::UnknownConnection, at.source, at.span, title).help(help)
            })
            .collect()
    }
}
