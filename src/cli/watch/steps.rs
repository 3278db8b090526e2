//! `--trace`: one line a statement, with the values it read and assigned.

use std::sync::Arc;

use crate::cli::print::Out;
use crate::host::{Authority, InfoLine, Log, Step};

/// The columns that the statement itself takes.
const STATEMENT: usize = 48;

/// The most characters of a value.
const VALUE: usize = 60;

/// Hands lines on, and tells statements.
pub(super) struct Steps {
    pub(super) inner: Arc<dyn Log>,
    pub(super) authority: Arc<dyn Authority>,
    pub(super) out: Arc<Out>,
}

impl Log for Steps {
    fn info(&self, line: &InfoLine) {
        self.inner.info(line);
    }

    fn step(&self, step: &Step) {
        self.out.talk(&told(step, &*self.authority));
    }
}

/// `file.dg:3  total = total + price;    total = 0, price = 2.50 → total = 2.50`
fn told(step: &Step, authority: &dyn Authority) -> String {
    let place = step.file.line_column(step.at.span.start);
    let first_line = step
        .file
        .slice(step.at.span)
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end();
    let indent = "  ".repeat(step.depth.min(20) as usize);
    let statement = shortened(&format!("{indent}{first_line}"), STATEMENT);
    let padding = " ".repeat(STATEMENT - statement.chars().count());
    // Secrets are taken out before a value is cut: half a secret is not recognised.
    let value = |(name, value): &(String, String)| format!("{name} = {}", shortened(&authority.redact(value), VALUE));
    let mut values = step.reads.iter().map(value).collect::<Vec<_>>().join(", ");
    if let Some(wrote) = &step.wrote {
        values = format!("{values} → {}", value(wrote)).trim_start().to_owned();
    }
    if step.failed {
        values = format!("{values} → failed").trim_start().to_owned();
    }
    let name = step.file.name().rsplit('/').next().unwrap_or_default();
    let line = format!(
        "{name}:{:<4} {}{padding}  {values}",
        place.line,
        authority.redact(&statement)
    );
    line.trim_end().to_owned()
}

fn shortened(text: &str, most: usize) -> String {
    let shown = |letter: char| if letter.is_control() { ' ' } else { letter };
    if text.chars().count() <= most {
        return text.chars().map(shown).collect();
    }
    text.chars().take(most - 1).map(shown).chain(['…']).collect()
}
